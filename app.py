"""The dashboard: page settings and the list of pages; pages.ui.frame draws the rest."""

import streamlit as st

from pages.ui import frame
from pages.ui.text import _

st.set_page_config(
    page_title=_("消保分析看板"),
    # A file of ours: the icon of a name or an emoji would be fetched from the internet.
    page_icon=str(frame.ICON),
    layout="wide",
    initial_sidebar_state="collapsed",
)

frame.show(
    [
        frame.Listed("pages/overview.py", _("总览"), ":material/dashboard:"),
        frame.Listed("pages/complaint_mix.py", _("投诉结构"), ":material/account_tree:"),
        frame.Listed("pages/handling_time.py", _("处理时效"), ":material/timer:"),
        frame.Listed("pages/exams.py", _("考试分布"), ":material/school:"),
        frame.Listed("pages/reviews.py", _("消保审查"), ":material/fact_check:"),
        frame.Listed("pages/outreach.py", _("宣传教育"), ":material/campaign:"),
        frame.Listed("pages/attainment.py", _("指标达标"), ":material/flag:"),
        frame.Listed("pages/data_quality.py", _("数据质量"), ":material/rule:"),
    ]
)
