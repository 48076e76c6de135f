"""这个数怎么来的: one number with its formula, filters, data, files and exactly its rows."""

import streamlit as st

from pages.ui import frame
from pages.ui.explaining import (
    address,
    answers,
    chips,
    chooser,
    file,
    grounds,
    number,
    rows,
    sources,
)
from pages.ui.text import _

page = frame.open_page(__file__)
ask = page.ask
page.head(_("一个数字的口径、算式、筛选、数据质量、来源文件，以及计入的每一行。"))

if address.is_open():
    st.markdown(_("点击任何页面上的数字就会来到这里；也可以在下面选一个指标。"))
    chooser.show(ask)
else:
    try:
        asked = address.read(ask)
    except address.AddressError as error:
        st.warning(str(error), icon=":material/link_off:")
        chooser.show(ask)
    else:
        found = answers.explain(ask, asked)
        st.html(chips.ways_on(ask, asked))
        number.show(ask, asked, found)
        grounds.show(found)
        sources.show(found)
        rows.show(ask, asked, found)
        file.show(found, ask.snapshot.number)
