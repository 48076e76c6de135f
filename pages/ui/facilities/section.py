"""Service points for special groups: how many there are, where, and how they grew."""

import polars as pl
import streamlit as st

from pages.ui import (
    chart,
    comparisons,
    explanation,
    figures_trend,
    formats,
    frames,
    sections,
    table,
    tiles,
)
from pages.ui.chart import Source
from pages.ui.explanation import Cell
from pages.ui.figures_trend import Series
from pages.ui.queries import Queries
from pages.ui.table import Column, Links
from pages.ui.text import _, name_of
from pages.ui.theme import ACCENT, PALETTE
from warehouse.registry import dimensions, indicator

OUTLETS = ("care_window_outlets", "elderly_friendly_outlets", "barrier_free_outlets")
MACHINES = "accessible_machines"
KINDS = (*OUTLETS, MACHINES)
COLOURS = (ACCENT, PALETTE[3], PALETTE[2])


def show(ask: Queries) -> None:
    """Draw the section; the stock of the last covered day stands for the period."""
    if not sections.begins(ask, _("特殊群体服务设施"), counted=KINDS):
        return
    tiles.show(ask, KINDS)
    left, right = st.columns(2, gap="large")
    with left:
        _growth(ask)
    with right:
        _show_by_sub_branch(ask)


def _growth(ask: Queries) -> None:
    courses = {what: ask.trend(what) for what in KINDS}
    first = indicator(KINDS[0])
    window = ask.trend_window(first.entity)
    if len(courses[MACHINES]) < 2:
        day = formats.day(ask.last_day(first.entity))
        st.markdown(
            _("已装载的台账只说明 {day} 的在用情况，装载各期台账后才能看出增减。").format(day=day)
        )
        return
    names = {what: name_of(indicator(what)) for what in KINDS}
    for key, whats, colours in (
        ("outlets", OUTLETS, COLOURS),
        ("machines", (MACHINES,), (ACCENT,)),
    ):
        unit = indicator(whats[0]).unit
        chart.show(
            ask,
            key=f"facilities.{key}",
            title=_("期末{names}").format(names=_("、").join(names[what] for what in whats)),
            figure=figures_trend.lines(
                [
                    Series(names[what], courses[what], colour)
                    for what, colour in zip(whats, colours, strict=True)
                ],
                unit=unit,
                height=290,
            ),
            source=Source(
                whats[0],
                period=window,
                cut=("month",),
                series={names[what]: Cell(what) for what in whats},
            ),
            frame=_table(courses, whats),
            columns=[
                Column("month", _("月份")),
                *(Column(what, names[what], "number", 0, unit, of=Cell(what)) for what in whats),
            ],
        )


def _table(courses: dict[str, pl.DataFrame], whats: tuple[str, ...]) -> pl.DataFrame:
    held = courses[whats[0]].select("month")
    return held.with_columns(courses[what]["value"].alias(what) for what in whats)


def by_sub_branch(ask: Queries) -> pl.DataFrame:
    """The stock of each kind per sub-branch, in the bank's own order; nothing there is zero."""
    cut = "sub_branch"
    held = pl.DataFrame({cut: _members(ask)}, schema={cut: pl.String})
    for what in KINDS:
        found = ask.compute(what, by=(cut,)).select(cut, pl.col("value").alias(what))
        held = held.join(found, on=cut, how="full", coalesce=True, nulls_equal=True)
    return frames.labelled(ask, held.with_columns(pl.col(*KINDS).fill_null(0.0)), cut)


def _members(ask: Queries) -> list[str]:
    """The sub-branches that are open in the period, of those that are chosen."""
    chosen, scope = comparisons.chosen(ask), ask.snapshot.scope.sub_branches
    return [
        one.name
        for one in comparisons.members(ask)
        if not one.absence(ask.selection.period)
        and (not chosen or one.name in chosen)
        and (scope is None or one.name in scope)
    ]


def _show_by_sub_branch(ask: Queries) -> None:
    cut = "sub_branch"
    frame = by_sub_branch(ask)
    title = _("期末在用：按支行")
    columns = [
        Column("label", name_of(dimensions()[cut])),
        *(
            Column(what, name_of(indicator(what)), "number", 0, indicator(what).unit, of=Cell(what))
            for what in KINDS
        ),
    ]
    chart.heading(title)
    links = Links(explanation.rows_of(frame, (cut,)), lambda cell: explanation.href_of(ask, cell))
    with st.container(key="facilities"):
        table.show(frame, columns, name=title, links=links)
    st.caption(chart.caption(ask, Source(KINDS[0])))
    table.download(frame, columns, key="facilities.sub_branch")
