"""Recorded sales: coverage and pass rate by month, product type and sub-branch."""

import streamlit as st

from pages.ui import sections, tiles
from pages.ui.queries import Queries
from pages.ui.rates import bars, grid, months
from pages.ui.rates.months import Line
from pages.ui.text import _, name_of
from pages.ui.theme import ACCENT, PALETTE
from warehouse.registry import dimensions, indicator

BOTH = COVERAGE, QUALIFIED = "double_recording_coverage", "double_recording_qualified_rate"


def show(ask: Queries) -> None:
    """Draw the section on recorded sales."""
    if not sections.begins(ask, _("双录"), counted=BOTH):
        return
    left, right = st.columns(2, gap="large")
    with left:
        tiles.show(ask, BOTH)
        months.show(
            ask,
            key="recording.months",
            title=_("每月双录覆盖率与合格率"),
            lines=(Line(COVERAGE, ACCENT, _("笔")), Line(QUALIFIED, PALETTE[3], _("笔"))),
            note=_("N 为应双录的销售，合格率只含已质检的双录"),
        )
        _by_product(ask, COVERAGE)
    with right:
        grid.show(
            ask,
            key="recording.sub_branch",
            title=_("双录覆盖率与合格率：按支行"),
            cut="sub_branch",
            whats=BOTH,
            note=_("格内为比例与已双录/应双录、合格/已质检的笔数"),
        )
        _by_product(ask, QUALIFIED)


def _by_product(ask: Queries, what: str) -> None:
    cut = "product_type"
    bars.show(
        ask,
        key=f"recording.{what}",
        title=_("{what}：按{name}，低的在前").format(
            what=name_of(indicator(what)), name=name_of(dimensions()[cut])
        ),
        what=what,
        cut=cut,
        count_unit=_("笔"),
    )
