"""Holding on to one snapshot: its number stands in the address and goes along with every link."""

from html import escape
from urllib.parse import urlencode

import streamlit as st

from pages.ui.reader import Snapshot
from pages.ui.selection import PIN, Selection
from pages.ui.text import _


def asked_for() -> int | None:
    """The number of the snapshot that the address holds on to, if it does."""
    number = st.query_params.get(PIN, "")
    # Streamlit hands over whatever somebody typed; what is no number means the newest state.
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None


def hold(snapshot: Snapshot) -> None:
    """Run anew over this snapshot unless it is held already: no later load changes a number."""
    if not snapshot.is_pinned:
        st.query_params[PIN] = str(snapshot.number)
        st.rerun()


def show(snapshot: Snapshot, selection: Selection) -> None:
    """Say that the numbers are held, whether newer ones have come, and how to see those."""
    if not snapshot.is_pinned:
        return
    text = _("数字锁定在快照 #{number}").format(number=snapshot.number)
    if snapshot.newest > snapshot.number:
        text += _("，之后有新的装载（快照 #{number}）").format(number=snapshot.newest)
    st.html(f"<p class='pin'>{escape(text)} · {_newest(selection)}</p>")


def _newest(selection: Selection) -> str:
    """The way to the same page and choices over the newest state."""
    own = {name: st.query_params.get_all(name) for name in st.query_params}
    found = {n: v for n, v in {**own, **selection.parameters()}.items() if n != PIN}
    address = escape(f"?{urlencode(found, doseq=True)}", quote=True)
    return f"<a class='go' href='{address}'>{_('看最新数字')}</a>"


def lost(message: str) -> None:
    """The page cannot be shown as it was; offers the newest state of the same choices."""
    st.warning(message, icon=":material/history:")
    if st.button(_("看最新数字"), key="pin_newest"):
        del st.query_params[PIN]
        st.rerun()
