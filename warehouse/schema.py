"""Brings the lake's tables up to the SQL files, and the views over them into a connection."""

from pathlib import Path

import duckdb

SQL = Path(__file__).parent / "sql"
SCHEMAS = ("core", "meta", "marts")
# Views build on one another, so their order is fixed here and nowhere else.
VIEWS = (
    "organisation_path",
    "data_date",
    "complaint_case",
    "complaint_received",
    "complaint_due",
    "complaint_ended",
    "complaint_stock",
    "exam_sitting",
    "exam_section",
    "review_case",
    "review_opinion",
    "outreach",
)


def _statements(path: Path) -> list[str]:
    return [s.query for s in duckdb.extract_statements(path.read_text(encoding="utf-8"))]


def _columns(con: duckdb.DuckDBPyConnection, database: str) -> dict[tuple[str, str, str], str]:
    rows = con.execute(
        """
        select schema_name, table_name, column_name, data_type
        from duckdb_columns()
        where database_name = $database and schema_name in ('core', 'meta')
        """,
        {"database": database},
    ).fetchall()
    return {(schema, table, column): data_type for schema, table, column, data_type in rows}


def bring_up_to_date(con: duckdb.DuckDBPyConnection) -> None:
    """Create the lake's missing schemas and tables, and add columns that newer SQL files have."""
    wanted_con = duckdb.connect(":memory:")
    files = sorted((SQL / "tables").glob("*.sql"))
    for name in SCHEMAS:
        wanted_con.execute(f"create schema {name}")
    for path in files:
        for statement in _statements(path):
            wanted_con.execute(statement)
    wanted = _columns(wanted_con, "memory")
    wanted_con.close()
    existing = _columns(con, "lake")
    if wanted.keys() <= existing.keys():
        return
    cursor = con.cursor()
    cursor.execute("use lake")
    cursor.execute("begin transaction")
    for name in SCHEMAS:
        cursor.execute(f"create schema if not exists {name}")
    known_tables = {(schema, table) for schema, table, _ in existing}
    for path in files:
        if path.stem not in {table for _, table in known_tables}:
            for statement in _statements(path):
                cursor.execute(statement)
    for (schema, table, column), data_type in wanted.items():
        if (schema, table) in known_tables and (schema, table, column) not in existing:
            cursor.execute(f"alter table {schema}.{table} add column {column} {data_type}")
    cursor.execute("commit")
    cursor.close()


def create_views(con: duckdb.DuckDBPyConnection) -> None:
    """Create the views of sql/views in this connection's own database, so they fit this code."""
    for name in VIEWS:
        con.execute((SQL / "views" / f"{name}.sql").read_text(encoding="utf-8"))
