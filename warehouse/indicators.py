"""Computes any indicator for any period, scope and cut: the only place where numbers are made."""

from collections.abc import Sequence
from datetime import date

import duckdb
import polars as pl

from warehouse import coverage, periods
from warehouse.entities import entities
from warehouse.errors import QueryError
from warehouse.periods import Period
from warehouse.registry import TIME_DIMENSIONS, Indicator, Subject, indicator, subjects
from warehouse.request import Request, Where, make_request, run, with_groups
from warehouse.scope import Scope

__all__ = ["AGE_BANDS", "Where", "compute", "distribution", "open_ageing", "rows"]

AGE_BANDS = ("0–7 天", "8–15 天", "16–30 天", "31–60 天", "60 天以上")


def compute(
    cursor: duckdb.DuckDBPyConnection,
    indicator_id: str,
    period: Period,
    *,
    by: Sequence[str] = (),
    where: Where | None = None,
    scope: Scope,
) -> pl.DataFrame:
    """The indicator per cell of the cut: columns *by, value (in its unit), numerator, denominator.

    A value is null where there is no data; without a cut there is always exactly one row.
    """
    asked = indicator(indicator_id)
    request = make_request(subjects()[asked.subject], period, by, where or {}, scope)
    match asked.kind:
        case "percentile":
            found = _percentile(cursor, asked, request)
        case "stock":
            found = _stock(cursor, asked, request)
        case _:
            found = _sums(cursor, asked, request)
    if not by and found["numerator"][0] is None and asked.kind in ("count", "stock"):
        found = _zero_if_covered(cursor, asked, request, found)
    return found.sort(list(by), nulls_last=True) if by else found


def _zero_if_covered(
    cursor: duckdb.DuckDBPyConnection, asked: Indicator, request: Request, empty: pl.DataFrame
) -> pl.DataFrame:
    """Nothing found is a true zero only where extracts that tell of such rows cover the period."""
    held = coverage.coverage(cursor).get(asked.entity)
    if held is None or not held.touches(request.period):
        return empty
    if cursor.execute(f"select 1 from {request.relation} limit 1").fetchone() is None:
        return empty
    return empty.with_columns(
        pl.lit(0.0).alias("value"),
        pl.lit(0.0).alias("numerator"),
    )


def _value_sql(kind: str) -> str:
    return {
        "count": "numerator",
        "stock": "numerator",
        "sum": "case when denominator > 0 then numerator end",
        "ratio": "100 * numerator / nullif(denominator, 0)",
        "mean": "numerator / nullif(denominator, 0)",
    }[kind]


def _sums(cursor: duckdb.DuckDBPyConnection, asked: Indicator, request: Request) -> pl.DataFrame:
    denominator = f"sum({asked.denominator})::double" if asked.denominator else "null::double"
    names = "".join(f"{name}, " for name in request.by)
    sql = f"""
        with cells as (
            select
                {"".join(f"{column}, " for column in request.columns())}
                sum({asked.numerator})::double as numerator,
                {denominator} as denominator,
            from {request.relation}
            where {request.condition()}
            {"group by all" if request.by else ""}
        )

        select {names}{_value_sql(asked.kind)} as value, numerator, denominator
        from cells
        {"where numerator <> 0 or denominator <> 0" if request.by else ""}
    """
    return run(cursor, sql, request.parameters)


def _percentile(
    cursor: duckdb.DuckDBPyConnection, asked: Indicator, request: Request
) -> pl.DataFrame:
    """Exact percentile (linear between neighbours) from the weighted distribution."""
    names = "".join(f"{name}, " for name in request.by)
    partition = f"partition by {', '.join(request.by)}" if request.by else ""
    request.parameters["quantile"] = asked.quantile
    sql = f"""
        with distribution as ({_distribution_sql(request)}),

        ranked as (
            select
                *,
                sum(count) over ({partition} order by value) as reached,
                sum(count) over ({partition}) as total,
            from distribution
        ),

        placed as (
            select *, (total - 1) * $quantile::double as position,
            from ranked
        ),

        neighbours as (
            select
                {names}
                any_value(total) as total,
                any_value(position) as position,
                min(value) filter (where reached > floor(position)) as lower,
                min(value) filter (where reached > ceil(position)) as upper,
            from placed
            {"group by all" if request.by else ""}
        )

        select
            {names}
            lower + (position - floor(position)) * (upper - lower) as value,
            null::double as numerator,
            total::double as denominator,
        from neighbours
    """
    return run(cursor, sql, request.parameters)


