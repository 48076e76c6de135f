"""The desk on which one file is staged: tables in memory that every cursor sees."""

from pathlib import Path

import duckdb

from ingest.sql import fill, identifier
from warehouse.home import Home
from warehouse.lake import limit_memory

# Memory, because tables of a database file are compressed on every write; temporary tables would
# do too, but no other cursor sees them.
DESK = "desk"
# Measured: below this one thread takes half the time of two.
SMALL_BYTES = 5_000_000


def open_desk(con: duckdb.DuckDBPyConnection) -> None:
    """Attach the desk; unqualified tables are created on it, other databases stay readable."""
    (home,) = con.execute("select current_database()").fetchone() or ("memory",)
    con.execute(fill("attach ':memory:' as <<desk>>", desk=DESK))
    con.execute(f"set search_path = '{DESK}.main,{home}.main'")


def clear_staging(con: duckdb.DuckDBPyConnection) -> None:
    """Change the desk for an empty one: what earlier files left on it is gone."""
    (path,) = con.execute("select current_setting('search_path')").fetchone() or ("",)
    # Nothing can be detached that is still searched. To list and drop its tables would read the
    # catalogue of the whole lake.
    con.execute(f"set search_path = '{path.removeprefix(f'{DESK}.main,')}'")
    con.execute(fill("detach <<desk>>", desk=DESK))
    open_desk(con)


def fit_engine(con: duckdb.DuckDBPyConnection, home: Home, path: Path) -> None:
    """Give the engine the threads and the memory that a file of this size needs."""
    size = path.stat().st_size
    # Sharing the work of a small file takes longer than doing it.
    con.execute("set threads = 1" if size < SMALL_BYTES else "reset threads")
    limit_memory(con, home, file_bytes=size)


def count_rows(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Number of rows of a staging table."""
    statement = fill("select count(*) from <<table>>", table=identifier(table))
    (rows,) = con.execute(statement).fetchone() or (0,)
    return int(rows)


def is_staged(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether all rows of a table were read; a file that is cut off ends before that."""
    return is_there(con, "ignored")


def is_there(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether the desk holds a table or a view of that name."""
    # A list of tables would tell the sizes of the lake's as well, and read them all for it.
    row = con.execute(
        """
        select exists (
            select 1 from duckdb_columns() where database_name = $desk and table_name = $table
        )
        """,
        {"desk": DESK, "table": table},
    ).fetchone()
    return bool(row and row[0])
