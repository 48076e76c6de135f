"""The open cases due within a week, in as few columns as a room can read."""

import streamlit as st

from pages.ui import formats, table
from pages.ui.alerts import turning, viewpoint
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _
from warehouse.due_soon import DAYS

# So many rows fit a screen; the page 三色预警 lists all, with their numbers and files.
MOST = 9


def show(ask: Queries) -> None:
    """Draw how many there are and the first of them, the next due first."""
    view = viewpoint.latest(ask)
    found = turning.due_soon(view)
    day = formats.day(view.data_date)
    if found.is_empty():
        text = _("截至 {day}，没有未来 {days} 天内到期而仍未办结的投诉。")
        st.html(f"<p class='headline'>{text.format(day=day, days=DAYS)}</p>")
        return
    text = _("截至 {day}，<b>{count} 件</b>投诉在 {days} 天内到期、仍未办结。")
    said = text.format(day=day, count=formats.number(len(found)), days=DAYS)
    st.html(f"<p class='headline'>{said}</p>")
    table.show(found.head(MOST), _columns(), name=_("七天内到期"))
    note = _("自数据日期起算，期间筛选不适用")
    if len(found) > MOST:
        note += _("；此处列最先到期的 {count} 件，其余见三色预警").format(count=MOST)
    st.caption(note)


def _columns() -> list[Column]:
    return [
        Column("due_date", _("到期日")),
        Column("days_left", _("还有"), "number", 0, _("天")),
        Column("sub_branch", _("支行")),
        Column("category", _("业务类别")),
        Column("cause", _("投诉原因")),
        Column("intake_channel", _("受理渠道")),
    ]
