"""The radar under the present selection, and the words that every part needs."""

import polars as pl
import streamlit as st

from pages.ui import formats
from pages.ui.cached import FEW_ENTRIES, Cut, scope_key
from pages.ui.queries import Queries
from pages.ui.reader import Snapshot
from pages.ui.text import _
from warehouse.periods import parse_period
from warehouse.radar import survey as surveying
from warehouse.radar.question import Question, Radar

# So many rows are shown on screen and written to a file.
ROWS_SHOWN = 100
ROWS_IN_FILE = 10_000


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _survey(_snapshot: Snapshot, version: str, seen: Cut | None, period: str) -> Radar:
    del version, seen
    return surveying.survey(_snapshot.cursor, parse_period(period), scope=_snapshot.scope)


def survey(ask: Queries) -> Radar:
    """Every question of the chosen period and what was tested."""
    held = ask.snapshot
    return _survey(held, held.version, scope_key(held), ask.selection.period.id)


def chosen(ask: Queries, found: Radar) -> list[Question]:
    """The questions that the filter of sub-branches leaves: those that name one of them."""
    wanted = set(ask.selection.filters.get("sub_branch", ()))
    if not wanted:
        return list(found.questions)
    return [one for one in found.questions if wanted & set(one.sub_branches)]


def rows(ask: Queries, one: Question, *, limit: int) -> pl.DataFrame:
    """The rows behind a question."""
    return surveying.rows(ask.snapshot.cursor, one, scope=ask.snapshot.scope, limit=limit)


def places(one: Question) -> str:
    """The sub-branches that a question names."""
    return _("、").join(one.sub_branches) or _("全部")


def chance(one: Question) -> str:
    """How likely chance alone is, corrected for looking at so much."""
    if one.q_value is None:
        return _("按规则，不算机会")
    return "<0.001" if one.q_value < 0.001 else formats.number(one.q_value, 3)
