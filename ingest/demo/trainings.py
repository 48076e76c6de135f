"""Staff trainings: the quarterly course, special courses, and the push of one month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal

from ingest.demo import story
from ingest.demo.branch import MANAGER_POSTS, Branch, Employee
from ingest.demo.draws import stream
from ingest.demo.timeline import Timeline

Audience = Literal["all", "first_half", "second_half", "managers", "new", "workshop"]

_COURSE_TOPICS = ("产品消保要点", "消保法律法规", "投诉处理", "特殊群体服务")
_WORKSHOPS = (
    ("投诉处理研讨", "投诉处理", "线下研讨"),
    ("适老服务情景演练", "特殊群体服务", "案例教学"),
)
_WORKSHOP_PLACES = 3
_FIRST_HALF = tuple(sub.name for sub in story.SUB_BRANCHES[: len(story.SUB_BRANCHES) // 2])


@dataclass(frozen=True)
class Course:
    """One session as planned."""

    name: str
    topic: str
    form: str
    day: date
    hours: float
    audience: Audience
    is_push: bool = False


@dataclass(frozen=True)
class Attendee:
    """One invited employee and whether he or she came."""

    employee: Employee
    has_attended: bool


@dataclass(frozen=True)
class Session:
    """One session with everybody who was invited."""

    course: Course
    attendees: tuple[Attendee, ...]


def make_trainings(timeline: Timeline, branch: Branch, seed: int) -> list[Session]:
    """Every training session of the covered months, in the order of days."""
    rng = stream(seed, "trainings")
    courses = sorted(
        (course for course in _plan(timeline) if timeline.start <= course.day <= timeline.end),
        key=lambda course: (course.day, course.name),
    )
    sessions = [Session(c, tuple(_attendees(rng, timeline, branch, c))) for c in courses]
    return [session for session in sessions if session.attendees]


def _plan(timeline: Timeline) -> Iterator[Course]:
    for first in timeline.months:
        year, month = first.year, first.month
        quarter = (month + 2) // 3
        if month % 3 == 1:
            name, topic, form = _WORKSHOPS[quarter % 2]
            yield Course(
                f"{year}年第{quarter}季度{name}", topic, form, _weekday(first, 20), 2, "workshop"
            )
        if month % 3 == 2:
            topic = _COURSE_TOPICS[quarter - 1]
            name = f"{year}年第{quarter}季度全员消保线上课程"
            yield Course(name, topic, "线上课程", _weekday(first, 24), 1.5, "all")
        if month in (3, 9):
            name = f"{year}年{'上' if month == 3 else '下'}半年管理人员消保专题培训"
            yield Course(name, "监管政策解读", "集中授课", _weekday(first, 10), 3, "managers")
        if month == 8:
            name = f"{year}年新员工消保入职培训"
            yield Course(name, "消保法律法规", "集中授课", _weekday(first, 27), 6, "new")
    yield from _push(timeline.months[story.TRAINING_MONTH])


def _push(first: date) -> Iterator[Course]:
    """The push: law for everybody in two groups, then cases, all before the exam of the month."""
    planned: tuple[tuple[str, str, str, int, float, Audience], ...] = (
        ("消保法律法规强化培训（第1期）", "消保法律法规", "集中授课", 4, 4, "first_half"),
        ("消保法律法规强化培训（第2期）", "消保法律法规", "集中授课", 6, 4, "second_half"),
        ("典型投诉案例教学", "投诉处理", "案例教学", 11, 2, "all"),
    )
    for name, topic, form, day, hours, audience in planned:
        yield Course(name, topic, form, _weekday(first, day), hours, audience, is_push=True)


def _weekday(first: date, day: int) -> date:
    """The day of the month, moved to the next Monday from a weekend."""
    wanted = first.replace(day=day)
    return wanted + timedelta((7 - wanted.weekday()) % 7 if wanted.weekday() > 4 else 0)


def _attendees(
    rng: Random, timeline: Timeline, branch: Branch, course: Course
) -> Iterator[Attendee]:
    is_last_month = timeline.index_of(course.day) == len(timeline.months) - 1
    chosen = _workshop_places(rng, branch, course.day) if course.audience == "workshop" else set()
    for employee in branch.staff:
        if is_last_month and employee.sub_branch in story.UNDELIVERED:
            continue
        if not employee.is_on_roll(course.day) or not _is_invited(employee, course, chosen):
            continue
        yield Attendee(employee, rng.random() < _inclination(employee, course))


def _workshop_places(rng: Random, branch: Branch, day: date) -> set[str]:
    chosen: set[str] = set()
    for sub in story.SUB_BRANCHES:
        staff = [e.number for e in branch.staff if e.sub_branch == sub.name and e.is_on_roll(day)]
        chosen.update(rng.sample(staff, _WORKSHOP_PLACES))
    return chosen


def _is_invited(employee: Employee, course: Course, chosen: set[str]) -> bool:
    match course.audience:
        case "all":
            return True
        case "managers":
            return employee.post in MANAGER_POSTS
        case "new":
            return employee.is_new(course.day)
        case "workshop":
            return employee.number in chosen
        case half:
            return (employee.sub_branch in _FIRST_HALF) == (half == "first_half")


def _inclination(employee: Employee, course: Course) -> float:
    """How likely an employee is to come; in some sub-branches the same people never do."""
    if course.is_push and employee.post == story.WEAK_POST:
        return story.WEAK_POST_IN_PUSH
    if employee.sub_branch not in story.LOW_TRAINING_SUB_BRANCHES:
        return story.TRAINING_ATTENDANCE
    stays_away = Random(f"training/{employee.number}").random() < 0.4  # noqa: S311
    return 0.04 if stays_away else 0.85
