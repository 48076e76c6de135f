"""How good the deliveries of each unit were at first, and what has been put right since.

First-pass rate = rows accepted on first delivery / rows delivered. A figure about the data, no
indicator of the registry; it is computed here and nowhere else.
"""

import duckdb
import polars as pl

from warehouse.home import Home
from warehouse.quality import ReturnedFile, returned_files

BY_UNIT, BY_MONTH = ("submitted_by",), ("submitted_by", "month")
_SCHEMA = {
    "file_name": pl.String,
    "file_sha256": pl.String,
    "submitted_by": pl.String,
    "month": pl.String,
    "rows_delivered": pl.Int64,
    "rows_accepted": pl.Int64,
    "is_refused": pl.Boolean,
}


def _refused(files: list[ReturnedFile]) -> pl.DataFrame:
    """Files that were refused whole at first; nothing of them was accepted."""
    rows = [
        {
            "file_name": one.file,
            "file_sha256": one.sha256 or one.file,
            "submitted_by": one.submitted_by or "未注明",
            "month": f"{one.returned_at.astimezone():%Y-%m}" if one.returned_at else None,
            "rows_delivered": one.rows_returned,
            "rows_accepted": 0,
            "is_refused": True,
        }
        for one in files
        if not one.is_replay
    ]
    return pl.DataFrame(rows, schema=_SCHEMA)


def deliveries(cursor: duckdb.DuckDBPyConnection, home: Home) -> pl.DataFrame:
    """Every table delivered for the first time, refused files among them."""
    refused = _refused(returned_files(home))
    loaded = cursor.execute("from first_delivery").pl().with_columns(is_refused=pl.lit(value=False))
    # What was refused first and loaded later, under another contract, was no first pass.
    loaded = loaded.join(refused, on="file_sha256", how="anti")
    return pl.concat([loaded.select(list(_SCHEMA)).cast(pl.Schema(_SCHEMA)), refused])


def first_pass(
    cursor: duckdb.DuckDBPyConnection, home: Home, *, by: tuple[str, ...] = BY_UNIT
) -> pl.DataFrame:
    """Per unit (and month): files, refused_files, rows_delivered, rows_accepted, first_pass_rate.

    The rate is null where no row was delivered: of an unreadable file nobody knows how many it had.
    """
    found = (
        deliveries(cursor, home)
        .group_by(by)
        .agg(
            files=pl.col("file_sha256").n_unique(),
            refused_files=pl.col("file_sha256").filter(pl.col("is_refused")).n_unique(),
            rows_delivered=pl.col("rows_delivered").sum(),
            rows_accepted=pl.col("rows_accepted").sum(),
        )
    )
    rate = 100 * pl.col("rows_accepted") / pl.col("rows_delivered")
    return found.with_columns(
        first_pass_rate=pl.when(pl.col("rows_delivered") > 0).then(rate)
    ).sort(["first_pass_rate", *by], nulls_last=True)


def returned_batches(cursor: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Batches that sent rows back, newest first, with how many came back right since."""
    return cursor.execute("from returned_batch order by loaded_at desc, batch_id").pl()


def repaired_of_refused(cursor: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """By the SHA-256 of a file: how many of its rows were loaded from a 退回单."""
    rows = cursor.execute(
        """
        select replays_sha256, count(distinct (original_contract_id, original_sheet,
            original_header_row, original_row))
        from lake.meta.replayed_row
        where is_accepted
        group by all
        """
    ).fetchall()
    return dict(rows)


def corrected_cells(cursor: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Every cell that the file of corrections has put right, newest load first."""
    return cursor.execute(
        """
        select batch.file_name, issue.source_sheet, issue.source_row, issue.column_name,
            issue.message, batch.loaded_at,
        from lake.meta.row_issue as issue
        inner join lake.meta.batch as batch using (batch_id)
        where issue.disposition = 'corrected'
        order by batch.loaded_at desc, issue.source_row
        """
    ).pl()
