"""三色预警: which lights burn after a month, since when, on what numbers; and a back-test."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from warehouse.alert_courses import Course, Reader, window
from warehouse.alert_rules import LevelRule, Rule, rules
from warehouse.alert_states import Colour, State
from warehouse.alert_verdicts import Point
from warehouse.errors import QueryError
from warehouse.month_series import Cell
from warehouse.periods import Period, months_between, parse_period, previous_period
from warehouse.registry import Threshold, indicator
from warehouse.request import Where
from warehouse.scope import Scope

QUARTERS = 8
WORST_FIRST: tuple[Colour, ...] = ("red", "yellow", "green", "none")


@dataclass(frozen=True)
class Alert:
    """One light: a rule, the cell it looks at, its course, and the last judgement.

    `is_partial`: chosen filters cut the cell itself, so that it is no light of the plain list.
    """

    rule_id: str
    cell: Cell
    course: Course
    threshold: Threshold | None = None
    is_partial: bool = False

    @property
    def state(self) -> State:
        """The light after the last month."""
        return self.course[-1][1]

    @property
    def colour(self) -> Colour:
        """Its colour; none while nothing could be judged."""
        return self.state.colour

    @property
    def point(self) -> Point:
        """The last judgement; where none was possible, the last month with the reason."""
        judged = (point for point, _state in reversed(self.course) if point.verdict != "none")
        last = self.course[-1][0]
        return last if self.colour == "none" else next(judged, last)

    @property
    def period(self) -> Period:
        """The months on which the last judgement rests."""
        return window(self.point.first, self.point.month)

    @property
    def is_oldest(self) -> bool:
        """Whether the colour is as old as the judged history, so that it may be older."""
        first = next((p.month for p, _state in self.course if p.verdict != "none"), None)
        return first is not None and first == self.state.since

    def fired(self) -> list[str]:
        """The months in which the light newly turned red."""
        return [
            point.month
            for point, state in self.course
            if state.colour == "red" and state.since == point.month
        ]


@dataclass(frozen=True)
class Evaluation:
    """Every light at the end of a month, and the filters that a rule could not follow."""

    until: str | None
    alerts: tuple[Alert, ...]
    ignored: Mapping[str, tuple[str, ...]]

    def of(self, *colours: Colour) -> list[Alert]:
        """The lights of these colours, worst first, the longest burning first."""
        wanted = [one for one in self.alerts if one.colour in colours]
        return sorted(
            wanted, key=lambda one: (WORST_FIRST.index(one.colour), one.state.since or "")
        )


def evaluate(
    cursor: duckdb.DuckDBPyConnection,
    *,
    on: Period | None = None,
    where: Where | None = None,
    scope: Scope,
    judged_by: Mapping[str, Rule] | None = None,
) -> Evaluation:
    """Every light after the last complete month within `on`, or within all data."""
    used = rules() if judged_by is None else judged_by
    reader = Reader(cursor, on.end if on is not None else None, where or {}, scope)
    alerts: list[Alert] = []
    ignored: dict[str, tuple[str, ...]] = {}
    for rule in used.values():
        asked = indicator(rule.indicator)
        applied = reader.applied(asked)
        missing = tuple(n for n, v in reader.where.items() if v and n not in applied)
        if missing:
            ignored[rule.id] = missing
        is_partial = bool(applied.keys() - set(rule.by))
        for cell, course in reader.courses(rule).items():
            last = parse_period(course[-1][0].month)
            limit = reader.threshold(asked, last) if isinstance(rule, LevelRule) else None
            alerts.append(Alert(rule.id, cell, course, limit, is_partial))
    until = max((one.course[-1][0].month for one in alerts), default=None)
    return Evaluation(until, tuple(alerts), ignored)


def rule_of(alert: Alert) -> Rule:
    """The rule of a light; raises QueryError when the file no longer holds it."""
    found = rules().get(alert.rule_id)
    if found is None:
        message = f"没有预警规则“{alert.rule_id}”；可用的规则：{'、'.join(rules())}"
        raise QueryError(message)
    return found


@dataclass(frozen=True)
class Fired:
    """How often a rule would have newly turned red in one quarter.

    `judged_months` is 0 where it could judge nothing; `cells` holds month and cell of each time.
    """

    rule_id: str
    quarter: Period
    judged_months: int
    cells: tuple[tuple[str, Cell], ...]


def back_test(found: Evaluation, *, quarters: int = QUARTERS) -> list[Fired]:
    """Per rule and quarter, up to the one of the last month, how often it would have fired."""
    if found.until is None:
        return []
    spans = last_quarters(found.until, quarters)
    by_rule: dict[str, list[Alert]] = defaultdict(list)
    for alert in found.alerts:
        by_rule[alert.rule_id].append(alert)
    return [
        _fired(rule_id, alerts, quarter) for rule_id, alerts in by_rule.items() for quarter in spans
    ]


def last_quarters(month: str, count: int) -> list[Period]:
    """The quarters up to the one of a month, earliest first."""
    year, number = month.split("-")
    spans = [parse_period(f"{year}Q{(int(number) + 2) // 3}")]
    while len(spans) < count and (earlier := previous_period(spans[0])) is not None:
        spans.insert(0, earlier)
    return spans


def _fired(rule_id: str, alerts: list[Alert], quarter: Period) -> Fired:
    months = {month.id for month in months_of(quarter)}
    judged = {
        point.month
        for alert in alerts
        for point, _state in alert.course
        if point.verdict != "none" and point.month in months
    }
    cells = [(month, one.cell) for one in alerts for month in one.fired() if month in months]
    return Fired(rule_id, quarter, len(judged), tuple(sorted(cells, key=lambda cell: cell[0])))


def months_of(period: Period) -> list[Period]:
    """The months of a period that has ends."""
    if period.start is None or period.end is None:
        return []
    return list(months_between(period.start, period.end))
