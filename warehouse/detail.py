"""The rows behind a number, and the open cases by age."""

from collections.abc import Sequence
from datetime import date

import duckdb
import polars as pl

from warehouse.entities import entities
from warehouse.indicators import stock_ends
from warehouse.periods import Period
from warehouse.registry import Subject, indicator, subjects
from warehouse.request import Where, make_request, run, with_groups
from warehouse.scope import Scope

AGE_BANDS = ("0–7 天", "8–15 天", "16–30 天", "31–60 天", "60 天以上")


def rows(
    cursor: duckdb.DuckDBPyConnection,
    indicator_id: str,
    period: Period,
    *,
    where: Where | None = None,
    scope: Scope,
    limit: int | None = None,
) -> pl.DataFrame:
    """Exactly the rows behind a number, each with what it adds and where it came from."""
    asked = indicator(indicator_id)
    subject = subjects()[asked.subject]
    request = make_request(subject, period, (), where or {}, scope).over_rows()
    numerator = asked.numerator or "null"
    denominator = asked.denominator or "null"
    if asked.kind == "stock":
        ends = stock_ends(cursor, asked, period, None)
        request.parameters["last_day"] = next(iter(ends.values()), None)
        condition = f"{request.condition(dated=False)} and event_date <= $last_day"
        behind = f"""
            select row_key, sum({numerator})::double as numerator, null::double as denominator,
            from {request.relation} where {condition}
            group by row_key having sum({numerator}) <> 0
        """
    else:
        behind = f"""
            select *, {numerator}::double as numerator, {denominator}::double as denominator,
            from {request.relation} where {request.condition()}
        """
    request.parameters["limit"] = limit
    sql = _rows_sql(subject, behind)
    return run(cursor, sql, request.parameters)


def _rows_sql(subject: Subject, behind: str) -> str:
    lineage = "batch.file_name, source_sheet, source_row"
    counted = "coalesce(numerator, 0) <> 0 or coalesce(denominator, 0) <> 0"
    if not subject.detail:
        return f"""
            select behind.* exclude (batch_id, source_sheet, source_row), {lineage},
            from ({behind}) as behind
            inner join lake.meta.batch as batch using (batch_id)
            where {counted}
            order by event_date, row_key
            limit $limit
        """
    key = ", ".join(f"detail.{name}" for name in entities()[subject.entity].key)
    return f"""
        select
            behind.numerator,
            behind.denominator,
            detail.* exclude (batch_id, source_sheet, source_row),
            {lineage},
        from ({behind}) as behind
        inner join lake.core.{subject.entity} as detail
            on concat_ws(':', {key}) = behind.row_key
        inner join lake.meta.batch as batch on detail.batch_id = batch.batch_id
        where {counted}
        order by behind.row_key
        limit $limit
    """


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
