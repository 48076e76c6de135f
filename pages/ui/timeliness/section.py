"""In time or not, and how soon somebody first speaks to the complainant."""

import streamlit as st

from pages.ui.queries import Queries
from pages.ui.text import _
from pages.ui.timeliness import readings, responses


def show(ask: Queries) -> None:
    """Draw the section; minutes are left out where the source tells no time of day."""
    st.header(_("及时率与首次响应"), anchor=False)
    has_responses = responses.are_known(ask)
    left, right = st.columns(2, gap="large")
    with left:
        readings.show(ask)
        if has_responses:
            responses.show_course(ask)
    with right:
        if has_responses:
            responses.show_channels(ask)
        else:
            responses.say_missing()
