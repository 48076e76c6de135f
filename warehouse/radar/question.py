"""What the radar gives back: questions, the tests that ran, and those that could not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import log10
from typing import Any

from warehouse.periods import Period
from warehouse.radar.settings import Signal, signal

# A chance smaller than this is told as this.
SMALLEST = 1e-12


@dataclass(frozen=True)
class RowsOf:
    """Which rows stand behind a question: a view, a condition of our own and its values."""

    view: str
    entity: str
    condition: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Bar:
    """One bar of a question's chart; `expected` is what would be normal there."""

    label: str
    value: float
    expected: float | None = None
    is_looked_at: bool = False


@dataclass(frozen=True)
class Picture:
    """A question's chart: what the bars count and along what; `limit` is a bar's label."""

    title: str
    along: str
    unit: str
    bars: tuple[Bar, ...]
    limit: str | None = None
    limit_zh: str = ""
    # The last bar within it, so that its line stands behind that bar; else the bar itself.
    is_limit_behind: bool = False


@dataclass(frozen=True)
class Explained:
    """The indicator whose explanation shows the same rows, and the cell's own filters."""

    indicator: str
    only: Mapping[str, tuple[str | None, ...]]


@dataclass(frozen=True)
class Question:
    """One oddity as a question with its numbers; never an accusation."""

    signal_id: str
    about: str
    sub_branches: tuple[str, ...]
    text: str
    baseline: str
    hits: int
    cases: int
    unit: str
    picture: Picture
    period: Period
    rows: RowsOf | None = None
    explained: Explained | None = None
    p_value: float | None = None
    q_value: float | None = None

    @property
    def id(self) -> str:
        """The same question has the same id in every run."""
        return ":".join((self.signal_id, self.about, *self.sub_branches))

    @property
    def signal(self) -> Signal:
        """What kind of pattern it is."""
        return signal(self.signal_id)

    @property
    def strength(self) -> float:
        """How far beyond chance, after correction, in powers of ten; what has no chance is last."""
        return -log10(max(self.q_value, SMALLEST)) if self.q_value is not None else 0.0


@dataclass(frozen=True)
class Candidate:
    """One test: its chance, and how to ask when that is small. `whole` is a test of everybody."""

    signal_id: str
    about: str
    sub_branch: str | None
    p_value: float
    hits: int
    ask: Callable[[], Question]
    is_whole: bool = False


@dataclass(frozen=True)
class Ran:
    """A signal that was looked for: in how many tests, over how many rows; or why it was not."""

    signal_id: str
    tests: int
    rows: int
    unit: str
    why_not: str = ""


@dataclass(frozen=True)
class Answer:
    """What one signal found before the correction over all of them."""

    ran: Ran
    candidates: tuple[Candidate, ...] = ()
    # Questions that rest on a rule and no chance.
    ruled: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Radar:
    """The questions of a period, the strongest first, and what was looked for."""

    period: Period
    questions: tuple[Question, ...]
    ran: tuple[Ran, ...]

    @property
    def tests(self) -> int:
        """How many tests ran in all; the correction is for so many."""
        return sum(one.tests for one in self.ran)
