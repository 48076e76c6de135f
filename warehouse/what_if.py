"""What turns a missed threshold: the fewest cases that must end well, and which still can."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from math import ceil
from typing import Literal

import duckdb
from pydantic import BaseModel, ConfigDict

from warehouse.definitions import load_mapping
from warehouse.errors import DefinitionError, QueryError
from warehouse.indicators import compute
from warehouse.month_series import Cell
from warehouse.periods import Period, months_between, parse_period
from warehouse.registry import Indicator, indicator, indicators
from warehouse.request import Where
from warehouse.scope import Scope

FILE = "what_if.yml"
MISSES = "misses"


class Way(BaseModel):
    """How an indicator can still be turned, in words and by which cases."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    adding_zh: str | None = None
    deciding: Literal["due_complaints"] | None = None
    converting_zh: str | None = None
    convertible: str | None = None
    cases_zh: str = "件"


@cache
def ways() -> dict[str, Way]:
    """The ways by indicator; raises DefinitionError naming file, indicator and key."""
    found = load_mapping(FILE, Way)
    for way in found.values():
        asked = indicators().get(way.id)
        if asked is None or asked.kind != "ratio":
            message = f"{FILE}:{way.id}:应是 ratio 类指标的编号"
            raise DefinitionError(message)
        if (way.convertible is None) != (way.converting_zh is None):
            message = f"{FILE}:{way.id}.convertible:与 converting_zh 要么都写，要么都不写"
            raise DefinitionError(message)
        if way.convertible not in (None, MISSES) and way.convertible not in indicators():
            message = f"{FILE}:{way.id}.convertible:没有指标 {way.convertible!r}"
            raise DefinitionError(message)
    return found


def way_of(indicator_id: str) -> Way:
    """The way of an indicator; one without an entry has none."""
    return ways().get(indicator_id) or Way(id=indicator_id)


@dataclass(frozen=True)
class WhatIf:
    """A ratio beside its threshold, and the smallest changes that meet it.

    `converting`: so many of the missed cases would have to be good instead; `convertible` of them
    still can be. `adding`: so many further cases that all end well; None when none are enough.
    """

    indicator_id: str
    numerator: int
    denominator: int
    threshold: Fraction
    converting: int
    convertible: int
    adding: int | None

    @property
    def is_met(self) -> bool:
        """Whether there are cases and they meet the threshold already."""
        return self.denominator > 0 and self.converting == 0

    @property
    def misses(self) -> int:
        """How many cases missed."""
        is_high_good = indicator(self.indicator_id).direction == "up"
        return self.denominator - self.numerator if is_high_good else self.numerator

    @property
    def can_convert(self) -> bool:
        """Whether enough of the missed cases can still be made good."""
        return not self.is_met and self.converting <= self.convertible

    def needed_of(self, due: int) -> int | None:
        """How many of so many cases that will count must end well; None when all are too few."""
        needed = fewest_of(
            self.numerator, self.denominator, self.threshold, due, self._is_high_good
        )
        return needed if needed <= due else None

    @property
    def _is_high_good(self) -> bool:
        return indicator(self.indicator_id).direction == "up"


def share(threshold: float) -> Fraction:
    """A threshold in percent as the exact share that was written down: 99.9 is 999/1000."""
    return Fraction(repr(float(threshold))) / 100


def fewest_converted(hits: int, cases: int, target: Fraction, is_high_good: bool) -> int:
    """The fewest missed cases that would have to be good for the rate to meet the target."""
    short = target * cases - hits if is_high_good else hits - target * cases
    return max(ceil(short), 0)


def fewest_added(hits: int, cases: int, target: Fraction, is_high_good: bool) -> int | None:
    """The fewest further cases, all good, with which the rate meets the target; None if none do."""
    if is_high_good:
        if hits >= target * cases:
            return 0
        # Whoever missed one case never reaches 100 % again.
        return None if target >= 1 else ceil((target * cases - hits) / (1 - target))
    if hits <= target * cases:
        return 0
    return None if target <= 0 else ceil(hits / target - cases)


def fewest_of(hits: int, cases: int, target: Fraction, due: int, is_high_good: bool) -> int:
    """How many of so many cases to come have to be good; more than them when all are too few."""
    total = target * (cases + due)
    short = total - hits if is_high_good else hits + due - total
    return max(ceil(short), 0)


def what_ifs(
    cursor: duckdb.DuckDBPyConnection,
    indicator_id: str,
    period: Period,
    *,
    threshold: float,
    by: Sequence[str] = (),
    where: Where | None = None,
    scope: Scope,
) -> dict[Cell, WhatIf]:
    """What would turn a ratio, per cell of the cut; a cell without cases is absent.

    Raises QueryError for what is no ratio.
    """
    asked = indicator(indicator_id)
    if asked.kind != "ratio":
        message = f"“{asked.name_zh}”不是比率，没有“再有几件”可算"
        raise QueryError(message)
    found = compute(cursor, asked.id, period, by=by, where=where, scope=scope)
    columns = [*by, "numerator", "denominator"]
    counts = {
        tuple(cell): (round(above or 0), round(below))
        for *cell, above, below in found.select(columns).iter_rows()
        if below
    }
    way = way_of(asked.id)
    held: dict[Cell, int] = {}
    if way.convertible not in (None, MISSES):
        evidence = compute(cursor, way.convertible, period, by=by, where=where, scope=scope)
        held = {
            tuple(cell): round(count or 0)
            for *cell, count in evidence.select(*by, "numerator").iter_rows()
        }
    return {
        cell: _turned(asked, share(threshold), hits, cases, held.get(cell))
        for cell, (hits, cases) in counts.items()
    }


def _turned(
    asked: Indicator, target: Fraction, hits: int, cases: int, convertible: int | None
) -> WhatIf:
    is_high_good = asked.direction == "up"
    way = way_of(asked.id)
    misses = cases - hits if is_high_good else hits
    return WhatIf(
        asked.id,
        hits,
        cases,
        target,
        converting=fewest_converted(hits, cases, target, is_high_good),
        convertible=misses if way.convertible == MISSES else min(convertible or 0, misses),
        adding=fewest_added(hits, cases, target, is_high_good) if way.adding_zh else None,
    )


def counted_on(held: WhatIf, *, good: int, bad: int) -> WhatIf:
    """The same with cases that are sure to count: so many good ones and so many missed."""
    asked = indicator(held.indicator_id)
    hits = held.numerator + (good if asked.direction == "up" else bad)
    return _turned(asked, held.threshold, hits, held.denominator + good + bad, held.convertible)


def likely_further(held: WhatIf, period: Period, data_date: date) -> int:
    """About how many more cases the period will have, at the pace it has had so far."""
    if period.start is None or period.end is None or data_date < period.start:
        return 0
    elapsed = (data_date - period.start).days + 1
    return round(held.denominator * max((period.end - data_date).days, 0) / elapsed)


def running_window(data_date: date, months: int) -> Period:
    """So many months up to the one that still runs: the one of the day after the data end."""
    running = data_date + timedelta(days=1)
    index = running.year * 12 + running.month - months
    first = date(index // 12, index % 12 + 1, 1)
    last = next(months_between(running, running))
    return last if months == 1 else parse_period(f"{first}..{last.end}")
