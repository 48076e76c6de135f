"""Cached evaluations, named as the warehouse queries they wrap and keyed by the snapshot."""

from datetime import date

import polars as pl
import streamlit as st

from pages.ui.cached import FEW_ENTRIES, MAX_ENTRIES, Cut, Where, scope_key
from pages.ui.reader import Snapshot
from warehouse import alerts, what_if
from warehouse import due_soon as falling_due
from warehouse.alerts import Evaluation
from warehouse.due_soon import Ahead
from warehouse.month_series import Cell
from warehouse.periods import parse_period
from warehouse.what_if import WhatIf

# An evaluation holds thousands of judgements and is never changed: one object serves every reader.
FEW_EVALUATIONS = 12


@st.cache_resource(max_entries=FEW_EVALUATIONS, show_spinner=False)
def _evaluate(
    _snapshot: Snapshot, version: str, seen: Cut | None, until: str, where: Where
) -> Evaluation:
    del version, seen
    return alerts.evaluate(
        _snapshot.cursor, on=parse_period(until), where=dict(where), scope=_snapshot.scope
    )


def evaluate(snapshot: Snapshot, until: str, where: Where) -> Evaluation:
    """Every light after the last complete month within a period."""
    return _evaluate(snapshot, snapshot.version, scope_key(snapshot), until, where)


@st.cache_data(max_entries=MAX_ENTRIES, show_spinner=False)
def _what_ifs(
    _snapshot: Snapshot,
    version: str,
    seen: Cut | None,
    what: str,
    period: str,
    threshold: float,
    by: Cut,
    where: Where,
) -> dict[Cell, WhatIf]:
    del version, seen
    return what_if.what_ifs(
        _snapshot.cursor,
        what,
        parse_period(period),
        threshold=threshold,
        by=by,
        where=dict(where),
        scope=_snapshot.scope,
    )


def what_ifs(
    snapshot: Snapshot, what: str, period: str, threshold: float, by: Cut, where: Where
) -> dict[Cell, WhatIf]:
    """What would turn a ratio, per cell of the cut."""
    seen = scope_key(snapshot)
    return _what_ifs(snapshot, snapshot.version, seen, what, period, threshold, by, where)


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _ahead(
    _snapshot: Snapshot,
    version: str,
    seen: Cut | None,
    on: date,
    until: date,
    by: Cut,
    where: Where,
) -> dict[Cell, Ahead]:
    del version, seen
    return falling_due.ahead(
        _snapshot.cursor, on, until, by=by, where=dict(where), scope=_snapshot.scope
    )


def ahead(snapshot: Snapshot, on: date, until: date, by: Cut, where: Where) -> dict[Cell, Ahead]:
    """Complaints whose time limit ends after a day and up to another, per cell of the cut."""
    return _ahead(snapshot, snapshot.version, scope_key(snapshot), on, until, by, where)


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _due_soon(
    _snapshot: Snapshot, version: str, seen: Cut | None, on: date, where: Where
) -> pl.DataFrame:
    del version, seen
    return falling_due.due_soon(_snapshot.cursor, on, where=dict(where), scope=_snapshot.scope)


def due_soon(snapshot: Snapshot, on: date, where: Where) -> pl.DataFrame:
    """Open complaints whose time limit ends within a week after a day."""
    return _due_soon(snapshot, snapshot.version, scope_key(snapshot), on, where)
