"""What each cell of a cut counted month by month, added up over windows of months.

Months add up: a ratio is a sum over a sum, a percentile is read off the joined distribution. So
one query per indicator serves every window. What comes out equals what `indicators.compute` says
for the window; tests hold the two equal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor

import duckdb

from warehouse.chance import Interval, quantile_shares, wilson
from warehouse.errors import QueryError
from warehouse.indicators import compute, distribution
from warehouse.periods import Period
from warehouse.registry import Indicator
from warehouse.request import Where
from warehouse.scope import Scope

Cell = tuple[str | None, ...]


@dataclass(frozen=True)
class Tally:
    """What one cell counted: numerator and denominator, or how many cases had each value."""

    numerator: float = 0.0
    denominator: float = 0.0
    spread: Mapping[float, float] = field(default_factory=dict)

    def value(self, asked: Indicator) -> float | None:
        """The indicator in its unit; none where nothing stands below the line."""
        match asked.kind:
            case "count":
                return self.numerator
            case "ratio":
                return 100 * self.numerator / self.denominator if self.denominator else None
            case "percentile":
                return quantile(self.spread, asked.quantile or 0)
        message = f"“{asked.name_zh}”是 {asked.kind} 类指标，不能按月累加后判断"
        raise QueryError(message)

    def interval(self, asked: Indicator) -> Interval | None:
        """What its true value may be (95 %), in its unit; none for counts and without cases."""
        if asked.kind == "count" or not self.denominator:
            return None
        if asked.kind == "ratio":
            reach = wilson(self.numerator, self.denominator)
            return Interval(100 * reach.low, 100 * reach.high)
        shares = quantile_shares(asked.quantile or 0, self.denominator, confidence=0.95)
        low, high = (quantile(self.spread, share) or 0.0 for share in (shares.low, shares.high))
        return Interval(low, high)

    def above(self, limit: float) -> int:
        """How many cases have a value above a limit."""
        return round(sum(count for value, count in self.spread.items() if value > limit))

    def below(self, limit: float) -> int:
        """How many cases have a value below a limit."""
        return round(sum(count for value, count in self.spread.items() if value < limit))


Series = dict[Cell, dict[str, Tally]]


def monthly(
    cursor: duckdb.DuckDBPyConnection,
    asked: Indicator,
    period: Period,
    *,
    by: Sequence[str],
    where: Where,
    scope: Scope,
) -> Series:
    """The tally of every cell and month (by id) that has rows."""
    cut = ("month", *by)
    found: Series = {}
    if asked.kind != "percentile":
        sums = compute(cursor, asked.id, period, by=cut, where=where, scope=scope)
        columns = ("month", *by, "numerator", "denominator")
        for month, *cell, above, below in sums.select(columns).iter_rows():
            found.setdefault(tuple(cell), {})[month] = Tally(above or 0.0, below or 0.0)
        return found
    spread = distribution(cursor, asked.id, period, by=cut, where=where, scope=scope)
    held: dict[Cell, dict[str, dict[float, float]]] = {}
    for month, *cell, value, count in spread.select(*cut, "value", "count").iter_rows():
        held.setdefault(tuple(cell), {}).setdefault(month, {})[value] = count
    for key, months in held.items():
        found[key] = {
            month: Tally(0.0, sum(values.values()), values) for month, values in months.items()
        }
    return found


def pooled(tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one."""
    above = below = 0.0
    spread: dict[float, float] = {}
    for tally in tallies:
        above += tally.numerator
        below += tally.denominator
        for value, count in tally.spread.items():
            spread[value] = spread.get(value, 0.0) + count
    return Tally(above, below, spread)


def whole(series: Series) -> Series:
    """All cells as one."""
    months = sorted({month for held in series.values() for month in held})
    if not months:
        return {}
    return {
        (): {
            month: pooled(held[month] for held in series.values() if month in held)
            for month in months
        }
    }


def quantile(spread: Mapping[float, float], share: float) -> float | None:
    """The value below which a share of the cases lies, linear between neighbours."""
    total = sum(spread.values())
    if not total:
        return None
    position = (total - 1) * min(max(share, 0.0), 1.0)
    lower = upper = None
    reached = 0.0
    for value in sorted(spread):
        reached += spread[value]
        if lower is None and reached > floor(position):
            lower = value
        if reached > ceil(position):
            upper = value
            break
    if lower is None or upper is None:
        return None
    return lower + (position - floor(position)) * (upper - lower)
