"""Reads each indicator once and judges every cell of a rule month by month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import duckdb

from warehouse import alert_verdicts, month_series, periods, quality
from warehouse.alert_rules import CountRule, LevelRule, Rule, TrendRule
from warehouse.alert_states import State, states
from warehouse.alert_verdicts import Point
from warehouse.coverage import Coverage, coverage, is_complete
from warehouse.month_series import Cell, Series, Tally
from warehouse.periods import Period
from warehouse.registry import Indicator, Threshold, binding_threshold, indicator
from warehouse.request import Where
from warehouse.scope import Scope

# Eight quarters and the year before them that they are judged against.
MONTHS_READ = 36

Course = tuple[tuple[Point, State], ...]


def window(first: str, last: str) -> Period:
    """The months from one to another, by id, as a period."""
    start, end = periods.parse_period(first), periods.parse_period(last)
    return end if first == last else periods.parse_period(f"{start.start}..{end.end}")


def complete_months(held: Coverage | None, asked: Indicator, until: date | None) -> list[Period]:
    """The months up to a day that the extracts cover wholly and that are settled."""
    if held is None:
        return []
    last = min(until or held.last, held.last)
    return [
        month
        for month in periods.months_between(held.first, max(last, held.first))
        if (until is None or month.end is None or month.end <= until)
        and is_complete(month, held, settles_after_days=asked.settles_after_days)
    ]


@dataclass
class Reader:
    """What rules are judged on: one snapshot, filters and scope, each indicator read once."""

    cursor: duckdb.DuckDBPyConnection
    until: date | None
    where: Where
    scope: Scope
    _read: dict[tuple[str, tuple[str, ...]], Series] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._coverage = coverage(self.cursor)
        self._is_demo = quality.is_demo(self.cursor)

    def applied(self, asked: Indicator) -> dict[str, Sequence[str | None]]:
        """The filters that the indicator can follow."""
        return {n: wanted for n, wanted in self.where.items() if wanted and n in asked.dimensions}

    def threshold(self, asked: Indicator, month: Period) -> Threshold | None:
        """The threshold in force at the end of a month."""
        return binding_threshold(asked.id, month.end or date.max, demo=self._is_demo)

    def courses(self, rule: Rule) -> dict[Cell, Course]:
        """Judgement and light of every cell, month by month; no cell without complete months."""
        asked = indicator(rule.indicator)
        months = complete_months(self._coverage.get(asked.entity), asked, self.until)
        months = months[-MONTHS_READ:]
        if not months:
            return {}
        series = self._series(rule, asked, window(months[0].id, months[-1].id))
        if rule.by and not any(value is not None for cell in series for value in cell):
            # Extracts that never name a sub-branch have no light of one.
            return {}
        found = {
            cell: self._points(rule, asked, tallies, months) for cell, tallies in series.items()
        }
        return {
            cell: tuple(zip(points, states(points, rule.enter, rule.leave), strict=True))
            for cell, points in found.items()
            if points
        }

    def _series(self, rule: Rule, asked: Indicator, period: Period) -> Series:
        # One query serves the whole branch and its sub-branches.
        by = rule.by or (("sub_branch",) if "sub_branch" in asked.dimensions else ())
        key = (asked.id, by)
        if key not in self._read:
            self._read[key] = month_series.monthly(
                self.cursor, asked, period, by=by, where=self.applied(asked), scope=self.scope
            )
        if not rule.by:
            return month_series.whole(self._read[key])
        if isinstance(rule, CountRule):
            return _large_enough(self._read[key], rule.at_least)
        return self._read[key]

    def _points(
        self, rule: Rule, asked: Indicator, tallies: Mapping[str, Tally], months: Sequence[Period]
    ) -> list[Point]:
        if isinstance(rule, CountRule) and "sub_branch" in rule.by:
            # A sub-branch that opened later had no quiet months before.
            first = min(tallies)
            months = [month for month in months if month.id >= first]
        held = [tallies.get(month.id, Tally()) for month in months]
        return [
            self._point(rule, asked, months, held, at)
            for at in range(rule.window_months - 1, len(months))
        ]

    def _point(
        self,
        rule: Rule,
        asked: Indicator,
        months: Sequence[Period],
        held: Sequence[Tally],
        at: int,
    ) -> Point:
        """The judgement of the window that ends with a month."""
        start = at + 1 - rule.window_months
        span = (months[start].id, months[at].id)
        tally = month_series.pooled(held[start : at + 1])
        match rule:
            case LevelRule():
                threshold = self.threshold(asked, months[at])
                return alert_verdicts.level(rule, asked, span, tally, threshold)
            case TrendRule():
                before = _before(held, start, rule.against_months)
                base = month_series.pooled(before) if before is not None else None
                course = held[max(at - (rule.worsening_months or 0), 0) : at + 1]
                return alert_verdicts.trend(rule, asked, span, tally, base, course)
            case CountRule():
                history = _before(held, at, rule.against_months)
                return alert_verdicts.count(rule, asked, span, tally, history)


def _before(held: Sequence[Tally], at: int, months: int) -> Sequence[Tally] | None:
    """The months before one; none where there are not so many."""
    return held[at - months : at] if at >= months else None


def _large_enough(series: Series, at_least: int) -> Series:
    """The cells that can burn at all: most of a fine cut never have so many cases in a month.

    The largest one stays in any case: a rule that looked and found nothing is not one without data.
    """
    most = {cell: max(one.numerator for one in months.values()) for cell, months in series.items()}
    enough = min(at_least, max(most.values(), default=0))
    return {cell: months for cell, months in series.items() if most[cell] >= enough}
