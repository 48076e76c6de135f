"""The lights that burn: red ones one by one, yellow ones by rule, and how many of each colour."""

from collections import Counter
from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from pages.ui import chart, formats, table
from pages.ui.alerts import lights, turning
from pages.ui.alerts.viewpoint import View
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse import alert_report
from warehouse import alert_words as words
from warehouse.alert_rules import rules
from warehouse.alerts import WORST_FIRST, Alert, rule_of

NAMED = 4


def headline(view: View) -> None:
    """Draw how many lights have each colour, and what that rests on."""
    counts = Counter(one.colour for one in view.found.alerts)
    untaken = sum(1 for one in view.found.of("red") if view.taken.of(one) is None)
    shown = [
        lights.mark(
            colour,
            _("{colour} {count} 项").format(
                colour=lights.colour_name(colour), count=formats.number(counts[colour])
            ),
        )
        for colour in WORST_FIRST
    ]
    text = _("　").join(shown)
    if counts["red"]:
        text += _("　其中红灯 {count} 项未认领").format(count=formats.number(untaken))
    st.html(f"<p class='headline'>{text}</p>")
    st.caption(view.caption() + _unjudged(view))
    reasons = {one.point.reason for one in view.found.alerts if rule_of(one).kind == "level"}
    if reasons and reasons <= {"no_threshold", "no_data"}:
        st.info(
            _(
                "没有在用的阈值，对照阈值的规则不亮灯；趋势和件数的规则不受影响。"
                "请在 warehouse/definitions/thresholds.yml 中按本行要求填写。"
            ),
            icon=":material/flag:",
        )
    for fault in view.taken.faults:
        st.warning(fault, icon=":material/warning:")


def _unjudged(view: View) -> str:
    """Why some lights are not lit at all."""
    reasons = Counter(one.point.reason for one in view.found.of("none"))
    names = {
        "few": _("样本少"),
        "no_threshold": _("没有在用的阈值"),
        "no_history": _("历史不足"),
        "no_data": _("没有数据"),
    }
    said = [
        _("{reason} {count} 项").format(reason=names[reason], count=formats.number(count))
        for reason, count in reasons.items()
        if reason in names
    ]
    return _(" · 不作判定：{reasons}").format(reasons=_("，").join(said)) if said else ""


def red(view: View) -> None:
    """Draw the red lights, the longest burning first, each with all that is known of it."""
    heads = (
        _("灯"), _("预警"), _("自何时"), _("数值"), _("对照"), _("是不是偶然"), _("怎样转绿"),
        _("跟进"),
    )  # fmt: skip
    _red(view, heads, _red_row)


def red_in_brief(view: View, *, most: int) -> None:
    """Draw the red lights that burn longest, for a room; says how many more there are."""
    heads = (_("灯"), _("预警"), _("自何时"), _("数值和对照"), _("怎样转绿"), _("跟进"))
    _red(view, heads, _brief_row, most=most)


def _red(
    view: View,
    heads: Sequence[str],
    row: Callable[[View, Alert], str],
    *,
    most: int | None = None,
) -> None:
    chart.heading(_("红灯"))
    every = view.found.of("red")
    found = every[:most]
    if not found:
        st.html(lights.mark("green", _("没有红灯")))
        return
    st.html(_table(heads, [row(view, one) for one in found], _("红灯"), kind="red"))
    if len(every) > len(found):
        text = _("以上为亮得最久的 {shown} 项，另有 {rest} 项见三色预警。")
        st.caption(text.format(shown=len(found), rest=formats.number(len(every) - len(found))))


