"""Finished hand-outs of one reader, kept in the session so that a download makes nothing anew."""

from dataclasses import dataclass, field, replace

import streamlit as st

from pages.ui.handouts.orders import Order
from pages.ui.reader import Snapshot
from warehouse.handouts.handout import Handout
from warehouse.handouts.issued import Issued
from warehouse.scope import Scope

_SHELF = "handouts.shelf"


@dataclass(frozen=True)
class Finished:
    """One finished hand-out, what it was ordered as, and its entry in the register if any."""

    order: Order
    version: str
    made: Handout
    file_name: str
    issued: Issued | None = None


@dataclass(frozen=True)
class Again:
    """An issued hand-out made once more, and what it has in common with what went out."""

    number: int
    content: bytes
    mime: str
    is_same_file: bool
    differing: int


@dataclass
class _Held:
    """All of it; another installation, or another scope, begins with nothing."""

    root: str
    scope: Scope
    finished: dict[str, Finished] = field(default_factory=dict)
    again: Again | None = None


def _held(snapshot: Snapshot) -> _Held:
    held = st.session_state.get(_SHELF)
    root = str(snapshot.home.root)
    if held is None or (held.root, held.scope) != (root, snapshot.scope):
        held = st.session_state[_SHELF] = _Held(root, snapshot.scope)
    return held


def put(snapshot: Snapshot, finished: Finished) -> None:
    """Keep a hand-out in place of an earlier one of its kind."""
    _held(snapshot).finished[finished.order.kind] = finished


def get(snapshot: Snapshot, kind: str) -> Finished | None:
    """The last one of this kind."""
    return _held(snapshot).finished.get(kind)


def note_issued(snapshot: Snapshot, finished: Finished, entry: Issued) -> None:
    """Remember that it is in the register."""
    put(snapshot, replace(finished, issued=entry))


def put_again(snapshot: Snapshot, again: Again) -> None:
    """Keep what was made once more, in place of an earlier one."""
    _held(snapshot).again = again


def get_again(snapshot: Snapshot, number: int) -> Again | None:
    """What was made once more last, if it is the one of this number."""
    again = _held(snapshot).again
    return again if again is not None and again.number == number else None
