"""One chosen light: its control chart, what it says, what turns it, and who takes it on."""

from html import escape

import polars as pl
import streamlit as st

from pages.ui import chart, explanation
from pages.ui.alerts import figure, lights, taking_on, turning
from pages.ui.alerts.viewpoint import View
from pages.ui.chart import Source
from pages.ui.explanation import Cell
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse import alert_words as words
from warehouse.alert_courses import window
from warehouse.alert_rules import CountRule, LevelRule, Rule, TrendRule
from warehouse.alerts import Alert, rule_of
from warehouse.registry import indicator


def show(view: View) -> None:
    """Draw the choice and the chosen light; nothing when no light burns."""
    found = view.found.of("red", "yellow")
    if not found:
        return
    st.header(_("逐项看"), anchor=False)
    by_name = {lights.label(one): one for one in found}
    chosen = st.selectbox(
        _("选一项预警"), list(by_name), key="alerts.chosen", filter_mode="contains"
    )
    alert = by_name.get(chosen, found[0])
    left, right = st.columns([1.7, 1], gap="large")
    with left:
        _chart(view, alert)
    with right:
        _facts(view, alert)
        taking_on.show(view, alert)


def _chart(view: View, alert: Alert) -> None:
    rule = rule_of(alert)
    asked = indicator(rule.indicator)
    months = [point.month for point, _state in alert.course]
    size = rule.window_months
    each = _("每月，近 {count} 个月合计").format(count=size) if size > 1 else _("每月")
    chart.show(
        view.ask,
        key="alerts.course",
        title=_("{name}：{cell}，{each}").format(
            name=name_of(asked), cell=words.cell(alert), each=each
        ),
        figure=figure.control_chart(
            alert.course,
            unit=asked.unit,
            decimals=asked.decimals,
            limit_name=_limit_name(rule),
        ),
        source=Source(
            asked.id,
            count=alert.point.denominator or alert.point.numerator,
            count_unit=rule.cases_zh,
            period=window(alert.course[0][0].first, months[-1]),
            note=_note(rule, alert),
            cut=("month",),
            only=dict(zip(rule.by, alert.cell, strict=True)),
            series={_("数值"): Cell()},
        ),
        frame=_frame(alert),
        columns=_columns(asked.decimals, asked.unit),
    )


def _limit_name(rule: Rule) -> str:
    match rule:
        case CountRule():
            return _("控制限")
        case TrendRule():
            return _("此前 {n} 个月").format(n=rule.against_months)
        case LevelRule():
            return _("阈值")


def _note(rule: Rule, alert: Alert) -> str:
    last = words.span(alert.point.first, alert.point.month)
    text = _("N 为{months}；形状与颜色为当月的灯").format(months=last)
    if isinstance(rule, CountRule):
        return text
    return text + _("；浅色竖条为 95% 区间")


def _frame(alert: Alert) -> pl.DataFrame:
    asked = indicator(rule_of(alert).indicator)
    rows = []
    for point, state in alert.course:
        is_hidden = asked.is_too_few(point.denominator)
        rows.append(
            {
                # The months that the value rests on; they are what its explanation is of.
                "month": window(point.first, point.month).id,
                "until": point.month,
                "light": lights.colour_name(state.colour),
                "value": None if is_hidden else point.value,
                "low": None if is_hidden else point.low,
                "high": None if is_hidden else point.high,
                "limit": point.limit,
                "denominator": point.denominator,
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def _columns(decimals: int, unit: str) -> list[Column]:
    return [
        Column("until", _("月份")),
        Column("light", _("灯")),
        Column("value", _("数值"), "number", decimals, unit),
        Column("low", _("95% 区间下限"), "number", decimals, unit),
        Column("high", _("95% 区间上限"), "number", decimals, unit),
        Column("limit", _("界限"), "number", decimals, unit),
        Column("denominator", _("分母"), "number"),
    ]


def _facts(view: View, alert: Alert) -> None:
    """What the light says, line by line."""
    rule = rule_of(alert)
    only = dict(zip(rule.by, alert.cell, strict=True))
    address = explanation.href(view.ask, rule.indicator, period=alert.period, only=only)
    origin = _("这个数怎么来的")
    said, waiting = turning.sentence(view, alert), words.way_back(alert)
    facts = [
        (_("灯"), lights.mark(alert.colour) + "　" + escape(_history(alert))),
        (_("数值"), lights.value_link(view.ask, alert)),
        (_("对照"), escape(words.limit(alert))),
        (_("是不是偶然"), escape(words.verdict(alert))),
        *([(_("怎样达标"), escape(said))] if said != waiting else []),
        (_("怎样转绿"), escape(waiting)),
        (_("先做什么"), escape(rule.advice_zh)),
        (_("来历"), f"<a href='{escape(address, quote=True)}'>{escape(origin)}</a>"),
    ]
    rows = "".join(f"<tr><th scope='row'>{name}</th><td>{text}</td></tr>" for name, text in facts)
    chart.heading(_("怎么回事"))
    st.html(f"<table class='grid facts'><tbody>{rows}</tbody></table>")


def _history(alert: Alert) -> str:
    """Since when the light has its colour, and which it had before."""
    text = _("自{since}").format(since=lights.since(alert))
    if alert.is_oldest or alert.state.previous == "none":
        return text
    return text + _("，此前为{colour}").format(colour=lights.colour_name(alert.state.previous))
