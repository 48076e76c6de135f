"""交付物: make what leaves the room, register it, make it again, and see what moved since."""

import streamlit as st

from pages.ui import empty, filters, frame
from pages.ui.handouts import machine, making, register, restated, told
from pages.ui.text import _

page = frame.open_page(__file__)
ask = page.ask
page.head(
    _("报告、幻灯片、通报都由服务器按所选期间生成，数字与看板同源；其他页面的筛选在这里不起作用。")
)

VIEWS = {
    "issued": _("已发布"),
    "restated": _("重述记录"),
    "machine": _("版本时光机"),
}

if not filters.dated(ask.coverage):
    empty.no_data("complaint", None, ask.selection.period)
    raise frame.PageEndedError

with st.container(key="handouts"):
    making.show(ask)
    st.divider()
    view = st.segmented_control(
        _("看什么"),
        list(VIEWS),
        default="issued",
        required=True,
        format_func=VIEWS.__getitem__,
        key="handouts.view",
        persist_state="session",
        label_visibility="collapsed",
    )
    with told.errors():
        every = register.entries(ask)
        if view == "machine":
            machine.show(ask, every)
        elif not every:
            register.nothing()
        elif view == "restated":
            restated.show(ask, every)
        else:
            register.show(ask, every)
