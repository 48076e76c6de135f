"""消保审查: how many reviews, how many pass first time, what becomes of opinions, breaches."""

import streamlit as st

from pages.ui import (
    chart,
    figures_bars,
    figures_stacks,
    figures_trend,
    formats,
    frame,
    frames,
    tiles,
)
from pages.ui.chart import Source
from pages.ui.figures_trend import Series
from pages.ui.table import Column
from pages.ui.text import _
from pages.ui.theme import ACCENT, PALETTE

COUNT, FIRST_PASS = "review_count", "review_first_pass_rate"
OPINIONS, BREACH = "opinion_count", "review_launched_before_opinion_count"
LISTED = 50

page = frame.open_page(__file__)
ask = page.ask
page.head(
    _("审了多少，一次通过多少，意见是否采纳，有没有先上线后审查。"),
    unused=("category_group", "intake_channel"),
)
page.stop_without("review")
page.stop_without_rows("review_count")

tiles.show(
    ask, (COUNT, FIRST_PASS, "review_rectified_rate", "opinion_adoption_rate", OPINIONS, BREACH)
)

left, right = st.columns(2, gap="large")
window = ask.trend_window("review")
with left:
    counts = ask.trend(COUNT)
    chart.show(
        ask,
        key="reviews.months",
        title=_("每月送审项数"),
        figure=figures_trend.bars(Series(_("送审项数"), counts, ACCENT), unit=_("项")),
        source=Source(COUNT, count=frames.total(counts["value"]), period=window),
        frame=counts,
        columns=[Column("month", _("月份")), Column("value", _("送审"), "number", 0, _("项"))],
    )
with right:
    rates, adoption = ask.trend(FIRST_PASS), ask.trend("opinion_adoption_rate")
    chart.show(
        ask,
        key="reviews.rates",
        title=_("每月一次通过率与意见采纳率"),
        figure=figures_trend.lines(
            [
                Series(_("一次通过率"), rates, ACCENT, 1),
                Series(_("采纳率"), adoption, PALETTE[3], 1),
            ],
            unit="%",
            height=330,
        ),
        source=Source(
            FIRST_PASS, count=frames.total(rates["denominator"]), count_unit=_("项"), period=window
        ),
        frame=rates.with_columns(adoption=adoption["value"], opinions=adoption["denominator"]),
        columns=[
            Column("month", _("月份")),
            Column("value", _("一次通过率"), "number", 1, "%"),
            Column("numerator", _("一次通过"), "number", 0, _("项")),
            Column("denominator", _("已有审查结果"), "number", 0, _("项")),
            Column("adoption", _("意见采纳率"), "number", 1, "%"),
            Column("opinions", _("标明采纳情况的意见"), "number", 0, _("条")),
        ],
    )

left, right = st.columns(2, gap="large")
with left:
    by_type = frames.labelled(ask, ask.compute(FIRST_PASS, by=("review_type",)), "review_type")
    chart.show(
        ask,
        key="reviews.types",
        title=_("一次通过率：按审查类型"),
        figure=figures_bars.ranked(
            by_type["label"].to_list(),
            by_type["value"].to_list(),
            unit="%",
            decimals=1,
            texts=[
                _("{rate}（{above}/{below} 项）").format(
                    rate=formats.amount(row["value"], unit="%", decimals=1),
                    above=formats.number(row["numerator"]),
                    below=formats.number(row["denominator"]),
                )
                for row in by_type.iter_rows(named=True)
            ],
        ),
        source=Source(FIRST_PASS, count=frames.total(by_type["denominator"]), count_unit=_("项")),
        frame=by_type,
        columns=[
            Column("label", _("审查类型")),
            Column("value", _("一次通过率"), "number", 1, "%"),
            Column("numerator", _("一次通过"), "number", 0, _("项")),
            Column("denominator", _("已有审查结果"), "number", 0, _("项")),
        ],
    )
with right:
    cells = ask.compute(OPINIONS, by=("review_type", "adoption"))
    types = ask.in_order("review_type", cells["review_type"].to_list())
    sizes = dict(
        ask.compute(OPINIONS, by=("review_type",)).select("review_type", "value").iter_rows()
    )
    stack = frames.parts(ask, cells, "review_type", types, "adoption")
    names = frames.labels("review_type", types)
    chart.show(
        ask,
        key="reviews.opinions",
        title=_("审查意见是否采纳：按审查类型"),
        figure=figures_stacks.stacked_rows(
            [
                f"{name}  N={formats.number(sizes[one])}"
                for name, one in zip(names, types, strict=True)
            ],
            stack,
            unit=_("条"),
        ),
        source=Source(OPINIONS, count=sum(sizes.values()), note=_("以意见为单位，不以项目为单位")),
        frame=frames.parts_frame(names, stack) if types else cells.clear(),
        columns=[
            Column("row", _("审查类型")),
            *(Column(f"c{at}", part.name, "number", 0, _("条")) for at, part in enumerate(stack)),
        ],
    )

chart.listing(
    ask,
    key="reviews.breaches",
    title=_("先上线后审查的项目"),
    source=Source(BREACH, count=ask.compute(BREACH)["value"][0]),
    frame=ask.rows(BREACH, limit=LISTED),
    columns=[
        Column("review_id", _("项目编号")),
        Column("subject_name", _("产品或活动")),
        Column("review_type", _("审查类型")),
        Column("org_name", _("送审单位")),
        Column("submitted_date", _("送审")),
        Column("opinion_date", _("出具意见")),
        Column("launch_date", _("上线")),
        Column("file_name", _("来源文件")),
        Column("source_row", _("行"), "number"),
    ],
    nothing=_("所选期间没有先上线后审查的项目。"),
)
