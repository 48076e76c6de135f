"""What a number rests on: whether its data can be relied on, its time, and its thresholds."""

from html import escape

import streamlit as st

from pages.ui import chart, formats
from pages.ui.text import _
from pages.ui.verdicts import standing
from warehouse.explain import Explanation
from warehouse.registry import Threshold

LISTED = 6


def show(found: Explanation) -> None:
    """Draw the verdict on the data beside the thresholds."""
    left, right = st.columns([1.6, 1], gap="large")
    with left:
        chart.heading(_("数据质量与覆盖"))
        st.html(_list([found.soundness.words_zh + _("。"), *reasons(found), *reach(found)]))
    with right:
        chart.heading(_("阈值"))
        st.html(_list(thresholds(found) or [_("没有在用的阈值，不判断是否达标。")]))


def _list(lines: list[str]) -> str:
    return "<ul class='grounds'>" + "".join(f"<li>{escape(one)}</li>" for one in lines) + "</ul>"


def reasons(found: Explanation) -> list[str]:
    """Every reason for the verdict."""
    return [
        _("{short}：{text}").format(short=reason.short_zh, text=reason.text_zh)
        for reason in found.soundness.reasons
    ]


def reach(found: Explanation) -> list[str]:
    """Which files cover the period, and whether all of it."""
    held, extracts = found.reach.held, found.reach.extracts
    if held is None:
        return []
    lines = []
    if found.period.end is not None and found.reach.is_complete and not found.reach.missing:
        text = _("期间 {first} 至 {last} 已完整覆盖。")
        lines.append(
            text.format(first=formats.day(found.period.start), last=formats.day(found.period.end))
        )
    lines += [
        _("覆盖本期的文件：“{name}”，{first} 至 {last}").format(
            name=name, first=formats.day(first), last=formats.day(last)
        )
        for name, first, last in extracts.head(LISTED)
        .select("file_name", "coverage_from", "coverage_to")
        .iter_rows()
    ]
    if len(extracts) > LISTED:
        text = _("另有 {count} 个文件覆盖本期，见“数据质量”的装载批次。")
        lines.append(text.format(count=len(extracts) - LISTED))
    if extracts.is_empty():
        lines.append(
            _("没有文件的日期落在本期内；全部文件合计覆盖 {first} 至 {last}。").format(
                first=formats.day(held.first), last=formats.day(held.last)
            )
        )
    return lines


def thresholds(found: Explanation) -> list[str]:
    """Every threshold in force with its kind and source."""
    return [_threshold(found, one) for one in found.thresholds]


def _threshold(found: Explanation, one: Threshold) -> str:
    asked = found.asked
    return _("{sign} {value}，接近区间 {margin}；{standing}；自 {first} 起；来源：{source}").format(
        sign="≥" if asked.direction == "up" else "≤",
        value=formats.amount(one.value, unit=asked.unit, decimals=asked.decimals),
        margin=formats.number(one.yellow_margin, asked.decimals),
        standing=standing(one),
        first=formats.day(one.effective_from),
        source=one.source_zh,
    )
