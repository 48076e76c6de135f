"""The indicator by which sub-branches are compared, and what stands in the way of comparing."""

from collections.abc import Sequence

import streamlit as st

from pages.ui import comparisons
from pages.ui.frame import PageEndedError, PageRun
from pages.ui.text import _, name_of
from warehouse.entities import entities
from warehouse.registry import Indicator, indicators

DEFAULT = "complaint_timely_rate"


def offered(page: PageRun) -> list[Indicator]:
    """What can be compared by; ends the page where there is nothing or nobody to compare."""
    found = comparisons.offered(page.ask)
    group = comparisons.members(page.ask)
    if len(group) < 2:
        text = _("支行少于两家，无法比较。请把《{file}》放入 ingest/inbox，层级写明“支行”。")
        st.info(
            text.format(file=entities()["organisation"].file_zh), icon=":material/account_tree:"
        )
        raise PageEndedError
    if not found:
        st.info(_("还没有可以按支行比较的数据。"), icon=":material/inbox:")
        raise PageEndedError
    return found


def indicator(offered: Sequence[Indicator]) -> Indicator:
    """Draw the choice, grouped by what the numbers are about, and give back what is chosen."""
    ids = [one.id for one in offered]
    words = {
        one.id: _("{subject} · {name}（{unit}）").format(
            subject=entities()[one.entity].name_zh, name=name_of(one), unit=one.unit
        )
        for one in offered
    }
    narrow, _rest = st.columns([1, 1.6])
    with narrow:
        chosen = st.selectbox(
            _("比较的指标"),
            ids,
            index=ids.index(DEFAULT) if DEFAULT in ids else 0,
            format_func=words.__getitem__,
            key="sub_branches.indicator",
            persist_state="session",
            filter_mode="contains",
        )
    return indicators()[chosen]
