"""Staff exams: who sat them, the marks by section, absences and make-up exams."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ingest.demo import story
from ingest.demo.branch import MANAGER_POSTS, Branch, Employee
from ingest.demo.draws import pick, stream
from ingest.demo.timeline import Timeline

ABSENT, EXEMPT = "缺考", "免考"
_ABSENCE_SHARE, _EXEMPT_SHARE = 0.04, 0.012
_ABSENCE_REASONS = {"病假": 30, "产假": 14, "出差": 24, "外派学习": 14, "事假": 18}
_EXEMPT_REASON = "长期病假"
_ABILITY_SPREAD, _SECTION_SPREAD = 0.095, 0.075


@dataclass(frozen=True)
class Sitting:
    """One employee in one exam; without marks when absent or exempt."""

    employee: Employee
    is_new: bool
    attendance: str
    reason: str | None
    marks: dict[str, float]
    makeup: float | None

    @property
    def score(self) -> float:
        """The total of the sections."""
        return sum(self.marks.values())


@dataclass(frozen=True)
class Exam:
    """One exam with everybody who had to sit it."""

    name: str
    day: date
    full_marks: dict[str, int]
    sittings: tuple[Sitting, ...]

    @property
    def full_mark(self) -> int:
        """The mark of a faultless paper."""
        return sum(self.full_marks.values())


def make_exams(timeline: Timeline, branch: Branch, seed: int) -> list[Exam]:
    """The exams of all staff in May and November, and the two kinds of special exam."""
    rng = stream(seed, "exams")
    plan = [
        entry
        for year in timeline.years
        for entry in (
            (_wednesday(year, 5), f"{year}年上半年消保知识考试", "all"),
            (_wednesday(year, 9), f"{year}年新员工消保专项考试", "new"),
            (_wednesday(year, 11), f"{year}年下半年消保知识考试", "all"),
            (_wednesday(year, 12), f"{year}年管理人员消保专题考试", "managers"),
        )
        if timeline.start <= entry[0] <= timeline.end
    ]
    # One exam for new staff and one for managers: the latest of each.
    latest = {kind: day for day, _, kind in plan}
    kept = [entry for entry in plan if entry[2] == "all" or latest[entry[2]] == entry[0]]
    return [_exam(rng, timeline, branch, day, name, kind) for day, name, kind in kept]


def _wednesday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta((2 - first.weekday()) % 7 + 14)


def _exam(rng: Random, timeline: Timeline, branch: Branch, day: date, name: str, kind: str) -> Exam:
    full_marks = story.MANAGER_SECTION_MARKS if kind == "managers" else story.SECTION_MARKS
    is_trained = timeline.index_of(day) >= story.TRAINING_MONTH
    sittings = tuple(
        _sitting(rng, employee, day, full_marks, is_trained=is_trained)
        for employee in branch.staff
        if employee.is_on_roll(day) and _has_to_sit(employee, day, kind)
    )
    return Exam(name, day, full_marks, sittings)


def _has_to_sit(employee: Employee, day: date, kind: str) -> bool:
    if kind == "new":
        return employee.is_new(day)
    return kind == "all" or employee.post in MANAGER_POSTS


def _sitting(
    rng: Random, employee: Employee, day: date, full_marks: dict[str, int], *, is_trained: bool
) -> Sitting:
    is_new = employee.is_new(day)
    roll = rng.random()
    if roll < _EXEMPT_SHARE:
        return Sitting(employee, is_new, EXEMPT, _EXEMPT_REASON, {}, None)
    if roll < _EXEMPT_SHARE + _ABSENCE_SHARE:
        reason = pick(rng, _ABSENCE_REASONS)
        makeup = float(rng.randint(60, 88)) if rng.random() < 0.6 else None
        return Sitting(employee, is_new, ABSENT, reason, {}, makeup)
    marks = _marks(rng, employee, full_marks, is_trained=is_trained)
    has_failed = sum(marks.values()) < 0.6 * sum(full_marks.values())
    makeup = float(rng.randint(52, 84)) if has_failed and rng.random() < 0.9 else None
    return Sitting(employee, is_new, "参考", None, marks, makeup)


def _marks(
    rng: Random, employee: Employee, full_marks: dict[str, int], *, is_trained: bool
) -> dict[str, float]:
    is_weak = employee.post == story.WEAK_POST
    levels = story.WEAK_POST_LEVEL if is_weak else story.SECTION_LEVEL
    # A person is about equally able in every exam: the ability hangs on the staff number.
    ability = Random(f"ability/{employee.number}").gauss(0, _ABILITY_SPREAD)  # noqa: S311
    marks = {}
    for section, full_mark in full_marks.items():
        share = levels[section][is_trained] + ability + rng.gauss(0, _SECTION_SPREAD)
        marks[section] = round(min(1.0, max(0.1, share)) * full_mark * 2) / 2
    return marks
