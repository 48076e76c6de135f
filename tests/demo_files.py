"""Reads the demo data back, independently of the code that wrote them."""

import contextlib
import csv
import io
import re
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path
from statistics import median

import openpyxl
import pytest

from ingest.demo import __main__ as command
from ingest.demo import story
from tests.conftest import build_once
from warehouse.codes import code_list, lookup, match_key

LEDGERS = ("投诉台账_2024年.csv", "投诉台账_2025年.xlsx", "投诉台账_2026年1-6月.csv")
ALL_STAFF_EXAMS = ("2024年上半年", "2024年下半年", "2025年上半年", "2025年下半年", "2026年上半年")
WAVE_MONTHS = {"2025-09", "2025-10", "2025-11", "2025-12", "2026-01"}
Row = dict[str, object]


def written_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo data of the default seed and end, written once per run."""

    def write(root: Path) -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            command.main(["--out", str(root / "files")])

    return build_once(tmp_path_factory, "demo-files", write) / "files"


def path_of(folder: Path, name: str) -> Path:
    return folder / f"{story.PREFIX}{name}"


@cache
def sheet(path: Path):
    return openpyxl.load_workbook(path).active


@cache
def table(path: Path) -> tuple[tuple[object, ...], ...]:
    """All rows of a file as they stand, texts of CSV and typed cells of workbooks."""
    if path.suffix == ".xlsx":
        return tuple(tuple(row) for row in sheet(path).iter_rows(values_only=True))
    raw = path.read_bytes()
    for encoding in ("utf-16", "utf-8-sig", "gb18030"):
        if encoding == "utf-16" and raw[:2] != b"\xff\xfe":
            continue
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        delimiter = "\t" if encoding == "utf-16" else ","
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return tuple(tuple(cell or None for cell in row) for row in rows)
    raise AssertionError(path)


@cache
def records(path: Path, header_row: int, upper_row: int | None = None) -> tuple[Row, ...]:
    rows = table(path)
    header = list(rows[header_row - 1])
    if upper_row is not None:
        header = [name or rows[upper_row - 1][n] for n, name in enumerate(header)]
    return tuple(dict(zip(header, row, strict=False)) for row in rows[header_row:])


@cache
def ledger(folder: Path, name: str) -> tuple[Row, ...]:
    """The complaint rows of one ledger under one set of names, without total and signature."""
    is_workbook = name.endswith("xlsx")
    found = records(path_of(folder, name), 4 if is_workbook else 3, 3 if is_workbook else None)
    renamed = {"投诉编号": "工单号", "投诉金额（万元）": "投诉金额(万元)"}
    rows = [{renamed.get(key, key): value for key, value in row.items()} for row in found]
    return tuple(row for row in rows if str(row["序号"]).isdigit())


def moment(value: object) -> datetime | None:
    """A date in any of the ledgers' spellings; None when blank."""
    if value is None or isinstance(value, datetime):
        return value
    numbers = [int(part) for part in re.findall(r"\d+", str(value))]
    return datetime(*numbers)


def is_real_date(value: object) -> bool:
    try:
        return moment(value) is not None
    except ValueError:
        return False


def days_taken(row: Row) -> int | None:
    received, decided = moment(row["收到日期"]), moment(row["回复投诉人/作出处理决定日期"])
    return None if decided is None else (decided.date() - received.date()).days


@cache
def parents(folder: Path) -> dict[str, str]:
    register = records(path_of(folder, "机构表.xlsx"), 2)
    own = {str(r["机构名称"]): str(r["机构名称"]) for r in register if r["机构层级"] == "支行"}
    outlets = {str(r["机构名称"]): str(r["上级机构"]) for r in register if r["机构层级"] == "网点"}
    return own | outlets


@cache
def complaints(folder: Path) -> tuple[Row, ...]:
    """Every complaint once, as the newest ledger has it, without the rows spoilt on purpose."""
    newest: dict[object, Row] = {}
    for name in LEDGERS:
        for row in ledger(folder, name):
            is_whole = row["工单号"] is not None and is_real_date(row["收到日期"])
            if is_whole and (days_taken(row) or 0) >= 0:
                group = lookup_group("category", row["投诉业务类别"])
                cause = lookup_group("cause", row["投诉原因"])
                sub_branch = parents(folder)[str(row["被投诉机构"])]
                month = f"{moment(row['收到日期']):%Y-%m}"
                extra = {"类": group, "因": cause, "支行": sub_branch, "月": month}
                newest[row["工单号"]] = {**row, **extra}
    return tuple(newest.values())


def lookup_group(dimension: str, value: object) -> str:
    name = lookup(dimension).get(match_key(str(value)), str(value))
    groups = {code.name: code.group for code in code_list(dimension)}
    return groups.get(name, name)


