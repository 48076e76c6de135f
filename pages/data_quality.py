"""数据质量: what was loaded, what was refused and why, what nobody knows or misses."""

import streamlit as st

from pages.ui import chart, frame, table
from pages.ui.overview import freshness
from pages.ui.quality import first_pass, issues, loads, reconciling
from pages.ui.text import _
from pages.ui.upload import newer

page = frame.open_page(__file__)
ask = page.ask
page.head(
    _("装载了什么，退回了什么、为什么，怎样改好再放回来。本页列出全部装载，不受期间限制。"),
    unused=("sub_branch", "category_group", "intake_channel"),
)

loads.tally(ask)

chart.heading(_("首次通过率"))
first_pass.rates(ask)

chart.heading(_("整份退回的文件"))
loads.returned(ask)

chart.heading(_("退回单与补正"))
first_pass.returned(ask)

chart.heading(_("退回、忽略和提示的行"))
issues.show(ask)

chart.heading(_("按更正表改正的单元格"))
first_pass.corrected(ask)

chart.heading(_("两份数据的核对"))
st.caption(_("按上方所选期间核对；合计行一节列出全部装载。"))
reconciling.show(ask)

chart.heading(_("代码表不认识的值"))
loads.unmapped(ask)

chart.heading(_("未通过的检查"))
loads.failed_checks(ask)

chart.heading(_("装载批次"))
loads.batches(ask)

chart.heading(_("各类数据的覆盖"))
table.show(freshness.by_entity(ask), freshness.columns(), name=_("各类数据的覆盖"))
st.caption(_("覆盖期间取自文件本身写明的日期或其中最早和最晚的业务日期。"))

newer.follow(ask.snapshot)
