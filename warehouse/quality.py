"""What was loaded, what the checks said, and which values no code list knows."""

import json
from dataclasses import dataclass
from datetime import datetime

import duckdb
import polars as pl

from warehouse import codes
from warehouse.entities import entities
from warehouse.home import Home
from warehouse.registry import dimensions
from warehouse.schema import columns_of

# What the loader writes where an extract has no such column at all; no value of its own.
NOT_GIVEN = "未提供"
_NONE_UNMAPPED = pl.DataFrame(
    schema={"entity": pl.String, "dimension": pl.String, "value": pl.String, "count": pl.Int64}
)


@dataclass(frozen=True)
class ReturnedFile:
    """A refused extract that lies in ingest/returned, with the reasons its report gives."""

    file: str
    returned_at: datetime | None
    reasons: tuple[str, ...]
    sha256: str | None = None
    submitted_by: str | None = None
    rows_returned: int = 0
    # The workbook with what goes back of it.
    slip: str | None = None
    # Whether it is itself a 退回单 in which no row was right.
    is_replay: bool = False


def batches(cursor: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Every loaded batch, newest first."""
    return cursor.execute("from lake.meta.batch order by loaded_at desc, batch_id desc").pl()


def checks(cursor: duckdb.DuckDBPyConnection, batch_id: str | None = None) -> pl.DataFrame:
    """Results of the checks, failed ones first, with the file they belong to."""
    return cursor.execute(
        """
        select batch.file_name, batch.loaded_at, result.*
        from lake.meta.check_result as result
        inner join lake.meta.batch as batch using (batch_id)
        where $batch_id is null or batch_id = $batch_id
        order by is_success, batch.loaded_at desc, rule_id
        """,
        {"batch_id": batch_id},
    ).pl()


def row_issues(
    cursor: duckdb.DuckDBPyConnection, batch_id: str | None = None, limit: int | None = None
) -> pl.DataFrame:
    """Quarantined, ignored and flagged rows with every reason, newest batch first."""
    return cursor.execute(
        """
        select batch.file_name, batch.loaded_at, issue.*
        from lake.meta.row_issue as issue
        inner join lake.meta.batch as batch using (batch_id)
        where $batch_id is null or batch_id = $batch_id
        order by
            case disposition
                when 'quarantined' then 0
                when 'warned' then 1
                when 'corrected' then 2
                else 3
            end,
            batch.loaded_at desc,
            source_row
        limit $limit
        """,
        {"batch_id": batch_id, "limit": limit},
    ).pl()


def is_unmapped(dimension_id: str, value: str | None) -> bool:
    """Whether a value is one that the dimension's code list does not know."""
    code_list = dimensions()[dimension_id].code_list
    if code_list is None or value is None or value == NOT_GIVEN:
        return False
    return value not in {code.name for code in codes.code_list(code_list)}


def unmapped_values(cursor: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Values that no code list knows, as they came: columns entity, dimension, value, count."""
    owners = {table: e.id for e in entities().values() for table in (e.id, *e.children)}
    frames = [_NONE_UNMAPPED]
    for _, table, column in columns_of(cursor, "lake", ("core",)):
        dimension = dimensions().get(column)
        if table not in owners or dimension is None or dimension.code_list is None:
            continue
        frames.append(
            cursor.execute(
                f"""
                select
                    $entity as entity,
                    $dimension as dimension,
                    {column} as value,
                    count(*) as count,
                from lake.core.{table}
                where {column} is not null and {column} <> $not_given and {column} not in (
                    select name from lake.meta.code where dimension = $code_list
                )
                group by all
                """,
                {
                    "entity": owners[table],
                    "dimension": column,
                    "not_given": NOT_GIVEN,
                    "code_list": dimension.code_list,
                },
            ).pl()
        )
    return pl.concat(frames).sort("count", "value", descending=[True, False])


def is_demo(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Whether any demo extract is loaded."""
    row = cursor.execute("select bool_or(is_demo) from lake.meta.batch").fetchone()
    return bool(row and row[0])


def returned_files(home: Home) -> list[ReturnedFile]:
    """The refused extracts that wait in ingest/returned, newest first."""
    found: list[ReturnedFile] = []
    for path in sorted(home.returned.glob("*.report.json")):
        try:
            report = json.loads(path.read_text(encoding="utf-8"))
            returned_at = datetime.fromisoformat(report["returned_at"])
            reasons = tuple(str(reason) for reason in report["reasons"])
            found.append(
                ReturnedFile(
                    str(report["file"]),
                    returned_at,
                    reasons,
                    sha256=report.get("sha256"),
                    submitted_by=report.get("submitted_by"),
                    rows_returned=int(report.get("rows", {}).get("quarantined", 0)),
                    slip=report.get("slip"),
                    is_replay=report.get("replays_sha256") is not None,
                )
            )
        except (OSError, ValueError, KeyError, TypeError):
            found.append(ReturnedFile(path.name, None, ("退回报告无法读取",)))
    return sorted(
        found, key=lambda f: f.returned_at.timestamp() if f.returned_at else 0, reverse=True
    )
