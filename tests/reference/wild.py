"""Rows of every entity that keep the loader's rules and go to every edge that these leave open."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

Row = dict[str, Any]

FIRST, LAST = date(2023, 12, 1), date(2025, 2, 14)
SPAN_DAYS = (LAST - FIRST).days
COVERAGE = (FIRST.isoformat(), LAST.isoformat())
EVENTS = (
    "complaint", "exam_result", "review", "outreach_event", "training_attendance", "inspection",
    "double_recording", "policy_check", "service_facility", "product_launch",
)  # fmt: skip
# The registers reach further than the events, as they do where a base is delivered monthly.
COVERAGES = {
    **dict.fromkeys(EVENTS, COVERAGE),
    "organisation": COVERAGE,
    "organisation_denominator": ("2023-01-01", "2025-06-30"),
}

ORGANISATIONS = """
    org_name   | org_level | parent_org_name | opened_date | closed_date | display_order
    总行       | 总行      |                 |             |             | 1
    分行       | 分行      | 总行            |             |             | 2
    科技部     |           | 分行            |             |             | 3
    甲支行     | 支行      | 分行            | 2001-01-01  |             | 4
    乙支行     | 支行      | 分行            |             |             | 5
    丙支行     | 支行      | 分行            |             | 2024-06-30  | 6
    丁支行     | 支行      | 分行            | 2024-08-01  |             | 7
    甲一网点   | 网点      | 甲支行          |             |             | 8
    甲二网点   | 网点      | 甲支行          |             |             | 9
    乙一网点   | 网点      | 乙支行          |             |             | 10
    乙一自助   | 网点      | 乙一网点        |             |             | 11
    丁一网点   | 网点      | 丁支行          |             |             | 12
"""
PLACES = (
    "分行", "科技部", "甲支行", "乙支行", "丙支行", "丁支行", "甲一网点", "甲二网点", "乙一网点",
    "乙一自助", "丁一网点", "外行某点", None,
)  # fmt: skip


class Wild:
    """Draws rows; the same seed draws the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def one(self, *choices: Any) -> Any:
        """One of these."""
        return self.random.choice(choices)

    def flag(self) -> bool | None:
        """Yes, no or blank."""
        return self.one(True, False, None)

    def day(self, first: date = FIRST, last: date = LAST) -> date:
        """A day of the span; more often one at which something begins or ends."""
        edges = [date(2024, 2, 29), date(2024, 1, 1), date(2023, 12, 31), date(2024, 6, 30), LAST]
        edges = [day for day in edges if first <= day <= last]
        if edges and self.random.random() < 0.1:
            return self.random.choice(edges)
        return first + timedelta(days=self.random.randint(0, (last - first).days))

    def later(self, day: date, most: int) -> date | None:
        """A day up to so many later, or none; never after the last covered one."""
        days = self.one(0, 1, 15, 16, 30, 60, 61, self.random.randint(0, most))
        found = day + timedelta(days=days)
        return found if found <= LAST and self.random.random() < 0.85 else None

    def moment(self, day: date | None) -> datetime | None:
        """A time on this day, often midnight, which stands for a mere date."""
        if day is None:
            return None
        at = self.one(time(0), time(0), time(0, 0, 1), time(23, 59, 59))
        at = self.one(at, time(self.random.randint(0, 23), self.random.randint(0, 59)))
        return datetime.combine(day, at)


def tables(seed: int = 1) -> dict[str, str | Sequence[Row]]:
    """A table of rows for every entity, by the name of its core table."""
    wild = Wild(seed)
    reviews, inspections = list(_reviews(wild)), list(_inspections(wild))
    return {
        "organisation": ORGANISATIONS,
        "organisation_denominator": list(_bases(wild)),
        "complaint": [_complaint(wild, number) for number in range(700)],
        "exam_result": [_sitting(wild, number) for number in range(250)],
        "exam_section_score": [_section(wild, number) for number in range(250)],
        "review": reviews,
        "review_opinion": list(_opinions(wild, reviews)),
        "outreach_event": [_event(wild, number) for number in range(200)],
        "training_attendance": list(_attendances(wild)),
        "inspection": inspections,
        "inspection_issue": list(_issues(wild, inspections)),
        "double_recording": [_recording(wild, number) for number in range(250)],
        "policy_check": [_check(wild, number) for number in range(150)],
        "service_facility": list(_facilities(wild)),
        "product_launch": [_launch(wild, number) for number in range(120)],
    }