def _distribution_sql(request: Request) -> str:
    subject = request.subject
    if subject.value is None or subject.weight is None:
        message = f"主题 {subject.id} 没有分布"
        raise QueryError(message)
    return f"""
        select
            {"".join(f"{column}, " for column in request.columns())}
            {subject.value}::double as value,
            sum({subject.weight})::double as count,
        from {request.relation}
        where {request.condition()} and {subject.value} is not null and {subject.weight} > 0
        group by all
    """


def distribution(
    cursor: duckdb.DuckDBPyConnection,
    indicator_id: str,
    period: Period,
    *,
    by: Sequence[str] = (),
    where: Where | None = None,
    scope: Scope,
) -> pl.DataFrame:
    """The whole distribution behind a percentile: columns *by, value, count."""
    asked = indicator(indicator_id)
    request = make_request(subjects()[asked.subject], period, by, where or {}, scope)
    return run(cursor, _distribution_sql(request), request.parameters).sort([*by, "value"])


def _stock(cursor: duckdb.DuckDBPyConnection, asked: Indicator, request: Request) -> pl.DataFrame:
    """The running sum of movements up to the end of the period, or of each part of it."""
    time = [name for name in request.by if name in TIME_DIMENSIONS]
    if len(time) > 1:
        message = "期末时点的指标一次只能按一种时间划分"
        raise QueryError(message)
    ends = _ends(cursor, asked, request.period, time[0] if time else None)
    if not ends:
        schema = dict.fromkeys(request.by, pl.String) | dict.fromkeys(_FIGURES, pl.Float64)
        return pl.DataFrame([] if request.by else [dict.fromkeys(_FIGURES)], schema=schema)
    columns = [f"ends.label as {name}" if name in time else name for name in request.by]
    request.parameters.update(labels=list(ends), ends=list(ends.values()))
    sql = f"""
        with ends as (
            select unnest($labels::varchar[]) as label, unnest($ends::date[]) as last_day,
        ),

        cells as (
            select
                {"".join(f"{column}, " for column in columns)}
                sum({asked.numerator})::double as numerator,
            from {request.relation} as movement
            inner join ends on movement.event_date <= ends.last_day
            where {request.condition(dated=False)}
            {"group by all" if request.by else ""}
        )

        select {"".join(f"{name}, " for name in request.by)}
            numerator as value, numerator, null::double as denominator,
        from cells
        {"where numerator <> 0" if set(request.by) - set(time) else ""}
    """
    return run(cursor, sql, request.parameters)


_FIGURES = ("value", "numerator", "denominator")


def _ends(
    cursor: duckdb.DuckDBPyConnection, asked: Indicator, period: Period, time: str | None
) -> dict[str, date]:
    """Last day of each part of the period that the extracts reach, by label."""
    held = coverage.coverage(cursor).get(asked.entity)
    if held is None or not held.touches(period):
        return {}
    first = max(period.start or held.first, held.first)
    last = period.end or held.last
    if time is None:
        return {period.id: last}
    labels = {"month": lambda p: p.id, "year": lambda p: p.id[:4]}
    labels["quarter"] = lambda p: f"{p.id[:4]}Q{(int(p.id[5:]) + 2) // 3}"
    return {
        labels[time](month): min(month.end or last, last)
        for month in periods.months_between(first, min(last, held.last))
    }


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
        ends = _ends(cursor, asked, period, None)
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
