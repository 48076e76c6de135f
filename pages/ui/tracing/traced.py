"""The traced cells under the present selection, and the words that every part needs."""

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.ui import formats, frames
from pages.ui.cached import FEW_ENTRIES, Cut, Where, scope_key
from pages.ui.queries import Queries
from pages.ui.reader import Snapshot
from pages.ui.text import _
from warehouse import tracing
from warehouse.compare import Basis
from warehouse.excess import FALSE_SHARE
from warehouse.periods import parse_period
from warehouse.registry import indicator
from warehouse.tracing import COUNT, CUT, Tracing

Cell = Mapping[str, str | None]


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _trace(
    _snapshot: Snapshot,
    version: str,
    seen: Cut | None,
    period: str,
    basis: Basis,
    cut: Cut,
    where: Where,
) -> Tracing:
    del version, seen
    return tracing.trace(
        _snapshot.cursor,
        parse_period(period),
        basis,
        cut=cut,
        where=dict(where),
        scope=_snapshot.scope,
    )


def trace(ask: Queries, cut: Sequence[str] = CUT) -> Tracing:
    """Every cell of a cut for the chosen period, comparison and filters."""
    held, chosen = ask.snapshot, ask.selection
    return _trace(
        held,
        held.version,
        scope_key(held),
        chosen.period.id,
        chosen.basis,
        tuple(cut),
        ask.where(COUNT),
    )


def names(cell: Cell) -> tuple[str, str, str]:
    """Sub-branch, business and cause of a cell as people read them."""
    where, category, cause = (
        frames.labels(name, [cell[name]])[0]
        for name in ("sub_branch", "category_group", "cause_group")
    )
    return where, category, cause


def label(cell: Cell) -> str:
    """A cell as people read it: where, what about, why."""
    where, category, cause = names(cell)
    return _("{where} · {category} × {cause}").format(where=where, category=category, cause=cause)


def history_words(found: Tracing) -> str:
    """What the expectation rests on."""
    if not found.history:
        return _("没有可比的以往期间")
    if found.refusal == "incomplete":
        return _("以往平均按之前 {count} 个同类期间开头同样多的天数计算").format(
            count=len(found.history)
        )
    return _("以往平均按 {first} 至 {last} 的 {count} 个期间计算").format(
        first=found.history[-1].label_zh,
        last=found.history[0].label_zh,
        count=len(found.history),
    )


def caption(ask: Queries, found: Tracing) -> str:
    """Period, filters, N, history, how many cells were looked at, and what that is worth."""
    asked = indicator(COUNT)
    parts = [
        found.period.label_zh,
        ask.selection.words(asked),
        _("N = {count}").format(count=formats.amount(found.total("count"), unit=asked.unit)),
        asked.basis_zh,
        history_words(found),
    ]
    if found.refusal is None:
        parts.append(
            _("看了 {looked} 个组合，校正后 p 值不大于 {share} 的才算异常").format(
                looked=formats.number(found.looked_at), share=FALSE_SHARE
            )
        )
    return " · ".join([*parts, caution()])


def caution() -> str:
    """What a concentration is and what it is not."""
    return _("线索，供核查，不代表因果")


def p_words(value: float | None) -> str:
    """A corrected p value as people write it."""
    if value is None:
        return formats.NO_DATA
    return "<0.001" if value < 0.001 else formats.number(value, 3)
