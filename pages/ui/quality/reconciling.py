"""One figure as two extracts tell it: both numbers, the difference and what it may mean."""

import polars as pl
import streamlit as st

from pages.ui import table
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse.reconciliation import (
    FINE,
    Reconciliation,
    reconcile,
    reconciliations,
    stated_totals,
)
from warehouse.registry import dimensions

SHOWN = 30


def show(ask: Queries) -> None:
    """Draw every pair for the chosen period, then the totals that files state of themselves."""
    for asked in reconciliations().values():
        _pair(ask, asked)
    found = stated_totals(ask.snapshot.cursor)
    if found.is_empty():
        return
    st.markdown(_("**合计行所写件数与读到的行数**"))
    columns = [
        Column("file_name", _("文件")),
        Column("sheet", _("工作表")),
        Column("stated", _("合计行所写"), "number", 0, _("件")),
        Column("found", _("读到"), "number", 0, _("行")),
        Column("difference", _("差额"), "change"),
        Column("status", _("状态")),
    ]
    table.show(found.head(SHOWN), columns, name=_("合计行所写件数与读到的行数"))


def _pair(ask: Queries, asked: Reconciliation) -> None:
    snapshot = ask.snapshot
    period = ask.selection.period
    found = reconcile(snapshot.cursor, asked, period, scope=snapshot.scope)
    if found.is_empty():
        return
    st.markdown(f"**{asked.title_zh}**")
    cut = [Column(name, name_of(dimensions()[name])) for name in asked.by]
    columns = [
        *cut,
        Column("left", asked.left.name_zh, "number"),
        Column("right", asked.right.name_zh, "number"),
        Column("difference", _("差额"), "change"),
        Column("status", _("状态")),
    ]
    odd = found.filter(~pl.col("status").is_in(FINE))
    if asked.by:
        words = _("{cells} 项中 {odd} 项对不上；全部见下载。").format(
            cells=found.height, odd=odd.height
        )
        st.markdown(words)
    shown = odd if asked.by else found
    if not shown.is_empty():
        table.show(shown.head(SHOWN), columns, name=asked.title_zh)
    st.caption(asked.explanation_zh)
    table.download(found, columns, key=f"data_quality.{asked.id}")
