"""The way to the warehouse: one hub per process, one read transaction per page run, one scope."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import streamlit as st

from warehouse import lake
from warehouse.home import Home, current_home
from warehouse.scope import Scope


@dataclass(frozen=True)
class Snapshot:
    """One state of the lake as one page run reads it; `version` tells states apart in caches."""

    cursor: duckdb.DuckDBPyConnection
    number: int
    version: str
    scope: Scope
    home: Home


@st.cache_resource(max_entries=2, show_spinner=False)
def _hub(root: str, inode: int) -> duckdb.DuckDBPyConnection:
    # The inode is part of the key, so that a warehouse built anew gets a new hub.
    del root, inode
    return lake.open_reader(current_home())


def current_scope() -> Scope:
    """What the reader in front of the screen may see."""
    return Scope.everything()


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """The newest committed state; raises WarehouseMissing while nothing was ever loaded."""
    home = current_home()
    inode = home.catalogue.stat().st_ino if home.catalogue.exists() else 0
    hub = lake.open_reader(home) if not inode else _hub(str(home.root), inode)
    with lake.reading(hub) as cursor:
        number = lake.snapshot_id(cursor)
        version = f"{home.root}#{inode}#{number}"
        yield Snapshot(cursor, number, version, current_scope(), home)
