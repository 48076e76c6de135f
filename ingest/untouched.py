"""Opens the lake so that not even a lock file appears beside it, for checks that write nothing."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.home import Home
from warehouse.lake import attach, connect


@dataclass(frozen=True)
class _Copied(Home):
    """An installation whose catalogue is read from a copy."""

    copy: Path

    @property
    def catalogue(self) -> Path:
        return self.copy


@contextmanager
def untouched_lake(home: Home) -> Iterator[tuple[duckdb.DuckDBPyConnection, bool]]:
    """A connection to read the lake with, and whether there is a lake yet."""
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        con = connect(str(Path(folder) / "check.duckdb"))
        try:
            yield con, _attach_copy(con, home, Path(folder))
        finally:
            con.close()


def _attach_copy(con: duckdb.DuckDBPyConnection, home: Home, folder: Path) -> bool:
    if not home.catalogue.exists():
        return False
    # SQLite leaves its own files beside every catalogue that it opens.
    copy = folder / home.catalogue.name
    for suffix in ("", "-wal"):
        source = home.catalogue.with_name(home.catalogue.name + suffix)
        if source.exists():
            shutil.copyfile(source, copy.with_name(copy.name + suffix))
    attach(con, _Copied(home.root, copy), read_only=True)
    tables = con.execute(
        "select 1 from duckdb_tables() where database_name = 'lake' and table_name = 'batch'"
    ).fetchone()
    return tables is not None
