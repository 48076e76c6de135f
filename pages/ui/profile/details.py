"""Courses, mix and weak spots of one sub-branch, each beside its group."""

import polars as pl
import streamlit as st

from pages.ui import (
    annotations,
    chart,
    comparisons,
    explanation,
    figures_profile,
    figures_trend,
    formats,
    frames,
    table,
)
from pages.ui.chart import Source
from pages.ui.explanation import Cell
from pages.ui.figures_trend import Series
from pages.ui.queries import Queries
from pages.ui.table import Column, Links
from pages.ui.text import _, name_of
from pages.ui.theme import ACCENT, NEUTRAL
from warehouse.profile import EXAM_CUTS, MIX, Profile
from warehouse.registry import dimensions, indicator

TREND_HEIGHT = 250
TOP = 5


def courses(ask: Queries, held: Profile) -> None:
    """The monthly courses beside the median of the group, with what happened meanwhile."""
    everyone = comparisons.of_all(ask)
    for what, course in held.courses.items():
        asked = indicator(what)
        window = everyone.trend_window(asked.entity)
        marks = annotations.notes(ask, window, sub_branches=[held.name])
        middle = course.with_columns(value="median")
        series = [
            Series(_("支行中位数"), middle, NEUTRAL, 1, is_context=True),
            Series(_("本支行"), course, ACCENT, asked.decimals),
        ]
        own = {comparisons.SUB_BRANCH: held.name}
        columns = [
            Column("month", _("月份")),
            Column("value", name_of(asked), "number", asked.decimals, asked.unit),
            Column("denominator", asked.denominator_zh or _("分母"), "number"),
            Column("median", _("支行中位数"), "number", 1, asked.unit),
        ]
        chart.show(
            everyone,
            key=f"profile.course.{what}",
            title=_("每月{name}").format(name=name_of(asked)),
            figure=figures_trend.lines(
                series, unit=asked.unit, height=TREND_HEIGHT, events=marks, every=3
            ),
            source=Source(
                what,
                period=window,
                note=_("；").join(filter(None, (held.name, annotations.words(marks)))),
                cut=("month",),
                only=own,
                series={_("本支行"): Cell()},
            ),
            frame=course,
            columns=[one for one in columns if course[one.name].count()],
        )


def mix(ask: Queries, held: Profile, by: str) -> None:
    """What complaints of the sub-branch are about, beside the share in the whole group."""
    name = name_of(dimensions()[by])
    found = held.mixes[by]
    top = found.head(TOP).with_columns(
        pl.Series("label", frames.labels(by, found[by].head(TOP).to_list()), dtype=pl.String)
    )
    texts = [
        f"{formats.number(count)} · {formats.number(share, 1)}%"
        for count, share in top.select("count", "share").iter_rows()
    ]
    chart.show(
        comparisons.of_all(ask),
        key=f"profile.mix.{by}",
        title=_("投诉最多的{name}").format(name=name),
        figure=figures_profile.shares(
            top["label"].to_list(), top["share"].to_list(), top["group_share"].to_list(), texts
        ),
        source=Source(
            MIX,
            count=frames.total(found["count"]),
            note=_("{name}，列前 {count} 项").format(name=held.name, count=len(top)),
            cut=(by,),
            only={comparisons.SUB_BRANCH: held.name},
            series={_("本支行占比"): Cell()},
        ),
        frame=top,
        columns=[
            Column("label", name),
            Column("count", _("投诉量"), "number", 0, _("件"), of=Cell(MIX)),
            Column("share", _("占比"), "number", 1, "%"),
            Column("group_share", _("全部支行占比"), "number", 1, "%"),
        ],
    )


def exams(ask: Queries, held: Profile) -> None:
    """Where exam results are lowest beside the group, by section and by post."""
    chart.heading(_("考试薄弱处"))
    for what, by in EXAM_CUTS:
        found = held.exams.get(by)
        asked = indicator(what)
        if found is None or found.is_empty():
            text = _("没有可比的{name}成绩：期间内没有考试，或每个{name}不足 {n} 人次。")
            st.caption(text.format(name=name_of(dimensions()[by]), n=asked.minimum_n))
            continue
        with st.container(key=f"profile_narrow_{by}"):
            listed = found.head(TOP)
            rows = [
                Cell(what, {comparisons.SUB_BRANCH: held.name, by: part}) for part in listed[by]
            ]
            links = Links(rows, lambda cell: explanation.href_of(ask, cell))
            table.show(listed, exam_columns(what, by), name=name_of(asked), links=links)
    if any(len(found) for found in held.exams.values()):
        st.caption(
            _(
                "{period} · {name} · 百分制 · 中位数为各支行平均分的中位数，低得最多的在前 · "
                "N 为有得分人次"
            ).format(period=ask.selection.period.label_zh, name=held.name)
        )


def exam_columns(what: str, by: str) -> list[Column]:
    """Part of the exam, score, N, median of the group and distance to it."""
    asked = indicator(what)
    return [
        Column(by, name_of(dimensions()[by])),
        Column("value", _("平均分"), "number", asked.decimals, of=Cell()),
        Column("denominator", "N", "number"),
        Column("median", _("中位数"), "number", asked.decimals),
        Column("gap", _("差"), "change", asked.decimals),
    ]
