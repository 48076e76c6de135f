"""The columns of the core tables with their types, read from the table definitions."""

from functools import cache

import duckdb

from warehouse.schema import SQL

LINEAGE = ("batch_id", "source_sheet", "source_row")


@cache
def table_columns(table: str) -> dict[str, str]:
    """Business columns of one core table in order, each with its SQL type."""
    statement = (SQL / "tables" / f"{table}.sql").read_text(encoding="utf-8")
    with duckdb.connect(":memory:") as con:
        con.execute("create schema core")
        con.execute(statement)
        rows = con.execute(
            """
            select column_name, data_type
            from duckdb_columns()
            where schema_name = 'core' and table_name = $table
            order by column_index
            """,
            {"table": table},
        ).fetchall()
    return {name: data_type for name, data_type in rows if name not in LINEAGE}
