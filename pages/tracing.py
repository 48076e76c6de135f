"""投诉溯源: where complaints concentrate beyond the usual, and what else is known of that place."""

import streamlit as st

from pages.ui import chart, frame, table
from pages.ui.text import _
from pages.ui.tracing import chosen, evidence, headline, matrix, ranking, traced

page = frame.open_page(__file__)
ask = page.ask
page.head(
    _(
        "投诉多在哪里：哪些支行的哪类业务、因为什么，比自己以往多得不像偶然；旁边是审查、考试和处理情况。"
    )
)
page.stop_without("complaint")
page.stop_without_rows("complaint_count")

found = traced.trace(ask)
caption = traced.caption(ask, found)
headline.show(ask, found)

left, right = st.columns([1.2, 1], gap="large")
with left:
    title = _("比以往平均多出最多的组合")
    chart.heading(title)
    chart.draw(
        key="tracing.ranking",
        title=title,
        figure=ranking.figure(ask, found),
        caption=f"{ranking.legend(found)} · {caption}",
    )
    listed = ranking.shown(found)
    chart.twin(
        ranking.frame(found, listed),
        ranking.columns(found),
        key="tracing.ranking",
        title=title,
        links=ranking.links(ask, found, listed),
    )
with right:
    one = chosen.pick(found)
    chosen.course(ask, found, one)

st.header(_("旁证：{cell}").format(cell=one.label), anchor=False)
st.html(_("<p class='lead'>{text}。</p>").format(text=traced.caution()))
with st.container(key="tracing_evidence"):
    evidence.show(ask, one)

pairs = traced.trace(ask, matrix.CUT)
title = _("业务大类 × 原因：本期件数与多出的件数")
chart.heading(title)
chart.draw(
    key="tracing.matrix",
    title=title,
    figure=matrix.figure(ask, pairs),
    caption=_("粗体为本期件数，小字为比以往平均多（+）或少（−）；")
    + _("超出两倍标准差才着色 · ")
    + matrix.left_out(pairs)
    + traced.caption(ask, pairs),
)
chart.twin(matrix.frame(ask, pairs), matrix.columns(), key="tracing.matrix", title=title)
table.download(
    ranking.frame(found, found.cells),
    ranking.columns(found),
    key="tracing.cells",
    label=_("下载全部组合（CSV）"),
)
