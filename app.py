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
    {
        "": [
            frame.Listed("pages/overview.py", _("总览"), ":material/dashboard:"),
            frame.Listed("pages/meeting.py", _("例会模式"), ":material/co_present:"),
            frame.Listed("pages/handouts.py", _("交付物"), ":material/draft:"),
        ],
        _("投诉"): [
            frame.Listed("pages/complaint_mix.py", _("投诉结构"), ":material/account_tree:"),
            frame.Listed("pages/handling_time.py", _("处理时效"), ":material/timer:"),
            frame.Listed("pages/tracing.py", _("投诉溯源"), ":material/travel_explore:"),
        ],
        _("工作"): [
            frame.Listed("pages/exams.py", _("培训与考试"), ":material/school:"),
            frame.Listed("pages/reviews.py", _("消保审查"), ":material/fact_check:"),
            frame.Listed("pages/inspections.py", _("检查与双录"), ":material/search_check:"),
            frame.Listed("pages/outreach.py", _("宣传与服务"), ":material/campaign:"),
        ],
        _("支行"): [
            frame.Listed("pages/sub_branches.py", _("支行对比"), ":material/leaderboard:"),
            frame.Listed("pages/profile.py", _("一支行一页"), ":material/badge:"),
        ],
        _("指标"): [
            frame.Listed("pages/attainment.py", _("指标达标"), ":material/flag:"),
            frame.Listed("pages/alerts.py", _("三色预警"), ":material/notifications:"),
            frame.Listed("pages/health_check.py", _("消保体检表"), ":material/monitor_heart:"),
            frame.Listed("pages/explain.py", _("这个数怎么来的"), ":material/function:"),
        ],
        _("数据"): [
            frame.Listed("pages/upload.py", _("上传"), ":material/upload_file:", needs_data=False),
            frame.Listed("pages/data_quality.py", _("数据质量"), ":material/rule:"),
            frame.Listed("pages/radar.py", _("数据疑点"), ":material/radar:"),
        ],
    }
)
