"""The files a number came from, and the organisations' base it is divided by."""

import polars as pl
import streamlit as st

from pages.ui import chart, formats, table
from pages.ui.table import Column
from pages.ui.text import _
from warehouse.entities import entities
from warehouse.explain import Explanation

BASE_ENTITY = "organisation_denominator"


def show(found: Explanation) -> None:
    """Draw the files of the counted rows, and those of the base."""
    chart.heading(_("来源文件"))
    if found.sources.is_empty():
        st.markdown(_("没有计入任何行。"))
    else:
        table.show(files(found), columns(), name=_("来源文件"))
        st.caption(_("退回：该文件里没有装载的行，不计入任何数字；原因见“数据质量”。"))
    if found.base is not None:
        _base(found)


def files(found: Explanation) -> pl.DataFrame:
    """One row per file and sheet."""
    title = f"《{entities()[found.asked.entity].file_zh}》"
    return found.sources.with_columns(pl.lit(title).alias("title"))


def columns() -> list[Column]:
    """The columns of the source files."""
    return [
        Column("file_name", _("文件")),
        Column("source_sheet", _("工作表")),
        Column("title", _("种类")),
        Column("contract_id", _("合约")),
        Column("loaded_at", _("装载时间")),
        Column("first_row", _("首行"), "number"),
        Column("last_row", _("末行"), "number"),
        Column("row_count", _("计入"), "number", unit=_("行")),
        Column("warned_count", _("其中带提示"), "number", unit=_("行")),
        Column("quarantined_count", _("退回"), "number", unit=_("行")),
    ]


def _base(found: Explanation) -> None:
    if found.base is None:
        return
    name = found.asked.denominator_zh or ""
    chart.heading(_("分母：{name}的来源").format(name=name))
    rows = found.base.rows
    if rows.is_empty():
        text = _("截至 {day} 没有可用的基数：请把《{file}》放入 ingest/inbox 后重新装载。")
        file = entities()[BASE_ENTITY].file_zh
        st.markdown(text.format(day=formats.day(found.base.at), file=file))
        return
    parts = [
        _("合计 {total}，{count} 行").format(
            total=formats.number(found.base.total), count=formats.number(len(rows))
        ),
        _("取 {day} 或之前最近一期、不早于一年").format(day=formats.day(found.base.at)),
    ]
    st.caption(_(" · ").join(parts))
    chart.twin(rows, base_columns(name), key="explain.base", title=name)


def base_columns(name: str) -> list[Column]:
    """The columns of the base's rows."""
    return [
        Column("sub_branch", _("支行")),
        Column("org_name", _("机构")),
        Column("period_start", _("期初")),
        Column("period_end", _("期末")),
        Column("held", name, "number"),
        Column("file_name", _("文件")),
        Column("source_sheet", _("工作表")),
        Column("source_row", _("行号"), "number"),
    ]
