"""Writes one batch into the lake's own records: the file, the checks, every row's reasons."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

import duckdb
import pyarrow as pa

from ingest.check import Verdict
from ingest.sql import fill, names


@dataclass(frozen=True)
class BatchRecord:
    """One row of meta.batch."""

    batch_id: str
    file_name: str
    file_sha256: str
    file_bytes: int
    contract_id: str
    contract_digest: str
    entity: str
    source: str
    sheet: str | None
    header_row: int
    encoding: str | None
    is_demo: bool
    rows_read: int
    rows_inserted: int
    rows_updated: int
    rows_unchanged: int
    rows_quarantined: int
    rows_ignored: int
    coverage_from: date | None
    coverage_to: date | None
    loaded_at: datetime
    file_tables: int
    column_names: str
    submitted_by: str
    replays_batch_id: str | None
    replays_sha256: str | None
    rows_stated: int | None


def log_batch(con: duckdb.DuckDBPyConnection, record: BatchRecord) -> None:
    """Write the batch's own row."""
    values = asdict(record)
    con.execute(
        fill(
            "insert into lake.meta.batch (<<columns>>) values (<<values>>)",
            columns=names(list(values)),
            values=", ".join(f"${name}" for name in values),
        ),
        values,
    )


def log_confirmed(con: duckdb.DuckDBPyConnection, batch_id: str, rules: Sequence[str]) -> None:
    """Write down which rules' concerns a person has confirmed."""
    con.execute(
        "update lake.meta.batch set confirmed = $rules where batch_id = $batch_id",
        {"rules": json.dumps(list(dict.fromkeys(rules))), "batch_id": batch_id},
    )


def log_checks(
    con: duckdb.DuckDBPyConnection,
    batch_id: str,
    verdicts: Sequence[Verdict],
    *,
    counts: dict[int, int],
    checked: int,
) -> None:
    """Write one row per rule."""
    rows = [
        {
            "batch_id": batch_id,
            "rule_id": verdict.check.rule_id,
            "expectation": verdict.expectation,
            "column_name": verdict.check.column,
            "severity": verdict.check.severity,
            "description": _description(verdict.check.message),
            "is_success": verdict.is_success,
            "checked_count": checked,
            "failed_count": counts[index],
        }
        for index, verdict in enumerate(verdicts)
    ]
    con.register("check_rows", pa.Table.from_pylist(rows))
    con.execute("insert into lake.meta.check_result by name select * from check_rows")
    con.unregister("check_rows")


def _description(message: str) -> str:
    return message.replace("的值“{value}”", "").replace("“{value}”", "").replace("{rows}", "其他")


def log_rows(con: duckdb.DuckDBPyConnection, batch_id: str, sheet: str | None) -> None:
    """Write every returned, ignored and flagged row with each of its reasons."""
    con.execute(
        """
        insert into lake.meta.row_issue
        select $batch_id, $sheet, _row, disposition, rule_id, column_name, value_masked, message
        from issues
        union all
        select $batch_id, $sheet, _row, 'ignored', rule_id, null, null, message
        from ignored
        """,
        {"batch_id": batch_id, "sheet": sheet},
    )
