"""How often each rule would have fired, and the rules in words."""

from html import escape

import polars as pl
import streamlit as st

from pages.ui import chart, formats, table
from pages.ui.alerts.viewpoint import View
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse import alert_report
from warehouse import alert_words as words
from warehouse.alert_rules import rules
from warehouse.alerts import QUARTERS, Fired, back_test
from warehouse.periods import Period, parse_period
from warehouse.registry import indicator


def show(view: View) -> None:
    """Draw the back-test: rules by quarters."""
    chart.heading(_("回测：过去 {count} 个季度各会新亮几次红灯").format(count=QUARTERS))
    found = back_test(view.found)
    if not found:
        st.markdown(_("还没有可以回测的完整月份。"))
        return
    quarters = list(dict.fromkeys(fired.quarter for fired in found))
    head = "".join(
        f"<th scope='col'>{escape(_quarter(quarter, view.found.until))}</th>"
        for quarter in quarters
    )
    held = {(fired.rule_id, fired.quarter.id): fired for fired in found}
    body = "".join(
        f"<tr><td>{escape(name_of(rule))}</td>"
        + "".join(_cell(held.get((rule.id, quarter.id))) for quarter in quarters)
        + _total([fired for fired in found if fired.rule_id == rule.id])
        + "</tr>"
        for rule in rules().values()
        if any(fired.rule_id == rule.id for fired in found)
    )
    first, last = _("规则"), _("合计")
    st.html(
        f"<div class='grid-frame'><table class='grid rates backtest'><thead><tr>"
        f"<th>{first}</th>{head}<th>{last}</th></tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )
    st.caption(
        _("以今天的规则和数据重算；— 表示当季没有可判断的月份（历史不足、样本少或没有阈值）")
        + _(" · ")
        + view.caption()
    )
    table.download(alert_report.back_test_listing(found), _file(quarters), key="alerts.test")
    _each(found)


def _quarter(quarter: Period, until: str | None) -> str:
    last = parse_period(until).end if until else None
    is_open = quarter.end is not None and last is not None and quarter.end > last
    return _("{period}（未满）").format(period=quarter.id) if is_open else quarter.id


def _cell(fired: Fired | None) -> str:
    if fired is None or not fired.judged_months:
        return f"<td class='none'>{formats.NO_DATA}</td>"
    count = len(fired.cells)
    return f"<td><b>{formats.number(count)}</b></td>" if count else "<td class='zero'>0</td>"


def _total(found: list[Fired]) -> str:
    """The sum over the quarters that could be judged."""
    if not any(fired.judged_months for fired in found):
        return f"<td class='none'>{formats.NO_DATA}</td>"
    return f"<td><b>{formats.number(sum(len(fired.cells) for fired in found))}</b></td>"


def _file(quarters: list[Period]) -> list[Column]:
    return [
        Column("rule", _("规则")),
        *(Column(quarter.id, quarter.id, "number") for quarter in quarters),
    ]


def _each(found: list[Fired]) -> None:
    """Every time a light would have turned red, newest first."""
    rows = [
        {
            "month": month,
            "rule": name_of(rules()[fired.rule_id]),
            "cell": " × ".join(value or words.BLANK for value in cell) or words.WHOLE,
        }
        for fired in found
        for month, cell in fired.cells
    ]
    if not rows:
        return
    frame = pl.DataFrame(rows).sort("month", descending=True, maintain_order=True)
    with st.expander(_("逐次列出"), type="compact", key="alerts.fired"):
        columns = [Column("month", _("月份")), Column("rule", _("规则")), Column("cell", _("对象"))]
        table.show(frame, columns, name=_("逐次列出"))


def explained() -> None:
    """Draw the rules in words: what each looks at, when it turns, what to do first."""
    with st.expander(_("预警规则（内部设定，不是监管要求）"), type="compact", key="alerts.rules"):
        rows = [
            {
                "name": name_of(rule),
                "indicator": name_of(indicator(rule.indicator)),
                "rule": words.rule_words(rule),
                "back": words.leaving(rule),
                "advice": rule.advice_zh,
            }
            for rule in rules().values()
        ]
        columns = [
            Column("name", _("规则")),
            Column("rule", _("何时亮灯")),
            Column("back", _("何时转绿")),
            Column("advice", _("先做什么")),
        ]
        table.show(pl.DataFrame(rows), columns, name=_("预警规则"))
        st.caption(
            _(
                "红灯要求超出偶然范围：比率用威尔逊区间加二项分布精确尾部，趋势用纽康姆区间，"
                "件数用中位数与相邻月波动定出的控制限（不窄于泊松）。未完整或未定型的月份不判断。"
                "参数由本行在 warehouse/definitions/alert_rules.yml 中设定。"
            )
        )
