"""How one light is written: mark, name, numbers with their explanation, who has it."""

from datetime import date
from html import escape

from pages.ui import explanation, formats, status
from pages.ui.queries import Queries
from pages.ui.text import _, name_of
from warehouse import alert_words as words
from warehouse.acknowledgements import Acknowledgement
from warehouse.alert_states import Colour
from warehouse.alerts import Alert, rule_of
from warehouse.registry import indicator

# The marks of thresholds: a light has the same shape and colour everywhere.
STATUS = {"red": "missed", "yellow": "near", "green": "met", "none": "no_data"}


def colour_name(colour: Colour) -> str:
    """A colour in words."""
    return {"red": _("红"), "yellow": _("黄"), "green": _("绿"), "none": _("不作判定")}[colour]


def mark(colour: Colour, text: str = "") -> str:
    """The light as coloured shape with its word, or with another text, as HTML."""
    return status.html(STATUS[colour], text or colour_name(colour))


def name(alert: Alert) -> str:
    """The rule and what it looks at, in plain words."""
    return _("{rule} · {cell}").format(rule=name_of(rule_of(alert)), cell=words.cell(alert))


def label(alert: Alert) -> str:
    """The same with the mark in front, for a list to choose from."""
    return f"{status.MARKS[STATUS[alert.colour]]} {name(alert)}"


def value_link(ask: Queries, alert: Alert) -> str:
    """The value as HTML that leads to its explanation."""
    rule = rule_of(alert)
    text = words.value(alert)
    if alert.point.value is None:
        return escape(text)
    only = dict(zip(rule.by, alert.cell, strict=True))
    address = explanation.href(ask, rule.indicator, period=alert.period, only=only)
    says = _("{name} {value}").format(name=name_of(indicator(rule.indicator)), value=text)
    return explanation.link(address, escape(text), says=says)


def months_lit(alert: Alert) -> int:
    """For how many months the light has had its colour."""
    return sum(1 for point, _state in alert.course if point.month >= (alert.state.since or ""))


def since(alert: Alert) -> str:
    """Since when, and for how many months already."""
    return _("{month}（{count} 个月）").format(month=words.since(alert), count=months_lit(alert))


def taken_by(held: Acknowledgement | None, today: date | None) -> str:
    """Who has it and until when, as HTML; an overdue date says so."""
    if held is None:
        nobody = _("未认领")
        return f"<span class='flat'>{nobody}</span>"
    parts = [f"<b>{escape(held.name)}</b>"]
    if held.due is not None:
        is_late = today is not None and held.due < today
        text = _("限 {day}").format(day=formats.day(held.due))
        text += _("（已过）") if is_late else ""
        parts.append(f"<span class='{'bad' if is_late else ''}'>{text}</span>")
    if held.note:
        parts.append(f"<small>{escape(held.note)}</small>")
    return "<br>".join(parts)
