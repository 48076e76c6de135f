"""A throw-away lake that begins as the installation's own: for loads that are only tried."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse import codes, marts, schema
from warehouse.home import Home
from warehouse.lake import attach, connect, limit_memory
from warehouse.lake_files import need_catalogue


@contextmanager
def throwaway_lake(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection whose `lake` holds what the installation's does, and is gone at the end.

    What is written there, and even what is committed, leaves the installation as it is.
    """
    need_catalogue(home)
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        copy = Home(Path(folder))
        _mirror(home, copy)
        con = connect(str(Path(folder) / "check.duckdb"))
        try:
            limit_memory(con, home)
            attach(con, copy, read_only=False)
            schema.bring_up_to_date(con)
            codes.store_code_lists(con)
            schema.create_views(con)
            marts.bring_up_to_date(con)
            yield con
        finally:
            con.close()


def _mirror(home: Home, copy: Home) -> None:
    """Copy the catalogue, and put a link to each data file into folders of its own."""
    copy.lake_files.mkdir(parents=True)
    # SQLite leaves files of its own beside every catalogue that it opens, even to read it.
    for suffix in ("", "-wal"):
        source = home.catalogue.with_name(home.catalogue.name + suffix)
        if source.exists():
            shutil.copyfile(source, copy.catalogue.with_name(copy.catalogue.name + suffix))
    for place, _, names in os.walk(home.lake_files):
        mirrored = copy.lake_files / Path(place).relative_to(home.lake_files)
        mirrored.mkdir(exist_ok=True)
        for name in names:
            _link(Path(place) / name, mirrored / name)


def _link(source: Path, place: Path) -> None:
    # DuckLake never writes into a file that is there; new and deleted rows get files of their own.
    try:
        place.symlink_to(source)
    except OSError:
        # Windows lets not everybody make links.
        shutil.copyfile(source, place)
