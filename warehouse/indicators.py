"""Computes any indicator for any period, scope and cut: the only place where numbers are made."""

from collections.abc import Sequence
from datetime import date

import duckdb
import polars as pl

from warehouse import bases, coverage, periods
from warehouse.errors import QueryError
from warehouse.periods import Period
from warehouse.registry import TIME_DIMENSIONS, Indicator, indicator, subjects
from warehouse.request import Request, Where, make_request, run
from warehouse.scope import Scope

FIGURES = ("value", "numerator", "denominator")
# Kinds for which nothing found in covered time is a true zero.
ZERO_KINDS = ("count", "sum", "stock", "distinct")


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
    request = request_for(asked, period, by, where or {}, scope)
    match asked.kind:
        case "percentile":
            found = _percentile(cursor, asked, request)
        case "stock":
            found = _stock(cursor, asked, request)
        case "distinct":
            found = _distinct(cursor, asked, request)
        case "coverage" | "rate":
            counted = _distinct if asked.kind == "coverage" else _sums
            found = _over_base(cursor, asked, request, counted(cursor, asked, request))
        case _:
            found = _sums(cursor, asked, request)
    if not by and found["numerator"][0] is None and asked.kind in ZERO_KINDS:
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


def request_for(
    asked: Indicator, period: Period, by: Sequence[str], where: Where, scope: Scope
) -> Request:
    """The question that an indicator puts to its subject; different values need the rows."""
    subject = subjects()[asked.subject]
    request = make_request(subject, period, by, where, scope, allowed=asked.dimensions)
    return request.over_rows() if asked.key else request


def _value_sql(kind: str) -> str:
    return {
        "count": "numerator",
        "stock": "numerator",
        "sum": "case when denominator > 0 then numerator end",
        "rate": "numerator",
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


def _distinct(
    cursor: duckdb.DuckDBPyConnection, asked: Indicator, request: Request
) -> pl.DataFrame:
    """How many different values the key has among the rows that count."""
    columns = "".join(f"{column}, " for column in request.columns())
    sql = f"""
        with cells as (
            select
                {columns}
                count(*) as rows_held,
                count(distinct {asked.key}) filter (where {asked.numerator} <> 0) as different,
            from {request.relation}
            where {request.condition()}
            {"group by all" if request.by else ""}
        )

        select
            {"".join(f"{name}, " for name in request.by)}
            case when rows_held > 0 then different end::double as value,
            value as numerator,
            null::double as denominator,
        from cells
        {"where different > 0" if request.by else ""}
    """
    return run(cursor, sql, request.parameters)


def _over_base(
    cursor: duckdb.DuckDBPyConnection, asked: Indicator, request: Request, counted: pl.DataFrame
) -> pl.DataFrame:
    """What was counted per cell, divided by the organisations' base at the end of its time."""
    shared = [name for name in request.by if name == "sub_branch" or name in TIME_DIMENSIONS]
    time = [name for name in shared if name in TIME_DIMENSIONS]
    if len(time) > 1:
        message = "按机构基数计算的指标一次只能按一种时间划分"
        raise QueryError(message)
    ends = stock_ends(cursor, asked, request.period, time[0] if time else None)
    base = bases.base_at(cursor, asked, request, ends, by=shared)
    counted = counted.select(*request.by, "numerator")
    if not request.by:
        found = counted.with_columns(base["denominator"])
    elif not shared:
        found = counted.join(base, how="cross")
    else:
        # Nobody complained where there are customers: that is a rate of zero, not a gap.
        is_whole = set(shared) == set(request.by)
        found = counted.join(
            base, on=shared, how="full" if is_whole else "left", coalesce=True, nulls_equal=True
        )
    covered = pl.lit(bool(ends)) & pl.col("denominator").is_not_null()
    per = asked.per or 100
    return found.with_columns(
        pl.when(covered).then(pl.col("numerator").fill_null(0.0)).otherwise(pl.col("numerator"))
    ).select(
        *request.by,
        pl.when(pl.col("denominator") > 0)
        .then(per * pl.col("numerator") / pl.col("denominator"))
        .alias("value"),
        "numerator",
        "denominator",
    )


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
    request = request_for(indicator(indicator_id), period, by, where or {}, scope)
    return run(cursor, _distribution_sql(request), request.parameters).sort([*by, "value"])


def _stock(cursor: duckdb.DuckDBPyConnection, asked: Indicator, request: Request) -> pl.DataFrame:
    """The running sum of movements up to the end of the period, or of each part of it."""
    time = [name for name in request.by if name in TIME_DIMENSIONS]
    if len(time) > 1:
        message = "期末时点的指标一次只能按一种时间划分"
        raise QueryError(message)
    ends = stock_ends(cursor, asked, request.period, time[0] if time else None)
    if not ends:
        schema = dict.fromkeys(request.by, pl.String) | dict.fromkeys(FIGURES, pl.Float64)
        return pl.DataFrame([] if request.by else [dict.fromkeys(FIGURES)], schema=schema)
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


def stock_ends(
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
    reached = dict.fromkeys(
        labels[time](month) for month in periods.months_between(first, min(last, held.last))
    )
    return {label: min(periods.parse_period(label).end or last, last) for label in reached}
