"""Training: who was reached, how often, in which forms and on which topics."""

import streamlit as st

from pages.ui import sections, tiles
from pages.ui.queries import Queries
from pages.ui.rates import bars, grid
from pages.ui.text import _
from pages.ui.training import amounts

COVERAGE, ATTENDANCES = "training_coverage", "training_attendance_count"
OF_GROUPS = ("manager_training_coverage", "new_staff_training_coverage")


def show(ask: Queries) -> None:
    """Draw the section; without attendance lists it says which file brings them."""
    if not sections.begins(ask, _("消保培训"), counted=(ATTENDANCES,)):
        return
    tiles.show(ask, (COVERAGE, *OF_GROUPS, "training_session_count", ATTENDANCES, "training_hours"))
    left, right = st.columns(2, gap="large")
    with left:
        bars.show(
            ask,
            key="training.coverage",
            title=_("全员培训覆盖率：按支行，低的在前"),
            what=COVERAGE,
            cut="sub_branch",
            count_unit=_("人"),
            note=_("同一人参加多次只计一次"),
        )
    with right:
        grid.show(
            ask,
            key="training.groups",
            title=_("中层以上与新员工培训覆盖率：按支行"),
            cut="sub_branch",
            whats=OF_GROUPS,
            note=_("格内为覆盖率与参加过培训的人数/应覆盖的人数"),
        )
    amounts.show(ask)
