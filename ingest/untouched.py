"""A throw-away lake that begins as the installation's own: for loads that are only tried."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.backup import copy_catalogue
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.lake import attach, bring_up_to_date, connect, limit_memory
from warehouse.lake_files import need_catalogue, which_lake
from warehouse.loading import signature

EXCHANGED = "数据仓库在检查期间被更换（重建或恢复），请稍后再检查一次"


@contextmanager
def throwaway_lake(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection whose `lake` holds what the installation's does, and is gone at the end.

    What is written there, and even what is committed, leaves the installation as it is.
    """
    need_catalogue(home)
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        copy, lake = Home(Path(folder)), which_lake(home)
        try:
            _mirror(home, copy)
        except (OSError, sqlite3.Error):
            if which_lake(home) == lake:
                raise
        if which_lake(home) != lake:
            raise WarehouseError(EXCHANGED)
        con = connect(str(Path(folder) / "check.duckdb"))
        try:
            limit_memory(con, home)
            attach(con, copy, read_only=False)
            bring_up_to_date(con)
            yield con
        finally:
            con.close()


def _mirror(home: Home, copy: Home) -> None:
    """Copy the catalogue, and put a link to each data file into folders of its own."""
    copy.lake_files.mkdir(parents=True)
    if home.catalogue.exists():
        _copy_catalogue(home.catalogue, copy.catalogue)
    for place, _, names in os.walk(home.lake_files):
        mirrored = copy.lake_files / Path(place).relative_to(home.lake_files)
        mirrored.mkdir(exist_ok=True)
        for name in names:
            _link(Path(place) / name, mirrored / name)


def _copy_catalogue(source: Path, target: Path) -> None:
    """Copy the catalogue as one commit left it, whoever commits meanwhile."""
    if not _has_log(source):
        before = signature(source)
        # To read one that nobody writes, SQLite would leave and change files of its own beside it.
        copy_catalogue(source, target, how="immutable=1")
        if not _has_log(source) and signature(source) == before:
            return
    copy_catalogue(source, target, how="mode=ro")


def _has_log(catalogue: Path) -> bool:
    """Whether something was committed that may not yet stand in the catalogue itself."""
    logs = (catalogue.with_name(catalogue.name + suffix) for suffix in ("-wal", "-journal"))
    sizes = [found[0] for found in map(signature, logs) if found]
    return any(sizes)


def _link(source: Path, place: Path) -> None:
    # DuckLake never writes into a file that is there; new and deleted rows get files of their own.
    try:
        place.symlink_to(source)
    except OSError:
        # Windows lets not everybody make links.
        shutil.copyfile(source, place)
