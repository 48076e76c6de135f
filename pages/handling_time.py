"""处理时效: how long complaints take, never the mean alone; in time or not; satisfied or not."""

import polars as pl
import streamlit as st

from pages.ui import (
    annotations,
    chart,
    empty,
    figures_marks,
    figures_spread,
    figures_trend,
    formats,
    frame,
    frames,
    tiles,
    value_cells,
)
from pages.ui.chart import Source
from pages.ui.explanation import Cell
from pages.ui.figures_trend import Series
from pages.ui.satisfaction import section as satisfaction
from pages.ui.table import Column
from pages.ui.text import _, name_of
from pages.ui.theme import ACCENT, NEUTRAL, PALETTE
from pages.ui.timeliness import section as timeliness
from warehouse.detail import AGE_BANDS
from warehouse.registry import dimensions, time_limits

MEDIAN, P90, MEAN = "handling_days_median", "handling_days_p90", "handling_days_mean"
ENDED, OPEN = "complaint_ended_count", "open_complaint_count"

page = frame.open_page(__file__)
ask = page.ask
page.head(_("多数投诉几天办结，最慢的一成要多久，还有多少没办结，是否及时，投诉人是否满意。"))
page.stop_without("complaint")

if ask.compute(ENDED)["value"][0] is None:
    empty.no_endings()
else:
    tiles.show(ask, (MEDIAN, P90, MEAN, ENDED, OPEN, "complaint_timely_rate"))

    unit = _("天")
    ended = ask.compute(ENDED)["value"][0]
    courses = {what: ask.trend(what) for what in (MEDIAN, P90, MEAN)}
    counts = ask.trend(ENDED)
    window = ask.trend_window("complaint")
    marks = annotations.notes(ask, window)
    series = [
        Series(_("90分位数"), courses[P90], PALETTE[3], 1),
        Series(_("平均"), courses[MEAN], NEUTRAL, 1),
        Series(_("中位数"), courses[MEDIAN], ACCENT, 1),
    ]
    chart.show(
        ask,
        key="handling_time.trend",
        title=_("每月办结投诉的处理天数"),
        figure=figures_trend.lines(
            series,
            unit=unit,
            notes=[f"N={formats.number(n)}" for n in counts["value"]],
            events=marks,
        ),
        source=Source(
            ENDED,
            count=frames.total(counts["value"]),
            period=window,
            note=annotations.words(marks),
            cut=("month",),
            series={
                _("90分位数"): Cell(P90),
                _("平均"): Cell(MEAN),
                _("中位数"): Cell(MEDIAN),
            },
        ),
        frame=courses[MEDIAN]
        .select("month", median="value")
        .with_columns(
            p90=courses[P90]["value"], mean=courses[MEAN]["value"], count=counts["value"]
        ),
        columns=[
            Column("month", _("月份")),
            Column("median", _("中位数"), "number", 1, unit, of=Cell(MEDIAN)),
            Column("p90", _("90分位数"), "number", 1, unit, of=Cell(P90)),
            Column("mean", _("平均"), "number", 1, unit, of=Cell(MEAN)),
            Column("count", _("办结"), "number", 0, _("件"), of=Cell(ENDED)),
        ],
    )

    left, right = st.columns(2, gap="large")
    with left:
        days = ask.distribution(MEDIAN)
        spread = figures_spread.handling_days(days, time_limits())
        chart.show(
            ask,
            key="handling_time.days",
            title=_("处理天数的分布与法定时限"),
            figure=spread,
            source=Source(
                ENDED,
                count=ended,
                note=_("红线：{limits}").format(
                    limits=_("；").join(
                        _("{days}日 {name}").format(days=limit.days, name=name_of(limit))
                        for limit in time_limits()
                    )
                    + _("；依据{source}").format(
                        source=time_limits()[0].source_zh.split(_("，"))[0]
                    )
                ),
            ),
            frame=days,
            columns=[
                Column("value", _("处理天数"), "number", 0, unit),
                Column("count", _("办结"), "number", 0, _("件"), of=Cell(ENDED)),
            ],
            places=value_cells.days(spread),
            rows=value_cells.whole(days["value"]),
        )
    with right:
        last_day = ask.last_day("complaint")
        found = ask.open_ageing(last_day) if last_day else pl.DataFrame()
        held = dict(found.select("age_band", "count").iter_rows()) if len(found) else {}
        ages = pl.DataFrame(
            {"band": AGE_BANDS, "count": [held.get(band, 0.0) for band in AGE_BANDS]}
        )
        chart.show(
            ask,
            key="handling_time.ageing",
            title=_("未办结投诉已经多少天"),
            figure=figures_spread.ageing(AGE_BANDS, ages["count"].to_list()),
            source=Source(
                OPEN,
                count=frames.total(ages["count"]),
                note=_("时点 {day}").format(day=formats.day(last_day)),
            ),
            frame=ages if held else ages.clear(),
            columns=[
                Column("band", _("自收到之日起")),
                Column("count", _("未办结"), "number", 0, _("件"), of=Cell(OPEN)),
            ],
            places=value_cells.ages(),
            rows=value_cells.ages() if held else [],
        )

    for column, cut in zip(
        st.columns(2, gap="large"), ("category_group", "sub_branch"), strict=True
    ):
        name = name_of(dimensions()[cut])
        slow = (
            ask.compute(MEDIAN, by=(cut,))
            .select(cut, median="value", count="denominator")
            .join(ask.compute(P90, by=(cut,)).select(cut, p90="value"), on=cut, nulls_equal=True)
        )
        slow = frames.labelled(ask, slow, cut).sort(
            "p90", "position", descending=[True, False], nulls_last=True
        )
        with column:
            chart.show(
                ask,
                key=f"handling_time.{cut}",
                title=_("处理天数：按{name}，慢的在前").format(name=name),
                figure=figures_marks.dumbbells(
                    slow, unit=unit, limits=[limit.days for limit in time_limits()]
                ),
                source=Source(
                    ENDED,
                    count=ended,
                    note=_("按90分位数排列"),
                    cut=(cut,),
                    series={_("中位数"): Cell(MEDIAN), _("90分位数"): Cell(P90)},
                ),
                frame=slow,
                columns=[
                    Column("label", name),
                    Column("median", _("中位数"), "number", 1, unit, of=Cell(MEDIAN)),
                    Column("p90", _("90分位数"), "number", 1, unit, of=Cell(P90)),
                    Column("count", _("办结"), "number", 0, _("件"), of=Cell(ENDED)),
                ],
            )

timeliness.show(ask)
satisfaction.show(ask)
