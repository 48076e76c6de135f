"""Cached answers on what was issued and what moved since, keyed by the states they compare."""

import polars as pl
import streamlit as st

from pages.ui.cached import FEW_ENTRIES, Cut, scope_key
from pages.ui.reader import Snapshot
from warehouse import maintenance, time_machine
from warehouse.handouts import restatements
from warehouse.handouts.issued import Issued
from warehouse.lake import open_reader, reading


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _restated(
    _snapshot: Snapshot, _one: Issued, version: str, which: tuple[object, ...]
) -> pl.DataFrame:
    del version, which
    return restatements.restated(_snapshot.home, _snapshot.cursor, _one)


def restated(snapshot: Snapshot, one: Issued) -> pl.DataFrame:
    """The numbers of an issued hand-out that this snapshot gives differently, and why."""
    # The register may have been restored: a number alone does not say which hand-out it is.
    return _restated(snapshot, one, snapshot.version, (one.number, one.at, one.sha256))


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _moved(
    _snapshot: Snapshot, version: str, seen: Cut | None, first: int, last: int, period: str
) -> pl.DataFrame:
    del version, seen
    return restatements.moved_between(_snapshot.home, first, last, period, scope=_snapshot.scope)


def moved(snapshot: Snapshot, first: int, last: int, period: str) -> pl.DataFrame:
    """The main numbers of a period that differ between two snapshots, and why."""
    return _moved(snapshot, snapshot.version, scope_key(snapshot), first, last, period)


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _batches(_snapshot: Snapshot, version: str, first: int, last: int) -> pl.DataFrame:
    del version
    with (
        reading(open_reader(_snapshot.home, snapshot=first)) as before,
        reading(open_reader(_snapshot.home, snapshot=last)) as now,
    ):
        return time_machine.batches_between(before, now)


def batches(snapshot: Snapshot, first: int, last: int) -> pl.DataFrame:
    """What was loaded between two snapshots."""
    return _batches(snapshot, snapshot.version, first, last)


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _loads(_snapshot: Snapshot, version: str) -> pl.DataFrame:
    del version
    found = maintenance.snapshots(_snapshot.cursor)
    # What made the tables, or merged files, changed no number.
    is_load = pl.col("message").is_not_null() | (pl.col("snapshot_id") == _snapshot.number)
    return found.filter(is_load).sort("snapshot_id", descending=True)


def loads(snapshot: Snapshot) -> pl.DataFrame:
    """The snapshots that a load has left, newest first: snapshot_id, committed_at, message."""
    return _loads(snapshot, snapshot.version)
