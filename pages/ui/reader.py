"""The way to the warehouse: one hub per process, one read transaction per page run, one scope."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import duckdb
import streamlit as st

from pages.ui.text import _
from warehouse import lake, marts
from warehouse.errors import WarehouseOutdated
from warehouse.home import Home, current_home
from warehouse.lake_files import which_lake
from warehouse.renewal import Renewal
from warehouse.scope import Scope


@dataclass(frozen=True)
class Snapshot:
    """One state of the lake as one page run reads it; `version` tells states apart in caches.

    A pinned one stays the same whatever is loaded; `newest` is the number of the latest one.
    """

    cursor: duckdb.DuckDBPyConnection
    number: int
    version: str
    scope: Scope
    home: Home
    newest: int = 0
    is_pinned: bool = False


# A meeting and a report or two that are looked at again; each takes some 20 MB.
_MOST_PINNED = 4
# People change code lists and definitions while the dashboard runs.
_RENEWAL = Renewal()


@st.cache_resource(max_entries=2, show_spinner=False)
def _hub(root: str, inode: int) -> duckdb.DuckDBPyConnection:
    # The inode is part of the key, so that a warehouse built anew gets a new hub.
    del root, inode
    return lake.open_reader(current_home())


@st.cache_resource(max_entries=_MOST_PINNED, show_spinner=False)
def _pinned_hub(root: str, inode: int, number: int) -> duckdb.DuckDBPyConnection:
    del root, inode
    return lake.open_reader(current_home(), snapshot=number)


def current_scope() -> Scope:
    """What the reader in front of the screen may see."""
    return Scope.everything()


@contextmanager
def snapshot(pinned: int | None = None) -> Iterator[Snapshot]:
    """The newest committed state, or the one of this number, as one transaction.

    Raises WarehouseMissing while nothing was ever loaded, SnapshotMissing for an unknown number.
    """
    home = current_home()
    inode = which_lake(home)
    hub = lake.open_reader(home) if not inode else _hub(str(home.root), inode)
    with lake.reading(hub) as cursor:
        newest = lake.snapshot_id(cursor)
        _need_fitting(cursor, _version(home, inode, newest))
        if pinned is None:
            yield _state(cursor, home, inode, newest)
            return
    with lake.reading(_pinned_hub(str(home.root), inode, pinned)) as cursor:
        yield replace(_state(cursor, home, inode, newest), is_pinned=True)


@st.cache_data(max_entries=_MOST_PINNED, show_spinner=False)
def _fits(_cursor: duckdb.DuckDBPyConnection, version: str) -> bool:
    """Whether a state of the lake is one of our definitions; only a load can change that."""
    del version
    return marts.is_up_to_date(_cursor)


def _need_fitting(cursor: duckdb.DuckDBPyConnection, version: str) -> None:
    """Begin anew by the definitions of today where a load has brought the lake to them."""
    if _fits(cursor, version):
        return
    if _RENEWAL.is_due():
        st.cache_data.clear()
        st.cache_resource.clear()
        st.rerun()
    raise WarehouseOutdated(_("数据仓库已由另一版本的程序更新：请重新启动看板。"))


def _state(cursor: duckdb.DuckDBPyConnection, home: Home, inode: int, newest: int) -> Snapshot:
    number = lake.snapshot_id(cursor)
    version = _version(home, inode, number)
    return Snapshot(cursor, number, version, current_scope(), home, newest)


def _version(home: Home, inode: int, number: int) -> str:
    return f"{home.root}#{inode}#{number}"
