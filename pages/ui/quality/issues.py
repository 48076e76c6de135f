"""Rows held back, left out or flagged: where they stand in the file, the value, the reason."""

import polars as pl
import streamlit as st

from pages.ui import cached, formats, table
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _

SHOWN = 100


def show(ask: Queries) -> None:
    """Draw two filters, the rows and their file."""
    found = cached.row_issues(ask.snapshot)
    if found.is_empty():
        st.markdown(_("没有退回、忽略或带提示的行。"))
        return
    words = _dispositions()
    held = [one for one in words if one in set(found["disposition"])]
    counts = dict(found.group_by("disposition").len().iter_rows())
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    with left:
        disposition = st.segmented_control(
            _("处置"),
            held,
            default=held[0],
            required=True,
            format_func=lambda one: f"{words[one]} {formats.number(counts[one])}",
            key="data_quality.disposition",
        )
    files = sorted(found.filter(pl.col("disposition") == disposition)["file_name"].unique())
    with right:
        picked = st.multiselect(
            _("文件"),
            files,
            placeholder=_("全部文件"),
            key="data_quality.files",
            select_all=False,
            filter_mode="contains",
            wrap=True,
        )
    chosen = found.filter(
        (pl.col("disposition") == disposition)
        & (pl.col("file_name").is_in(picked) if picked else pl.lit(True))  # noqa: FBT003
    )
    _by_reason(chosen)
    table.show(chosen.head(SHOWN), _columns(), name=_("退回、忽略和提示的行"))
    if len(chosen) > SHOWN:
        text = _("此处列前 {shown} 条，共 {all} 条；下载的文件含全部。")
        st.caption(text.format(shown=SHOWN, all=formats.number(len(chosen))))
    table.download(chosen, _columns(), key="data_quality.rows")


def _dispositions() -> dict[str, str]:
    return {
        "quarantined": _("退回"),
        "warned": _("装载并提示"),
        "corrected": _("按更正表改正"),
        "ignored": _("忽略"),
    }


def _by_reason(chosen: pl.DataFrame) -> None:
    """Which columns cause most of it, so that one fix at the source can cure many rows."""
    counts = (
        chosen.group_by(pl.col("column_name").fill_null(_("整行")))
        .len()
        .sort("len", "column_name", descending=[True, False])
        .head(6)
    )
    items = _("；").join(
        _("{column} {count} 条").format(column=name, count=formats.number(count))
        for name, count in counts.iter_rows()
    )
    st.markdown(_("按列：{items}").format(items=items))


def _columns() -> list[Column]:
    return [
        Column("file_name", _("文件")),
        Column("source_sheet", _("工作表")),
        Column("source_row", _("行"), "number"),
        Column("column_name", _("列")),
        Column("value_masked", _("值")),
        Column("message", _("原因与改法")),
    ]
