"""What happened in sentences: how much more there was, and which concentrations it came from."""

from html import escape

import streamlit as st

from pages.ui import formats, frames
from pages.ui.formats import amount, number
from pages.ui.queries import Queries
from pages.ui.text import _
from pages.ui.tracing import traced
from warehouse.excess import FEWEST
from warehouse.tracing import Lead, Tracing, gathered

SHOWN = 3


def show(ask: Queries, found: Tracing) -> None:
    """Draw the sentences; where no verdict is possible they say why."""
    lines = [_total(found)]
    if found.refusal is not None:
        st.html("".join(f"<p class='headline'>{line}</p>" for line in lines))
        st.info(_refused(ask, found), icon=":material/info:")
        return
    leads = gathered(found)
    lines += [_lead(found, lead) for lead in leads[:SHOWN]]
    if len(leads) > SHOWN:
        lines.append(_("另有 {count} 组异常，见下图。").format(count=len(leads) - SHOWN))
    lines.append(f"<span class='flat'>{escape(_verdict(found))}</span>")
    st.html("".join(f"<p class='headline'>{line}</p>" for line in lines))


def _total(found: Tracing) -> str:
    text = _("<b>{period}</b> 收到投诉 <b>{count}</b>").format(
        period=escape(found.period.label_zh), count=amount(found.total("count"), unit=_("件"))
    )
    change, expected = found.total("change"), found.total("expected")
    if found.base is not None and change is not None:
        text += _("，较{base}{change}").format(
            base=escape(found.base.label_zh), change=_changed(change)
        )
    if expected is not None:
        text += _("；以往平均 {expected}").format(
            expected=amount(expected, unit=_("件"), decimals=1)
        )
    return text + _("。")


def _changed(change: float) -> str:
    if change == 0:
        return _("持平")
    word = _("增加") if change > 0 else _("减少")
    return f"{word} {amount(abs(change), unit=_('件'))}"


def _lead(found: Tracing, lead: Lead) -> str:
    """One lead: its part in the growth, or how much more than usual where nothing grew in all."""
    what = " × ".join(
        escape(frames.labels(name, [value])[0])
        for name, value in zip(found.cut, lead.shared, strict=False)
    )
    places = _("、").join(escape(name) for name in frames.labels(found.cut[-1], lead.places))
    usual = _("{count} 件，以往平均 {expected} 件").format(
        count=number(lead.count), expected=number(lead.expected, 1)
    )
    grown = found.total("change")
    head = _("比以往平均多 {excess} 件：").format(excess=number(lead.excess, 1))
    if lead.change is not None and grown is not None and lead.change > 0 and grown > 0:
        head = (
            _("增加的 {grown} 件中有 <b>{change}</b> 件来自").format(
                grown=number(grown), change=number(lead.change)
            )
            if lead.change <= grown
            else _("增加 <b>{change}</b> 件（其余合计减少）：").format(change=number(lead.change))
        )
    where = _("{places} {count} 家").format(places=places, count=len(lead.places))
    return _("■ {head} <b>{what}</b> × {where}（{usual}）。").format(
        head=head, what=what, where=where if len(lead.places) > 1 else places, usual=usual
    )


def _verdict(found: Tracing) -> str:
    looked = _(
        "看了 {looked} 个“支行 × 业务大类 × 原因”组合（本期与以往合计不少于 {least} 件）"
    ).format(looked=number(found.looked_at), least=FEWEST)
    if found.unusual.is_empty():
        return _("没有多得不像偶然的组合：{looked}，都在随机波动范围内。").format(looked=looked)
    return _("{looked}，{count} 个多得不像偶然。{caution}。").format(
        looked=looked, count=found.unusual.height, caution=traced.caution()
    )


def _refused(ask: Queries, found: Tracing) -> str:
    """Why there is no verdict, and what to choose instead."""
    if found.refusal == "incomplete":
        held = ask.coverage["complaint"]
        return _(
            "{period}还没有满（数据截至 {day}）：下面只与以往期间开头同样多的天数比较，"
            "不判断是否异常。请选择已满的期间看结论。"
        ).format(period=ask.selection.period.label_zh, day=formats.day(held.last))
    return _(
        "{period}之前没有数据覆盖完整的同类期间可比，无法判断多少算异常；下面只列件数。"
    ).format(period=found.period.label_zh)
