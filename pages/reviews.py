"""消保审查: was all reviewed, how many pass first time, what becomes of opinions, breaches."""

import streamlit as st

from pages.ui import (
    chart,
    figures_stacks,
    figures_trend,
    formats,
    frame,
    frames,
    tiles,
)
from pages.ui.chart import Source
from pages.ui.explanation import Cell
from pages.ui.figures_trend import Series
from pages.ui.rates import bars as rate_bars
from pages.ui.review_coverage import section as review_coverage
from pages.ui.table import Column
from pages.ui.text import _
from pages.ui.theme import ACCENT, PALETTE

COUNT, FIRST_PASS = "review_count", "review_first_pass_rate"
OPINIONS, ADOPTION = "opinion_count", "opinion_adoption_rate"
BREACH = "review_launched_before_opinion_count"
LISTED = 50

page = frame.open_page(__file__)
ask = page.ask
page.head(
    _("该审的是否都审了，一次通过多少，意见是否采纳，有没有先上线后审查。"),
    unused=("category_group", "intake_channel"),
)
review_coverage.show(ask)

st.header(_("审查项目"), anchor=False)
page.stop_without("review")
page.stop_without_rows("review_count")

tiles.show(ask, (COUNT, FIRST_PASS, "review_rectified_rate", ADOPTION, OPINIONS, BREACH))

left, right = st.columns(2, gap="large")
window = ask.trend_window("review")
with left:
    counts = ask.trend(COUNT)
    chart.show(
        ask,
        key="reviews.months",
        title=_("每月送审项数"),
        figure=figures_trend.bars(Series(_("送审项数"), counts, ACCENT), unit=_("项")),
        source=Source(COUNT, count=frames.total(counts["value"]), period=window, cut=("month",)),
        frame=counts,
        columns=[Column("month", _("月份")), Column("value", _("送审"), "number", 0, _("项"))],
    )
with right:
    rates, adoption = ask.trend(FIRST_PASS), ask.trend(ADOPTION)
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
            FIRST_PASS,
            count=frames.total(rates["denominator"]),
            count_unit=_("项"),
            period=window,
            cut=("month",),
            series={_("一次通过率"): Cell(FIRST_PASS), _("采纳率"): Cell(ADOPTION)},
        ),
        frame=rates.with_columns(adoption=adoption["value"], opinions=adoption["denominator"]),
        columns=[
            Column("month", _("月份")),
            Column("value", _("一次通过率"), "number", 1, "%"),
            Column("numerator", _("一次通过"), "number", 0, _("项")),
            Column("denominator", _("已有审查结果"), "number", 0, _("项")),
            Column("adoption", _("意见采纳率"), "number", 1, "%", of=Cell(ADOPTION)),
            Column("opinions", _("标明采纳情况的意见"), "number", 0, _("条"), of=Cell(ADOPTION)),
        ],
    )

left, right = st.columns(2, gap="large")
with left:
    rate_bars.show(
        ask,
        key="reviews.types",
        title=_("一次通过率：按审查类型，低的在前"),
        what=FIRST_PASS,
        cut="review_type",
        count_unit=_("项"),
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
        source=Source(
            OPINIONS,
            count=sum(sizes.values()),
            note=_("以意见为单位，不以项目为单位"),
            cut=("review_type",),
            series=frames.series("adoption", stack),
        ),
        frame=frames.parts_frame(names, stack, ("review_type", types)) if types else cells.clear(),
        columns=[
            Column("row", _("审查类型")),
            *frames.part_columns(stack, "adoption", unit=_("条")),
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
