"""What the loader says of one file, on the page: rows, headline numbers, concerns, problems."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import polars as pl
import streamlit as st

from pages.ui import formats, table
from pages.ui.table import Column, Kind
from pages.ui.text import _
from warehouse import loading
from warehouse import problems as problem_words
from warehouse.entities import entities
from warehouse.errors import QueryError
from warehouse.home import Home
from warehouse.periods import parse_period

# A workbook up to this size is read whenever the page is drawn.
SMALL_BYTES = 2_000_000
Report = Mapping[str, Any]


def recognised(report: Report) -> None:
    """Which kind of file it was taken for."""
    entity = entities().get(report.get("entity") or "")
    if entity is not None:
        text = _("识别为《{file}》（{name}数据，合约 {contract}）")
        st.markdown(
            text.format(file=entity.file_zh, name=entity.name_zh, contract=report["contract"])
        )


def rows(report: Report, *, is_loaded: bool) -> None:
    """The rows that were read, and what becomes or became of each of them."""
    counts = report["rows"]
    if not counts["read"]:
        return
    text = (
        _(
            "读入 <b>{read}</b> 行 = 新增 <b>{inserted}</b> + 更新 <b>{updated}</b> + 未变 "
            "{unchanged} + 退回 <b>{quarantined}</b> + 忽略 {ignored}"
        )
        if is_loaded
        else _(
            "读入 <b>{read}</b> 行 = 将新增 <b>{inserted}</b> + 将更新 <b>{updated}</b> + 未变 "
            "{unchanged} + 将退回 <b>{quarantined}</b> + 忽略 {ignored}"
        )
    )
    written = {name: formats.number(value) for name, value in counts.items()}
    st.html(f"<p class='headline'>{text.format(**written)}</p>")


def changes(given: Sequence[Mapping[str, Any]], *, counted_in: Sequence[str] = ()) -> None:
    """The headline indicators that loading the file would change, before and after."""
    shown = [one for one in given if _written(one, "before") != _written(one, "after")]
    if not shown:
        st.markdown(_("总览上的指标不会因此改变。"))
        return
    st.markdown(_("**装载后，总览指标将这样改变**"))
    found = pl.DataFrame(
        [
            {
                "name": one["name"],
                "period": _period(one["period"]),
                "before": _written(one, "before"),
                "after": _written(one, "after"),
            }
            for one in shown
        ]
    )
    columns = [
        Column("name", _("指标")),
        Column("period", _("期间")),
        Column("before", _("装载前"), "number"),
        Column("after", _("装载后"), "number"),
    ]
    table.show(found, columns, name=_("装载后指标的变化"))
    if counted_in:
        text = _("几个文件按次序检查：“装载前”的数已计入排在前面的{files}。")
        st.caption(text.format(files=_("、").join(f"“{name}”" for name in counted_in)))


def _written(one: Mapping[str, Any], key: str) -> str:
    """The value with the number of cases behind a rate."""
    value = formats.amount(one[key], unit=one["unit"], decimals=one["decimals"])
    count = one.get(f"n_{key}")
    if count is None or one[key] is None:
        return value
    return _("{value}（N={count}）").format(value=value, count=formats.number(count))


def _period(period_id: str) -> str:
    try:
        return parse_period(period_id).label_zh
    except QueryError:
        return period_id


def concerns(found: Sequence[Mapping[str, Any]]) -> None:
    """What somebody has to look at before the file is loaded."""
    items = "".join(f"<li>{escape(str(one['message']))}</li>" for one in found)
    st.warning(_("装载前请核对以下情况，需要确认："), icon=":material/front_hand:")
    st.html(f"<ul class='grounds'>{items}</ul>")


def problems(report: Report, *, key: str) -> None:
    """Every reason with its place in the file; all problems, row by row, as a file."""
    found = report.get("problems") or []
    if not found:
        return
    told = problem_words.told(report)
    count = formats.number(told["problem_count"])
    st.markdown(_("**问题 {count} 条**").format(count=count))
    shown = told["reasons"]
    table.show(_frame(shown, pl.String), _columns(shown, "text"), name=_("问题"))
    if told["reason_count"] > len(shown):
        text = _("此处列前 {shown} 类问题，共 {all} 类；下载的清单逐行列出。")
        st.caption(text.format(shown=len(shown), all=formats.number(told["reason_count"])))
    if told["problem_count"] > len(found):
        text = _("下载的清单只有前 {listed} 条，共 {count} 条；退回的行全部在退回单里。")
        st.caption(text.format(listed=formats.number(len(found)), count=count))
    table.download(
        _frame(found, pl.Int64), _columns(found, "number"), key=key, label=_("下载问题清单 CSV")
    )


def slip(home: Home, report: Report, *, key: str) -> None:
    """The workbook that goes back to its owner, where there is one."""
    found = loading.return_slip(home, report.get("sha256") or "")
    if found is None:
        return
    st.download_button(
        _("下载退回单（含原始内容，只交给填报人）"),
        # What is only read on a click is gone once the page has drawn itself anew, as it does.
        data=found.read_bytes() if found.stat().st_size <= SMALL_BYTES else found.read_bytes,
        file_name=found.name,
        key=f"upload.slip.{key}",
        icon=":material/assignment_return:",
        on_click="ignore",
    )
    st.caption(_("在退回单里直接改红色单元格，保存后再上传，只会补装这些行。"))


def _frame(found: Sequence[Mapping[str, Any]], row: type[pl.DataType]) -> pl.DataFrame:
    names = ("sheet", "row", "column", "value", "message")
    schema = {name: row if name == "row" else pl.String for name in names}
    return pl.DataFrame([{name: one.get(name) for name in schema} for one in found], schema=schema)


def _columns(found: Sequence[Mapping[str, Any]], rows: Kind) -> list[Column]:
    columns = [
        Column("sheet", _("工作表")),
        Column("row", _("行"), rows),
        Column("column", _("列")),
        Column("value", _("值（个人信息已遮盖）")),
        Column("message", _("问题与改法")),
    ]
    return columns if any(one.get("sheet") for one in found) else columns[1:]
