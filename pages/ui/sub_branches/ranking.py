"""The ranking of all sub-branches by one indicator; a click on a bar filters every page."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import streamlit as st

from pages.ui import (
    chart,
    comparisons,
    empty,
    explanation,
    figures_ranking,
    filters,
    formats,
    peer_words,
    status,
    table,
    theme,
)
from pages.ui.chart import Source
from pages.ui.explanation import Cell
from pages.ui.figures_ranking import Bar, Line
from pages.ui.queries import Queries
from pages.ui.table import Column, Links
from pages.ui.text import _, name_of
from pages.ui.verdicts import standing, threshold_of, verdict_of
from warehouse.indicators import ZERO_KINDS
from warehouse.peers import Place, places
from warehouse.registry import Indicator, Threshold

KEY = "sub_branches_ranking"
LISTED = 100


@dataclass(frozen=True)
class Drawn:
    """How many rows the figure has: ranked ones from either end, and others."""

    at_each_end: int
    unranked: int


# A bank has some twenty sub-branches; of hundreds only the ends are drawn, the table lists all.
ON_A_PAGE = Drawn(at_each_end=15, unranked=12)


def show(ask: Queries, asked: Indicator, *, drawn: Drawn = ON_A_PAGE) -> None:
    """Draw the ranking with its caption and table."""
    everyone = comparisons.of_all(ask)
    found = comparisons.peers(ask, asked.id)
    title = _("各支行{name}").format(name=name_of(asked))
    chart.heading(title)
    every = places(found)
    if all(place.value is None for place in every):
        _say_nobody_is_compared(everyone, asked, every, title)
        return
    picked = comparisons.chosen(ask)
    rows = _rows(every, picked, drawn)
    threshold = threshold_of(everyone, asked)
    caption = chart.caption(everyone, _source(asked, every, rows, threshold))
    st.plotly_chart(
        figures_ranking.ranking(
            [_bar(everyone, asked, place, place.sub_branch in picked) for place in rows],
            _lines(asked, every[0], threshold),
            unit=asked.unit,
        ),
        theme=None,
        key=KEY,
        config=theme.config(KEY),
        alt=_("{title}。{caption}").format(title=title, caption=caption),
        on_select=_choose,
        selection_mode="points",
    )
    st.caption(_("点击柱子，全站按该支行筛选；再点一次取消。") + caption)
    _twin(everyone, asked, found, title)


def _twin(everyone: Queries, asked: Indicator, found: pl.DataFrame, title: str) -> None:
    """The ranking as a table with its file; of hundreds the file alone holds all."""
    every = _with_verdicts(everyone, asked, found)
    rows = explanation.rows_of(found, (comparisons.SUB_BRANCH,))
    links = Links(rows, lambda cell: explanation.href_of(everyone, cell))
    with st.expander(_("看表格"), type="compact", key="sub_branches.ranking.twin"):
        table.show(every.head(LISTED), _columns(asked), name=title, links=links)
        if len(every) > LISTED:
            text = _("此处列前 {shown} 家，共 {all} 家；下载的文件含全部。")
            st.caption(text.format(shown=LISTED, all=formats.number(len(every))))
        table.download(every, _columns(asked), key="sub_branches.ranking")


def _say_nobody_is_compared(
    everyone: Queries, asked: Indicator, every: Sequence[Place], title: str
) -> None:
    """Either there are no cases at all, or everywhere too few of them."""
    if not any(place.denominator for place in every):
        empty.no_rows(title, everyone.selection.words(asked))
        return
    text = _("{period}各支行的{below}都少于 {n}，不作比较；可以换一个更长的期间。").format(
        period=everyone.selection.period.label_zh, below=asked.denominator_zh, n=asked.minimum_n
    )
    st.info(text, icon=":material/info:")


def _choose() -> None:
    filters.choose_clicked(comparisons.SUB_BRANCH, KEY)


def _rows(every: Sequence[Place], picked: Sequence[str | None], drawn: Drawn) -> list[Place]:
    """The rows of the figure: all of them, or of many the best, the worst and the chosen."""
    ranked = [place for place in every if place.is_ranked]
    others = [place for place in every if not place.is_ranked]
    return [
        *_ends(ranked, drawn.at_each_end, drawn.at_each_end, picked),
        *_ends(others, drawn.unranked, 0, picked),
    ]


def _ends(
    found: Sequence[Place], first: int, last: int, picked: Sequence[str | None]
) -> list[Place]:
    return [
        place
        for at, place in enumerate(found)
        if at < first or at >= len(found) - last or place.sub_branch in picked
    ]


def _bar(everyone: Queries, asked: Indicator, place: Place, is_chosen: bool) -> Bar:
    verdict = verdict_of(everyone, asked, place.value, place.denominator)
    shown = peer_words.value(asked, place.value)
    if place.is_ranked and verdict != "no_threshold":
        shown = f"{status.MARKS[verdict]} {status.word(verdict)} {shown}"
    colour = theme.ACCENT if verdict == "no_threshold" else status.COLOURS[verdict]
    name, sample = place.sub_branch, peer_words.sample(asked, place)
    parts = (peer_words.rank(place), sample, peer_words.gap(asked, place), place.reason)
    text = shown
    if not place.is_ranked:
        text = place.reason if place.value is None else f"{shown}　{place.reason}"
    return Bar(
        key=name,
        label=f"{place.rank}　{name}" if place.is_ranked else name,
        note=sample,
        value=place.value,
        text=text,
        hover="<br>".join([f"<b>{name}</b>", shown, *(part for part in parts if part)]),
        colour=colour if place.is_ranked else theme.UNKNOWN,
        is_chosen=is_chosen,
        is_ranked=place.is_ranked,
    )


def _lines(asked: Indicator, place: Place, threshold: Threshold | None) -> list[Line]:
    """The median of the group and the threshold, where there are any."""
    found = []
    if place.median is not None:
        words = _("支行中位数 {value}").format(value=peer_words.value(asked, place.median))
        found.append(Line(place.median, words, theme.INK, "solid", is_above=False))
    if threshold is not None:
        words = _("阈值 {sign}{value}（{kind}）").format(
            sign="≥" if asked.direction == "up" else "≤",
            value=peer_words.value(asked, threshold.value),
            kind=standing(threshold),
        )
        found.append(Line(threshold.value, words, theme.MUTED, "dash", is_above=True))
    return found


def _source(
    asked: Indicator,
    every: Sequence[Place],
    drawn: Sequence[Place],
    threshold: Threshold | None,
) -> Source:
    """What the chart rests on, with how many are ranked and what the ranking does not say."""
    text = _("{ranked} 家参与排名，列出 {all} 家；第 1 名最好，并列同名次")
    if asked.direction == "none":
        text = _("本指标不分好坏，不排名，列出 {all} 家")
    notes = [text.format(ranked=every[0].of, all=len(every))]
    if len(drawn) < len(every):
        notes.append(
            _("图中省略 {count} 家，支行对比页的表格列出全部").format(count=len(every) - len(drawn))
        )
    if asked.kind in ZERO_KINDS and asked.direction != "none":
        notes.append(_("件数随规模增大，未按网点或客户折算"))
    if threshold is not None:
        notes.append(_("虚线为阈值：{source}").format(source=threshold.source_zh))
    counted = [place.denominator for place in every if place.denominator is not None]
    is_of_cases = asked.base is None and counted
    below = sum(counted) if is_of_cases else None
    return Source(
        asked.id,
        count=below,
        count_unit=asked.denominator_zh or "",
        note=_("；").join(notes),
    )


def _with_verdicts(everyone: Queries, asked: Indicator, found: pl.DataFrame) -> pl.DataFrame:
    verdicts = [
        verdict_of(everyone, asked, place.value, place.denominator) for place in places(found)
    ]
    return found.with_columns(pl.Series("verdict", verdicts, dtype=pl.String))


def _columns(asked: Indicator) -> list[Column]:
    unit = asked.unit
    gap_unit = peer_words.gap_unit(asked)
    return [
        Column("rank", _("名次"), "number"),
        Column("sub_branch", _("支行")),
        Column("value", name_of(asked), "number", asked.decimals, unit, Cell(asked.id)),
        Column("verdict", _("状态"), "status"),
        Column("numerator", asked.numerator_zh or _("分子"), "number"),
        Column("denominator", asked.denominator_zh or _("分母"), "number"),
        Column("median", _("支行中位数"), "number", asked.decimals, unit),
        Column("gap", _("比中位数好（差为负）"), "change", max(asked.decimals, 1), gap_unit),
        Column("reason", _("未排名的原因")),
    ]
