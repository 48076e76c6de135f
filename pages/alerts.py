"""三色预警: which lights are red, since when, by chance or not, what turns them, who has them."""

import streamlit as st

from pages.ui import frame
from pages.ui.alerts import detail, due, history, listing, viewpoint
from pages.ui.text import _

page = frame.open_page(__file__)
ask = page.ask
page.head(_("哪些灯红了、红了多久、是不是偶然、怎样转绿、由谁跟进。按内部预警规则，不是监管要求。"))

view = viewpoint.chosen(ask)
if view.found.until is None:
    st.info(
        _("还没有一个完整的月份可以判断：请装载覆盖整月的数据，或换一个期间、清除筛选。"),
        icon=":material/hourglass_empty:",
    )
else:
    listing.headline(view)
    listing.red(view)
    listing.yellow(view)
    listing.download(view)
    detail.show(view)
    due.show(view)
    history.show(view)
history.explained()
