"""Loaded batches, refused files, failed checks and values that no code list knows."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from pages.ui import cached, formats, table
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse.entities import entities
from warehouse.first_pass import repaired_of_refused
from warehouse.quality import returned_files
from warehouse.registry import dimensions

PARTS = ("rows_inserted", "rows_updated", "rows_unchanged", "rows_quarantined", "rows_ignored")
SHOWN = 30


def tally(ask: Queries) -> None:
    """One line: rows read and what became of each of them."""
    batches_held = cached.batches(ask.snapshot)
    sums = {part: batches_held[part].sum() for part in ("rows_read", *PARTS)}
    text = _(
        "<b>{files}</b> 个文件，读入 <b>{rows_read}</b> 行 = 新增 {rows_inserted} + 更新 "
        "{rows_updated} + 未变 {rows_unchanged} + <b>退回 {rows_quarantined}</b> + 忽略 "
        "{rows_ignored}"
    )
    written = {name: formats.number(value) for name, value in sums.items()}
    st.html(f"<p class='headline'>{text.format(files=len(batches_held), **written)}</p>")


def returned(ask: Queries) -> None:
    """Files that were refused as a whole, with every reason."""
    files = returned_files(ask.snapshot.home)
    if not files:
        st.markdown(_("没有整份退回的文件。"))
        return
    repaired = repaired_of_refused(ask.snapshot.cursor)
    found = pl.DataFrame(
        {
            "file": [one.file for one in files],
            "at": [formats.moment(one.returned_at) for one in files],
            "reasons": [_("；").join(one.reasons) for one in files],
            "slip": [one.slip for one in files],
            "repaired": [
                f"{repaired.get(one.sha256 or '', 0)}/{one.rows_returned}" for one in files
            ],
        }
    )
    columns = [
        Column("file", _("文件")),
        Column("at", _("退回时间")),
        Column("reasons", _("原因与改法")),
        Column("slip", _("退回单")),
        Column("repaired", _("已补正/退回（行）")),
    ]
    table.show(found, columns, name=_("整份退回的文件"))
    table.download(found, columns, key="data_quality.returned")


def unmapped(ask: Queries) -> None:
    """Values kept as they came, with how often they occur."""
    found = cached.unmapped_values(ask.snapshot)
    if found.is_empty():
        st.markdown(_("所有值都在代码表中。"))
        return
    named = found.with_columns(
        pl.col("entity").map_elements(_entity_name, return_dtype=pl.String),
        pl.col("dimension").map_elements(
            lambda one: name_of(dimensions()[one]), return_dtype=pl.String
        ),
    )
    columns = [
        Column("entity", _("数据")),
        Column("dimension", _("维度")),
        Column("value", _("来源所写的值")),
        Column("count", _("出现"), "number", 0, _("行")),
    ]
    _folded(named, columns, name=_("代码表不认识的值"), key="data_quality.unmapped")
    st.caption(
        _("这些值原样保留、各自成行。要归类，请在合约的代码对照或代码表中补上写法后重新装载。")
    )


def failed_checks(ask: Queries) -> None:
    """Checks that did not pass, with how many rows failed."""
    found = cached.checks(ask.snapshot).filter(~pl.col("is_success"))
    if found.is_empty():
        st.markdown(_("所有检查都通过。"))
        return
    words = {"error": _("退回该行"), "warning": _("装载并提示"), "block": _("整份退回")}
    named = found.with_columns(pl.col("severity").replace(words))
    columns = [
        Column("file_name", _("文件")),
        Column("description", _("规则")),
        Column("severity", _("处置")),
        Column("failed_count", _("未通过"), "number", 0, _("行")),
        Column("checked_count", _("受检"), "number", 0, _("行")),
    ]
    _folded(named, columns, name=_("未通过的检查"), key="data_quality.checks")


def batches(ask: Queries) -> None:
    """Every loaded file; the counts of each line add up to the rows read."""
    found = cached.batches(ask.snapshot)
    named = found.with_columns(
        pl.col("entity").map_elements(_entity_name, return_dtype=pl.String),
        covered=pl.concat_str(
            [pl.col("coverage_from").cast(pl.String), pl.col("coverage_to").cast(pl.String)],
            separator=_(" 至 "),
            ignore_nulls=True,
        ),
    )
    shown = [
        Column("loaded_at", _("装载时间")),
        Column("file_name", _("文件")),
        Column("entity", _("数据")),
        Column("covered", _("覆盖")),
        Column("rows_read", _("读入"), "number"),
        Column("rows_inserted", _("新增"), "number"),
        Column("rows_updated", _("更新"), "number"),
        Column("rows_unchanged", _("未变"), "number"),
        Column("rows_quarantined", _("退回"), "number"),
        Column("rows_ignored", _("忽略"), "number"),
    ]
    in_file = [
        Column("sheet", _("工作表")),
        Column("header_row", _("表头行"), "number"),
        Column("encoding", _("编码")),
        Column("contract_id", _("合约")),
        Column("source", _("来源系统")),
        Column("batch_id", _("批次")),
    ]
    _folded(named, shown, name=_("装载批次"), key="data_quality.batches", in_file=in_file)
    st.caption(
        _("单位：行。读入 = 新增 + 更新 + 未变 + 退回 + 忽略；同一文件再次放入不会重复计数。")
    )


def _folded(
    frame: pl.DataFrame,
    columns: list[Column],
    *,
    name: str,
    key: str,
    in_file: Sequence[Column] = (),
) -> None:
    """The first rows on the page, all of them and more columns in the file."""
    table.show(frame.head(SHOWN), columns, name=name)
    if len(frame) > SHOWN:
        text = _("此处列前 {shown} 行，共 {all} 行；下载的文件含全部。")
        st.caption(text.format(shown=SHOWN, all=formats.number(len(frame))))
    table.download(frame, [*columns, *in_file], key=key)


def _entity_name(entity_id: str) -> str:
    found = entities().get(entity_id)
    return found.name_zh if found else entity_id
