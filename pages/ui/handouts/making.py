"""Making a hand-out: the order, the button, how far it is, and what came of it."""

import streamlit as st

from pages.ui import chart
from pages.ui.handouts import choosing, finished, shelf, told
from pages.ui.handouts.kinds import Kind, Source
from pages.ui.handouts.orders import Order
from pages.ui.handouts.shelf import Finished
from pages.ui.queries import Queries
from pages.ui.text import _
from warehouse.handouts.handout import Handout


def show(ask: Queries) -> None:
    """Draw the kinds on one side and the order and its result on the other."""
    chart.heading(_("生成"))
    left, right = st.columns([1, 1.9], gap="large")
    with left:
        kind = choosing.kind()
    with right:
        order = choosing.order(ask, kind)
        is_wanted = st.button(
            _("生成{name}").format(name=kind.name),
            key="handouts.make",
            type="primary",
            icon=":material/play_arrow:",
        )
        if is_wanted:
            with told.errors():
                _make(ask, kind, order)
        done = shelf.get(ask.snapshot, kind.id)
        if done is not None:
            finished.show(ask, kind, order, done)


def _make(ask: Queries, kind: Kind, order: Order) -> None:
    snapshot = ask.snapshot
    made = _made(ask, kind, order)
    shelf.put(
        snapshot,
        Finished(order, snapshot.version, made, kind.file_name(order, made.state.number)),
    )


def _made(ask: Queries, kind: Kind, order: Order) -> Handout:
    """The hand-out; while it is being made, how far it is."""
    place = st.empty()
    text = _("正在生成{name}……").format(name=kind.name)

    def advance(number: int, count: int, name: str) -> None:
        words = _("第 {number}/{count} 家：{name}").format(number=number, count=count, name=name)
        place.progress(number / count, text=words)

    snapshot = ask.snapshot
    with st.spinner(text):
        made = kind.make(Source(snapshot.cursor, snapshot.home, snapshot.scope, advance), order)
    place.empty()
    return made