def _complaint(wild: Wild, number: int) -> Row:
    received = wild.day()
    received_at = wild.moment(received)
    told = {
        name: wild.moment(wild.later(received, 90)) if wild.random.random() < chance else None
        for name, chance in (("decided_at", 0.6), ("closed_at", 0.4), ("withdrawn_at", 0.15))
    }
    states = wild.one(None, None, None, False, True)
    answered = wild.moment(wild.later(received, 3))
    on_the_hour = received_at + timedelta(hours=1)
    return {
        "source": wild.one("test", "other"),
        "complaint_id": str(number),
        "received_at": received_at,
        "first_response_at": wild.one(answered, answered, on_the_hour),
        "forwarded_at": wild.moment(wild.later(received, 10)),
        "is_forwarded": wild.flag(),
        **told,
        "dates_endings": wild.one(None, True, None, True, False),
        "is_extension_approved": wild.flag(),
        "extension_days": wild.one(None, None, 0, 1, 15, 30, 45, 60),
        "states_timeliness": states,
        "is_timely_stated": wild.flag() if states else None,
        "stated_due_at": wild.moment(wild.later(received, 30)) if states else None,
        "status": wild.one(
            None, "处理中", "待受理", "已办结", "已办结", "已撤诉", "不予受理", "超期未办结", "未提供"
        ),
        "org_name": wild.one(*PLACES),
        "area": wild.one("江东", None),
        "intake_channel": wild.one("客服热线", "意见簿", "人民银行/12363转办", "传真", None),
        "service_channel": wild.one("营业现场", "网银渠道", "短信渠道", "电视", None),
        "category": wild.one("信用卡", "借记卡", "借记卡账户管理", "债务催收", "数字藏品", None),
        "product": wild.one("金卡", None),
        "cause": wild.one("定价收费", "服务态度", "业务差错", "天气", None),
        "cause_detail": wild.one("年费", None),
        "complaint_level": wild.one("普通投诉", "重大投诉", None),
        "responsibility": wild.one("有责", "部分有责", "无责", "待定", None),
        "special_group": wild.one("老年人", None),
        "customer_type": wild.one("个人客户", None),
        "is_repeat": wild.flag(),
        "is_escalated": wild.flag(),
        "is_resolved_at_first_contact": wild.flag(),
        **{
            name: wild.one(
                "非常满意", "满意", "基本满意", "不满意", "非常不满意", "无法联系/未评价", "其他", None
            )
            for name in ("satisfaction", "satisfaction_efficiency", "satisfaction_solution")
        },
    }  # fmt: skip


def _sitting(wild: Wild, number: int) -> Row:
    attendance = wild.one("参考", "参考", "参考", "缺考", "免考")
    full = wild.one(100, 100, 120, 45, 90)
    share = wild.one(0.6, 0.7, 0.8, 0.9, 1.0, 0.0, wild.random.random())
    return {
        "exam_name": wild.one("上半年", "下半年", "专题"),
        "exam_date": wild.one(None, wild.day()) if number % 10 == 0 else wild.day(),
        "person_key": f"p{number}",
        "org_name": wild.one(*PLACES),
        "post": wild.one("柜员", "客户经理", None),
        "business_line": wild.one("运营条线", None),
        "is_new_staff": wild.flag(),
        "attendance": attendance,
        "score": round(full * share, 1) if attendance == "参考" else None,
        "full_score": full,
        "makeup_score": wild.one(None, full),
    }


