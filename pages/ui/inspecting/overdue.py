"""The list of issues whose rectification is overdue."""

import polars as pl
import streamlit as st

from pages.ui import cached, formats, head_of_list
from pages.ui.cached import FEW_ENTRIES, Cut, Where
from pages.ui.chart import Source
from pages.ui.queries import Queries
from pages.ui.reader import Snapshot
from pages.ui.table import Column
from pages.ui.text import _
from warehouse.overdue import overdue_issues
from warehouse.periods import Period, parse_period
from warehouse.registry import indicator

RECTIFIED = "issue_rectified_rate"


@st.cache_data(max_entries=FEW_ENTRIES, show_spinner=False)
def _overdue(
    _snapshot: Snapshot, version: str, seen: Cut | None, period: str, where: Where
) -> pl.DataFrame:
    del version, seen
    return overdue_issues(
        _snapshot.cursor, parse_period(period), where=dict(where), scope=_snapshot.scope
    )


def overdue(ask: Queries, until: Period) -> pl.DataFrame:
    """The issues due in a period and still not rectified, the longest overdue first."""
    snapshot, where = ask.snapshot, ask.where(RECTIFIED)
    return _overdue(snapshot, snapshot.version, cached.scope_key(snapshot), until.id, where)


def show(ask: Queries) -> None:
    """Draw the list; what was due before the chosen period is on it too."""
    asked = indicator(RECTIFIED)
    held = ask.coverage[asked.entity]
    last = ask.last_day(asked.entity) or held.last
    until = parse_period(f"{min(held.first, last)}..{last}")
    frame, today = overdue(ask, until), formats.day(held.last)
    head_of_list.show(
        ask,
        key="inspections.overdue",
        title=_("逾期未整改的问题，逾期久的在前"),
        source=Source(
            RECTIFIED,
            count=len(frame),
            count_unit=_("个"),
            period=until,
            note=_("整改期限不晚于期末而截至 {day} 仍未整改，逾期天数算到该日").format(day=today),
        ),
        head=frame,
        whole=frame,
        columns=_columns(),
        file_columns=_columns(),
        nothing=_("截至 {day}，没有整改期限不晚于期末而仍未整改的问题。").format(day=today),
    )


def _columns() -> list[Column]:
    return [
        Column("days_late", _("逾期"), "number", 0, _("天")),
        Column("due_date", _("整改期限")),
        Column("org_name", _("受检机构")),
        Column("inspection_kind", _("检查类型")),
        Column("inspection_id", _("检查编号")),
        Column("issue_category", _("问题类别")),
        Column("issue_masked", _("问题")),
        Column("rectification_status", _("状态")),
        Column("file_name", _("来源文件")),
        Column("source_row", _("行"), "number"),
    ]
