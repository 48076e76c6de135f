"""Which files the rows behind a number came from, counted in SQL however many rows there are."""

from collections.abc import Mapping
from datetime import date

import duckdb
import polars as pl

from warehouse import bases
from warehouse.coverage import in_display_order
from warehouse.detail import LINEAGE, Between, counted_sql, same_row
from warehouse.registry import Indicator, subjects
from warehouse.request import Request, run

UNKNOWN_CODE = "code_unknown"
NO_REMARKS = pl.DataFrame(
    schema={
        "rule_id": pl.String,
        "column_name": pl.String,
        "value": pl.String,
        "message": pl.String,
        "row_count": pl.Int64,
    }
)


def sources(
    cursor: duckdb.DuckDBPyConnection,
    asked: Indicator,
    request: Request,
    between: Between | None = None,
) -> pl.DataFrame:
    """One row per file and sheet whose rows were counted, the most rows first.

    Columns: batch_id, file_name, source_sheet, contract_id, loaded_at, is_demo, first_row,
    last_row, row_count, numerator (what the rows add), warned_count and unmapped_count (rows loaded
    with a remark, or with a value that no code list knew), quarantined_count (rows of the whole
    file that were held back).
    """
    sql = f"""
        with placed as ({_placed_sql(cursor, asked, request, between)}),

        remarks as ({_REMARKS}),

        files as (
            select
                placed.batch_id,
                placed.source_sheet,
                count(*) as row_count,
                sum(placed.numerator) as numerator,
                min(placed.source_row) as first_row,
                max(placed.source_row) as last_row,
                count(remarks.source_row) as warned_count,
                count(*) filter (where remarks.is_unmapped) as unmapped_count,
            from placed
            left join remarks
                on placed.batch_id = remarks.batch_id
                and placed.source_sheet is not distinct from remarks.source_sheet
                and placed.source_row = remarks.source_row
            group by placed.batch_id, placed.source_sheet
        )

        select
            files.batch_id,
            batch.file_name,
            files.source_sheet,
            batch.contract_id,
            batch.loaded_at,
            batch.is_demo,
            files.first_row,
            files.last_row,
            files.row_count,
            files.numerator,
            files.warned_count,
            files.unmapped_count,
            batch.rows_quarantined as quarantined_count,
        from files
        inner join lake.meta.batch as batch on files.batch_id = batch.batch_id
        order by files.row_count desc, batch.file_name, files.source_sheet
    """
    request.parameters["unknown_code"] = UNKNOWN_CODE
    return run(cursor, sql, request.parameters)


# One row per row of a file however many remarks it has.
_REMARKS = """
    select
        batch_id,
        source_sheet,
        source_row,
        bool_or(rule_id = $unknown_code) as is_unmapped,
    from lake.meta.row_issue
    where disposition = 'warned'
    group by batch_id, source_sheet, source_row
"""


def _placed_sql(
    cursor: duckdb.DuckDBPyConnection,
    asked: Indicator,
    request: Request,
    between: Between | None,
) -> str:
    """SQL for the place of every counted row in its file."""
    counted = counted_sql(cursor, asked, request, between)
    subject = subjects()[asked.subject]
    if not subject.detail:
        return f"select numerator, {', '.join(LINEAGE)} from ({counted})"
    columns = ", ".join(("counted.numerator", *(f"detail.{name}" for name in LINEAGE)))
    return f"""
        select {columns}
        from ({counted}) as counted
        inner join lake.core.{subject.entity} as detail
            on {same_row(subject.entity, "counted")}
    """


def remarks(
    cursor: duckdb.DuckDBPyConnection,
    asked: Indicator,
    request: Request,
    between: Between | None = None,
) -> pl.DataFrame:
    """What was remarked on the counted rows: rule_id, column_name, value, message, row_count."""
    sql = f"""
        with placed as ({_placed_sql(cursor, asked, request, between)})

        select
            issue.rule_id,
            issue.column_name,
            case when issue.rule_id = $unknown_code then issue.value_masked end as value,
            any_value(issue.message) as message,
            count(*) as row_count,
        from lake.meta.row_issue as issue
        inner join placed
            on placed.batch_id = issue.batch_id
            and placed.source_sheet is not distinct from issue.source_sheet
            and placed.source_row = issue.source_row
        where issue.disposition = 'warned'
        group by all
        order by row_count desc, issue.rule_id, value
    """
    request.parameters["unknown_code"] = UNKNOWN_CODE
    return run(cursor, sql, request.parameters)


def base_rows(
    cursor: duckdb.DuckDBPyConnection,
    asked: Indicator,
    request: Request,
    ends: Mapping[str, date],
) -> pl.DataFrame:
    """The rows of the organisations' base behind a denominator, each with file, sheet and row.

    Columns: sub_branch, org_name, period_start, period_end, held, file_name, source_sheet,
    source_row.
    """
    sql = f"""
        with newest as ({bases.newest_sql(asked, request, ends)}),

        placed as (
            select
                base.*,
                coalesce(path.org_level, '支行') as org_level,
                coalesce(path.sub_branch, base.org_name) as sub_branch,
            from lake.core.organisation_denominator as base
            left join organisation_path as path on base.org_name = path.org_name
        ),

        ranked as (
            select
                placed.*,
                -- A sub-branch's own row counts, else those of its outlets.
                dense_rank() over (
                    partition by placed.sub_branch
                    order by case placed.org_level when '支行' then 1 when '网点' then 2 else 3 end
                ) as preference,
            from placed
            inner join newest
                on placed.sub_branch = newest.sub_branch
                and placed.period_start = newest.period_start
                and (placed.org_level not in ('支行', '网点')) = newest.is_whole
        )

        select
            ranked.sub_branch,
            ranked.org_name,
            ranked.period_start,
            ranked.period_end,
            ranked.{asked.base}::double as held,
            batch.file_name,
            ranked.source_sheet,
            ranked.source_row,
        from ranked
        inner join lake.meta.batch as batch on ranked.batch_id = batch.batch_id
        where ranked.preference = 1 and ranked.{asked.base} is not null
        order by ranked.org_name
    """
    found = run(cursor, sql, request.parameters)
    order = in_display_order(cursor, "sub_branch", found["sub_branch"].to_list())
    rank = {name: at for at, name in enumerate(order)}
    places = pl.Series([rank[name] for name in found["sub_branch"]], dtype=pl.Int64)
    return found.with_columns(places.alias("place")).sort("place", "org_name").drop("place")
