"""Issues of inspections whose rectification is overdue: which, where, by how many days."""

import duckdb
import polars as pl

from warehouse.periods import Period
from warehouse.registry import subjects
from warehouse.request import Where, make_request, run
from warehouse.scope import Scope

SUBJECT = "inspection_issue"


def overdue_issues(
    cursor: duckdb.DuckDBPyConnection,
    period: Period,
    *,
    where: Where | None = None,
    scope: Scope,
) -> pl.DataFrame:
    """The issues that were due in a period and are not rectified, the longest overdue first.

    Exactly what the rectification rate counts as due and not as rectified; `days_late` runs to the
    last day that the extracts cover.
    """
    request = make_request(subjects()[SUBJECT], period, (), where or {}, scope).over_rows()
    sql = f"""
        with late as (
            select *
            from {request.relation}
            where {request.condition()} and issue_due_count = 1 and issue_rectified_count = 0
        )

        select
            date_diff('day', late.event_date, data_date.coverage_to) as days_late,
            late.event_date as due_date,
            late.org_name,
            late.inspection_kind,
            late.issue_category,
            issue.inspection_id,
            issue.issue_masked,
            issue.rectification_status,
            batch.file_name,
            late.source_sheet,
            late.source_row,
        from late
        inner join data_date on data_date.entity = $entity
        inner join lake.core.inspection_issue as issue
            on
                late.batch_id = issue.batch_id
                and late.source_sheet is not distinct from issue.source_sheet
                and late.source_row = issue.source_row
        inner join lake.meta.batch as batch on late.batch_id = batch.batch_id
        order by days_late desc, late.row_key, late.source_row
    """
    request.parameters["entity"] = subjects()[SUBJECT].entity
    return run(cursor, sql, request.parameters)
