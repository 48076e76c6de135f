"""The scored elements under the present selection, and the words that every part needs."""

import streamlit as st

from pages.ui import cached, formats
from pages.ui.cached import FEW_ENTRIES, Cut, Where, frozen, scope_key
from pages.ui.queries import Queries
from pages.ui.reader import Snapshot
from pages.ui.text import _
from warehouse import health_score
from warehouse.health_check import health_check
from warehouse.health_score import HealthScore
from warehouse.periods import parse_period
from warehouse.registry import indicators


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _whole(
    _snapshot: Snapshot, version: str, seen: Cut | None, period: str, where: Where, *, demo: bool
) -> HealthScore:
    del version, seen
    return health_score.evaluate(
        _snapshot.cursor, parse_period(period), where=dict(where), scope=_snapshot.scope, demo=demo
    )


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _by_branch(
    _snapshot: Snapshot, version: str, seen: Cut | None, period: str, where: Where, *, demo: bool
) -> dict[str | None, HealthScore]:
    del version, seen
    return health_score.evaluate_sub_branches(
        _snapshot.cursor, parse_period(period), where=dict(where), scope=_snapshot.scope, demo=demo
    )


def whole(ask: Queries) -> HealthScore:
    """All elements under the chosen period and filters."""
    held = ask.snapshot
    demo = cached.is_demo(held)
    period, where = ask.selection.period.id, frozen(ask.selection.filters)
    return _whole(held, held.version, scope_key(held), period, where, demo=demo)


def by_branch(ask: Queries) -> dict[str | None, HealthScore]:
    """All elements of every sub-branch."""
    held = ask.snapshot
    demo = cached.is_demo(held)
    period, where = ask.selection.period.id, frozen(ask.selection.filters)
    return _by_branch(held, held.version, scope_key(held), period, where, demo=demo)


def caption(ask: Queries) -> str:
    """Period, filters, where elements and weights come from, and that this is a self-check."""
    chosen = ask.selection
    parts = [
        _period_words(ask),
        chosen.words(indicators()["complaint_count"]),
        _("要素与最低权重：{source}").format(
            source=_("；").join(
                dict.fromkeys(element.source_zh for element in health_check().elements)
            )
        ),
        rule_words(),
    ]
    if chosen.filters:
        parts.insert(2, _("各指标只应用它能划分的筛选"))
    return " · ".join(parts)


def _period_words(ask: Queries) -> str:
    period, held = ask.selection.period, ask.coverage.get("complaint")
    if held is None or period.end is None or held.last >= period.end:
        return period.label_zh
    return _("{period}（未满，数据截至 {day}）").format(
        period=period.label_zh, day=formats.day(held.last)
    )


def rule_words() -> str:
    """By what verdicts become points, and how binding that is."""
    scoring = health_check().scoring
    text = _("{name}：达标 {met}、接近 {near}、未达标 {missed}（满分 100）").format(
        name=scoring.name_zh,
        met=points(scoring.points.met),
        near=points(scoring.points.near),
        missed=points(scoring.points.missed),
    )
    return text if scoring.status == "own" else text + _("，{status}").format(status=scoring.status)


def points(value: float | None) -> str:
    """A weight or points: to one decimal, a whole number without one."""
    return formats.number(value, 0 if value is not None and float(value).is_integer() else 1)
