"""Minutes until the first response, and the share within an hour, by intake channel."""

import streamlit as st

from pages.ui import sections, tiles
from pages.ui.queries import Queries
from pages.ui.rates import grid, months
from pages.ui.rates.months import Line
from pages.ui.text import _, name_of
from pages.ui.theme import ACCENT
from warehouse.entities import entities
from warehouse.registry import dimensions

BOTH = MEDIAN, WITHIN_HOUR = "first_response_minutes_median", "first_response_within_hour_rate"
CUT = "intake_channel"


def are_known(ask: Queries) -> bool:
    """Whether any complaint tells the minutes."""
    return sections.has_cases(ask, MEDIAN)


def say_missing() -> None:
    """Which columns would bring the minutes."""
    text = _(
        "所选期间和筛选下，没有同时写明收到时刻和首次响应时刻的投诉，不能计算首次响应时间。"
        "请让《{file}》带上“首次响应时间”，并写到时、分。"
    )
    st.info(text.format(file=entities()["complaint"].file_zh), icon=":material/schedule:")


def show_course(ask: Queries) -> None:
    """Draw the median minutes by month."""
    months.show(
        ask,
        key="responses.months",
        title=_("每月首次响应时间中位数"),
        lines=(Line(MEDIAN, ACCENT, _("件")),),
        note=_("只含写明时刻的投诉"),
    )


def show_channels(ask: Queries) -> None:
    """Draw the tiles, and minutes and rate by intake channel."""
    tiles.show(ask, BOTH)
    grid.show(
        ask,
        key="responses.channels",
        title=_("首次响应：按{name}").format(name=name_of(dimensions()[CUT])),
        cut=CUT,
        whats=BOTH,
        note=_("n 为有响应时间的投诉"),
    )