def fee_cases(folder: Path) -> list[Row]:
    return [r for r in complaints(folder) if (r["类"], r["因"]) == ("信用卡", "定价收费")]


def intake(row: Row) -> str:
    return lookup_group("intake_channel", row["投诉受理渠道"])


@cache
def exam(folder: Path, name: str) -> tuple[Row, ...]:
    kind = "消保知识考试" if name in ALL_STAFF_EXAMS else ""
    return records(path_of(folder, f"考试成绩_{name}{kind}.xlsx"), 2)


def share_of_marks(row: Row) -> float | None:
    """The score as a share of the full mark; None for somebody who did not sit the exam."""
    text = str(row["成绩"]).removesuffix("分")
    is_number = text.replace(".", "", 1).isdigit()
    return float(text) / float(str(row["满分"])) if is_number else None


def exam_facts(folder: Path, name: str, post: str | None = None) -> tuple[float, float]:
    """Mean score of 100 and pass rate in percent, without the mistyped score."""
    shares = [share_of_marks(r) for r in exam(folder, name) if post in (None, r["岗位"])]
    valid = [share for share in shares if share is not None and share <= 1]
    return 100 * sum(valid) / len(valid), 100 * sum(s >= 0.6 for s in valid) / len(valid)


def section_share(folder: Path, name: str, section: str) -> float:
    full_mark = int(re.findall(r"\d+", section)[0])
    marks = [float(str(r[section])) for r in exam(folder, name) if r[section] is not None]
    return 100 * sum(marks) / len(marks) / full_mark


def late_share(rows: list[Row]) -> float:
    late = [r for r in rows if days_taken(r) > 15 + int(r["延期天数"] or 0)]
    return 100 * len(late) / len(rows)


def halves(folder: Path, *, is_slow: bool) -> dict[str, list[Row]]:
    """Decided complaints by half-year of receipt, of the slow sub-branch or of all others."""
    found: dict[str, list[Row]] = {}
    for row in complaints(folder):
        if days_taken(row) is not None and (row["支行"] == story.SLOW_SUB_BRANCH) == is_slow:
            year, month = str(row["月"]).split("-")
            found.setdefault(f"{year}H{1 + (int(month) > 6)}", []).append(row)
    return found


def outreach(folder: Path) -> list[Row]:
    past = records(path_of(folder, "宣传活动台账_2024-2025年.xlsx"), 2)
    current = records(path_of(folder, "宣传活动台账_2026年.csv"), 2)
    return [{str(k).replace("：", ":"): v for k, v in row.items()} for row in (*past, *current)]


def stated_numbers(folder: Path) -> list[str]:
    """The rows of the document's tables, as the files give them."""
    fees, lines = Counter(row["月"] for row in fee_cases(folder)), []
    lines += [f"| {month} | {fees[month]} |" for month in ("2025-08", *sorted(WAVE_MONTHS))]
    where = Counter(row["支行"] for row in fee_cases(folder) if row["月"] in WAVE_MONTHS)
    lines += [f"| {name} | {where[name]} |" for name in story.WAVE_SUB_BRANCHES]
    slow, others = halves(folder, is_slow=True), halves(folder, is_slow=False)

    def cells(rows: list[Row]) -> str:
        days = median(days_taken(row) for row in rows)
        return f"{len(rows):,} | {days:g} | {100 - late_share(rows):.1f}"

    lines += [f"| {half} | {cells(slow[half])} | {cells(others[half])} |" for half in sorted(slow)]
    for name in ALL_STAFF_EXAMS:
        mean, passed = exam_facts(folder, name)
        law = section_share(folder, name, "法律法规(40分)")
        weak = exam_facts(folder, name, story.WEAK_POST)
        numbers = f"{mean:.1f} | {passed:.1f} | {law:.1f} | {weak[0]:.1f} | {weak[1]:.1f}"
        lines.append(f"| {name} | {len(exam(folder, name))} | {numbers} |")
    rows = [row for name in LEDGERS for row in ledger(folder, name)]
    lines.append(f"| complaint rows in the three ledgers | {len(rows):,} |")
    lines.append(f"| complaints loaded | {len(complaints(folder)):,} |")
    june = sum(row["月"] == "2026-06" for row in complaints(folder))
    lines.append(f"| complaints received in 2026-06 | {june} |")
    last_year = {row["工单号"] for row in ledger(folder, LEDGERS[1])}
    again = sum(row["工单号"] in last_year for row in ledger(folder, LEDGERS[2]))
    lines.append(f"| 2025 cases delivered again in 2026 | {again} |")
    reviews = records(path_of(folder, "消保审查台账.xlsx"), 2)
    lines.append(f"| reviews | {sum(row['项目编号'] is not None for row in reviews)} |")
    lines.append(f"| review opinions | {sum(row['意见序号'] is not None for row in reviews)} |")
    lines.append(f"| outreach events | {len(outreach(folder))} |")
    return lines
