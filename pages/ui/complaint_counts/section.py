"""How many complaints: gross and merged, over outlets and customers, and of which kind."""

import streamlit as st

from pages.ui import annotations, chart, figures_trend, frames, tiles
from pages.ui.chart import Source
from pages.ui.complaint_counts import bases
from pages.ui.explanation import Cell
from pages.ui.figures_trend import Series
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _
from pages.ui.theme import ACCENT, PALETTE

GROSS, MERGED = "complaint_count", "merged_complaint_count"


def show(ask: Queries) -> None:
    """Draw tiles, the course of both counts and the rates beside their peers."""
    tiles.show(
        ask,
        (
            GROSS,
            MERGED,
            *bases.RATES,
            "repeat_rate",
            "forwarded_share",
            "responsible_rate",
            "escalated_rate",
        ),
    )
    left, right = st.columns(2, gap="large")
    with left:
        _course(ask)
    with right:
        bases.show(ask)


def _course(ask: Queries) -> None:
    gross, merged = ask.trend(GROSS), ask.trend(MERGED)
    window = ask.trend_window("complaint")
    names = {GROSS: _("投诉量"), MERGED: _("合并重复后")}
    series = [Series(names[GROSS], gross, ACCENT)]
    # Where no source tells repeats apart there is one count only.
    if merged["value"].count():
        series.append(Series(names[MERGED], merged, PALETTE[3]))
    marks = annotations.notes(ask, window)
    chart.show(
        ask,
        key="complaint_counts.months",
        title=_("每月投诉量：未合并与合并重复后"),
        figure=figures_trend.lines(series, unit=_("件"), height=430, events=marks),
        source=Source(
            GROSS,
            count=frames.total(gross["value"]),
            period=window,
            note=_("；").join(
                part
                for part in (
                    _("重复投诉指同一人同一事项再次投诉"),
                    "" if len(series) > 1 else _("来源没有标明是否重复，不能合并"),
                    annotations.words(marks),
                )
                if part
            ),
            cut=("month",),
            series={names[what]: Cell(what) for what in names},
        ),
        frame=gross.with_columns(merged=merged["value"], known=merged["denominator"]),
        columns=[
            Column("month", _("月份")),
            Column("value", names[GROSS], "number", 0, _("件"), of=Cell(GROSS)),
            Column("merged", names[MERGED], "number", 0, _("件"), of=Cell(MERGED)),
            Column("known", _("标明是否重复"), "number", 0, _("件"), of=Cell(MERGED)),
        ],
    )
