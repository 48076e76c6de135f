"""Explains a number: formula, filters, rows counted, what they rest on, where they came from."""

from dataclasses import dataclass
from datetime import date

import duckdb
import polars as pl

from warehouse import lineage, quality
from warehouse.detail import Between
from warehouse.formula import between_zh, formula_zh
from warehouse.indicators import compute, request_for, stock_ends
from warehouse.periods import Period
from warehouse.registry import Indicator, Threshold, dimensions, indicator, thresholds
from warehouse.request import Request, Where
from warehouse.scope import Scope
from warehouse.soundness import Reach, Soundness, reach, soundness


@dataclass(frozen=True)
class Base:
    """The organisations' base that a rate is divided by, and the rows it was taken from."""

    at: date
    rows: pl.DataFrame

    @property
    def total(self) -> float:
        """Sum of the rows."""
        return float(self.rows["held"].sum() or 0)


@dataclass(frozen=True)
class Explanation:
    """All that can be said about one number; `sources` and `remarks` as in warehouse.lineage."""

    asked: Indicator
    period: Period
    where: Where
    between: Between | None
    value: float | None
    numerator: float | None
    denominator: float | None
    formula_zh: str
    row_count: int
    thresholds: tuple[Threshold, ...]
    reach: Reach
    soundness: Soundness
    sources: pl.DataFrame
    remarks: pl.DataFrame
    stock_at: date | None
    base: Base | None

    @property
    def filters_zh(self) -> tuple[str, ...]:
        """The filters in words, one text per dimension."""
        found = [
            f"{dimensions()[name].name_zh}：{'、'.join(v or '未填报' for v in values)}"
            for name, values in self.where.items()
        ]
        if self.between is not None:
            found.append(between_zh(self.asked, self.between))
        return tuple(found)


def explain(
    cursor: duckdb.DuckDBPyConnection,
    indicator_id: str,
    period: Period,
    *,
    where: Where | None = None,
    scope: Scope,
    between: Between | None = None,
) -> Explanation:
    """Everything about one number except its rows, which `detail.rows` lists.

    Raises QueryError for an indicator, or a filter that it cannot be cut by.
    """
    asked = indicator(indicator_id)
    where = where or {}
    figures = compute(cursor, indicator_id, period, where=where, scope=scope).row(0, named=True)
    request = request_for(asked, period, (), where, scope).over_rows()
    sources = lineage.sources(cursor, asked, request, between)
    noted = bool(sources["warned_count"].sum())
    remarks = lineage.remarks(cursor, asked, request, between) if noted else lineage.NO_REMARKS
    if between is not None and figures["value"] is not None:
        # A part of a count by value is no cut of the indicator: its rows are counted.
        figures |= dict.fromkeys(("value", "numerator"), float(sources["numerator"].sum() or 0))
    reached = reach(cursor, asked, period)
    stock_at = _stock_at(asked, period, reached)
    return Explanation(
        asked=asked,
        period=period,
        where=where,
        **figures,
        between=between,
        formula_zh=formula_zh(asked, **figures, at=stock_at, between=between),
        row_count=int(sources["row_count"].sum()),
        thresholds=_thresholds(cursor, asked, period, reached),
        reach=reached,
        soundness=soundness(
            asked,
            period,
            value=figures["value"],
            denominator=figures["denominator"],
            reached=reached,
            sources=sources,
            remarks=remarks,
        ),
        sources=sources,
        remarks=remarks,
        stock_at=stock_at,
        base=_base(cursor, asked, request),
    )


def _stock_at(asked: Indicator, period: Period, reached: Reach) -> date | None:
    """The day of which a stock is told: the end of the period, no later than the data reach."""
    if asked.kind != "stock" or reached.held is None or not reached.held.touches(period):
        return None
    return min(period.end or reached.held.last, reached.held.last)


def _base(cursor: duckdb.DuckDBPyConnection, asked: Indicator, request: Request) -> Base | None:
    if asked.base is None:
        return None
    ends = stock_ends(cursor, asked, request.period, None)
    if not ends:
        return None
    return Base(next(iter(ends.values())), lineage.base_rows(cursor, asked, request, ends))


def _thresholds(
    cursor: duckdb.DuckDBPyConnection, asked: Indicator, period: Period, reached: Reach
) -> tuple[Threshold, ...]:
    on = period.end or (reached.held.last if reached.held else date.max)
    return tuple(thresholds(asked.id, on, demo=quality.is_demo(cursor)))
