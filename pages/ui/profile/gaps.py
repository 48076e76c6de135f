"""The biggest gaps to the median of the group, in words, each with the cases behind it."""

from html import escape

import polars as pl
import streamlit as st

from pages.ui import chart, comparisons, explanation, formats, peer_words, table
from pages.ui.profile import cases
from pages.ui.queries import Queries
from pages.ui.text import _, name_of
from warehouse.gaps import AT_LEAST
from warehouse.profile import GAPS_SHOWN, Finding, Profile
from warehouse.registry import indicator

LISTED = 5


def show(ask: Queries, held: Profile) -> None:
    """Draw the gaps, worst first; says so where there are fewer than usual."""
    chart.heading(_("落后最多的指标"))
    for number, finding in enumerate(held.findings, start=1):
        _show(ask, held.name, finding, number)
    st.caption(remark(held))


def remark(held: Profile) -> str:
    """What is meant by a gap, and what it means that there are few."""
    text = _(
        "与支行中位数的差距除以支行间通常差异（稳健标准差）排序，"
        "不足 {least} 倍或可能只是偶然的不列；同一批数据的几个指标只列一个。"
    ).format(least=formats.number(AT_LEAST))
    if held.limit:
        few = _("有支行因件数少于 {limit} 件不列的指标不参与比较。").format(limit=held.limit)
        is_short = len(held.findings) < GAPS_SHOWN
        rest = _("参与比较的其余指标没有明显落后于支行中位数。") if is_short else ""
        return rest + text + few
    if not held.findings:
        return _("没有明显落后于支行中位数的指标。") + text
    if len(held.findings) < GAPS_SHOWN:
        return _("其余指标没有明显落后于支行中位数。") + text
    return text


def _show(ask: Queries, name: str, finding: Finding, number: int) -> None:
    asked = indicator(finding.gap.indicator_id)
    link = explanation.link(
        explanation.href(ask, asked.id, only={comparisons.SUB_BRANCH: name}),
        _("这个数怎么来的"),
        says=name_of(asked),
    )
    sentence = escape(peer_words.behind(asked, finding.gap.place))
    st.html(f"<p class='headline'><b>{number}</b>　{sentence}　<small>{link}</small></p>")
    found = finding.cases
    if found.frame.is_empty():
        st.caption(_("没有逐件记录可列。"))
        return
    listed = cases.shown(found).head(LISTED)
    with st.container(key=f"profile_narrow_gap{number}"):
        table.show(listed, cases.columns(found, listed), name=name_of(asked))
    st.caption(count_words(finding))


def count_words(finding: Finding) -> str:
    """Which rows are listed and how many there are."""
    frame: pl.DataFrame = finding.cases.frame
    return _(
        "{which}，共 {count} 件，列前 {listed} 件；全部在“这个数怎么来的”和导出的工作簿中"
    ).format(
        which=finding.cases.words,
        count=formats.number(len(frame)),
        listed=formats.number(min(LISTED, len(frame))),
    )
