"""Reads the demo's trainings, inspections and other work back, independently of what wrote them."""

from collections import Counter
from datetime import date, datetime
from functools import cache
from pathlib import Path

from ingest.demo import story
from tests.demo_files import Row, is_real_date, moment, parents, path_of, records

TRAININGS = ("培训签到台账_2024-2025年.xlsx", "培训签到台账_2026年.csv")
INSPECTION_COLUMNS = ("检查编号", "检查类型", "检查日期")


def day(value: object) -> date | None:
    """A date cell or text as a day; None when blank or no day at all."""
    found = moment(value) if is_real_date(value) else None
    return found.date() if found else None


@cache
def trainings(folder: Path) -> tuple[Row, ...]:
    """Every invitation of the two ledgers, with whether it was followed and its quarter."""
    found = [row for name in TRAININGS for row in records(path_of(folder, name), 3)]
    return tuple(
        {
            **row,
            "来": row["是否签到"] in ("是", "√"),
            "日": (held := day(row["培训日期"])),
            "季": f"{held.year}Q{(held.month + 2) // 3}" if held else None,
        }
        for row in found
    )


@cache
def good_trainings(folder: Path) -> tuple[Row, ...]:
    """The invitations without the one that is dated in the far future."""
    return tuple(row for row in trainings(folder) if row["日"] <= story.DEFAULT_END)


@cache
def inspections(folder: Path) -> tuple[Row, ...]:
    """Every row of the inspection ledger, its merged cells filled."""
    held: dict[str, object] = {}
    found = []
    for row in records(path_of(folder, "检查整改台账.xlsx"), 3):
        held |= {name: row[name] for name in INSPECTION_COLUMNS if row[name] is not None}
        found.append({**row, **held})
    return tuple(found)


def is_backwards(row: Row) -> bool:
    """Whether an issue was put right before it was found."""
    done = day(row["整改完成日期"])
    return done is not None and done < day(row["检查日期"])


def internal_issues(folder: Path, *, is_slow: bool) -> list[Row]:
    """The internal issues that were due by the last day, of the slow sub-branch or the others."""
    return [
        row
        for row in inspections(folder)
        if row["整改期限"] is not None
        and day(row["整改期限"]) <= story.DEFAULT_END
        and row["检查类型"] in ("内部检查", "飞行检查")
        and not is_backwards(row)
        and (parents(folder)[str(row["受检机构"])] == story.SLOW_SUB_BRANCH) == is_slow
    ]


def is_on_time(row: Row) -> bool:
    return row["整改完成日期"] is not None and row["整改完成日期"] <= row["整改期限"]


@cache
def recordings(folder: Path) -> tuple[Row, ...]:
    return records(path_of(folder, "双录质检台账.csv"), 3)


@cache
def policies(folder: Path) -> tuple[Row, ...]:
    return records(path_of(folder, "制度执行检查表.csv"), 3)


@cache
def facilities(folder: Path) -> tuple[Row, ...]:
    return records(path_of(folder, "特殊群体服务设施台账.xlsx"), 3)


@cache
def launches(folder: Path) -> tuple[Row, ...]:
    return records(path_of(folder, "上线事项清单.xlsx"), 3)


@cache
def events(folder: Path) -> tuple[Row, ...]:
    return records(path_of(folder, "大事记.csv"), 2)


def units_on(folder: Path, kind: str, on: datetime) -> int:
    """How many of a kind of facility were in use on a day."""
    return sum(
        int(row["数量"])
        for row in facilities(folder)
        if row["设施类别"] == kind and row["启用日期"] <= on < (row["停用日期"] or datetime.max)
    )


def _roll(folder: Path, month: str) -> dict[str, int]:
    sizes = records(path_of(folder, "机构基数表.csv"), 2)
    return {str(row["机构"]): int(row["员工数"]) for row in sizes if row["统计月份"] == month}


def _share(part: int, whole: int) -> str:
    return f"{whole:,} | {part:,} | {100 * part / whole:.1f}"


def _training_lines(folder: Path) -> list[str]:
    lines = []
    for quarter in ("2025Q2", "2025Q3", "2025Q4", "2026Q1"):
        invited = [row for row in good_trainings(folder) if row["季"] == quarter]
        came = [row for row in invited if row["来"]]
        hours = sum(float(row["学时"]) for row in came)
        people = len({row["工号"] for row in came})
        lines.append(f"| {quarter} | {len(invited):,} | {len(came):,} | {people} | {hours:,.1f} |")
    roll = _roll(folder, "2025-12")
    for name in story.LOW_TRAINING_SUB_BRANCHES:
        people = {
            row["工号"]
            for row in good_trainings(folder)
            if row["季"] == "2025Q4" and row["来"] and row["机构"] == name
        }
        lines.append(f"| {name} | {roll[name]} | {len(people)} |")
    return lines


def _quality_lines(folder: Path) -> list[str]:
    lines = []
    for is_slow, name in ((True, story.SLOW_SUB_BRANCH), (False, "others")):
        due = internal_issues(folder, is_slow=is_slow)
        lines.append(f"| {name} | {_share(sum(map(is_on_time, due)), len(due))} |")
    for is_poor, name in ((True, story.POOR_RECORDING_SUB_BRANCH), (False, "others")):
        inspected = [
            row
            for row in recordings(folder)
            if row["质检结果"] in ("合格", "不合格")
            and (parents(folder)[str(row["销售机构"])] == story.POOR_RECORDING_SUB_BRANCH)
            == is_poor
        ]
        good = sum(row["质检结果"] == "合格" for row in inspected)
        lines.append(f"| {name} | {_share(good, len(inspected))} |")
    for kind in ("爱心窗口", "适老化网点", "无障碍设施", "无障碍智能柜员机"):
        then = units_on(folder, kind, datetime(2023, 12, 31))
        now = units_on(folder, kind, datetime(2026, 6, 16))
        lines.append(f"| {kind} | {then} | {now} |")
    return lines


def stated_work_numbers(folder: Path) -> list[str]:
    """The rows of the document's tables on this work, as the files give them."""
    visits = {(row["检查编号"], row["受检机构"]) for row in inspections(folder)}
    issues = [row for row in inspections(folder) if row["问题序号"] is not None]
    results = Counter(row["执行情况"] for row in policies(folder))
    counts = {
        "training invitations": len(trainings(folder)),
        "training attendances loaded": sum(bool(row["来"]) for row in good_trainings(folder)),
        "inspections of an organisation": len(visits),
        "issues found": len(issues),
        "issues loaded": len(issues) - sum(map(is_backwards, issues)),
        "sales in the double-recording ledger": len(recordings(folder)),
        "policy items checked": len(policies(folder)),
        "of these not carried out": results["未执行"],
        "facilities": len(facilities(folder)),
        "launches": len(launches(folder)),
        "calendar events": len(events(folder)),
    }
    lines = [f"| {name} | {number:,} |" for name, number in counts.items()]
    return [*lines, *_training_lines(folder), *_quality_lines(folder)]