def _table(heads: Sequence[str], rows: Sequence[str], name: str, *, kind: str) -> str:
    head = "".join(f"<th scope='col'>{escape(one)}</th>" for one in heads)
    return (
        f"<div class='grid-frame'><table class='grid alerts {kind}' aria-label='{escape(name)}'>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _red_row(view: View, alert: Alert) -> str:
    lasting = _("{count} 个月").format(count=lights.months_lit(alert))
    cells = (
        lights.mark(alert.colour) + _small(_better(alert)),
        f"<b>{escape(words.cell(alert))}</b><br>{escape(name_of(rule_of(alert)))}",
        escape(words.since(alert)) + _small(lasting),
        lights.value_link(view.ask, alert) + _small(_interval(alert)),
        escape(words.limit(alert)) + _small(words.span(alert.point.first, alert.point.month)),
        escape(words.verdict(alert)),
        _turned(view, alert),
        lights.taken_by(view.taken.of(alert), view.data_date),
    )
    return _row(cells)


def _brief_row(view: View, alert: Alert) -> str:
    return _row(
        (
            lights.mark(alert.colour),
            f"<b>{escape(words.cell(alert))}</b><br>{escape(name_of(rule_of(alert)))}",
            escape(words.since(alert)),
            lights.value_link(view.ask, alert) + _small(words.limit(alert)),
            escape(turning.sentence(view, alert)),
            lights.taken_by(view.taken.of(alert), view.data_date),
        )
    )


def _row(cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _small(text: str) -> str:
    """A second line in smaller type."""
    return f"<br><small>{escape(text)}</small>" if text else ""


def _better(alert: Alert) -> str:
    """How far a light is on its way back."""
    if not alert.state.better_months:
        return ""
    return _("好转 {count}/{all}").format(
        count=alert.state.better_months, all=rule_of(alert).leave.after_months
    )


def _interval(alert: Alert) -> str:
    if alert.point.low is None:
        return ""
    return _("95% 区间 {interval}").format(interval=words.interval(alert))


def _turned(view: View, alert: Alert) -> str:
    """The smallest change in cases, and beneath it the rule's own condition."""
    said, waiting = turning.sentence(view, alert), words.way_back(alert)
    return escape(said) + (_small(waiting) if said != waiting else "")


def yellow(view: View) -> None:
    """Draw the yellow lights, one line per rule."""
    chart.heading(_("黄灯"))
    found = view.found.of("yellow")
    if not found:
        st.html(lights.mark("green", _("没有黄灯")))
        return
    by_rule = {rule.id: held for rule in rules().values() if (held := _of_rule(found, rule.id))}
    heads = (_("灯"), _("预警"), _("项"), _("哪些，自何时"), _("是不是偶然"))
    st.html(
        _table(
            heads, [_yellow_row(view, held) for held in by_rule.values()], _("黄灯"), kind="yellow"
        )
    )


def _of_rule(found: Sequence[Alert], rule_id: str) -> list[Alert]:
    return [one for one in found if one.rule_id == rule_id]


def _yellow_row(view: View, held: Sequence[Alert]) -> str:
    text = _("；").join(
        _("{cell} {value}，自{since}").format(
            cell=escape(words.cell(one)),
            value=lights.value_link(view.ask, one),
            since=escape(words.since(one)),
        )
        for one in held[:NAMED]
    )
    more = len(held) - NAMED
    if more > 0:
        text += _("；另 {count} 项见下载").format(count=formats.number(more))
    cells = (
        lights.mark("yellow"),
        escape(name_of(rule_of(held[0]))),
        formats.number(len(held)),
        text,
        escape(_why(held)),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _why(held: Sequence[Alert]) -> str:
    """How many of the lights may be chance, and how many wait to be green again."""
    if len(held) == 1:
        return words.verdict(held[0])
    reasons = Counter(one.point.reason for one in held)
    maybe = sum(reasons[one] for one in ("maybe_chance", "run", "raised"))
    well = sum(reasons[one] for one in ("met", "steady", "usual"))
    beyond = sum(reasons[one] for one in ("beyond_chance", "worse", "above"))
    said = (
        (maybe, _("{count} 项不显著")),
        (reasons["near"], _("{count} 项在黄灯边际内")),
        (beyond, _("{count} 项不是偶然，待连续确认")),
        (well, _("{count} 项已好转，待连续确认")),
    )
    return _("，").join(text.format(count=count) for count, text in said if count)


def download(view: View) -> None:
    """Every light with its numbers as a file."""
    table.download(
        alert_report.listing(view.found.of(*WORST_FIRST)), _file_columns(), key="alerts.list"
    )


def _file_columns() -> list[Column]:
    return [
        Column("colour", _("灯")),
        Column("name", _("预警")),
        Column("cell", _("对象")),
        Column("since", _("自")),
        Column("previous", _("此前的灯")),
        Column("from", _("判断起月")),
        Column("to", _("判断止月")),
        Column("value", _("数值"), "number"),
        Column("unit", _("单位")),
        Column("numerator", _("分子"), "number"),
        Column("denominator", _("分母"), "number"),
        Column("low", _("95%区间下限"), "number"),
        Column("high", _("95%区间上限"), "number"),
        Column("limit", _("界限"), "number"),
        Column("chance", _("偶然出现的机会"), "number"),
        Column("words", _("判断")),
        Column("way_back", _("转绿条件")),
    ]