def _section(wild: Wild, number: int) -> Row:
    full = wild.one(None, 40, 25, 100)
    return {
        "exam_name": wild.one("上半年", "下半年"),
        "exam_date": wild.day(),
        "person_key": f"p{number}",
        "section": wild.one("法律法规", "实务操作"),
        "org_name": wild.one(*PLACES),
        "post": wild.one("柜员", None),
        "score": wild.one(None, round((full or 100) * wild.random.random(), 1)),
        "full_score": full,
    }


def _reviews(wild: Wild) -> Iterator[Row]:
    for number in range(150):
        issues = wild.one(None, 0, 1, 3)
        submitted = wild.one(None, wild.day()) if number % 10 == 0 else wild.day()
        yield {
            "review_id": str(number),
            "review_type": wild.one("新产品立项", "协议合同", "别的", None),
            "category": wild.one("信用卡", "借记卡账户管理", None),
            "org_name": wild.one(*PLACES),
            "submitted_date": submitted,
            "accepted_date": wild.one(None, wild.day()) if submitted is None else None,
            "opinion_date": wild.later(submitted, 20) if submitted else None,
            "launch_date": wild.later(submitted, 20) if submitted else None,
            "stage": wild.one("已归档", "审查中", None),
            "conclusion": wild.one("同意", "不同意", None),
            "is_first_pass": wild.flag(),
            "issue_count": issues,
            "rectified_count": wild.one(None, 0, issues) if issues is not None else None,
        }


def _opinions(wild: Wild, reviews: Sequence[Row]) -> Iterator[Row]:
    for review in reviews:
        for number in range(wild.one(0, 1, 3)):
            yield {
                "review_id": review["review_id"],
                "opinion_no": str(number + 1),
                "adoption": wild.one("采纳", "部分采纳", "未采纳", "待定", None),
            }


def _event(wild: Wild, number: int) -> Row:
    def amount() -> int | None:
        return wild.one(None, 0, wild.random.randint(1, 500))

    return {
        "event_key": str(number),
        "org_name": wild.one(*PLACES),
        "campaign": wild.one("以案说险", "别的", None),
        "topic": wild.one("征信", None),
        "activity_form": wild.one("进校园", None),
        "start_at": wild.moment(wild.day()),
        "staff_participation_count": amount(),
        "leaflet_count": amount(),
        "audience_count": amount(),
        "article_count": amount(),
        "read_count": amount(),
    }


def _attendances(wild: Wild) -> Iterator[Row]:
    sessions = [(wild.one("新规", "案例"), wild.day()) for _ in range(25)]
    met: set[tuple[str, str, date, str]] = set()
    while len(met) < 400:
        name, day = wild.one(*sessions)
        key = (wild.one("test", "other"), name, day, f"p{wild.random.randint(1, 60)}")
        if key in met:
            continue
        met.add(key)
        yield {
            "source": key[0],
            "training_name": name,
            "held_date": day,
            "person_key": key[3],
            "training_topic": wild.one("产品与业务规则", "别的", None),
            "training_form": wild.one("线上课程", None),
            "org_name": wild.one(*PLACES),
            "post": wild.one("柜员", None),
            "staff_level": wild.one("中层以上管理人员", "基层员工", None),
            "is_new_staff": wild.flag(),
            "hours": wild.one(None, 0, 1.5, 2),
            "is_attended": wild.flag(),
        }


def _inspections(wild: Wild) -> Iterator[Row]:
    for number in range(80):
        for place in {wild.one(*PLACES[:-1]) for _ in range(wild.one(1, 2, 4))}:
            yield {
                "inspection_id": str(number),
                "org_name": place,
                "inspection_kind": wild.one("内部检查", "飞行检查", "监管检查", "互查", None),
                "inspected_date": wild.day(),
            }


