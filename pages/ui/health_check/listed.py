"""Every element with its indicators: value, threshold, status, points, and the way to its rows."""

from html import escape

import polars as pl
import streamlit as st

from pages.ui import formats, status
from pages.ui.explanation import href, link
from pages.ui.health_check import scored
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _, name_of
from pages.ui.verdicts import standing
from warehouse.health_score import Assessed, ElementScore, HealthScore
from warehouse.registry import Threshold, dimensions


def show(ask: Queries, found: HealthScore) -> None:
    """Draw one table with a head row for each element."""
    heads = (
        (_("指标"), "text"),
        (_("要素内权重"), "number"),
        (_("数值"), "number"),
        (_("分子 / 分母"), "text"),
        (_("阈值"), "number"),
        (_("阈值性质"), "text"),
        (_("状态"), "text"),
        (_("得分 / 满分"), "number"),
    )
    head = "".join(f"<th scope='col' class='{kind}'>{escape(name)}</th>" for name, kind in heads)
    body = "".join(_element(ask, one, len(heads)) for one in found.elements)
    st.html(
        f"<div class='grid-frame'><table class='grid health' aria-label='{_('各要素的指标')}'>"
        f"<thead><tr>{head}</tr></thead>{body}</table></div>"
    )


def _element(ask: Queries, one: ElementScore, width: int) -> str:
    element = one.element
    line = _("权重 {weight}（不低于 {minimum}） · 已评估 {judged} · 得 {reached}").format(
        weight=scored.points(element.weight),
        minimum=scored.points(element.minimum_weight),
        judged=formats.number(one.judged_weight, 1),
        reached=formats.number(one.reached, 1),
    )
    head = (
        f"<tr class='element'><th scope='rowgroup' colspan='{width}'>{escape(name_of(element))}"
        f"<small>{escape(line)}</small></th></tr>"
    )
    rows = "".join(_indicator(ask, one, assessed) for assessed in one.indicators)
    if not rows:
        text = _("没有数据：本看板尚无此要素的指标，需要{lacks}等数据。").format(
            lacks=_("、").join(element.lacks_zh)
        )
        rows = f"<tr><td colspan='{width}' class='flat'>{escape(text)}</td></tr>"
    return f"<tbody>{head}{rows}</tbody>"


def _indicator(ask: Queries, element: ElementScore, one: Assessed) -> str:
    value = escape(value_words(one))
    if one.value is not None:
        value = link(href(ask, one.asked.id), value, says=f"{name_of(one.asked)} {value}")
    cells = (
        ("text", escape(name_of(one.asked)) + _unused(one)),
        ("number", scored.points(one.weight)),
        ("number", value),
        ("text", escape(_basis(one))),
        ("number", escape(threshold_words(one, one.threshold))),
        ("text", escape(standing(one.threshold))),
        ("status", status.html(one.verdict)),
        ("number", _points(element, one)),
    )
    return "<tr>" + "".join(f"<td class='{kind}'>{text}</td>" for kind, text in cells) + "</tr>"


def _unused(one: Assessed) -> str:
    if not one.unused:
        return ""
    names = _("、").join(name_of(dimensions()[name]) for name in one.unused)
    return f"<br><small>{escape(_('{names}筛选不适用').format(names=names))}</small>"


def value_words(one: Assessed) -> str:
    """The value with its unit; a dash where there is none."""
    return formats.amount(
        one.value,
        unit=one.asked.unit,
        decimals=one.asked.decimals,
        denominator=one.denominator,
    )


def threshold_words(one: Assessed, threshold: Threshold | None) -> str:
    """The threshold with the side on which it has to be met."""
    if threshold is None:
        return formats.NO_DATA
    sign = "≥" if one.asked.direction == "up" else "≤"
    written = formats.amount(threshold.value, unit=one.asked.unit, decimals=one.asked.decimals)
    return f"{sign} {written}"


def _basis(one: Assessed) -> str:
    asked = one.asked
    if one.denominator is None or asked.denominator_zh is None:
        return formats.NO_DATA
    below = f"{asked.denominator_zh} {formats.number(one.denominator)}"
    if one.numerator is None:
        return below
    return f"{asked.numerator_zh} {formats.number(one.numerator)} / {below}"


def _points(element: ElementScore, one: Assessed) -> str:
    full = formats.number(element.full_points(one), 1)
    return f"{formats.number(element.points(one), 1)} / {full}"


def file(found: HealthScore) -> tuple[pl.DataFrame, list[Column]]:
    """Every indicator of every element as rows of numbers."""
    rows = [
        {
            "element": name_of(one.element),
            "element_weight": one.element.weight,
            "name": name_of(assessed.asked),
            "unit": assessed.asked.unit,
            "weight": assessed.weight,
            "value": assessed.value,
            "numerator": assessed.numerator,
            "denominator": assessed.denominator,
            "threshold": assessed.threshold.value if assessed.threshold else None,
            "standing": standing(assessed.threshold),
            "verdict": assessed.verdict,
            "points": one.points(assessed),
            "full": one.full_points(assessed),
        }
        for one in found.elements
        for assessed in one.indicators
    ]
    return pl.DataFrame(rows, infer_schema_length=None), [
        Column("element", _("要素")),
        Column("element_weight", _("要素权重"), "number"),
        Column("name", _("指标")),
        Column("unit", _("单位")),
        Column("weight", _("要素内权重"), "number"),
        Column("value", _("数值"), "number"),
        Column("numerator", _("分子"), "number"),
        Column("denominator", _("分母"), "number"),
        Column("threshold", _("阈值"), "number"),
        Column("standing", _("阈值性质")),
        Column("verdict", _("状态"), "status"),
        Column("points", _("得分"), "number"),
        Column("full", _("满分"), "number"),
    ]
