"""What became of the issues: rectified, on time, overdue; by kind, category and sub-branch."""

import streamlit as st

from pages.ui.inspecting import overdue
from pages.ui.queries import Queries
from pages.ui.rates import bars, grid
from pages.ui.text import _, name_of
from warehouse.registry import dimensions

RECTIFIED = "issue_rectified_rate"
APART = ("internal_rectified_rate", "regulatory_rectified_rate", "issue_on_time_rate")


def show(ask: Queries) -> None:
    """Draw the rates side by side and the list of what is overdue."""
    left, right = st.columns(2, gap="large")
    with left:
        for cut in ("inspection_kind", "issue_category"):
            bars.show(
                ask,
                key=f"inspections.rectified.{cut}",
                title=_("整改完成率：按{name}，低的在前").format(name=name_of(dimensions()[cut])),
                what=RECTIFIED,
                cut=cut,
                count_unit=_("个"),
            )
    with right:
        grid.show(
            ask,
            key="inspections.rectified.sub_branch",
            title=_("整改完成率与按期整改率：按支行"),
            cut="sub_branch",
            whats=APART,
            note=_("格内为比例与已完成（按期）/到期的问题数"),
        )
    overdue.show(ask)
