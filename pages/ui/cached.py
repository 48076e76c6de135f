"""Cached queries, named as the warehouse queries they wrap and keyed by the snapshot."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl
import streamlit as st

from pages.ui.reader import Snapshot
from warehouse import compare as comparing
from warehouse import coverage as covering
from warehouse import detail, indicators, quality
from warehouse.periods import parse_period
from warehouse.registry import indicator

# Frames here have tens of rows; a session with many filters keeps well below this.
MAX_ENTRIES = 2000
FEW_ENTRIES = 100

Cut = tuple[str, ...]
Where = tuple[tuple[str, tuple[str | None, ...]], ...]


def frozen(where: Mapping[str, Sequence[str | None]]) -> Where:
    """Filters in a form that can be a cache key; the order of clicking makes no difference."""
    return tuple(
        (name, tuple(sorted(values, key=lambda value: (value is None, value or ""))))
        for name, values in sorted(where.items())
        if values
    )


def scope_key(snapshot: Snapshot) -> tuple[str, ...] | None:
    """The scope as a part of the cache key: nobody meets another reader's numbers."""
    held = snapshot.scope.sub_branches
    return None if held is None else tuple(sorted(held))


@st.cache_data(max_entries=MAX_ENTRIES, show_spinner=False)
def _compute(
    _snapshot: Snapshot,
    version: str,
    seen: Cut | None,
    what: str,
    period: str,
    by: Cut,
    where: Where,
) -> pl.DataFrame:
    del version, seen
    return indicators.compute(
        _snapshot.cursor,
        what,
        parse_period(period),
        by=by,
        where=dict(where),
        scope=_snapshot.scope,
    )


def compute(snapshot: Snapshot, what: str, period: str, by: Cut, where: Where) -> pl.DataFrame:
    """The indicator per cell of the cut."""
    return _compute(snapshot, snapshot.version, scope_key(snapshot), what, period, by, where)


@st.cache_data(max_entries=MAX_ENTRIES, show_spinner=False)
def _distribution(
    _snapshot: Snapshot, version: str, seen: Cut | None, what: str, period: str, where: Where
) -> pl.DataFrame:
    del version, seen
    return indicators.distribution(
        _snapshot.cursor, what, parse_period(period), where=dict(where), scope=_snapshot.scope
    )


def distribution(snapshot: Snapshot, what: str, period: str, where: Where) -> pl.DataFrame:
    """How many rows have each value of a percentile indicator."""
    return _distribution(snapshot, snapshot.version, scope_key(snapshot), what, period, where)


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _rows(
    _snapshot: Snapshot,
    version: str,
    seen: Cut | None,
    what: str,
    period: str,
    where: Where,
    limit: int | None,
) -> pl.DataFrame:
    del version, seen
    return detail.rows(
        _snapshot.cursor,
        what,
        parse_period(period),
        where=dict(where),
        scope=_snapshot.scope,
        limit=limit,
    )


def rows(
    snapshot: Snapshot, what: str, period: str, where: Where, *, limit: int | None
) -> pl.DataFrame:
    """The rows behind a number with the file and line each came from."""
    return _rows(snapshot, snapshot.version, scope_key(snapshot), what, period, where, limit)


@st.cache_data(max_entries=MAX_ENTRIES, show_spinner=False)
def _open_ageing(
    _snapshot: Snapshot, version: str, seen: Cut | None, on: date, where: Where
) -> pl.DataFrame:
    del version, seen
    return detail.open_ageing(_snapshot.cursor, on, where=dict(where), scope=_snapshot.scope)


def open_ageing(snapshot: Snapshot, on: date, where: Where) -> pl.DataFrame:
    """Open complaints by how long they have been open."""
    return _open_ageing(snapshot, snapshot.version, scope_key(snapshot), on, where)


def compare(
    snapshot: Snapshot, what: str, period: str, basis: comparing.Basis, where: Where
) -> comparing.Comparison:
    """The indicator beside the chosen comparison period, from results that other parts share."""
    asked, span = indicator(what), parse_period(period)
    earlier = comparing.base_period(span, basis)
    return comparing.beside(
        asked,
        span,
        basis,
        now=compute(snapshot, what, period, (), where),
        then=compute(snapshot, what, earlier.id, (), where) if earlier else None,
        held=coverage(snapshot).get(asked.entity),
    )


@st.cache_data(max_entries=MAX_ENTRIES, show_spinner=False)
def _movers(
    _snapshot: Snapshot,
    version: str,
    seen: Cut | None,
    what: str,
    period: str,
    basis: comparing.Basis,
    by: str,
    where: Where,
) -> pl.DataFrame:
    del version, seen
    return comparing.movers(
        _snapshot.cursor,
        what,
        parse_period(period),
        basis,
        by,
        where=dict(where),
        scope=_snapshot.scope,
    )


def movers(
    snapshot: Snapshot, what: str, period: str, basis: comparing.Basis, by: str, where: Where
) -> pl.DataFrame:
    """What changed most against the comparison period."""
    seen = scope_key(snapshot)
    return _movers(snapshot, snapshot.version, seen, what, period, basis, by, where)


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _coverage(_snapshot: Snapshot, version: str) -> dict[str, covering.Coverage]:
    del version
    return covering.coverage(_snapshot.cursor)


def coverage(snapshot: Snapshot) -> dict[str, covering.Coverage]:
    """First and last day of the data of each entity."""
    return _coverage(snapshot, snapshot.version)


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _values(
    _snapshot: Snapshot, version: str, seen: Cut | None, dimension_id: str
) -> list[str | None]:
    del version, seen
    return covering.values(_snapshot.cursor, dimension_id, scope=_snapshot.scope)


def values(snapshot: Snapshot, dimension_id: str) -> list[str | None]:
    """Every value of a dimension in the order to show."""
    return _values(snapshot, snapshot.version, scope_key(snapshot), dimension_id)


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _unmapped_values(_snapshot: Snapshot, version: str) -> pl.DataFrame:
    del version
    return quality.unmapped_values(_snapshot.cursor)


def unmapped_values(snapshot: Snapshot) -> pl.DataFrame:
    """Values that no code list knows, with how often they occur."""
    return _unmapped_values(snapshot, snapshot.version)


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _batches(_snapshot: Snapshot, version: str) -> pl.DataFrame:
    del version
    return quality.batches(_snapshot.cursor)


def batches(snapshot: Snapshot) -> pl.DataFrame:
    """Every loaded file with its counts."""
    return _batches(snapshot, snapshot.version)


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _checks(_snapshot: Snapshot, version: str) -> pl.DataFrame:
    del version
    return quality.checks(_snapshot.cursor)


def checks(snapshot: Snapshot) -> pl.DataFrame:
    """Every check of every batch, failed ones first."""
    return _checks(snapshot, snapshot.version)


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _row_issues(_snapshot: Snapshot, version: str) -> pl.DataFrame:
    del version
    return quality.row_issues(_snapshot.cursor)


def row_issues(snapshot: Snapshot) -> pl.DataFrame:
    """Every row held back, left out or flagged, with every reason."""
    return _row_issues(snapshot, snapshot.version)


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _is_demo(_snapshot: Snapshot, version: str) -> bool:
    del version
    return quality.is_demo(_snapshot.cursor)


def is_demo(snapshot: Snapshot) -> bool:
    """Whether demonstration data are loaded."""
    return _is_demo(snapshot, snapshot.version)
