"""The lakes on which both computations are compared, each opened once per test process."""

import tempfile
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import duckdb

from tests.reference import Frames, read_frames, wild
from tests.reference.cells import TIMES
from tests.tables import fill_lake
from warehouse import coverage, schema
from warehouse.home import Home
from warehouse.lake import open_reader
from warehouse.registry import indicators
from warehouse.scope import Scope


@dataclass(frozen=True, eq=False)
class Lake:
    """One lake: its rows in memory, its frames, the values of its dimensions, its first and last day."""

    cursor: duckdb.DuckDBPyConnection
    frames: Frames
    values: dict[str, list[str | None]]
    first: date
    last: date


@cache
def lake_of(root: Path) -> Lake:
    """The lake of an installation."""
    hub = open_reader(Home(root))
    con = _in_memory(hub)
    hub.close()
    held = coverage.coverage(con)["complaint"]
    names = {name for one in indicators().values() for name in one.dimensions} - set(TIMES)
    values = {name: coverage.values(con, name, scope=Scope.everything()) for name in names}
    return Lake(con, read_frames(con), values, held.first, held.last)


@cache
def wild_lake() -> Lake:
    """A lake of drawn rows that go to every edge."""
    with tempfile.TemporaryDirectory(prefix="wild-", ignore_cleanup_errors=True) as folder:
        return lake_of(fill_lake(Path(folder), wild.COVERAGES, **wild.tables()).root)


def _in_memory(hub: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The same tables and views, queried the same way, without the planning that a lake needs."""
    con = duckdb.connect(":memory:")
    con.execute("attach ':memory:' as lake")
    for name in schema.SCHEMAS:
        con.execute(f"create schema lake.{name}")
    tables = hub.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'lake'"
    ).fetchall()
    for place, name in tables:
        con.register("copied", hub.execute(f'from lake.{place}."{name}"').pl())
        con.execute(f'create table lake.{place}."{name}" as from copied')
        con.unregister("copied")
    schema.create_views(con)
    return con
