"""Invented branches for the radar, many in one lake: a reader's scope tells them apart."""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from warehouse.scope import Scope

FIRST, LAST = date(2023, 1, 1), date(2024, 3, 31)
PERIOD = "2024Q1"
NOW = date(2024, 1, 1)
BRANCHES = 6
A_DAY = 0.6
Row = dict[str, object]
Spoil = Callable[[list[Row], random.Random, str], None]
_RATINGS = ("非常满意", "满意", "基本满意", "不满意")


def branch(world: str, number: int) -> str:
    """A sub-branch of a world."""
    return f"{world}第{number}支行"


def scope(world: str) -> Scope:
    """The sub-branches of one world."""
    return Scope(frozenset(branch(world, at) for at in range(1, BRANCHES + 1)))


def complaints(world: str, seed: int, spoil: Spoil | None = None) -> list[Row]:
    """Five quarters of complaints in which nothing is odd but what `spoil` puts in."""
    draw = random.Random(f"{world}{seed}")
    rows = [
        _complaint(draw, world, at, FIRST + timedelta(days=day))
        for day in range((LAST - FIRST).days + 1)
        for at in range(1, BRANCHES + 1)
        for _case in range(_poisson(draw, A_DAY))
    ]
    if spoil is not None:
        spoil(rows, draw, branch(world, 2))
    for number, row in enumerate(rows):
        row["complaint_id"] = f"{world}-{number}"
    return rows


def _poisson(draw: random.Random, mean: float) -> int:
    count, reached = 0, draw.expovariate(mean)
    while reached < 1:
        count += 1
        reached += draw.expovariate(mean)
    return count


def at(draw: random.Random, day: date) -> datetime:
    """A moment of the day's office hours."""
    return datetime.combine(day, time(9)) + timedelta(seconds=draw.randrange(1, 8 * 3600))


def working_day(day: date) -> date:
    """The day, or the Monday after it."""
    return day + timedelta(days=max(0, 8 - day.isoweekday()) if day.isoweekday() > 5 else 0)


def _complaint(draw: random.Random, world: str, number: int, day: date) -> Row:
    received = at(draw, day)
    ended = working_day(day + timedelta(days=int(draw.lognormvariate(1.7, 0.7))))
    is_open = ended > LAST
    return {
        "org_name": branch(world, number),
        "received_at": received,
        "first_response_at": received + timedelta(minutes=draw.randrange(3, 240)),
        "closed_at": None if is_open else max(at(draw, ended), received + timedelta(minutes=9)),
        "status": "处理中" if is_open else "已办结",
        "intake_channel": draw.choices(("客服热线", "营业网点", "其他"), (6, 3, 1))[0],
        "category": draw.choices(("信用卡", "贷款", "借记卡", "其他"), (5, 3, 2, 1))[0],
        "cause": draw.choices(("服务态度", "定价收费", "合同条款", "其他"), (4, 3, 2, 1))[0],
        "satisfaction": draw.choices(_RATINGS, (4, 3, 2, 1))[0],
        "content_masked": "".join(
            draw.choices("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥", k=30)
        ),
    }


def of(rows: list[Row], name: str) -> list[Row]:
    """The rows that one sub-branch received in the period."""
    return [row for row in rows if row["org_name"] == name and row["received_at"].date() >= NOW]


def ended_of(rows: list[Row], name: str) -> list[Row]:
    """The rows that one sub-branch closed in the period."""
    return [
        row
        for row in rows
        if row["org_name"] == name and row["closed_at"] and row["closed_at"].date() >= NOW
    ]


def exams(
    world: str, seed: int, *, people: int = 400, lifted: bool = False, step: int = 1
) -> list[Row]:
    """Scores of one exam; `lifted`: whoever had 55 to 59 is given 60."""
    draw = random.Random(f"exam{world}{seed}")
    rows = []
    for number in range(people):
        score = min(100, max(0, round(draw.gauss(68, 12) / step) * step))
        rows.append(
            {
                "exam_name": f"{world}考试",
                "exam_date": date(2024, 2, 20),
                "person_key": f"{number:04x}" * 16,
                "org_name": branch(world, number % BRANCHES + 1),
                "attendance": "参考",
                "score": 60 if lifted and 55 <= score < 60 else score,
                "full_score": 100,
            }
        )
    return rows
