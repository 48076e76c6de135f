"""Turns a complaint into the row that an extract of a given day shows, in that file's spelling."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from ingest.demo import complaint_mix as mix
from ingest.demo.complaint_course import LIMIT_DAYS
from ingest.demo.complaints import Case
from ingest.demo.writers import Cell

# Field → header; the order is that of the ledger. Each group spans its columns in a workbook.
GROUPS: dict[str, dict[str, str]] = {
    "投诉基本情况": {
        "complaint_id": "工单号",
        "status": "工单状态",
        "intake": "投诉受理渠道",
        "received": "收到日期",
        "accepted": "投诉受理日期",
        "forwarded": "收到转办日期",
        "name": "投诉人姓名",
        "identity_number": "身份证号码",
        "contact": "投诉电话/邮箱",
        "customer_type": "客户类型",
        "special_group": "特殊群体",
        "people": "投诉人数",
        "organisation": "被投诉机构",
        "level": "投诉等级",
        "channel": "投诉业务办理渠道",
        "category": "投诉业务类别",
        "cause": "投诉原因",
        "amount_10k": "投诉金额(万元)",
        "content": "投诉内容",
        "is_repeat": "重复投诉",
        "is_forwarded": "监管转办",
    },
    "投诉处理情况": {
        "first_response": "首次响应时间",
        "is_first_contact": "首次接触解决",
        "is_extended": "是否延期",
        "extension_days": "延期天数",
        "decided": "回复投诉人/作出处理决定日期",
        "closed": "办结日期",
        "withdrawn": "撤诉日期",
        "outcome": "投诉处理结果",
        "is_escalated": "是否升级投诉",
        "responsibility": "是否有责",
    },
    "投诉回访情况": {
        "rating": "总体满意度",
        "rating_speed": "处理效率满意度",
        "rating_solution": "解决方案满意度",
    },
}
HEADERS = {
    "seq": "序号",
    **{field: name for group in GROUPS.values() for field, name in group.items()},
    "remark": "备注",
}
_FRAMED = {mix.RULES, mix.SYSTEMS}


@dataclass(frozen=True)
class Style:
    """How one file spells values: variants of names, the words for yes and no, and dates."""

    yes_no: tuple[str, str]
    variants: Mapping[str, str]
    variant_share: float
    framed_cause_share: float
    write_date: Callable[[Random, Cell], Cell]
    has_hand_written_rows: bool = False


def ledger_row(rng: Random, case: Case, *, seen_on: date, style: Style) -> dict[str, Cell]:
    """The row of a case as known at the end of a day; a hand-written one has no time of day."""
    is_hand_written = style.has_hand_written_rows and rng.random() < 0.25
    values = {**_facts(rng, case, style), **_progress(case, seen_on, style)}
    if is_hand_written:
        values["received"] = case.course.received.date()
        values["first_response"] = None
    for field, value in values.items():
        if isinstance(value, date):
            values[field] = style.write_date(rng, value)
    return values


def _facts(rng: Random, case: Case, style: Style) -> dict[str, Cell]:
    yes, no = style.yes_no
    return {
        "complaint_id": case.complaint_id,
        "intake": _spelt(rng, case.intake, style),
        "received": case.course.received,
        "accepted": case.course.accepted,
        "forwarded": case.course.forwarded,
        "name": case.person.name,
        "identity_number": case.person.identity_number,
        "contact": case.person.phone if rng.random() < 0.95 else case.person.email,
        "customer_type": case.customer_type,
        "special_group": case.special_group or None,
        "people": case.people,
        "organisation": case.organisation,
        "level": case.level,
        "channel": _spelt(rng, case.channel, style),
        "category": _spelt(rng, case.category, style),
        "cause": _cause(rng, case.cause, style),
        "amount_10k": case.amount_10k,
        "content": case.content,
        "is_repeat": yes if case.is_repeat else no,
        "is_forwarded": yes if case.intake in mix.REGULATOR_INTAKE else no,
        "remark": case.remark,
    }


def _progress(case: Case, seen_on: date, style: Style) -> dict[str, Cell]:
    """What had become known of the handling by a day."""
    course, (yes, no) = case.course, style.yes_no
    decided = _until(course.decided, seen_on)
    withdrawn = _until(course.withdrawn, seen_on)
    is_over = decided is not None or withdrawn is not None
    is_rated = decided is not None and not course.is_refused
    ratings = case.ratings if is_rated else ("", "", "")
    extension = course.extension_days if _age(case, seen_on) > LIMIT_DAYS - 3 else None
    is_answered = course.first_response.date() <= seen_on
    return {
        "status": status(case, seen_on),
        "first_response": course.first_response if is_answered else None,
        "is_first_contact": (yes if case.is_first_contact else no) if decided else None,
        "is_extended": yes if extension else no,
        "extension_days": extension,
        "decided": decided,
        "closed": _until(course.closed, seen_on),
        "withdrawn": withdrawn,
        "outcome": course.outcome if is_over else None,
        "is_escalated": yes if case.is_escalated else no,
        "responsibility": case.responsibility if decided else None,
        "rating": ratings[0] or None,
        "rating_speed": ratings[1] or None,
        "rating_solution": ratings[2] or None,
    }


def status(case: Case, seen_on: date) -> str:
    """The status of a case at the end of a day."""
    course = case.course
    if _until(course.withdrawn, seen_on):
        return "已撤诉"
    if _until(course.closed, seen_on):
        return "不予受理" if course.is_refused else "已办结"
    if _until(course.decided, seen_on):
        return "待回访"
    age = _age(case, seen_on)
    if age > LIMIT_DAYS + (course.extension_days or 0):
        return "超期未办结"
    return "处理中" if course.accepted <= seen_on and age > 0 else "待受理"


def _until(day: date | None, seen_on: date) -> date | None:
    return day if day is not None and day <= seen_on else None


def _age(case: Case, seen_on: date) -> int:
    return (seen_on - case.course.received.date()).days


def _spelt(rng: Random, name: str, style: Style) -> str:
    if rng.random() >= style.variant_share:
        return name
    return style.variants.get(name, name.replace("其他", "其它"))


def _cause(rng: Random, cause: str, style: Style) -> str:
    is_leaf = cause in {*mix.SERVICE_CAUSES, "业务系统", "设备", "其他"} - {mix.SERVICE}
    if is_leaf or rng.random() >= style.framed_cause_share:
        return _spelt(rng, cause, style)
    return f"因{'金融机构' if cause in _FRAMED else ''}{cause}引起的投诉"


def iso_date(_: Random, value: Cell) -> Cell:
    """2026-03-05 or 2026-03-05 11:20."""
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else f"{value:%Y-%m-%d}"


def slash_date(_: Random, value: Cell) -> Cell:
    """2024/3/5 or 2024/3/5 9:07, as a spreadsheet writes it into CSV."""
    return _plain(value, "/") if isinstance(value, date) else value


def mixed_date(rng: Random, value: Cell) -> Cell:
    """A true date cell, 2025-3-5 11:20 or 2025年3月5日: three people keep the ledger."""
    if not isinstance(value, date):
        return value
    roll = rng.random()
    if isinstance(value, datetime):
        return value if roll < 0.5 else _plain(value, "-")
    return value if roll < 0.5 else f"{value.year}年{value.month}月{value.day}日"


def _plain(value: date, mark: str) -> str:
    text = mark.join(str(part) for part in (value.year, value.month, value.day))
    return f"{text} {value.hour}:{value.minute:02d}" if isinstance(value, datetime) else text
