"""How fresh the data are: coverage, data date, last load and rejected rows per kind of extract."""

import polars as pl
import streamlit as st

from pages.ui import cached, table
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _
from warehouse.entities import entities
from warehouse.registry import subjects


def show(ask: Queries) -> None:
    """Draw the section as one table."""
    st.header(_("数据新鲜度"), anchor=False)
    table.show(by_entity(ask), columns(), name=_("数据新鲜度"))


def by_entity(ask: Queries) -> pl.DataFrame:
    """One row per entity: coverage, data date, last load, files, rows held back."""
    batches = cached.batches(ask.snapshot)
    # The organisation tables have opening days and months, not a period that they cover.
    dated = {subject.entity for subject in subjects().values()}
    rows = []
    for entity_id, entity in entities().items():
        own = batches.filter(pl.col("entity") == entity_id)
        rows.append(
            {
                "name": entity.name_zh,
                "file": f"《{entity.file_zh}》",
                "first": own["coverage_from"].min() if entity_id in dated else None,
                "last": own["coverage_to"].max() if entity_id in dated else None,
                "loaded_at": own["loaded_at"].max(),
                "files": len(own),
                "read": own["rows_read"].sum(),
                "quarantined": own["rows_quarantined"].sum(),
                "state": _("已装载") if len(own) else _("尚未装载"),
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def columns() -> list[Column]:
    """The columns of the freshness table."""
    return [
        Column("name", _("数据")),
        Column("state", _("状态")),
        Column("first", _("覆盖自")),
        Column("last", _("数据日期")),
        Column("loaded_at", _("最近装载")),
        Column("files", _("文件"), "number", unit=_("个")),
        Column("read", _("读入"), "number", unit=_("行")),
        Column("quarantined", _("退回"), "number", unit=_("行")),
        Column("file", _("由哪份文件带来")),
    ]
