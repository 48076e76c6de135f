"""Brings the lake's tables up to the SQL files, and the views over them into a connection."""

from collections.abc import Sequence
from contextlib import closing
from functools import cache
from pathlib import Path

import duckdb

SQL = Path(__file__).parent / "sql"
SCHEMAS = ("core", "meta", "marts")
# Views build on one another, so their order is fixed here and nowhere else.
VIEWS = (
    "organisation_path",
    "organisation_base",
    "data_date",
    "complaint_case",
    "complaint_received",
    "complaint_due",
    "complaint_ended",
    "complaint_due_by_receipt",
    "complaint_stock",
    "complaint_response",
    "exam_sitting",
    "exam_section",
    "review_case",
    "review_opinion",
    "outreach",
    "training",
    "inspection",
    "inspection_issue",
    "double_recording",
    "policy_check",
    "service_facility",
    "product_launch",
    "first_delivery",
    "returned_batch",
)

# schema, table, column
Column = tuple[str, str, str]


def _statements(path: Path) -> list[str]:
    return [s.query for s in duckdb.extract_statements(path.read_text(encoding="utf-8"))]


def columns_of(
    con: duckdb.DuckDBPyConnection, database: str, schemas: Sequence[str] = ("core", "meta")
) -> dict[Column, str]:
    """Type of every column that these schemas of a database hold, in order."""
    rows = con.execute(
        """
        select schema_name, table_name, column_name, data_type
        from duckdb_columns()
        where database_name = $database and list_contains($schemas, schema_name)
        order by schema_name, table_name, column_index
        """,
        {"database": database, "schemas": list(schemas)},
    ).fetchall()
    return {(schema, table, column): data_type for schema, table, column, data_type in rows}


def bring_up_to_date(con: duckdb.DuckDBPyConnection) -> None:
    """Create the lake's missing schemas and tables, and add columns that newer SQL files have."""
    wanted, existing = defined_columns(), columns_of(con, "lake")
    if wanted.keys() <= existing.keys():
        return
    known = {table for _, table, _ in existing}
    new = [path for path in sorted((SQL / "tables").glob("*.sql")) if path.stem not in known]
    cursor = con.cursor()
    cursor.execute("use lake")
    cursor.execute("begin transaction")
    for name in SCHEMAS:
        cursor.execute(f"create schema if not exists {name}")
    for path in new:
        for statement in _statements(path):
            cursor.execute(statement)
    for (schema, table, column), data_type in wanted.items():
        if table in known and (schema, table, column) not in existing:
            cursor.execute(f"alter table {schema}.{table} add column {column} {data_type}")
    names = {path.stem for path in new}
    write_once(cursor, {column: kind for column, kind in wanted.items() if column[1] in names})
    cursor.execute("commit")
    cursor.close()


def renew(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> None:
    """Write a table of the lake anew with the rows that it has, into as few files as will do.

    Earlier snapshots keep the files that they read, and find the table by its name as before.
    """
    place, path = f'lake.{schema}."{table}"', SQL / "tables" / f"{table}.sql"
    # Closed without a commit, it leaves everything as it was.
    with closing(con.cursor()) as cursor:
        cursor.execute("use lake")
        cursor.execute("begin transaction")
        if not path.exists():
            cursor.execute(f"create or replace table {place} as from {place}")
        else:
            cursor.execute(f"create or replace temp table renewed as from {place}")
            cursor.execute(f"drop table {place}")
            for statement in _statements(path):
                cursor.execute(statement)
            # A column that these definitions no longer have keeps what it holds.
            defined = {column for _, owner, column in defined_columns() if owner == table}
            for column, data_type, *_ in cursor.execute("describe renewed").fetchall():
                if column not in defined:
                    cursor.execute(f'alter table {place} add column "{column}" {data_type}')
            cursor.execute(f"insert into {place} by name from renewed")
            cursor.execute("drop table renewed")
        said = f"整理：{schema}.{table} 的数据文件写成一份，内容不变"
        cursor.execute(
            "call lake.set_commit_message($author, $said)", {"author": "warehouse", "said": said}
        )
        cursor.execute("commit")


@cache
def defined_columns() -> dict[Column, str]:
    """Type of every column that the table definitions ask for, in their order."""
    con = duckdb.connect(":memory:")
    for name in SCHEMAS:
        con.execute(f"create schema {name}")
    for path in sorted((SQL / "tables").glob("*.sql")):
        # Only the shape is wanted: the hundreds of comments take longer than the tables.
        for statement in duckdb.extract_statements(path.read_text(encoding="utf-8")):
            if statement.type == duckdb.StatementType.CREATE:
                con.execute(statement)
    wanted = columns_of(con, "memory")
    con.close()
    return wanted


def write_once(con: duckdb.DuckDBPyConnection, columns: dict[Column, str]) -> None:
    """Write a row into each of these empty tables of the lake and take it out again.

    Inside the caller's transaction, so nobody ever sees it. DuckLake plans a query over a table
    that was never written 25 ms slower than over an emptied one, and some tables stand in every
    query even where nobody delivers their extract.
    """
    by_table: dict[str, list[str]] = {}
    for (schema, table, _), data_type in columns.items():
        zero = "1970-01-01" if data_type.startswith(("DATE", "TIMESTAMP")) else "0"
        by_table.setdefault(f'lake.{schema}."{table}"', []).append(f"'{zero}'::{data_type}")
    for table, values in by_table.items():
        con.execute(f"insert into {table} values ({', '.join(values)})")
        con.execute(f"delete from {table}")


def create_views(con: duckdb.DuckDBPyConnection) -> None:
    """Create the views of sql/views in this connection's own database, so they fit this code."""
    # Each by itself would look up the lake's state anew, which takes four times as long.
    con.execute("begin transaction")
    for name in VIEWS:
        con.execute((SQL / "views" / f"{name}.sql").read_text(encoding="utf-8"))
    con.execute("commit")
