"""The elements of the health check scored from our own indicators: what is judged, what is not.

A self-check by a rule of the bank's own; it is no supervisory score and knows no grades.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from warehouse.coverage import Coverage, coverage, is_complete
from warehouse.health_check import WHOLE, Element, Weighed, health_check
from warehouse.indicators import ZERO_KINDS, compute
from warehouse.periods import Period
from warehouse.registry import Indicator, Threshold, binding_threshold, indicator, judge
from warehouse.request import Where
from warehouse.scope import Scope

JUDGED = ("met", "near", "missed")


@dataclass(frozen=True)
class Assessed:
    """One indicator of an element: its numbers, its threshold, and what became of them.

    `verdict` is met, near or missed, else why there is none: few, too_early, no_data,
    no_threshold. `unused` are the filters that it cannot be cut by.
    """

    asked: Indicator
    weight: float
    value: float | None
    numerator: float | None
    denominator: float | None
    threshold: Threshold | None
    verdict: str
    points: float | None
    unused: tuple[str, ...] = ()


@dataclass(frozen=True)
class ElementScore:
    """One element: what could be judged of it and the points that this part reached."""

    element: Element
    indicators: tuple[Assessed, ...]

    @property
    def judged(self) -> tuple[Assessed, ...]:
        """The indicators that have points."""
        return tuple(one for one in self.indicators if one.points is not None)

    def full_points(self, one: Assessed) -> float:
        """How many of the 100 points depend on an indicator."""
        return self.element.weight * one.weight / WHOLE

    def points(self, one: Assessed) -> float | None:
        """How many of them it reached; null where it was not judged."""
        return None if one.points is None else self.full_points(one) * one.points / WHOLE

    def lost(self, one: Assessed) -> float:
        """How many of them it missed; nothing is lost where nothing was judged."""
        reached = self.points(one)
        return 0.0 if reached is None else self.full_points(one) - reached

    @property
    def judged_weight(self) -> float:
        """How much of the element's weight could be judged."""
        return sum(self.full_points(one) for one in self.judged)

    @property
    def judged_share(self) -> float:
        """How much of the element's weight could be judged, in %."""
        return 100 * self.judged_weight / self.element.weight

    @property
    def reached(self) -> float | None:
        """Points reached of the judged weight; null where nothing was judged."""
        return sum(self.points(one) or 0.0 for one in self.judged) if self.judged else None

    @property
    def score(self) -> float | None:
        """Points of 100 over the judged indicators alone; null where nothing was judged."""
        return None if self.reached is None else WHOLE * self.reached / self.judged_weight


@dataclass(frozen=True)
class HealthScore:
    """All elements; what was not judged is neither lost nor won, so nothing is scaled up to 100."""

    elements: tuple[ElementScore, ...]

    @property
    def judged_weight(self) -> float:
        """How much of the 100 could be judged."""
        return sum(one.judged_weight for one in self.elements)

    @property
    def reached(self) -> float | None:
        """Points reached of the judged weight; null where nothing was judged."""
        known = [one.reached for one in self.elements if one.reached is not None]
        return sum(known) if known else None


Figures = tuple[float | None, float | None, float | None]
NO_FIGURES: Figures = (None, None, None)


def evaluate(
    cursor: duckdb.DuckDBPyConnection,
    period: Period,
    *,
    where: Where | None = None,
    scope: Scope,
    demo: bool,
) -> HealthScore:
    """The elements under the filters, of which an indicator takes those that it can be cut by."""
    held = coverage(cursor)

    def assess(weighed: Weighed) -> Assessed:
        asked = indicator(weighed.indicator)
        fitting = _fitting(asked, where)
        found = compute(cursor, asked.id, period, where=fitting, scope=scope)
        figures = found.select("value", "numerator", "denominator").row(0)
        is_whole = not fitting and scope.sub_branches is None
        rule = _Rule.at(asked, period, held, demo=demo, is_whole=is_whole)
        return rule.applied(weighed.weight, figures, unused=set(where or {}) - fitting.keys())

    return _scored(assess)


def evaluate_sub_branches(
    cursor: duckdb.DuckDBPyConnection,
    period: Period,
    *,
    where: Where | None = None,
    scope: Scope,
    demo: bool,
) -> dict[str | None, HealthScore]:
    """The elements of every sub-branch that has any of the indicators."""
    held = coverage(cursor)
    asked = {one.indicator for element in health_check().elements for one in element.indicators}
    cells: dict[str, dict[str | None, Figures]] = {}
    for one in map(indicator, sorted(asked)):
        if "sub_branch" in one.dimensions:
            found = compute(
                cursor,
                one.id,
                period,
                by=("sub_branch",),
                where=_fitting(one, where),
                scope=scope,
            )
            cells[one.id] = {branch: (v, n, d) for branch, v, n, d in found.iter_rows()}
    rules = {
        one: _Rule.at(indicator(one), period, held, demo=demo, is_whole=False) for one in asked
    }

    def of(branch: str | None) -> HealthScore:
        return _scored(
            lambda weighed: rules[weighed.indicator].applied(
                weighed.weight, cells.get(weighed.indicator, {}).get(branch, NO_FIGURES)
            )
        )

    return {branch: of(branch) for branch in dict.fromkeys(b for c in cells.values() for b in c)}


def _scored(assess: Callable[[Weighed], Assessed]) -> HealthScore:
    return HealthScore(
        tuple(
            ElementScore(element, tuple(assess(one) for one in element.indicators))
            for element in health_check().elements
        )
    )


def _fitting(asked: Indicator, where: Where | None) -> Where:
    return {n: values for n, values in (where or {}).items() if values and n in asked.dimensions}


@dataclass(frozen=True)
class _Rule:
    """By what an indicator is judged in a period."""

    asked: Indicator
    threshold: Threshold | None
    is_settled: bool
    # A number of things is aimed at for the whole bank; a part of it cannot be held against that.
    is_judged: bool

    @classmethod
    def at(
        cls,
        asked: Indicator,
        period: Period,
        held: Mapping[str, Coverage],
        *,
        demo: bool,
        is_whole: bool,
    ) -> "_Rule":
        own = held.get(asked.entity)
        on = period.end or (own.last if own else date.max)
        is_total = asked.kind in ZERO_KINDS
        return cls(
            asked,
            binding_threshold(asked.id, on, demo=demo),
            is_complete(period, own, settles_after_days=asked.settles_after_days)
            or not asked.needs_whole_period,
            is_whole or not is_total,
        )

    def applied(self, weight: float, figures: Figures, *, unused: Iterable[str] = ()) -> Assessed:
        """The indicator with its verdict and points."""
        value, numerator, denominator = figures
        if self.asked.is_too_few(denominator):
            value = None
        verdict = self._verdict(figures[0], denominator)
        points = health_check().scoring.points
        return Assessed(
            self.asked,
            weight,
            value,
            numerator,
            denominator,
            self.threshold,
            verdict,
            getattr(points, verdict) if verdict in JUDGED else None,
            tuple(sorted(unused)),
        )

    def _verdict(self, value: float | None, denominator: float | None) -> str:
        if value is None:
            return "no_data"
        if self.threshold is None or not self.is_judged:
            return "no_threshold"
        if denominator is not None and denominator < self.asked.judged_from_n:
            return "few"
        return judge(self.asked, value, self.threshold) if self.is_settled else "too_early"
