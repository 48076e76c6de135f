"""指标达标: every indicator with value, change, threshold, gap and status, by sub-branch too."""

import streamlit as st

from pages.ui import chart, frame, status, table
from pages.ui.attainment import assessed, matrix
from pages.ui.text import _

page = frame.open_page(__file__)
ask = page.ask
page.head(_("每个指标现在多少、比对比期如何、离阈值多远。状态同时用颜色、形状和文字表示。"))

found = assessed.every(ask)
aimed = [one for one in found if one.threshold is not None]
others = [one for one in found if one.threshold is None]
line = assessed.caption(ask)
st.html(
    "<p class='headline'>"
    + "　".join(
        status.html(verdict, _("{word} {count} 项").format(word=status.word(verdict), count=count))
        for verdict, count in assessed.tally(found)
    )
    + "</p>"
)

if aimed:
    left, right = st.columns([1, 1.5], gap="large")
    with left:
        chart.heading(_("比率与阈值"))
        chart.draw(
            key="attainment.targets",
            title=_("比率与阈值"),
            figure=assessed.targets(ask, aimed),
            caption=_("黑线为阈值 · {line}").format(line=line),
        )
    with right:
        chart.heading(_("有阈值的指标"))
        table.show(
            assessed.frame(aimed),
            assessed.columns(),
            name=_("有阈值的指标"),
            links=assessed.links(ask, aimed),
        )
        st.caption(
            _("差距为正表示好于阈值，单位与指标相同（比率为百分点）。") + assessed.sources(aimed)
        )
    chart.heading(_("各支行达标情况"))
    matrix.show(ask)
else:
    st.info(_("没有在用的阈值：请在 warehouse/definitions/thresholds.yml 中按本行要求填写。"))

chart.heading(_("没有阈值的指标"))
table.show(
    assessed.frame(others),
    assessed.plain_columns(),
    name=_("没有阈值的指标"),
    links=assessed.links(ask, others),
)
st.caption(line)
table.download(assessed.frame(found), assessed.file_columns(), key="attainment")

with st.expander(_("指标口径"), type="compact"):
    table.show(assessed.definitions(), assessed.definition_columns(), name=_("指标口径"))
