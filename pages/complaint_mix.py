"""投诉结构: what complaints are about, why, where they come from, and how the mix moves."""

import streamlit as st

from pages.ui import (
    chart,
    figures_bars,
    figures_spread,
    figures_stacks,
    figures_trend,
    formats,
    frame,
    frames,
)
from pages.ui.chart import Source
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse.registry import dimensions

TOP = 12
COUNT = "complaint_count"

page = frame.open_page(__file__)
ask = page.ask
page.head(_("投诉涉及什么业务、因为什么、从哪里来，结构怎样变化。"))
page.stop_without("complaint")
page.stop_without_rows(COUNT)

total = ask.compute(COUNT)["value"][0]
unit = _("件")

left, right = st.columns(2, gap="large")
with left:
    # Where the source names no products, the finer business category is the next best.
    cut = "product" if ask.compute(COUNT, by=("product",))["product"].count() else "category"
    name = name_of(dimensions()[cut])
    parts = frames.with_shares(ask.compute(COUNT, by=(cut,)))
    top = frames.top(ask, parts, cut, TOP)
    chart.show(
        ask,
        key="complaint_mix.top",
        title=_("投诉最多的{name}").format(name=name),
        figure=figures_bars.ranked(
            top.labels,
            top.counts,
            unit=unit,
            colours=top.colours,
            texts=frames.count_and_share(top.counts, unit),
        ),
        source=Source(COUNT, count=total, note=top.note),
        frame=top.every,
        columns=[
            Column("label", name),
            Column("value", _("投诉量"), "number", unit=unit),
            Column("share", _("占比"), "number", 1, "%"),
        ],
    )
with right:
    causes = frames.with_shares(ask.compute(COUNT, by=("cause_group",)))
    top = frames.top(ask, causes, "cause_group", TOP)
    chart.show(
        ask,
        key="complaint_mix.cause",
        title=_("投诉原因：件数与累计占比"),
        figure=figures_bars.pareto(top.labels, top.counts, unit=unit),
        source=Source(COUNT, count=total, note=_("虚线为累计 80%") + top.note),
        frame=top.every,
        columns=[
            Column("label", _("投诉原因")),
            Column("value", _("投诉量"), "number", unit=unit),
            Column("share", _("占比"), "number", 1, "%"),
        ],
    )

window = ask.trend_window("complaint")
trend = ask.trend(COUNT)
months = trend["month"].to_list()
by_month = ask.compute(COUNT, by=("month", "category_group"), period=window)
stack = frames.parts(ask, by_month, "month", months, "category_group")
labels = figures_trend.month_ticks(
    months, [f"N={formats.number(count)}" for count in trend["value"]]
)
chart.show(
    ask,
    key="complaint_mix.share",
    title=_("各业务大类占比的变化"),
    figure=figures_stacks.stacked_shares(
        labels, stack, unit=unit, is_open=trend["is_incomplete"].to_list()
    ),
    source=Source(
        COUNT, count=frames.total(trend["value"]), period=window, note=_("变淡的为未满月")
    ),
    frame=frames.parts_frame([formats.month(month) for month in months], stack),
    columns=[
        Column("row", _("月份")),
        *(Column(f"c{at}", part.name, "number", unit=unit) for at, part in enumerate(stack)),
    ],
)

for rows in ("intake_channel", "service_channel"):
    held = frames.matrix(ask, COUNT, rows, "category_group")
    row_name = name_of(dimensions()[rows])
    chart.show(
        ask,
        key=f"complaint_mix.{rows}",
        title=_("投诉量：{rows} × 业务大类").format(rows=row_name),
        figure=figures_spread.heat(held, unit=unit),
        source=Source(COUNT, count=total, note=_("名称旁的数为该行、该列合计")),
        frame=held.frame,
        columns=[
            Column("row", row_name),
            *(
                Column(f"c{at}", label, "number", unit=unit)
                for at, label in enumerate(held.columns)
            ),
        ],
    )