def _issues(wild: Wild, inspections: Sequence[Row]) -> Iterator[Row]:
    for visit in inspections:
        for number in range(wild.one(0, 0, 1, 3)):
            seen = visit["inspected_date"]
            done = wild.later(seen, 60)
            yield {
                "inspection_id": visit["inspection_id"],
                "org_name": visit["org_name"],
                "issue_no": str(number + 1),
                "issue_category": wild.one("信息披露", None),
                "due_date": wild.one(None, *(seen + timedelta(days=d) for d in (0, 15, 30, 45))),
                "rectified_date": done,
                "rectification_status": wild.one("已整改", None)
                if done
                else wild.one("已整改", "未整改", "整改中", None),
            }


def _recording(wild: Wild, number: int) -> Row:
    recorded = wild.flag()
    return {
        "recording_id": str(number),
        "org_name": wild.one(*PLACES),
        "sold_date": wild.day(),
        "product_type": wild.one("理财", "保险", None),
        "is_required": wild.one(True, True, False, None),
        "is_recorded": recorded,
        "is_sampled": wild.flag(),
        "is_qualified": wild.one(False, None) if recorded is False else wild.flag(),
    }


def _check(wild: Wild, number: int) -> Row:
    return {
        "check_key": str(number),
        "policy_name": wild.one("投诉管理办法", "审查办法"),
        "org_name": wild.one(*PLACES[:-1]),
        "checked_date": wild.day(),
        "is_executed": wild.flag(),
    }


def _facilities(wild: Wild) -> Iterator[Row]:
    """Of each kind an outlet has at most one at a time; machines are counted by their number."""
    kinds = ("爱心窗口", "适老化网点", "无障碍设施", "无障碍智能柜员机", "母婴室")
    for place in PLACES[:-1]:
        for kind in kinds:
            started = wild.day(date(2019, 1, 1))
            ended = wild.one(None, started, wild.day(started), LAST + timedelta(days=10))
            again = wild.one(None, ended)
            for number, (begins, ends) in enumerate([(started, ended), (again, None)]):
                if begins:
                    yield {
                        "facility_key": f"{place}{kind}{number}",
                        "org_name": place,
                        "facility_kind": kind,
                        "unit_count": wild.one(None, 0, 1, 2, 3),
                        "started_date": begins,
                        "ended_date": ends,
                    }


def _launch(wild: Wild, number: int) -> Row:
    return {
        "launch_id": str(number),
        "org_name": wild.one(*PLACES),
        "review_type": wild.one("新产品立项", None),
        "category": wild.one("信用卡", None),
        "launched_date": wild.day(),
        "review_id": wild.one(None, None, "SC-1"),
        "is_reviewed_stated": wild.flag(),
    }


def _bases(wild: Wild) -> Iterator[Row]:
    """Monthly, quarterly and yearly figures, own and of outlets, with gaps and blanks."""
    months = [date(2023 + n // 12, n % 12 + 1, 1) for n in range(28)]
    for name, step in (
        ("甲支行", 1),
        ("乙一网点", 3),
        ("乙一自助", 3),
        ("丙支行", 1),
        ("丁支行", 12),
        ("甲一网点", 3),
    ):
        for start in months[::step]:
            if wild.random.random() < 0.1:
                continue
            index = start.year * 12 + start.month - 1 + step
            end = date(index // 12, index % 12 + 1, 1) - timedelta(days=1)
            yield _base(wild, name, start, end)
    yield _base(wild, "分行", date(2024, 1, 1), date(2024, 12, 31))


def _base(wild: Wild, name: str, start: date, end: date) -> Row:
    def amount(most: int) -> int | None:
        return wild.one(None, *(wild.random.randint(1, most) for _ in range(9)))

    return {
        "org_name": name,
        "period_start": start,
        "period_end": end,
        "outlet_count": wild.one(0, amount(9), amount(9), amount(9)),
        "personal_customer_count": amount(90_000),
        "staff_count": amount(300),
        "manager_count": amount(30),
        "new_staff_count": amount(20),
        "deposit_balance_yuan": amount(10**9),
    }
