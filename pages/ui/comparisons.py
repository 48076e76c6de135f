"""What a page may ask about sub-branches beside their peers; cached by snapshot, filters, scope."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl
import streamlit as st

from pages.ui import cached
from pages.ui.cached import FEW_ENTRIES, MAX_ENTRIES, Cut, Where
from pages.ui.queries import Queries
from pages.ui.reader import Snapshot
from warehouse import events as happening
from warehouse import peers as comparing
from warehouse import profile as profiling
from warehouse.events import Event
from warehouse.peers import Member
from warehouse.periods import Period, parse_period
from warehouse.profile import Profile, Survey
from warehouse.registry import Indicator

SUB_BRANCH = "sub_branch"
# A survey holds a hundred small frames.
FEW_SURVEYS = 12


def of_all(ask: Queries) -> Queries:
    """The same questions without the filter of sub-branches: a comparison is always with all."""
    others = {n: v for n, v in ask.selection.filters.items() if n != SUB_BRANCH}
    return replace(ask, selection=replace(ask.selection, filters=others))


def chosen(ask: Queries) -> tuple[str | None, ...]:
    """The sub-branches of the shared filter, to be highlighted."""
    return ask.selection.filters.get(SUB_BRANCH, ())


def offered(ask: Queries) -> list[Indicator]:
    """The indicators that sub-branches can be compared by and that extracts were loaded for."""
    return [one for one in comparing.comparable() if one.entity in ask.coverage]


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _members(_snapshot: Snapshot, version: str) -> tuple[Member, ...]:
    del version
    return comparing.members(_snapshot.cursor)


def members(ask: Queries) -> tuple[Member, ...]:
    """The group of sub-branches in the bank's order."""
    return _members(ask.snapshot, ask.snapshot.version)


@st.cache_data(max_entries=MAX_ENTRIES, show_spinner=False)
def _peers(
    _snapshot: Snapshot, version: str, seen: Cut | None, what: str, period: str, where: Where
) -> pl.DataFrame:
    del seen
    return comparing.peers(
        _snapshot.cursor,
        what,
        parse_period(period),
        where=dict(where),
        scope=_snapshot.scope,
        group=_members(_snapshot, version),
    )


def peers(ask: Queries, what: str) -> pl.DataFrame:
    """Every sub-branch with value, rank, median of the group and distance to it."""
    snapshot, period = ask.snapshot, ask.selection.period
    where = of_all(ask).where(what)
    return _peers(snapshot, snapshot.version, cached.scope_key(snapshot), what, period.id, where)


@st.cache_data(max_entries=MAX_ENTRIES, show_spinner=False)
def _across(
    _snapshot: Snapshot,
    version: str,
    seen: Cut | None,
    what: str,
    period: str,
    cut: str,
    where: Where,
) -> pl.DataFrame:
    del seen
    return comparing.across(
        _snapshot.cursor,
        what,
        parse_period(period),
        cut,
        where=dict(where),
        scope=_snapshot.scope,
        group=_members(_snapshot, version),
    )


def across(ask: Queries, what: str, cut: str, *, period: Period) -> pl.DataFrame:
    """The indicator per value of a cut for every sub-branch, beside the median of the group."""
    snapshot = ask.snapshot
    where = of_all(ask).where(what)
    seen = cached.scope_key(snapshot)
    return _across(snapshot, snapshot.version, seen, what, period.id, cut, where)


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _events(_snapshot: Snapshot, version: str, seen: Cut | None, period: str) -> list[Event]:
    del version, seen
    return happening.events(_snapshot.cursor, parse_period(period), scope=_snapshot.scope)


def events(ask: Queries, period: Period) -> list[Event]:
    """The events of a period, earliest first."""
    snapshot = ask.snapshot
    return _events(snapshot, snapshot.version, cached.scope_key(snapshot), period.id)


@st.cache_data(max_entries=FEW_SURVEYS, show_spinner=False)
def _survey(
    _ask: Queries, version: str, seen: Cut | None, period: str, window: str, where: Where
) -> Survey:
    del version, seen
    return profiling.survey(
        _ask.snapshot.cursor,
        parse_period(period),
        parse_period(window),
        where=dict(where),
        scope=_ask.snapshot.scope,
        ranked=lambda what: peers(_ask, what),
    )


def survey(ask: Queries) -> Survey:
    """What the one-page profiles of the chosen period share."""
    snapshot, selection = ask.snapshot, of_all(ask).selection
    window = ask.trend_window(profiling.ENTITY)
    return _survey(
        ask,
        snapshot.version,
        cached.scope_key(snapshot),
        selection.period.id,
        window.id,
        cached.frozen(selection.filters),
    )


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _profile(
    _snapshot: Snapshot,
    _held: Survey,
    version: str,
    seen: Cut | None,
    period: str,
    where: Where,
    name: str,
) -> Profile:
    del version, seen, period, where
    return profiling.profile(_snapshot.cursor, _held, name)


def profile(ask: Queries, held: Survey, name: str) -> Profile:
    """The page of one sub-branch."""
    snapshot = ask.snapshot
    return _profile(
        snapshot,
        held,
        snapshot.version,
        cached.scope_key(snapshot),
        held.period.id,
        cached.frozen(held.where),
        name,
    )


def in_group(ask: Queries, values: Sequence[str | None]) -> list[str]:
    """Those of the values that are sub-branches of the group; departments and blanks are not."""
    names = {one.name for one in members(ask)}
    return [value for value in values if value in names and value is not None]
