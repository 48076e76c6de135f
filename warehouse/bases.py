"""What rates are divided by: outlets, customers, staff of the organisations at a point in time."""

from collections.abc import Mapping, Sequence
from datetime import date

import duckdb
import polars as pl

from warehouse.registry import TIME_DIMENSIONS, Indicator
from warehouse.request import Request, run

# A base older than this at the end of a period says nothing about it.
STALE_AFTER_DAYS = 366


def base_at(
    cursor: duckdb.DuckDBPyConnection,
    asked: Indicator,
    request: Request,
    ends: Mapping[str, date],
    *,
    by: Sequence[str],
) -> pl.DataFrame:
    """The base at each end by sub-branch and time: columns *by, denominator; null where unknown.

    A sum over sub-branches is null while the base of one that is open is missing from it.
    """
    columns = [f"label as {name}" if name in TIME_DIMENSIONS else name for name in by]
    known = "true" if "sub_branch" in by else "not bool_or(is_missing)"
    sql = f"""
        with newest as ({newest_sql(asked, request, ends)}),

        missing as (
            select
                ends.label,
                organisation.org_name as sub_branch,
                null as held,
                true as is_missing,
            from ({_ENDS}) as ends
            inner join lake.core.organisation as organisation
                on coalesce(organisation.opened_date <= ends.last_day, true)
                and coalesce(organisation.closed_date > ends.last_day, true)
            where
                organisation.org_level = '支行'
                and {_within("organisation.org_name", request)}
                and not exists (
                    from newest
                    where
                        newest.label = ends.label
                        and (newest.is_whole or newest.sub_branch = organisation.org_name)
                )
        ),

        every_one as (
            select
                label,
                sub_branch,
                held,
                false as is_missing,
            from newest
            union all
            from missing
        )

        select
            {"".join(f"{column}, " for column in columns)}
            case when {known} then sum(held) end::double as denominator,
        from every_one
        {"group by all" if by else ""}
    """
    return run(cursor, sql, request.parameters)


def newest_sql(asked: Indicator, request: Request, ends: Mapping[str, date]) -> str:
    """SQL for label, sub_branch, period_start, is_whole and the figure held, one row each.

    Each sub-branch stands with its newest figure on or before the end, at most a year old. A figure
    of the whole branch says nothing of a part of it.
    """
    is_of_parts = "sub_branch" in request.names or request.scope.sub_branches is not None
    request.parameters.update(
        base_labels=list(ends), base_ends=list(ends.values()), stale_after=STALE_AFTER_DAYS
    )
    return f"""
        select
            ends.label,
            base.sub_branch,
            base.is_whole,
            max(base.period_start) as period_start,
            arg_max(base.{asked.base}, base.period_start) as held,
        from organisation_base as base
        inner join ({_ENDS}) as ends
            on base.period_start <= ends.last_day
            and base.period_end >= ends.last_day - $stale_after::integer
        left join lake.core.organisation as organisation
            on base.sub_branch = organisation.org_name
        where
            {_within("base.sub_branch", request)}
            and base.{asked.base} is not null
            and coalesce(organisation.closed_date > ends.last_day, true)
            {"and not base.is_whole" if is_of_parts else ""}
        group by ends.label, base.sub_branch, base.is_whole
    """


_ENDS = """
    select
        unnest($base_labels::varchar[]) as label,
        unnest($base_ends::date[]) as last_day,
"""


def _within(column: str, request: Request) -> str:
    """SQL for the question's own filters that a base can follow, with their values."""
    parts = ["true"]
    wanted = request.where.get("sub_branch")
    if wanted is not None:
        request.parameters["base_of"] = [name for name in wanted if name is not None]
        parts.append(f"{column} in (select unnest($base_of::varchar[]))")
    if request.scope.sub_branches is not None:
        request.parameters["scope"] = sorted(request.scope.sub_branches)
        parts.append(f"{column} in (select unnest($scope::varchar[]))")
    return f"({' and '.join(parts)})"
