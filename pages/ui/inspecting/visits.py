"""Inspections: how many of which kind, what they found, and which outlets they reached."""

import polars as pl
import streamlit as st

from pages.ui import chart, figures_bars, figures_trend, formats, frames, sections, tiles
from pages.ui.chart import Source
from pages.ui.explanation import Cell
from pages.ui.figures_trend import Series
from pages.ui.inspecting import rectification
from pages.ui.queries import Queries
from pages.ui.rates import bars
from pages.ui.table import Column
from pages.ui.text import _, name_of
from pages.ui.theme import ACCENT
from warehouse.registry import dimensions, indicator

VISITS, ISSUES = "inspection_count", "inspection_issue_count"
COVERAGE = "inspection_coverage"


def show(ask: Queries) -> None:
    """Draw the section on inspections and the rectification of their issues."""
    if not sections.begins(ask, _("检查与整改"), counted=(VISITS, rectification.RECTIFIED)):
        return
    tiles.show(
        ask,
        (
            VISITS,
            COVERAGE,
            ISSUES,
            *rectification.APART,
        ),
    )
    left, right = st.columns(2, gap="large")
    with left:
        _by_kind(ask)
        _by_month(ask)
    with right:
        bars.show(
            ask,
            key="inspections.coverage",
            title=_("检查覆盖率：按支行，低的在前"),
            what=COVERAGE,
            cut="sub_branch",
            count_unit=_("家"),
            note=_("内部检查与飞行检查，同一网点只计一次"),
        )
    rectification.show(ask)


def visits_by_kind(ask: Queries) -> pl.DataFrame:
    """Inspections and issues found per kind of inspection, in display order."""
    cut = "inspection_kind"
    found = ask.compute(VISITS, by=(cut,)).select(cut, visits="value")
    issues = ask.compute(ISSUES, by=(cut,)).select(cut, issues="value")
    # A kind that found nothing found zero issues: its inspections are there.
    both = found.join(issues, on=cut, how="left", nulls_equal=True)
    return frames.labelled(ask, both.with_columns(pl.col("issues").fill_null(0.0)), cut)


def _by_kind(ask: Queries) -> None:
    frame = visits_by_kind(ask)
    name = name_of(dimensions()["inspection_kind"])
    chart.show(
        ask,
        key="inspections.kinds",
        title=_("检查次数与发现问题：按{name}").format(name=name),
        figure=figures_bars.ranked(
            frame["label"].to_list(),
            frame["visits"].to_list(),
            unit=indicator(VISITS).unit,
            texts=[
                _("{visits} 次 · 问题 {issues} 个").format(
                    visits=formats.number(row["visits"]), issues=formats.number(row["issues"])
                )
                for row in frame.iter_rows(named=True)
            ],
        ),
        source=Source(VISITS, count=ask.compute(VISITS)["value"][0], cut=("inspection_kind",)),
        frame=frame,
        columns=[
            Column("label", name),
            Column("visits", _("检查"), "number", 0, _("次"), of=Cell(VISITS)),
            Column("issues", _("发现问题"), "number", 0, _("个"), of=Cell(ISSUES)),
        ],
    )


def _by_month(ask: Queries) -> None:
    trend, issues = ask.trend(VISITS), ask.trend(ISSUES)
    chart.show(
        ask,
        key="inspections.months",
        title=_("每月发现问题数"),
        figure=figures_trend.bars(Series(_("发现问题"), issues, ACCENT), unit=_("个"), height=280),
        source=Source(
            ISSUES,
            count=frames.total(issues["value"]),
            period=ask.trend_window(indicator(ISSUES).entity),
            cut=("month",),
        ),
        frame=issues.with_columns(visits=trend["value"]),
        columns=[
            Column("month", _("月份")),
            Column("value", _("发现问题"), "number", 0, _("个")),
            Column("visits", _("检查"), "number", 0, _("次"), of=Cell(VISITS)),
        ],
    )
