"""Compares an indicator with the previous period or with last year, and finds what moved most."""

from dataclasses import dataclass
from typing import Literal

import duckdb
import polars as pl

from warehouse.coverage import Coverage, coverage, is_complete
from warehouse.errors import QueryError
from warehouse.indicators import compute
from warehouse.periods import Period, previous_period, same_period_last_year
from warehouse.registry import Indicator, indicator
from warehouse.request import Where
from warehouse.scope import Scope

Basis = Literal["previous", "last_year"]
COUNT_KINDS = ("count", "sum", "stock")


@dataclass(frozen=True)
class Comparison:
    """An indicator now and then; `delta` in % for counts, 百分点 for rates, else in its unit.

    `is_incomplete`: the extracts do not yet reach the end of the period, or its figure still forms.
    """

    current: float | None
    base: float | None
    numerator: float | None
    denominator: float | None
    base_denominator: float | None
    delta: float | None
    delta_unit: str
    good: bool | None
    base_period: Period | None
    is_incomplete: bool


def base_period(period: Period, basis: Basis) -> Period | None:
    """The period to compare with; none for `all`."""
    return previous_period(period) if basis == "previous" else same_period_last_year(period)


def compare(
    cursor: duckdb.DuckDBPyConnection,
    indicator_id: str,
    period: Period,
    basis: Basis,
    *,
    where: Where | None = None,
    scope: Scope,
) -> Comparison:
    """The indicator for a period beside the one it is compared with."""
    earlier = base_period(period, basis)
    now, then = (
        compute(cursor, indicator_id, span, where=where, scope=scope) if span else None
        for span in (period, earlier)
    )
    held = coverage(cursor).get(indicator(indicator_id).entity)
    return beside(indicator(indicator_id), period, basis, now=now, then=then, held=held)


def beside(
    asked: Indicator,
    period: Period,
    basis: Basis,
    *,
    now: pl.DataFrame | None,
    then: pl.DataFrame | None,
    held: Coverage | None,
) -> Comparison:
    """Two results of an indicator without a cut, put side by side."""
    current = now.row(0, named=True) if now is not None else {}
    base = then["value"][0] if then is not None else None
    change, unit = delta(asked, current.get("value"), base)
    return Comparison(
        current=current.get("value"),
        base=base,
        numerator=current.get("numerator"),
        denominator=current.get("denominator"),
        base_denominator=then["denominator"][0] if then is not None else None,
        delta=change,
        delta_unit=unit,
        good=_is_good(asked, change),
        base_period=base_period(period, basis),
        is_incomplete=not is_complete(period, held, settles_after_days=asked.settles_after_days),
    )


def delta(asked: Indicator, current: float | None, base: float | None) -> tuple[float | None, str]:
    """Change and its unit; null when either side has no data or a count started from zero."""
    unit = {"%": "百分点"}.get(asked.unit, asked.unit)
    if asked.kind in COUNT_KINDS:
        unit = "%"
    if current is None or base is None or (unit == "%" and base == 0):
        return None, unit
    return (100 * (current - base) / base if unit == "%" else current - base), unit


def _is_good(asked: Indicator, change: float | None) -> bool | None:
    if change is None or change == 0 or asked.direction == "none":
        return None
    return (change > 0) == (asked.direction == "up")


def movers(
    cursor: duckdb.DuckDBPyConnection,
    indicator_id: str,
    period: Period,
    basis: Basis,
    by: str,
    *,
    where: Where | None = None,
    scope: Scope,
) -> pl.DataFrame:
    """A count's change per value of a dimension, largest first: by, current, base, change."""
    asked = indicator(indicator_id)
    if asked.kind not in COUNT_KINDS:
        message = f"“{asked.name_zh}”不是计数，各部分的变化不能相加"
        raise QueryError(message)
    earlier = base_period(period, basis)
    frames = [
        compute(cursor, indicator_id, span, by=(by,), where=where, scope=scope)
        .select(by, "value")
        .rename({"value": name})
        for span, name in ((period, "current"), (earlier, "base"))
        if span is not None
    ]
    if len(frames) == 1:
        return frames[0].with_columns(
            base=pl.lit(None, dtype=pl.Float64), change=pl.lit(None, dtype=pl.Float64)
        )
    return (
        frames[0]
        .join(frames[1], on=by, how="full", coalesce=True, nulls_equal=True)
        .with_columns(pl.col("current", "base").fill_null(0))
        .with_columns(change=pl.col("current") - pl.col("base"))
        .sort(pl.col("change").abs(), by, descending=[True, False], nulls_last=True)
    )
