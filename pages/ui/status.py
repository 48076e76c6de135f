"""Verdicts against thresholds: colour, mark and word together, so that none is needed alone."""

from html import escape

from pages.ui.text import _
from pages.ui.theme import BAD, GOOD, NEUTRAL, WARN

VERDICTS = ("met", "near", "missed", "few", "too_early", "no_data", "no_threshold")
MARKS = {
    "met": "●",
    "near": "▲",
    "missed": "■",
    "few": "○",
    "too_early": "○",
    "no_data": "○",
    "no_threshold": "○",
}
COLOURS = {
    "met": GOOD,
    "near": WARN,
    "missed": BAD,
    "few": NEUTRAL,
    "too_early": NEUTRAL,
    "no_data": NEUTRAL,
    "no_threshold": NEUTRAL,
}


def word(verdict: str) -> str:
    """The verdict in words."""
    return {
        "met": _("达标"),
        "near": _("接近"),
        "missed": _("未达标"),
        "few": _("样本少"),
        "too_early": _("未满期"),
        "no_data": _("无数据"),
        "no_threshold": _("无阈值"),
    }[verdict]


def html(verdict: str | None, text: str = "") -> str:
    """The verdict as a coloured mark with its word, or with another text."""
    shown = verdict or "no_data"
    return f"<span class='verdict {shown}'>{MARKS[shown]} {escape(text or word(shown))}</span>"
