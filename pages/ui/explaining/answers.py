"""Cached answers about one number: its explanation and one page of its rows."""

import polars as pl
import streamlit as st

from pages.ui import cached, reader
from pages.ui.cached import Cut, Where, scope_key
from pages.ui.explaining.address import Asked
from pages.ui.queries import Queries
from pages.ui.reader import Snapshot
from warehouse import detail
from warehouse import explain as explaining
from warehouse.detail import Between
from warehouse.explain import Explanation
from warehouse.periods import parse_period

ROWS_A_PAGE = 100
ROWS_IN_FILE = 100_000


@st.cache_data(max_entries=cached.FEW_ENTRIES, show_spinner=False)
def _explain(
    _snapshot: Snapshot,
    version: str,
    seen: Cut | None,
    what: str,
    period: str,
    where: Where,
    between: Between | None,
) -> Explanation:
    del version, seen
    return explaining.explain(
        _snapshot.cursor,
        what,
        parse_period(period),
        where=dict(where),
        scope=_snapshot.scope,
        between=between,
    )


def explain(ask: Queries, asked: Asked) -> Explanation:
    """All about the number under the chosen filters and the cell's own."""
    where = ask.where(asked.indicator.id, asked.only)
    snapshot = ask.snapshot
    return _explain(
        snapshot,
        snapshot.version,
        scope_key(snapshot),
        asked.indicator.id,
        asked.period.id,
        where,
        asked.between,
    )


@st.cache_data(max_entries=cached.FEW_ENTRIES, show_spinner=False)
def _rows(
    _snapshot: Snapshot,
    version: str,
    seen: Cut | None,
    what: str,
    period: str,
    where: Where,
    between: Between | None,
    page: int,
) -> pl.DataFrame:
    del version, seen
    return detail.rows(
        _snapshot.cursor,
        what,
        parse_period(period),
        where=dict(where),
        scope=_snapshot.scope,
        between=between,
        limit=ROWS_A_PAGE,
        offset=(page - 1) * ROWS_A_PAGE,
    )


def rows(ask: Queries, asked: Asked, page: int) -> pl.DataFrame:
    """One page of the rows that were counted; the first page is 1."""
    snapshot = ask.snapshot
    return _rows(
        snapshot,
        snapshot.version,
        scope_key(snapshot),
        asked.indicator.id,
        asked.period.id,
        ask.where(asked.indicator.id, asked.only),
        asked.between,
        page,
    )


def rows_for_file(ask: Queries, asked: Asked) -> pl.DataFrame:
    """The rows for a download, read when it is asked for, as the page's transaction is over."""
    where = dict(ask.where(asked.indicator.id, asked.only))
    with reader.snapshot() as snapshot:
        return detail.rows(
            snapshot.cursor,
            asked.indicator.id,
            asked.period,
            where=where,
            scope=snapshot.scope,
            between=asked.between,
            limit=ROWS_IN_FILE,
        )
