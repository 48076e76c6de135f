"""A second computation of every indicator, from the core tables and the definitions in words."""

from collections.abc import Sequence
from functools import cache

import polars as pl

from tests.reference import complaints, learning, prevention, service
from tests.reference.cells import (
    TIMES,
    Where,
    chosen,
    ends_of,
    over_base,
    stock_cells,
    summed,
)
from tests.reference.frames import Frames, read_frames
from tests.reference.measures import (
    Count,
    Coverage,
    Distinct,
    Known,
    Measure,
    Rate,
    Stock,
)
from warehouse.periods import Period
from warehouse.scope import Scope

__all__ = ["Frames", "measures", "read_frames", "reference"]
EVERYBODY = Scope.everything()


@cache
def measures(frames: Frames) -> dict[str, Measure]:
    """How every indicator is made from the rows of these frames."""
    return (
        complaints.measures(frames)
        | learning.measures(frames)
        | prevention.measures(frames)
        | service.measures(frames)
    )


def reference(
    frames: Frames,
    indicator_id: str,
    period: Period,
    *,
    by: Sequence[str] = (),
    where: Where | None = None,
    scope: Scope = EVERYBODY,
) -> pl.DataFrame:
    """The indicator per cell: columns *by, numerator, denominator, value."""
    where = where or {}
    measure = measures(frames)[indicator_id]
    seen = None if scope.sub_branches is None else sorted(scope.sub_branches)
    rows = chosen(measure.pool, where, seen)
    ends = ends_of(frames, measure.pool.entity, period, _time(by))
    if isinstance(measure, Stock):
        # Nobody knows yet what will be there later than the extracts tell.
        today = frames.data_date(measure.pool.entity)
        known = {part: min(day, today) for part, day in ends.items()}
        found = stock_cells(measure, rows, known, by)
    else:
        if period.start is not None:
            rows = rows.filter(pl.col("dated").is_between(period.start, period.end))
        found = summed(measure, rows, by)
    if isinstance(measure, Coverage | Rate):
        asked_for = _narrowed(where, seen)
        return over_base(frames, measure, found, ends, by, asked_for)
    can_be_zero = isinstance(measure, Count | Known | Stock | Distinct)
    if not by and found.is_empty() and can_be_zero and ends and measure.pool.rows.height:
        return pl.DataFrame({"numerator": [0.0], "denominator": [None], "value": [0.0]})
    return found


def _time(by: Sequence[str]) -> str | None:
    return next((name for name in by if name in TIMES), None)


def _narrowed(where: Where, seen: Sequence[str] | None) -> Sequence[str] | None:
    """The sub-branches whose base is asked for; None for all."""
    wanted = where.get("sub_branch")
    if wanted is None:
        return seen
    named = [name for name in wanted if name is not None]
    return named if seen is None else [name for name in named if name in seen]
