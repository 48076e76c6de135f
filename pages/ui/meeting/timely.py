"""In time or not: the three readings of the rate, and its course."""

import streamlit as st

from pages.ui.queries import Queries
from pages.ui.rates import months
from pages.ui.rates.months import Line
from pages.ui.text import _
from pages.ui.theme import ACCENT
from pages.ui.timeliness import readings


def show(ask: Queries) -> None:
    """Draw both side by side."""
    left, right = st.columns(2, gap="large")
    with left:
        readings.show(ask)
    with right:
        months.show(
            ask,
            key="meeting.timely",
            title=_("每月处理及时率"),
            lines=(Line(readings.OWN, ACCENT, _("件")),),
        )
