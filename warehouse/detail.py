"""The rows behind a number, and the open cases by age."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import polars as pl

from warehouse import coverage
from warehouse.entities import entities
from warehouse.errors import QueryError
from warehouse.indicators import request_for, stock_ends
from warehouse.periods import Period
from warehouse.registry import Indicator, indicator, subjects
from warehouse.request import Request, Where, make_request, run, with_groups
from warehouse.scope import Scope

AGE_BANDS = ("0–7 天", "8–15 天", "16–30 天", "31–60 天", "60 天以上")
# Where the bands begin, in days.
AGE_EDGES = (0, 8, 16, 31, 61)
# Where a row stands in what was delivered.
LINEAGE = ("batch_id", "source_sheet", "source_row")
_OWN = ("row_key", "numerator", "denominator")


@dataclass(frozen=True)
class Between:
    """From `low` on and below `high`: of the subject's value, or of a stock's age in days."""

    low: float
    high: float | None = None

    def check(self, asked: Indicator) -> None:
        """Raise QueryError unless the indicator counts rows that have such a value."""
        has_value = asked.kind == "count" and subjects()[asked.subject].value is not None
        if not has_value and asked.kind != "stock":
            message = f"“{asked.name_zh}”不能按数值范围筛选"
            raise QueryError(message)


def rows(
    cursor: duckdb.DuckDBPyConnection,
    indicator_id: str,
    period: Period,
    *,
    where: Where | None = None,
    scope: Scope,
    between: Between | None = None,
    limit: int | None = None,
    offset: int = 0,
    beside: Sequence[str] = (),
) -> pl.DataFrame:
    """Exactly the rows behind a number, each with what it adds and where it came from.

    `counted_once` is there where different values are counted: rows that share it count as one;
    `counted_value` where a percentile is taken of it. `beside` are dimensions of the subject that
    are told too; a stock has none to tell.
    """
    asked = indicator(indicator_id)
    request = request_for(asked, period, (), where or {}, scope).over_rows()
    counted = counted_sql(cursor, asked, request, between)
    request.parameters.update(limit=limit, offset=offset)
    page = f"""
        with counted as ({counted}),

        page as (
            from counted
            order by {_order(asked)}
            limit $limit
            offset $offset
        )
    """
    return run(cursor, page + _page_sql(asked, beside), request.parameters)


def counted(
    cursor: duckdb.DuckDBPyConnection,
    indicator_id: str,
    period: Period,
    *,
    where: Where | None = None,
    scope: Scope,
) -> pl.DataFrame:
    """What each row of an entity adds to a number: row_key, numerator, denominator.

    `counted_value` is there where a percentile is taken of the row's values.
    """
    asked = indicator(indicator_id)
    request = request_for(asked, period, (), where or {}, scope).over_rows()
    # Of the rows themselves nothing is read: this is many times as fast as `rows`.
    own = counted_sql(cursor, asked, request)
    name = "counted_value"
    values = f"list({name} order by {name}) as {name}," if name in _extras(asked) else ""
    sql = f"""
        select
            row_key,
            coalesce(sum(numerator), 0)::double as numerator,
            coalesce(sum(denominator), 0)::double as denominator,
            {values}
        from ({own})
        group by row_key
        order by row_key
    """
    return run(cursor, sql, request.parameters)


def counted_sql(
    cursor: duckdb.DuckDBPyConnection,
    asked: Indicator,
    request: Request,
    between: Between | None = None,
) -> str:
    """SQL for the counted rows: row_key, numerator, denominator and what the subject's view says.

    Fills the request's parameters.
    """
    if between is not None:
        between.check(asked)
        request.parameters.update(low=between.low, high=between.high)
    if asked.kind == "stock":
        return _stock_sql(cursor, asked, request, is_limited=between is not None)
    extra = "".join(f"{column} as {name}, " for name, column in _extras(asked).items())
    limits = _limits(subjects()[asked.subject].value or "") if between is not None else "true"
    return f"""
        select
            {extra}
            *,
            {asked.numerator or "null"}::double as numerator,
            {asked.denominator or "null"}::double as denominator,
        from {request.relation}
        where
            {request.condition()}
            and (coalesce(numerator, 0) <> 0 or coalesce(denominator, 0) <> 0)
            and {limits}
    """


def _stock_sql(
    cursor: duckdb.DuckDBPyConnection, asked: Indicator, request: Request, *, is_limited: bool
) -> str:
    """A stock is what its movements up to the end of the period leave of each row."""
    ends = stock_ends(cursor, asked, request.period, None)
    last_day = next(iter(ends.values()), None)
    held = coverage.coverage(cursor).get(asked.entity)
    known = min(last_day, held.last) if last_day and held else last_day
    request.parameters.update(last_day=last_day, known_day=known)
    limits = _limits("$known_day::date - min(event_date)") if is_limited else "true"
    return f"""
        select
            row_key,
            any_value(source) as source,
            sum({asked.numerator})::double as numerator,
            null::double as denominator,
        from {request.relation}
        where {request.condition(dated=False)} and event_date <= $last_day
        group by row_key
        having sum({asked.numerator}) <> 0 and {limits}
    """


def _limits(value: str) -> str:
    return f"({value} >= $low and ($high::double is null or {value} < $high))"


def _extras(asked: Indicator) -> dict[str, str]:
    """What else a row says about how it was counted: name → column of the subject."""
    if asked.key:
        return {"counted_once": asked.key}
    value = subjects()[asked.subject].value
    return {"counted_value": value} if asked.kind == "percentile" and value else {}


def _order(asked: Indicator) -> str:
    return "row_key" if subjects()[asked.subject].detail else "event_date, row_key, source_row"


def _page_sql(asked: Indicator, beside: Sequence[str]) -> str:
    subject = subjects()[asked.subject]
    lineage = "batch.file_name, source_sheet, source_row"
    extra = "".join(f"{name}, " for name in _extras(asked))
    if not subject.detail:
        own = ", ".join(dict.fromkeys((*_extras(asked), *subject.measures, *LINEAGE, *_OWN)))
        return f"""
            select numerator, denominator, {extra} page.* exclude ({own}), {lineage},
            from page
            inner join lake.meta.batch as batch using (batch_id)
            order by {_order(asked)}
        """
    return f"""
        select
            page.numerator,
            page.denominator,
            {extra}
            {"".join(f"page.{name}, " for name in beside)}
            detail.* exclude ({", ".join(LINEAGE)}),
            {lineage},
        from page
        inner join lake.core.{subject.entity} as detail on {same_row(subject.entity, "page")}
        inner join lake.meta.batch as batch on detail.batch_id = batch.batch_id
        order by page.row_key
    """


def same_row(entity_id: str, counted: str) -> str:
    """SQL for a row of an entity's table, called `detail` there, being the counted row."""
    key = entities()[entity_id].key
    if len(key) == 2 and key[0] == "source":
        # Columns as they are: what a join finds in them spares reading the others of most rows.
        name = f"substr({counted}.row_key, length({counted}.source) + 2)"
        return f"detail.source = {counted}.source and detail.{key[1]} = {name}"
    names = ", ".join(f"detail.{name}" for name in key)
    return f"concat_ws(':', {names}) = {counted}.row_key"


def open_ageing(
    cursor: duckdb.DuckDBPyConnection,
    on: date,
    *,
    by: Sequence[str] = (),
    where: Where | None = None,
    scope: Scope,
) -> pl.DataFrame:
    """Open complaints at the end of a day by age since receipt: *by, age_band, count."""
    subject = subjects()["complaint_stock"]
    request = make_request(subject, Period("age", on, on), by, where or {}, scope)
    request.parameters.update(on=on, bands=list(AGE_BANDS))
    names = "".join(f"{name}, " for name in by)
    sql = f"""
        with open_cases as (
            select
                {names}
                $on::date - received_date as age_days,
            from {with_groups("complaint_case", request.names)}
            where {request.condition(dated=False)}
            and received_date <= $on::date
            and coalesce(ended_date > $on::date, not is_ended)
            and is_ending_known
            and coalesce(dates_endings, true)
        )

        select
            {names}
            $bands[case
                when age_days <= 7 then 1
                when age_days <= 15 then 2
                when age_days <= 30 then 3
                when age_days <= 60 then 4
                else 5
            end] as age_band,
            count(*)::double as count,
        from open_cases
        group by all
    """
    return run(cursor, sql, request.parameters)
