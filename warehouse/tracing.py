"""Where complaints concentrate beyond what their own history lets expect: leads, never proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

import duckdb
import polars as pl

from warehouse.compare import Basis, base_period
from warehouse.coverage import Coverage, coverage, is_complete
from warehouse.excess import assessed, usual_range
from warehouse.indicators import compute
from warehouse.periods import Period, previous_period, same_period_last_year
from warehouse.registry import indicator
from warehouse.request import Where
from warehouse.scope import Scope

COUNT = "complaint_count"
CUT = ("category_group", "cause_group", "sub_branch")

Refusal = Literal["no_data", "no_history", "incomplete"]


@dataclass(frozen=True)
class Tracing:
    """Every cell of a cut for a period beside its base and its history.

    `cells`: *cut, count, base, earlier (cases of the history), expected, excess, distance, change,
    p_value, q_value, is_unusual; the largest excess first. `base` is null where nothing covers the
    comparison period, `expected` where nothing covers any earlier one; p and q are null where a
    cell was not looked at. A refusal says why there is no verdict; an incomplete period stands
    beside as many days of the earlier ones.
    """

    cut: tuple[str, ...]
    period: Period
    base: Period | None
    history: tuple[Period, ...]
    refusal: Refusal | None
    cells: pl.DataFrame

    @cached_property
    def unusual(self) -> pl.DataFrame:
        """The cells beyond chance, the largest excess first."""
        return self.cells.filter("is_unusual")

    @property
    def looked_at(self) -> int:
        """How many cells had enough cases to be looked at."""
        return self.cells["p_value"].count()

    def total(self, column: str) -> float | None:
        """Sum of a column over every cell; null where the column is unknown."""
        held = self.cells[column]
        return None if held.null_count() else float(held.sum())


@dataclass(frozen=True)
class Lead:
    """Unusual cells with all but the last dimension in common: what grew, and at whom."""

    shared: tuple[str | None, ...]
    places: tuple[str | None, ...]
    count: float
    expected: float
    excess: float
    change: float | None


def trace(
    cursor: duckdb.DuckDBPyConnection,
    period: Period,
    basis: Basis,
    *,
    cut: Sequence[str] = CUT,
    where: Where | None = None,
    scope: Scope,
) -> Tracing:
    """Every cell of the cut with its count, what was to be expected, and how unusual that is."""
    held = coverage(cursor).get(indicator(COUNT).entity)
    spans = _spans(period, basis, held)

    def counted(asked: Sequence[Period]) -> pl.DataFrame:
        frames = [compute(cursor, COUNT, s, by=cut, where=where, scope=scope) for s in asked]
        return pl.concat(frames).group_by(cut).agg(pl.col("value").sum())

    cells = _side_by_side(
        cut,
        counted([spans.looked]),
        counted([spans.base]) if spans.base else None,
        counted(spans.asked_of_history) if spans.history else None,
    )
    return Tracing(
        tuple(cut),
        spans.looked,
        spans.base,
        spans.history,
        spans.refusal,
        assessed(cells, _days([spans.looked]), _days(spans.history), judge=not spans.refusal),
    )


@dataclass(frozen=True)
class _Spans:
    """What is compared with what."""

    looked: Period
    base: Period | None
    history: tuple[Period, ...]
    refusal: Refusal | None

    @property
    def asked_of_history(self) -> tuple[Period, ...]:
        """The history in as few questions as possible: whole periods follow one another."""
        last, first = self.history[0], self.history[-1]
        if self.refusal is not None or first.start is None or last.end is None:
            return self.history
        return (_span(first.start, last.end),)


def _spans(period: Period, basis: Basis, held: Coverage | None) -> _Spans:
    earlier = base_period(period, basis)
    base = earlier if earlier is not None and is_complete(earlier, held) else None
    history = preceding(period, held)
    if held is None or not held.touches(period):
        return _Spans(period, base, history, "no_data")
    if is_complete(period, held):
        return _Spans(period, base, history, None if history else "no_history")
    looked = _reached(period, held)
    return _Spans(
        looked,
        _as_long_as(looked, base) if base else None,
        tuple(_as_long_as(looked, span) for span in history),
        "incomplete" if history else "no_history",
    )


def preceding(period: Period, held: Coverage | None) -> tuple[Period, ...]:
    """The periods of the same length in the year before that the extracts cover, newest first."""
    last_year = same_period_last_year(period)
    before = previous_period(period)
    found: list[Period] = []
    while before is not None and before.start is not None and is_complete(before, held):
        if found and last_year and last_year.start and before.start < last_year.start:
            break
        found.append(before)
        before = previous_period(before)
    return tuple(found)


def _reached(period: Period, held: Coverage) -> Period:
    """The period as far as the extracts reach."""
    if period.start is None or period.end is None:
        return period
    return _span(max(period.start, held.first), min(period.end, held.last))


def _as_long_as(looked: Period, earlier: Period) -> Period:
    """The first days of an earlier period, as many as are looked at."""
    if earlier.start is None or earlier.end is None:
        return earlier
    last = earlier.start + timedelta(days=_days([looked]) - 1)
    return _span(earlier.start, min(last, earlier.end))


def _span(first: date, last: date) -> Period:
    return Period(f"{first}..{last}", first, last)


def _days(spans: Sequence[Period]) -> int:
    return sum((s.end - s.start).days + 1 for s in spans if s.start and s.end)


def _side_by_side(
    cut: Sequence[str],
    now: pl.DataFrame,
    base: pl.DataFrame | None,
    earlier: pl.DataFrame | None,
) -> pl.DataFrame:
    """Counts now, in the comparison period and in the history; null where nothing is covered."""
    found = now.rename({"value": "count"})
    for name, frame in (("base", base), ("earlier", earlier)):
        if frame is None:
            continue
        held = frame.rename({"value": name})
        found = found.join(held, on=list(cut), how="full", coalesce=True, nulls_equal=True)
    found = found.with_columns(pl.exclude(cut).fill_null(0.0))
    unknown = [name for name in ("base", "earlier") if name not in found.columns]
    return found.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in unknown)


def gathered(traced: Tracing) -> list[Lead]:
    """The unusual cells that differ only in the last dimension of the cut, as one lead each."""
    *shared, last = traced.cut
    sums = ("count", "base", "expected", "excess", "change")
    found = (
        traced.unusual.group_by(shared, maintain_order=True)
        .agg(pl.col(last), *(pl.col(name).sum() for name in sums))
        .sort("excess", descending=True, maintain_order=True)
    )
    is_base_known = traced.base is not None
    return [
        Lead(
            tuple(row[name] for name in shared),
            tuple(row[last]),
            row["count"],
            row["expected"],
            row["excess"],
            row["change"] if is_base_known else None,
        )
        for row in found.iter_rows(named=True)
    ]


def by_month(traced: Tracing, earlier: float, months: Sequence[Period]) -> pl.DataFrame:
    """What a cell's history lets expect of each month: month, expected, fewest, most."""
    days = _days(traced.history)
    expected = [earlier * _days([month]) / days for month in months] if days else []
    ranges = [usual_range(one) for one in expected]
    return pl.DataFrame(
        {
            "month": [month.id for month in months] if days else [],
            "expected": expected,
            "fewest": [fewest for fewest, _most in ranges],
            "most": [most for _fewest, most in ranges],
        },
        schema={"month": pl.String, "expected": pl.Float64, "fewest": pl.Int64, "most": pl.Int64},
    )
