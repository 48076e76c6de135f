"""All indicators by the kind of extract they come from, each as a way to its explanation."""

from html import escape

import streamlit as st

from pages.ui import explanation
from pages.ui.queries import Queries
from pages.ui.text import _, name_of
from warehouse.entities import entities
from warehouse.registry import Indicator, indicators


def show(ask: Queries) -> None:
    """Draw a select box over all indicators and, below it, the same as a list by entity."""
    found = sorted(indicators().values(), key=_place)
    picked = st.selectbox(
        _("指标"),
        [one.id for one in found],
        index=None,
        placeholder=_("选一个指标，看它怎么来的"),
        format_func=lambda what: _label(indicators()[what]),
        key="explain.chooser",
        filter_mode="contains",
    )
    if picked:
        st.switch_page("pages/explain.py", query_params=explanation.parameters(ask, picked))
    st.html("".join(_section(ask, entity, found) for entity in entities()))


def _place(asked: Indicator) -> int:
    return list(entities()).index(asked.entity)


def _label(asked: Indicator) -> str:
    return f"{entities()[asked.entity].name_zh} · {name_of(asked)}"


def _section(ask: Queries, entity: str, found: list[Indicator]) -> str:
    own = [one for one in found if one.entity == entity]
    if not own:
        return ""
    items = "".join(
        f"<li><a class='go' href='{escape(explanation.href(ask, one.id), quote=True)}'>"
        f"{escape(name_of(one))}</a>　{escape(one.definition_zh)}</li>"
        for one in own
    )
    return f"<h3>{escape(entities()[entity].name_zh)}</h3><ul class='grounds'>{items}</ul>"
