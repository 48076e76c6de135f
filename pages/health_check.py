"""消保体检表: the seven elements of the rating rule as an internal self-check, never a grade."""

import streamlit as st

from pages.ui import chart, frame, table
from pages.ui.health_check import branches, elements, listed, missing, scored
from pages.ui.text import _

page = frame.open_page(__file__)
ask = page.ask
page.head(
    _("按监管评价七要素自查：哪些要素有数、得了多少分，缺什么。内部自查，不是监管评分，不评等级。")
)

found = scored.whole(ask)
caption = scored.caption(ask)
st.html(
    f"<p class='headline'>{elements.headline(found)}</p>"
    f"<p class='headline'>{elements.tally(found)}</p>"
)

left, right = st.columns([1.45, 1], gap="large")
with left:
    title = _("七要素：权重、已评估部分与得分")
    key = "health_check.elements"
    chart.heading(title)
    chart.draw(key=key, title=title, figure=elements.figure(found), caption=caption)
    chart.twin(elements.frame(found), elements.columns(), key=key, title=title)
with right:
    title = _("少得分的指标")
    chart.heading(title)
    lost = missing.lost(found)
    if lost.is_empty():
        st.markdown(_("已评估的指标都达标，或没有可以评估的指标。"))
    else:
        table.show(lost, missing.lost_columns(), name=title)

chart.heading(_("各要素的指标"))
listed.show(ask, found)
st.caption(
    _("满分为要素权重乘要素内权重；没有判定的指标不计分，也不摊到其他指标。")
    + _("点数值看这个数怎么来的。")
)
table.download(*listed.file(found), key="health_check.indicators")

title = _("还缺什么")
chart.heading(title)
gaps = missing.frame(found)
with st.container(key="health_check_missing"):
    table.show(gaps, missing.columns(), name=title)
st.caption(
    _("“尚无指标”的方面为示例，按当年监管评价的通知增减；")
    + _("要素、权重和折算规则在 warehouse/definitions/health_check.yml 中设置。")
)
table.download(gaps, missing.columns(), key="health_check.missing")

title = _("各支行：要素得分率")
chart.heading(title)
by_branch = scored.by_branch(ask)
names, _elements = branches.judged(by_branch)
if names:
    chart.draw(
        key="health_check.branches",
        title=title,
        figure=branches.figure(ask, by_branch),
        caption=_("格内为已评估指标的得分率（满分 100）和评估到的权重；")
        + _("全行总量类指标不对单家支行判定 · ")
        + caption,
    )
    chart.twin(*branches.frame(ask, by_branch), key="health_check.branches", title=title)
else:
    st.info(_("没有支行有可以评估的指标：数据不足、样本少，或没有阈值。"), icon=":material/info:")
