"""How much training there was: attendances with sessions and hours, by form, topic and month."""

import polars as pl
import streamlit as st

from pages.ui import chart, figures_bars, figures_trend, formats, frames
from pages.ui.chart import Source
from pages.ui.explanation import Cell
from pages.ui.figures_trend import Series
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _, name_of
from pages.ui.theme import ACCENT, PALETTE
from warehouse.registry import dimensions, indicator

ATTENDANCES, SESSIONS, HOURS = (
    "training_attendance_count",
    "training_session_count",
    "training_hours",
)


def show(ask: Queries) -> None:
    """Draw attendances by form and by topic side by side, and by month below."""
    columns = st.columns(2, gap="large")
    for column, cut in zip(columns, ("training_form", "training_topic"), strict=True):
        with column:
            _by(ask, cut)
    trend = ask.trend(ATTENDANCES)
    unit = indicator(ATTENDANCES).unit
    chart.show(
        ask,
        key="training.months",
        title=_("每月参训人次"),
        figure=figures_trend.bars(Series(_("参训人次"), trend, ACCENT), unit=unit),
        source=Source(
            ATTENDANCES,
            count=frames.total(trend["value"]),
            period=ask.trend_window(indicator(ATTENDANCES).entity),
            cut=("month",),
        ),
        frame=trend,
        columns=[Column("month", _("月份")), Column("value", _("参训"), "number", 0, unit)],
    )


def amounts_by(ask: Queries, cut: str) -> pl.DataFrame:
    """Attendances, sessions and hours per value of a cut, in display order."""
    found = ask.compute(ATTENDANCES, by=(cut,)).select(cut, attendances="value")
    for what, name in ((SESSIONS, "sessions"), (HOURS, "hours")):
        part = ask.compute(what, by=(cut,)).select(cut, pl.col("value").alias(name))
        found = found.join(part, on=cut, how="left", nulls_equal=True)
    return frames.labelled(ask, found, cut)


def _by(ask: Queries, cut: str) -> None:
    frame = amounts_by(ask, cut)
    name = name_of(dimensions()[cut])
    chart.show(
        ask,
        key=f"training.{cut}",
        title=_("参训人次、场次与学时：按{name}").format(name=name),
        figure=figures_bars.ranked(
            frame["label"].to_list(),
            frame["attendances"].to_list(),
            unit=indicator(ATTENDANCES).unit,
            colours=PALETTE[2],
            texts=[
                _("{attendances} 人次 · {sessions} 场 · {hours} 学时").format(
                    attendances=formats.number(row["attendances"]),
                    sessions=formats.number(row["sessions"]),
                    hours=formats.number(row["hours"]),
                )
                for row in frame.iter_rows(named=True)
            ],
        ),
        source=Source(
            ATTENDANCES,
            count=ask.compute(ATTENDANCES)["value"][0],
            note=_("人次不是人数：同一人参加多场重复计算"),
            cut=(cut,),
        ),
        frame=frame,
        columns=[
            Column("label", name),
            Column("attendances", _("参训"), "number", 0, _("人次"), of=Cell(ATTENDANCES)),
            Column("sessions", _("场次"), "number", 0, _("场"), of=Cell(SESSIONS)),
            Column("hours", _("累计学时"), "number", 1, _("学时"), of=Cell(HOURS)),
        ],
    )
