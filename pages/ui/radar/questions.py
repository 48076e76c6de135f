"""The list of questions, the strongest first; where there are none, that and what was tested."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from pages.ui import chart, formats, table
from pages.ui.queries import Queries
from pages.ui.radar import asked
from pages.ui.table import Column
from pages.ui.text import _
from warehouse.radar import listing
from warehouse.radar.question import Question, Radar
from warehouse.radar.settings import false_share


def headline(ask: Queries, found: Radar, shown: Sequence[Question]) -> None:
    """Draw how many questions there are, after how many tests, and what that is worth."""
    ran = [one for one in found.ran if not one.why_not]
    period = ask.selection.period.label_zh
    count = formats.number(len(shown))
    text = (
        _("<b>{period}</b> 有 <b>{count}</b> 个疑点，按不像偶然的程度排列。")
        if shown
        else _("<b>{period}</b>：所选期间没有发现疑点。")
    )
    st.html(f"<p class='headline'>{text.format(period=period, count=count)}</p>")
    parts = [
        _("检验了 {kinds} 类、{tests} 次，{skipped} 类没有检验（见下）").format(
            kinds=len(ran), tests=formats.number(found.tests), skipped=len(found.ran) - len(ran)
        ),
        _("全部检验一起校正（Benjamini–Hochberg）：提出的疑点中平均至多 {share} 出于偶然").format(
            share=f"{false_share():.0%}"
        ),
        _("界线为本行自定，见 warehouse/definitions/radar.yml，不是监管要求"),
    ]
    hidden = len(found.questions) - len(shown)
    if hidden:
        parts.append(_("另有 {count} 个疑点不涉及所选支行").format(count=hidden))
    st.caption(_(" · ").join(parts))


def show(shown: Sequence[Question]) -> None:
    """Draw the list with its file."""
    title = _("疑点一览")
    chart.heading(title)
    frame = _frame(shown)
    with st.container(key="radar_list"):
        table.show(frame, _columns(), name=title)
    table.download(
        listing.questions(list(shown)), _file_columns(), key="radar", label=_("下载疑点清单（CSV）")
    )


def _frame(shown: Sequence[Question]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (
                at,
                one.signal.name_zh,
                _shortened(one.sub_branches),
                one.text,
                formats.amount(one.cases, unit=one.unit),
                asked.chance(one),
            )
            for at, one in enumerate(shown, start=1)
        ],
        schema={
            "at": pl.Int64,
            "signal": pl.String,
            "places": pl.String,
            "text": pl.String,
            "cases": pl.String,
            "chance": pl.String,
        },
        orient="row",
    )


def _shortened(names: tuple[str, ...]) -> str:
    if len(names) <= 2:
        return _("、").join(names) or _("全部")
    return _("{first}等 {count} 家").format(first=names[0], count=len(names))


def _columns() -> list[Column]:
    return [
        Column("at", "#", "number"),
        Column("signal", _("疑点")),
        Column("places", _("支行")),
        Column("text", _("问题")),
        Column("cases", "N"),
        Column("chance", _("偶然机会（校正后）")),
    ]


def _file_columns() -> list[Column]:
    return [
        Column("id", _("编号")),
        Column("signal", _("疑点")),
        Column("sub_branches", _("支行")),
        Column("question", _("问题")),
        Column("hits", _("件数"), "number"),
        Column("cases", "N", "number"),
        Column("unit", _("单位")),
        Column("baseline", _("对照")),
        Column("p_value", _("偶然机会"), "number"),
        Column("q_value", _("偶然机会（校正后）"), "number"),
        Column("first_day", _("起")),
        Column("last_day", _("止")),
        Column("why", _("为什么要看")),
        Column("normal", _("正常情况")),
    ]


def tested(found: Radar) -> None:
    """Draw what was tested on how many rows, and what could not be and why."""
    title = _("检验了什么")
    chart.heading(title)
    frame = pl.DataFrame(
        [
            (
                row["signal"],
                None if row["why_not"] else row["tests"],
                None if row["why_not"] else formats.amount(row["rows"], unit=row["unit"]),
                row["why_not"] or None,
                row["normal"],
            )
            for row in listing.tested(found).iter_rows(named=True)
        ],
        schema={
            "signal": pl.String,
            "tests": pl.Int64,
            "rows": pl.String,
            "why_not": pl.String,
            "normal": pl.String,
        },
        orient="row",
    )
    columns = [
        Column("signal", _("疑点")),
        Column("tests", _("检验次数"), "number"),
        Column("rows", _("依据")),
        Column("why_not", _("没有检验的原因")),
        Column("normal", _("正常情况")),
    ]
    table.show(frame, columns, name=title)
    st.caption(_("次数为 0 的：数据太少，没有一组达到最低件数；或该项按规则提示，不计机会。"))
