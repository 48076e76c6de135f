"""Rows for tests, written as ASCII tables, put into a real lake."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from warehouse import marts, schema
from warehouse.entities import entities
from warehouse.home import Home
from warehouse.lake import attach, connect, open_writer

# First and last day that an extract covers.
Coverage = tuple[str, str]


def parse_table(text: str) -> list[dict[str, str | None]]:
    """The rows of an ASCII table; an empty cell is null."""
    lines = [line.strip() for line in text.strip().splitlines() if "---" not in line]
    header, *body = ([cell.strip() for cell in line.split("|")] for line in lines)
    return [dict(zip(header, (cell or None for cell in row), strict=True)) for row in body]


def insert_rows(
    con: duckdb.DuckDBPyConnection,
    table: str,
    batch_id: str,
    rows: Sequence[Mapping[str, object]],
) -> None:
    """Put rows into a core table, as a batch with this id would."""
    given = {"source": "test"} if "source" in entities()[batch_id].key else {}
    frame = pl.DataFrame(
        [
            {**given, **row, "batch_id": batch_id, "source_row": number}
            for number, row in enumerate(rows, start=2)
        ],
        infer_schema_length=None,
    )
    con.register("rows_to_insert", frame)
    con.execute(f"insert into lake.core.{table} by name select * from rows_to_insert")
    con.unregister("rows_to_insert")


def log_batch(
    con: duckdb.DuckDBPyConnection, entity: str, count: int, coverage: Coverage | None
) -> None:
    """Record that a batch of this entity, which bears its name, was loaded."""
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


@cache
def _empty_installation() -> tempfile.TemporaryDirectory[str]:
    # Creating the tables and marts takes seconds; an installation may be copied, so once is enough.
    folder = tempfile.TemporaryDirectory(prefix="empty-lake-", ignore_cleanup_errors=True)
    with open_writer(Home(Path(folder.name))):
        pass
    return folder


def install(root: Path) -> Home:
    """An installation with an empty lake in this folder."""
    shutil.copytree(_empty_installation().name, root, dirs_exist_ok=True)
    return Home(root)


@contextmanager
def _writing(home: Home) -> Iterator[tuple[duckdb.DuckDBPyConnection, bool]]:
    """A writing connection, and whether the lake is a new one."""
    if home.catalogue.exists():
        with open_writer(home) as con:
            yield con, False
        return
    install(home.root)
    con = connect(":memory:")
    try:
        attach(con, home, read_only=False)
        schema.create_views(con)
        yield con, True
    finally:
        con.close()


def fill_lake(
    root: Path,
    coverage: Coverage | Mapping[str, Coverage] | None = None,
    **tables: str | Sequence[Mapping[str, object]],
) -> Home:
    """An installation whose tables hold the given rows (ASCII tables or records), marts included.

    The coverage is that of every entity, or says each entity's own.
    """
    home = Home(root)
    owners = {child: e.id for e in entities().values() for child in e.children}
    delivered = sorted({owners.get(name, name) for name in tables})
    with _writing(home) as (con, is_new):
        con.execute("begin transaction")
        for name, given in tables.items():
            rows = parse_table(given) if isinstance(given, str) else given
            if rows:
                insert_rows(con, name, owners.get(name, name), rows)
        for entity_id in delivered:
            own = coverage.get(entity_id) if isinstance(coverage, Mapping) else coverage
            log_batch(con, entity_id, 1, own)
        for entity_id in delivered:
            # Organisations decide every row's sub-branch, but a new lake has no other rows yet.
            if not (is_new and entity_id == "organisation"):
                marts.refresh(con, entity_id, marts.Affected(frozenset(), frozenset(), True))
        con.execute("commit")
    return home
