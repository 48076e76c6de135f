"""Rows for tests, written as ASCII tables, put into a real lake."""

from pathlib import Path

import duckdb

from warehouse import marts
from warehouse.entities import entities
from warehouse.home import Home
from warehouse.lake import open_writer


def parse_table(text: str) -> list[dict[str, str | None]]:
    """The rows of an ASCII table; an empty cell is null."""
    lines = [line.strip() for line in text.strip().splitlines() if "---" not in line]
    header, *body = ([cell.strip() for cell in line.split("|")] for line in lines)
    return [dict(zip(header, (cell or None for cell in row), strict=True)) for row in body]


def _insert(
    con: duckdb.DuckDBPyConnection, table: str, batch_id: str, rows: list[dict[str, str | None]]
) -> None:
    for number, row in enumerate(rows, start=2):
        values = {
            "source": "test",
            **row,
            "batch_id": batch_id,
            "source_row": number,
        }
        if table.startswith("organisation"):
            values.pop("source")
        columns = ", ".join(values)
        marks = ", ".join(f"${name}" for name in values)
        con.execute(f"insert into lake.core.{table} ({columns}) values ({marks})", values)


def _log_batch(
    con: duckdb.DuckDBPyConnection, entity: str, count: int, coverage: tuple[str, str] | None
) -> None:
    con.execute(
        """
        insert into lake.meta.batch by name
        select
            $entity as batch_id, $entity || '.csv' as file_name, 'x' as file_sha256, 1 as file_bytes,
            'test' as contract_id, 'x' as contract_digest, $entity as entity, 'test' as source,
            false as is_demo, $count as rows_read, $count as rows_inserted, 0 as rows_updated,
            0 as rows_unchanged, 0 as rows_quarantined, 0 as rows_ignored,
            $first::date as coverage_from, $last::date as coverage_to, now() as loaded_at
        """,
        {
            "entity": entity,
            "count": count,
            "first": coverage[0] if coverage else None,
            "last": coverage[1] if coverage else None,
        },
    )


def fill_lake(root: Path, coverage: tuple[str, str] | None = None, **tables: str) -> Home:
    """An installation whose tables hold the given ASCII tables, marts included."""
    home = Home(root)
    owners = {child: e.id for e in entities().values() for child in e.children}
    with open_writer(home) as con:
        con.execute("create or replace temp table changed(row_key varchar)")
        con.execute("begin transaction")
        for name, text in tables.items():
            _insert(con, name, owners.get(name, name), parse_table(text))
        for entity_id in sorted({owners.get(name, name) for name in tables}):
            _log_batch(con, entity_id, 1, coverage)
            marts.refresh(con, entity_id, marts.Affected(frozenset(), frozenset(), True))
        con.execute("commit")
    return home
