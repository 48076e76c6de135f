"""Tells people and programs what became of each extract."""

import json
from datetime import datetime
from pathlib import Path

from ingest.contract import contracts
from ingest.errors import Problem
from ingest.result import Result

_SHOWN_PROBLEMS = 20
_STATUS = {"loaded": "已装载", "unchanged": "未变", "refused": "已退回"}
_STATUS_CHECK = {"loaded": "可以装载", "unchanged": "未变", "refused": "会被退回"}


def reason_text(problem: Problem) -> str:
    """One problem as a sentence that says where it is."""
    return f"第 {problem.row} 行：{problem.message}" if problem.row else problem.message


def json_line(result: Result) -> str:
    """The result as one line of JSON."""
    return json.dumps(result.as_json(), ensure_ascii=False)


def text_report(result: Result, *, check_only: bool) -> str:
    """The result as a short text."""
    status = (_STATUS_CHECK if check_only else _STATUS)[result.status]
    contract = contracts().get(result.contract or "")
    lines = [f"{result.file}  {status}" + (f"（{contract.title_zh}）" if contract else "")]
    rows = result.rows
    if rows.read:
        lines.append(
            f"  读入 {rows.read} 行 = 新增 {rows.inserted} + 更新 {rows.updated} + "
            f"未变 {rows.unchanged} + 退回 {rows.quarantined} + 忽略 {rows.ignored}"
        )
    lines += [f"  · {reason_text(problem)}" for problem in result.problems[:_SHOWN_PROBLEMS]]
    if len(result.problems) > _SHOWN_PROBLEMS:
        lines.append(f"  …… 还有 {len(result.problems) - _SHOWN_PROBLEMS} 条")
    return "\n".join(lines)


def write_return_report(place: Path, result: Result, *, returned_at: datetime) -> Path:
    """Write `<name>.report.json` beside a returned file."""
    report = {
        **result.as_json(),
        "returned_at": returned_at.isoformat(timespec="seconds"),
        "reasons": [reason_text(problem) for problem in result.problems],
    }
    path = place.with_name(f"{place.name}.report.json")
    passing = path.with_name(f".{path.name}.part")
    passing.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    passing.replace(path)
    return path
