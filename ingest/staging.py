"""The desk on which one file is staged: tables in memory that every cursor sees."""

from pathlib import Path

import duckdb

from ingest.sql import fill, identifier

_OURS = ("cells", "cells_read", "source", "conformed", "accepted", "ignored", "repeated", "issues")
_OURS_TOO = ("sharing", "quarantined", "changed", "contradictions")
_PREFIXES = ("stage_", "state_", "map_")


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


def fit_threads(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Let a small file be loaded by one thread: sharing such work takes longer than doing it."""
    is_small = path.stat().st_size < SMALL_BYTES
    con.execute("set threads = 1" if is_small else "reset threads")


def clear_staging(con: duckdb.DuckDBPyConnection) -> None:
    """Drop what earlier files left in the scratch database."""
    for kind, listing in (("view", "duckdb_views()"), ("table", "duckdb_tables()")):
        rows = con.execute(
            fill(
                """
                select <<kind>>_name from <<listing>>
                where database_name = current_database() and schema_name = 'main'
                """,
                kind=kind,
                listing=listing,
            )
        ).fetchall()
        for (name,) in rows:
            if name in (*_OURS, *_OURS_TOO) or name.startswith(_PREFIXES):
                con.execute(fill("drop <<kind>> <<name>>", kind=kind, name=identifier(name)))


def count_rows(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Number of rows of a staging table."""
    statement = fill("select count(*) from <<table>>", table=identifier(table))
    (rows,) = con.execute(statement).fetchone() or (0,)
    return int(rows)


def is_staged(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether all rows of a table were read; a file that is cut off ends before that."""
    row = con.execute(
        """
        select count(*) from duckdb_tables()
        where database_name = $desk and table_name = 'ignored'
        """,
        {"desk": DESK},
    ).fetchone()
    return bool(row and row[0])
