"""First-pass rate per submitting unit, and what came back right of what was returned."""

import polars as pl
import streamlit as st

from pages.ui import formats, table
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _
from warehouse import first_pass

SHOWN = 30


def rates(ask: Queries) -> None:
    """The rate of each unit, and under it its course by month."""
    home, cursor = ask.snapshot.home, ask.snapshot.cursor
    found = first_pass.first_pass(cursor, home)
    if found.is_empty():
        st.markdown(_("还没有首次报送的文件。"))
        return
    table.show(found.head(SHOWN), _columns(), name=_("各报送单位的首次通过率"))
    _more(found)
    st.caption(
        _(
            "首次通过率 = 首次报送即装载的行数 ÷ 首次报送的行数"
            "（合计、空行等忽略的行和补正放回的行不计）。"
            "整份退回的文件计为没有通过；无法读取的文件只计文件数。N 为首次报送的行数。"
            "报送单位取自文件中的“填报单位”等字样，其次文件名，再次各行中唯一的支行。"
        )
    )
    with st.expander(_("按月")):
        monthly = first_pass.first_pass(cursor, home, by=first_pass.BY_MONTH).sort(
            ["submitted_by", "month"], nulls_last=True
        )
        columns = [Column("month", _("装载月份")), *_columns()]
        table.show(monthly.head(SHOWN * 4), columns, name=_("各报送单位按月的首次通过率"))
        table.download(monthly, columns, key="data_quality.first_pass")


def returned(ask: Queries) -> None:
    """Batches with returned rows: how many of them came back right."""
    found = first_pass.returned_batches(ask.snapshot.cursor)
    if found.is_empty():
        st.markdown(_("没有退回行的批次。"))
        return
    named = found.with_columns(
        state=pl.when(pl.col("rows_repaired") >= pl.col("rows_returned"))
        .then(pl.lit(_("✓ 已全部补正")))
        .otherwise(pl.lit(_("○ 待补正"))),
        repaired=pl.format("{}/{}", "rows_repaired", "rows_returned"),
    )
    columns = [
        Column("file_name", _("文件")),
        Column("sheet", _("工作表")),
        Column("submitted_by", _("报送单位")),
        Column("loaded_at", _("装载时间")),
        Column("repaired", _("已补正/退回")),
        Column("state", _("状态")),
    ]
    table.show(named.head(SHOWN), columns, name=_("退回单与补正"))
    _more(named)
    st.caption(
        _(
            "退回单在 ingest/returned：只改标红的单元格，保存后放回收件箱，"
            "只重新装载其中的行。单位：行。"
        )
    )
    table.download(named, columns, key="data_quality.returned_batches")


def corrected(ask: Queries) -> None:
    """Cells that the file of corrections has put right."""
    found = first_pass.corrected_cells(ask.snapshot.cursor)
    if found.is_empty():
        st.markdown(_("更正表没有改动任何单元格。"))
        return
    columns = [
        Column("file_name", _("文件")),
        Column("source_row", _("行"), "number"),
        Column("column_name", _("列")),
        Column("message", _("改动与原因")),
    ]
    table.show(found.head(SHOWN), columns, name=_("按更正表改正的单元格"))
    _more(found)
    table.download(found, columns, key="data_quality.corrected")


def _columns() -> list[Column]:
    return [
        Column("submitted_by", _("报送单位")),
        Column("files", _("报送文件"), "number", 0, _("个")),
        Column("refused_files", _("整份退回"), "number", 0, _("个")),
        Column("rows_delivered", _("首次报送 N"), "number", 0, _("行")),
        Column("rows_accepted", _("首次装载"), "number", 0, _("行")),
        # Few rows of many go back: with one place, 99.97 would read as if none had.
        Column("first_pass_rate", _("首次通过率"), "number", 2, "%"),
    ]


def _more(found: pl.DataFrame) -> None:
    if len(found) > SHOWN:
        text = _("此处列前 {shown} 行，共 {all} 行；下载的文件含全部。")
        st.caption(text.format(shown=SHOWN, all=formats.number(len(found))))
