"""What complainants say of the handling: overall, speed, solution, and how many answered."""

import streamlit as st

from pages.ui import sections, tiles
from pages.ui.queries import Queries
from pages.ui.rates import bars, months
from pages.ui.rates.months import Line
from pages.ui.text import _
from pages.ui.theme import ACCENT, NEUTRAL
from warehouse.entities import entities

OVERALL, RESPONSE = "satisfaction_rate", "satisfaction_response_rate"
PARTS = (
    OVERALL,
    "very_satisfied_rate",
    "basically_satisfied_rate",
    RESPONSE,
    "satisfaction_efficiency_rate",
    "satisfaction_solution_rate",
    "satisfaction_score",
    "first_contact_resolution_rate",
)


def show(ask: Queries) -> None:
    """Draw the section; the share that answered stands beside the share that is satisfied."""
    st.header(_("满意度"), anchor=False)
    if not sections.has_cases(ask, OVERALL):
        text = _("所选期间和筛选下，没有已评价满意度的投诉。请让《{file}》带上满意度评价。")
        st.info(
            text.format(file=entities()["complaint"].file_zh),
            icon=":material/sentiment_neutral:",
        )
        return
    tiles.show(ask, PARTS)
    left, right = st.columns(2, gap="large")
    with left:
        months.show(
            ask,
            key="satisfaction.months",
            title=_("每月满意率与评价率"),
            lines=(Line(OVERALL, ACCENT, _("件")), Line(RESPONSE, NEUTRAL, _("件"))),
            note=_("N 为已评价的投诉"),
        )
    with right:
        bars.show(
            ask,
            key="satisfaction.categories",
            title=_("投诉处理满意率：按业务大类，低的在前"),
            what=OVERALL,
            cut="category_group",
            count_unit=_("件"),
        )
