"""Complaints whose time limit is still to end: the cases that can yet decide the timely rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import polars as pl

from warehouse.month_series import Cell
from warehouse.periods import Period
from warehouse.registry import subjects
from warehouse.request import Request, Where, make_request, run, with_groups
from warehouse.scope import Scope

DAYS = 7
# What falls due on the day itself is late already; sources that only state whether a case was
# timely have no time limit of ours to watch. The view of due complaints counts the same cases.
_AHEAD = """
        due_date > $on::date
        and due_date <= $until::date
        and received_date <= $on::date
        and not is_withdrawn
        and status is distinct from '不予受理'
        and is_ending_known
        and not coalesce(states_timeliness, false)
"""


@dataclass(frozen=True)
class Ahead:
    """Complaints whose time limit ends later in a period, as they stand now.

    `decided` are sure to count as timely, `lost` (ended without a day) as missed; `open` are
    still open, `soon` of them due within the next days.
    """

    decided: int
    lost: int
    open: int
    soon: int


def ahead(
    cursor: duckdb.DuckDBPyConnection,
    on: date,
    until: date,
    *,
    by: Sequence[str] = (),
    where: Where | None = None,
    scope: Scope,
    days: int = DAYS,
) -> dict[Cell, Ahead]:
    """Complaints whose time limit ends after a day and up to another, per cell of the cut."""
    request = _request(on, until, by, where or {}, scope)
    request.parameters["soon"] = on + timedelta(days=days)
    sql = f"""
        select
            {"".join(f"{name}, " for name in by)}
            count(*) filter (where ended_date <= due_date) as decided,
            count(*) filter (where is_ended and ended_date is null) as lost,
            count(*) filter (where not is_ended) as open,
            count(*) filter (where not is_ended and due_date <= $soon::date) as soon,
        from {with_groups("complaint_case", request.names)}
        where {request.condition(dated=False)} and {_AHEAD}
        {"group by all" if by else ""}
    """
    found = run(cursor, sql, request.parameters)
    return {tuple(row[: len(by)]): Ahead(*row[len(by) :]) for row in found.iter_rows()}


def due_soon(
    cursor: duckdb.DuckDBPyConnection,
    on: date,
    *,
    days: int = DAYS,
    where: Where | None = None,
    scope: Scope,
) -> pl.DataFrame:
    """Complaints still open whose time limit ends within the days after the last day of data."""
    request = _request(on, on + timedelta(days=days), (), where or {}, scope)
    sql = f"""
        select
            row_key,
            complaint_id,
            sub_branch,
            org_name,
            received_date,
            due_date,
            due_date - $on::date as days_left,
            limit_days,
            category,
            cause,
            intake_channel,
            status,
            batch.file_name,
            held.source_sheet,
            held.source_row,
        from {with_groups("complaint_case", request.names)} as held
        inner join lake.meta.batch as batch using (batch_id)
        where {request.condition(dated=False)}
        and not is_ended
        and {_AHEAD}
        order by due_date, received_date, row_key
    """
    return run(cursor, sql, request.parameters)


def _request(on: date, until: date, by: Sequence[str], where: Where, scope: Scope) -> Request:
    day = Period(str(on), on, on)
    request = make_request(subjects()["complaint_due"], day, by, where, scope)
    request.parameters.update(on=on, until=until)
    return request
