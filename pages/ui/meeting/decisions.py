"""What the meeting has to decide: red lights without owner or overdue, cases due, data missing."""

from html import escape

import streamlit as st

from pages.ui import formats
from pages.ui.alerts import brief, lights, turning, viewpoint
from pages.ui.alerts.viewpoint import View
from pages.ui.queries import Queries
from pages.ui.text import _
from warehouse import alert_words as words
from warehouse.alerts import Alert
from warehouse.coverage import uncovered
from warehouse.due_soon import DAYS
from warehouse.entities import entities

# A meeting of minutes decides on a handful of things; the page 三色预警 lists all.
MOST = 4


def show(ask: Queries) -> None:
    """Draw one numbered list; a plain sentence where nothing has to be decided."""
    view = viewpoint.latest(ask)
    items = [*_unowned(view), *_overdue(view), *_due(view), *_missing(ask)]
    if not items:
        st.html(f"<p class='headline'>{lights.mark('green', _('没有需要会议决定的事项'))}</p>")
        return
    st.html(f"<ol class='decisions'>{''.join(f'<li>{item}</li>' for item in items)}</ol>")
    address = ask.selection.address(brief.PAGE)
    st.html(f"<p><a class='go' href='{escape(address, quote=True)}'>{_('到三色预警认领')}</a></p>")


def _light(view: View, alert: Alert) -> str:
    """A red light with its value and what turns it, as HTML."""
    return _("{mark} {name} {value}（{limit}）").format(
        mark=lights.mark("red"),
        name=escape(lights.name(alert)),
        value=lights.value_link(view.ask, alert),
        limit=escape(words.limit(alert)),
    )


def _unowned(view: View) -> list[str]:
    found = [one for one in view.found.of("red") if view.taken.of(one) is None]
    items = [
        _("由谁负责、何时改完：{light}<br><small>{way}</small>").format(
            light=_light(view, one), way=escape(turning.sentence(view, one))
        )
        for one in found[:MOST]
    ]
    if len(found) > MOST:
        items.append(_("另有 {count} 项红灯未认领").format(count=formats.number(len(found) - MOST)))
    return items


def _overdue(view: View) -> list[str]:
    today = view.data_date
    items = []
    for one in view.found.of("red"):
        held = view.taken.of(one)
        if held is not None and held.due is not None and today is not None and held.due < today:
            text = _("整改期限已过（{name}，限 {day}）：{light}")
            items.append(
                text.format(
                    name=escape(held.name), day=formats.day(held.due), light=_light(view, one)
                )
            )
    return items


def _due(view: View) -> list[str]:
    found = turning.due_soon(view)
    if found.is_empty():
        return []
    text = _("{days} 天内到期、仍未办结的投诉 {count} 件，由各支行确保按时答复")
    return [text.format(days=DAYS, count=formats.number(len(found)))]


def _missing(ask: Queries) -> list[str]:
    """Kinds of extracts that hold no day of the period: their numbers are absent, not zero."""
    missing = uncovered(ask.coverage, ask.selection.period)
    names = [f"《{entities()[name].file_zh}》" for name in missing]
    if not names:
        return []
    text = _("{period}还缺：{names}，由谁何时补交")
    return [text.format(period=ask.selection.period.label_zh, names=escape(_("、").join(names)))]
