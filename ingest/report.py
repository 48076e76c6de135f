"""Tells people and programs what became of each extract."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from ingest.contract import contracts
from ingest.errors import Problem
from ingest.files import shown_name
from ingest.preview_text import preview_lines
from ingest.result import Result, TableResult
from warehouse.problems import SHOWN_REASONS, together

_STATUS = {
    "loaded": "已装载",
    "unchanged": "未变",
    "zero_report": "零报告",
    "refused": "已退回",
    "held": "待确认，留在收件箱",
    "failed": "没有装载，留在原处",
}
_STATUS_CHECK = {**_STATUS, "loaded": "可以装载", "refused": "会被退回", "held": "需要确认"}


def reason_text(problem: Problem) -> str:
    """One problem as a sentence that says where it is."""
    return _placed(problem.sheet, str(problem.row or ""), problem.message)


def _placed(sheet: str | None, rows: str, message: str) -> str:
    where = (f"工作表“{sheet}”" if sheet else "") + (f"第 {rows} 行" if rows else "")
    return f"{where}：{message}" if where else message


def json_line(result: Result) -> str:
    """The result as one line of JSON."""
    return json.dumps(result.as_json(), ensure_ascii=False)


def text_report(result: Result, *, check_only: bool) -> str:
    """The result as a short text."""
    status = (_STATUS_CHECK if check_only else _STATUS)[result.state]
    contract = contracts().get(result.contract or "")
    lines = [f"{result.file}  {status}" + (f"（{contract.title_zh}）" if contract else "")]
    rows = result.rows
    if rows.read:
        lines.append(
            f"  读入 {rows.read} 行 = 新增 {rows.inserted} + 更新 {rows.updated} + "
            f"未变 {rows.unchanged} + 退回 {rows.quarantined} + 忽略 {rows.ignored}"
        )
    if result.preview:
        said = preview_lines(
            result.preview, verb=_verb(result, check_only=check_only), lists_concerns=check_only
        )
        lines += [f"  {line}" for line in said]
    lines += [_table_line(table) for table in result.tables if len(result.tables) > 1]
    reasons = together(problem.as_json() for problem in result.problems)
    lines += [
        f"  · {_placed(one.sheet, one.where, one.message)}" for one in reasons[:SHOWN_REASONS]
    ]
    if len(reasons) > SHOWN_REASONS:
        lines.append(f"  …… 还有 {len(reasons) - SHOWN_REASONS} 类问题")
    if result.slip:
        lines.append(f"  → 改好退回单后放回收件箱：{shown_name(result.slip)}")
    return "\n".join(lines)


def _verb(result: Result, *, check_only: bool) -> str:
    if result.status == "unchanged":
        return "以这一份为准的话，将使"
    return "本次装载使" if result.status == "loaded" and not check_only else "本次装载将使"


def _table_line(table: TableResult) -> str:
    """What became of one of several tables."""
    title = contracts()[table.contract].title_zh
    where = f"工作表“{table.sheet}”" if table.sheet else f"第 {table.header_row} 行起的表"
    rows = table.rows
    return (
        f"  {where}（{title}）{_STATUS[table.state]}：读入 {rows.read}，新增 {rows.inserted}，"
        f"更新 {rows.updated}，未变 {rows.unchanged}，退回 {rows.quarantined}，忽略 {rows.ignored}"
    )


def write_return_report(
    place: Path, result: Result, *, returned_at: datetime, facts: Mapping[str, str | None]
) -> Path:
    """Write `<name>.report.json` beside a returned file."""
    report = {
        **result.as_json(),
        **facts,
        "slip": result.slip and shown_name(result.slip),
        "returned_at": returned_at.isoformat(timespec="seconds"),
        "reasons": [reason_text(problem) for problem in result.problems],
    }
    path = place.with_name(f"{place.name}.report.json")
    passing = path.with_name(f".{path.name}.part")
    passing.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    passing.replace(path)
    return path
