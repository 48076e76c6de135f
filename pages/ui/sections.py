"""Sections of a page that stand on their own: each says itself what is missing, and where from."""

from collections.abc import Sequence

import streamlit as st

from pages.ui import empty
from pages.ui.queries import Queries
from pages.ui.text import name_of
from warehouse.periods import parse_period
from warehouse.registry import indicator


def begins(ask: Queries, title: str, *, counted: Sequence[str]) -> bool:
    """Draw a section's heading; whether one of its indicators has cases, else say what is missing.

    All indicators are of one kind of extract; the first one tells which quarters have cases.
    """
    st.header(title, anchor=False)
    asked = indicator(counted[0])
    if not ask.has_data(asked.entity):
        empty.no_data(asked.entity, ask.coverage.get(asked.entity), ask.selection.period)
        return False
    if any(has_cases(ask, what) for what in counted):
        return True
    quarters = ask.compute(asked.id, by=("quarter",), period=parse_period("all"))
    empty.no_rows_but(
        name_of(asked),
        ask.selection.period,
        ask.selection.words(asked),
        quarters["quarter"].drop_nulls().to_list(),
    )
    return False


def has_cases(ask: Queries, what: str) -> bool:
    """Whether anything stands behind an indicator under the present selection."""
    found = ask.compute(what)
    return bool(found["numerator"][0] or found["denominator"][0] or found["value"][0])
