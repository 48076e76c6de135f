"""The first lines of the overview: what happened in words, and which thresholds are not met."""

from html import escape

import streamlit as st

from pages.ui import explanation, formats, status, tiles
from pages.ui.queries import Queries
from pages.ui.text import _, name_of
from pages.ui.verdicts import gap_of, threshold_of, verdict_of
from warehouse.registry import Indicator, Threshold, dimensions, indicator, listed_indicators


def show(ask: Queries) -> None:
    """Draw the sentence of the period and the list of what is red or yellow."""
    lines = [_sentence(ask), *_verdict_lines(ask)]
    st.html("".join(f"<p class='headline'>{line}</p>" for line in lines))


def _sentence(ask: Queries) -> str:
    asked = indicator("complaint_count")
    compared = ask.compare(asked.id)
    change, tone = tiles.change_words(asked, compared)
    count = formats.amount(compared.current, unit=asked.unit)
    text = _(
        "<b>{period}</b> 收到投诉 <b>{count}</b>，<span class='{tone}'>{change}</span>。"
    ).format(
        period=escape(ask.selection.period.label_zh),
        count=explanation.link(explanation.href(ask, asked.id), escape(count), says=count),
        tone=tone,
        change=escape(change),
    )
    if not ask.is_complete(asked.entity) and ask.has_data(asked.entity):
        day = formats.day(ask.coverage[asked.entity].last)
        text += _(" 数据截至 {day}。").format(day=day)
    return text


def _verdict_lines(ask: Queries) -> list[str]:
    """One line per colour, worst first; green ones only as a number."""
    found: dict[str, list[str]] = {verdict: [] for verdict in status.VERDICTS}
    for asked in listed_indicators():
        threshold = threshold_of(ask, asked)
        if threshold is None:
            continue
        now = ask.compute(asked.id).row(0, named=True)
        verdict = verdict_of(ask, asked, now["value"], now["denominator"])
        found[verdict].append(_item(ask, asked, now["value"], threshold))
    if not any(found.values()):
        return [_("还没有设置阈值，暂不判断是否达标；请联系管理员按本行要求设置。")]
    lines = [
        status.html(verdict) + " " + _("；").join(found[verdict])
        for verdict in ("missed", "near")
        if found[verdict]
    ]
    if not lines:
        lines.append(status.html("met", _("有阈值的指标没有未达标的")))
    counts = _(
        "达标 {met} 项，接近 {near} 项，未达标 {missed} 项；"
        "不作判定：样本少 {few} 项，未满期 {too_early} 项，无数据 {no_data} 项"
    ).format(**{verdict: len(items) for verdict, items in found.items()})
    return [*lines, f"<span class='flat'>{counts}</span>"]


def _item(ask: Queries, asked: Indicator, value: float | None, threshold: Threshold) -> str:
    gap = gap_of(asked, value, threshold)
    unit = _("个百分点") if asked.unit == "%" else formats.unit_suffix(asked.unit)
    words = _("{name} {value}（阈值 {threshold}{status}，差 {gap}{unit}）").format(
        name=name_of(asked),
        value=formats.amount(value, unit=asked.unit, decimals=asked.decimals),
        threshold=formats.amount(threshold.value, unit=asked.unit, decimals=asked.decimals),
        status=""
        if threshold.status == "official"
        else _("，{status}").format(status=threshold.status),
        gap=formats.number(abs(gap or 0), asked.decimals),
        unit=" " + unit.strip(),
    )
    unused = ask.filters_not_applied(asked)
    if unused:
        names = _("、").join(name_of(dimensions()[name]) for name in unused)
        words += _("（{names}筛选不适用）").format(names=names)
    return explanation.link(explanation.href(ask, asked.id), escape(words), says=words)
