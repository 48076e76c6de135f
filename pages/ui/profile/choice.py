"""Which sub-branch the page is about."""

import streamlit as st

from pages.ui import comparisons, filters
from pages.ui.queries import Queries
from pages.ui.text import _
from warehouse.profile import Survey


def name(ask: Queries, held: Survey) -> str:
    """Draw the choice: the sub-branch of the filter stands first, else the first of the bank."""
    picked = [
        one for one in comparisons.in_group(ask, comparisons.chosen(ask)) if one in held.names
    ]
    default = picked[0] if picked else held.names[0]
    return st.selectbox(
        _("支行"),
        held.names,
        index=held.names.index(default),
        # A new filter is a new default; what was chosen under the old one is over.
        key=f"profile.name.{default}",
        persist_state="session",
        filter_mode="contains",
    )


def spread(ask: Queries, name: str) -> None:
    """Draw the button that makes the choice the filter of all pages."""
    st.button(
        _("全站按此支行筛选"),
        key="profile.filter",
        on_click=filters.choose,
        args=(comparisons.SUB_BRANCH, [name]),
        disabled=list(comparisons.chosen(ask)) == [name],
        width="stretch",
    )
