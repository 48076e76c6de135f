"""The few lines about alerts for the overview: the red lights, the longest burning first."""

from html import escape

import streamlit as st

from pages.ui import chart, formats
from pages.ui.alerts import lights, viewpoint
from pages.ui.alerts.viewpoint import View
from pages.ui.queries import Queries
from pages.ui.text import _
from warehouse import alert_words as words
from warehouse.alerts import Alert

PAGE = "alerts"
LINES = 5


def show(ask: Queries) -> None:
    """Draw at most five lines with a link to the page; nothing while nothing can be judged."""
    view = viewpoint.latest(ask)
    if view.found.until is None:
        return
    chart.heading(_("三色预警"))
    lines = [*(_line(view, one) for one in view.found.of("red")[: LINES - 1]), _rest(view)]
    st.html("".join(f"<p class='headline'>{line}</p>" for line in lines))


def _line(view: View, alert: Alert) -> str:
    text = _("{name} 自{since}，{limit}").format(
        name=lights.name(alert), since=words.since(alert), limit=words.limit(alert)
    )
    held = view.taken.of(alert)
    taken = _("{name} 跟进").format(name=held.name) if held else _("未认领")
    return _("{mark} {text}，{value}<span class='flat'>　{taken}</span>").format(
        mark=lights.mark("red"),
        text=escape(text),
        value=lights.value_link(view.ask, alert),
        taken=escape(taken),
    )


def _rest(view: View) -> str:
    """How many lights burn in all, and the way to the page."""
    red, yellow = (len(view.found.of(colour)) for colour in ("red", "yellow"))
    if not red:
        said = lights.mark("green", _("没有红灯"))
    else:
        said = _("红灯共 {count} 项").format(count=formats.number(red))
    text = _("，黄灯 {count} 项（截至 {month}，内部预警规则）。").format(
        count=formats.number(yellow), month=formats.month(view.found.until or "")
    )
    address = view.ask.selection.address(PAGE)
    name = _("看三色预警")
    link = f"<a href='{escape(address, quote=True)}'>{name}</a>"
    return f"{said}{escape(text)}{link}"
