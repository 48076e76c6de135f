"""宣传与服务: how many events, how many person-times they reached, in which forms and where."""

import streamlit as st

from pages.ui import chart, figures_bars, figures_trend, formats, frame, frames, sections, tiles
from pages.ui.chart import Source
from pages.ui.explanation import Cell
from pages.ui.facilities import section as facilities
from pages.ui.figures_trend import Series
from pages.ui.table import Column
from pages.ui.text import _, name_of
from pages.ui.theme import ACCENT, PALETTE
from warehouse.registry import dimensions

EVENTS, AUDIENCE = "outreach_event_count", "outreach_audience"

page = frame.open_page(__file__)
ask = page.ask
page.head(
    _(
        "办了多少场，触达多少人次，用了什么形式，哪些支行做得少。人次不是人数：同一人参加多场重复计算。"
    ),
    unused=("category_group", "intake_channel"),
)
if sections.begins(ask, _("宣传教育"), counted=(EVENTS,)):
    tiles.show(
        ask,
        (
            EVENTS,
            AUDIENCE,
            "outreach_staff_participation",
            "outreach_leaflets",
            "outreach_articles",
            "outreach_reads",
        ),
    )

    window = ask.trend_window("outreach_event")
    for column, what, colour in zip(
        st.columns(2, gap="large"), (EVENTS, AUDIENCE), (ACCENT, PALETTE[2]), strict=True
    ):
        unit = _("场") if what == EVENTS else _("人次")
        name = _("活动场次") if what == EVENTS else _("受众人次")
        trend = ask.trend(what)
        with column:
            chart.show(
                ask,
                key=f"outreach.months.{what}",
                title=_("每月{name}").format(name=name),
                figure=figures_trend.bars(Series(name, trend, colour), unit=unit),
                source=Source(
                    what,
                    count=frames.total(trend["value"]),
                    count_unit=unit,
                    period=window,
                    cut=("month",),
                ),
                frame=trend,
                columns=[Column("month", _("月份")), Column("value", name, "number", 0, unit)],
            )

    for cut in ("activity_form", "campaign", "sub_branch"):
        cut_name = name_of(dimensions()[cut])
        events = ask.compute(EVENTS, by=(cut,)).select(cut, events="value")
        reached = ask.compute(AUDIENCE, by=(cut,)).select(
            cut, audience="value", stated="denominator"
        )
        if cut == "sub_branch":
            events = frames.with_every(ask, events, EVENTS, cut, "events")
        both = frames.labelled(ask, events.join(reached, on=cut, how="left", nulls_equal=True), cut)
        labels = both["label"].to_list()
        columns = [
            Column("label", cut_name),
            Column("events", _("活动"), "number", 0, _("场"), of=Cell(EVENTS)),
            Column("audience", _("受众"), "number", 0, _("人次"), of=Cell(AUDIENCE)),
            Column("stated", _("填报受众的活动"), "number", 0, _("场"), of=Cell(AUDIENCE)),
        ]
        left, right = st.columns(2, gap="large")
        with left:
            chart.show(
                ask,
                key=f"outreach.{cut}.events",
                title=_("活动场次：按{name}").format(name=cut_name),
                figure=figures_bars.ranked(labels, both["events"].to_list(), unit=_("场")),
                source=Source(EVENTS, count=frames.total(both["events"]), cut=(cut,)),
                frame=both,
                columns=columns,
            )
        with right:
            chart.show(
                ask,
                key=f"outreach.{cut}.audience",
                title=_("受众人次：按{name}").format(name=cut_name),
                figure=figures_bars.ranked(
                    labels, both["audience"].to_list(), unit=_("人次"), colours=PALETTE[2]
                ),
                source=Source(
                    AUDIENCE,
                    count=frames.total(both["audience"]),
                    note=_("{stated} 场填报了受众，共 {events} 场").format(
                        stated=formats.number(both["stated"].sum()),
                        events=formats.number(both["events"].sum()),
                    ),
                    cut=(cut,),
                ),
                frame=both,
                columns=columns,
            )

facilities.show(ask)
