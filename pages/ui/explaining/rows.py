"""The rows that were counted: a page of a hundred on screen, all of them as a file."""

import hashlib
from datetime import time

import polars as pl
import streamlit as st

from pages.ui import chart, formats, table
from pages.ui.explaining import answers
from pages.ui.explaining.address import Asked
from pages.ui.explaining.answers import ROWS_A_PAGE, ROWS_IN_FILE
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _
from warehouse.explain import Explanation
from warehouse.labels import label_of
from warehouse.registry import Indicator

# The first characters tell people apart; nobody can be found by them.
KEY_SHOWN = 8
_PLACE = ("file_name", "source_sheet", "source_row")
_SHARE = ("numerator", "denominator", "counted_once", "counted_value")
# Facts about the source, the same in every row.
_SILENT = ("dates_endings", "states_timeliness")


def show(ask: Queries, asked: Asked, found: Explanation) -> None:
    """Draw a page of rows, the pager, and what the file will hold."""
    chart.heading(_("计入的行"))
    if not found.row_count:
        st.markdown(_("没有计入任何行。"))
        return
    pages = -(-found.row_count // ROWS_A_PAGE)
    place = st.empty()
    page = _pager(pages, found)
    rows = answers.rows(ask, asked, page)
    first = (page - 1) * ROWS_A_PAGE + 1
    text = _("第 {first}–{last} 行，共 {all} 行。").format(
        first=formats.number(first),
        last=formats.number(first + len(rows) - 1),
        all=formats.number(found.row_count),
    )
    shown = readable(rows)
    with place.container():
        st.markdown(text + share_words(asked.indicator))
        with st.container(key="explained_rows"):
            table.show(shown, columns(asked.indicator, shown), name=_("计入的行"))
    _download(ask, asked, found)


def _pager(pages: int, found: Explanation) -> int:
    if pages == 1:
        return 1
    # Another number has other rows, so its list begins at its first page.
    name = (found.asked.id, found.period.id, sorted(found.where.items()), found.between)
    digest = hashlib.sha256(repr(name).encode()).hexdigest()[:12]
    return st.pagination(pages, key=f"explain.page.{digest}")


def share_words(asked: Indicator) -> str:
    """What a row adds to the number."""
    match asked.kind:
        case "ratio" | "mean" | "sum":
            return _("每行计入：分子（{above}）与分母（{below}）。").format(
                above=asked.numerator_zh, below=asked.denominator_zh
            )
        case "percentile":
            return _("每行的值一起排列，取其分位。")
        case "distinct" | "coverage":
            return _("“只计一次”相同的行合计为一。")
        case _:
            return _("每行计入：{above}。").format(above=asked.numerator_zh)


def columns(asked: Indicator, frame: pl.DataFrame) -> list[Column]:
    """Where a row stands, what it adds, then what it says; empty columns are left out."""
    held = [name for name in frame.columns if frame[name].null_count() < len(frame)]
    found = [Column(name, _place_names()[name], _kind(name)) for name in _PLACE if name in held]
    found += [
        Column(name, _share_names(asked)[name], "number" if name != "counted_once" else "text")
        for name in _SHARE
        if name in held
    ]
    taken = {*_PLACE, *_SHARE, *_SILENT}
    return found + [Column(name, _label(asked, name)) for name in held if name not in taken]


def _label(asked: Indicator, name: str) -> str:
    if name == "event_date":
        return _("归期日期")
    return label_of(asked.entity, name)


def _kind(name: str) -> table.Kind:
    return "number" if name == "source_row" else "text"


def _place_names() -> dict[str, str]:
    return {"file_name": _("文件"), "source_sheet": _("工作表"), "source_row": _("行号")}


def _share_names(asked: Indicator) -> dict[str, str]:
    is_plain = asked.kind in ("count", "stock", "rate", "distinct", "coverage")
    return {
        "numerator": _("计入") if is_plain else _("计入分子"),
        "denominator": _("计入分母"),
        "counted_once": _("只计一次"),
        "counted_value": _("值（{unit}）").format(unit=asked.unit),
    }


def readable(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with short keys, and days where a column has no times of day."""
    keys = [name for name in ("person_key", "counted_once") if name in rows.columns]
    days = [
        name
        for name, kind in rows.schema.items()
        if isinstance(kind, pl.Datetime) and rows[name].dt.time().drop_nulls().eq(time(0)).all()
    ]
    return rows.with_columns(
        *(_short_key(rows, name) for name in keys), *(pl.col(name).dt.date() for name in days)
    )


def _short_key(rows: pl.DataFrame, name: str) -> pl.Expr:
    is_person = "person_key" in rows.columns and rows[name].equals(rows["person_key"])
    return pl.col(name).str.slice(0, KEY_SHOWN) if is_person else pl.col(name)


def _download(ask: Queries, asked: Asked, found: Explanation) -> None:
    count = min(found.row_count, ROWS_IN_FILE)
    label = _("下载全部 {count} 行（CSV）").format(count=formats.number(count))
    if found.row_count > ROWS_IN_FILE:
        label = _("下载前 {count} 行（CSV），共 {all} 行").format(
            count=formats.number(count), all=formats.number(found.row_count)
        )
    st.download_button(
        label,
        data=lambda: file(ask, asked),
        file_name=f"explain.{asked.indicator.id}.{asked.period.id}.csv",
        mime="text/csv",
        key="explain.rows.download",
        icon=":material/download:",
        on_click="ignore",
    )


def file(ask: Queries, asked: Asked) -> bytes:
    """The rows as CSV in which no text can act as a formula."""
    rows = readable(answers.rows_for_file(ask, asked))
    return table.csv(rows, columns(asked.indicator, rows))
