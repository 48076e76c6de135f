"""The stage of a meeting: which card is on, the way to the next one, the whole screen."""

from html import escape
from pathlib import Path

import streamlit as st

from pages.ui import pin
from pages.ui.meeting.cards import Card, cards
from pages.ui.queries import Queries
from pages.ui.text import _

CARD = "card"
SCRIPTS = ("whole_screen.js", "fit.js")


def show(ask: Queries, title: str) -> None:
    """Draw the card that the address names, held to the snapshot that the meeting began with."""
    pin.hold(ask.snapshot)
    every = cards()
    at = _at(len(every))
    with st.container(key="meeting"):
        _bar(ask, every, at, title)
        every[at].draw(ask)
    for name in SCRIPTS:
        script = Path(__file__).with_name(name).read_text(encoding="utf-8")
        st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def _at(count: int) -> int:
    """Place of the card; an address that names none, or one that there is not, means the first."""
    named = st.query_params.get(CARD, "1")
    number = int(named) if named.isascii() and named.isdigit() else 1
    return number - 1 if 1 <= number <= count else 0


def _turn(to: int) -> None:
    st.query_params[CARD] = str(to + 1)


def _bar(ask: Queries, every: list[Card], at: int, title: str) -> None:
    with st.container(key="meeting_bar"):
        where, before, after, whole = st.columns([7, 1, 1, 1], vertical_alignment="center")
    said = _("{title} · {period} · {at}/{all}").format(
        title=title, period=ask.selection.period.label_zh, at=at + 1, all=len(every)
    )
    address = ask.selection.address(every[at].page)
    more = _("详见{page}").format(page=every[at].page_name)
    with where.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.title(every[at].name, anchor=False, width="content")
        st.html(
            f"<p class='lead'>{escape(said)} · "
            f"<a class='go' href='{escape(address, quote=True)}'>{escape(more)}</a></p>"
        )
    before.button(
        _("上一页"),
        key="meeting_before",
        shortcut="Left",
        on_click=_turn,
        args=(at - 1,),
        disabled=at == 0,
        width="stretch",
    )
    after.button(
        _("下一页"),
        key="meeting_after",
        shortcut="Right",
        on_click=_turn,
        args=(at + 1,),
        disabled=at == len(every) - 1,
        width="stretch",
    )
    whole.button(_("全屏"), key="meeting_whole", width="stretch")
