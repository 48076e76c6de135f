"""Numbers that moved, as a table: from what to what, by which files and rows; and as a file."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from pages.ui import formats, table
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse.errors import QueryError
from warehouse.periods import parse_period
from warehouse.registry import Indicator, indicator

# More rows are no reading matter; the file holds all of them.
SHOWN = 60
# So many rows of the source are named beside each number.
PLACES = 2
MORE_DECIMALS = 3


def show(found: pl.DataFrame, *, key: str, title: str, of_several: bool = False) -> None:
    """Draw the table and its file; numbers of several hand-outs say which each is of."""
    told = found.with_columns(
        name_words=_names(found),
        period_words=_periods(found),
        before_words=_value(found, "before"),
        after_words=_value(found, "after"),
        first_places=pl.Series([_first_places(one) for one in found["places"]], dtype=pl.String),
    )
    with st.container(key=f"handouts_moves_{key.replace('.', '_')}"):
        table.show(told.head(SHOWN), _columns(told, of_several), name=title)
    if len(told) > SHOWN:
        text = _("此处列前 {shown} 条；下载的文件含 {all} 条。")
        st.caption(text.format(shown=SHOWN, all=formats.number(len(told))))
    table.download(told, _file_columns(told), key=key)


def _names(found: pl.DataFrame) -> pl.Series:
    return pl.Series([name_of(indicator(what)) for what in found["indicator"]], dtype=pl.String)


def _periods(found: pl.DataFrame) -> pl.Series:
    return pl.Series([_period(one) for one in found["period"]], dtype=pl.String)


def _period(period_id: str) -> str:
    try:
        return parse_period(period_id).label_zh
    except QueryError:
        return period_id


def _value(found: pl.DataFrame, column: str) -> pl.Series:
    """The values with their units; so many decimals that before and after are not written alike."""
    written = []
    for row in found.iter_rows(named=True):
        asked = indicator(row["indicator"])
        decimals = next(
            (n for n in _decimals(asked) if len(set(_both(asked, row, n))) > 1), asked.decimals
        )
        written.append(formats.amount(row[column], unit=asked.unit, decimals=decimals))
    return pl.Series(written, dtype=pl.String)


def _decimals(asked: Indicator) -> range:
    return range(asked.decimals, asked.decimals + MORE_DECIMALS + 1)


def _both(asked: Indicator, row: Mapping[str, Any], decimals: int) -> list[str]:
    return [
        formats.amount(row[name], unit=asked.unit, decimals=decimals)
        for name in ("before", "after")
    ]


def _first_places(places: str) -> str:
    """The first of the rows; the file names more of them."""
    every = places.split("；")
    return _("；").join([*every[:PLACES], *([_("……")] if len(every) > PLACES else [])])


def _what(of_issued: bool) -> list[Column]:
    """Which number of which hand-out."""
    return [
        *([Column("issued", _("交付物"))] if of_issued else []),
        Column("name_words", _("指标")),
        Column("period_words", _("期间")),
        Column("filters", _("筛选")),
    ]


def _why(places: str) -> list[Column]:
    return [
        Column("files", _("由哪些文件引起")),
        Column("rows", _("涉及的行"), "number"),
        Column(places, _("哪些行")),
    ]


def _columns(found: pl.DataFrame, of_several: bool) -> list[Column]:
    before = _("发布时") if "issued" in found.columns else _("原来")
    return [
        *_what(of_several),
        Column("before_words", before, "number"),
        Column("after_words", _("现在") if "issued" in found.columns else _("后来"), "number"),
        *_why("first_places"),
    ]


def _file_columns(found: pl.DataFrame) -> list[Column]:
    own = [
        Column("issued_at", _("登记时间")),
        Column("by", _("由谁发布")),
        Column("snapshot", _("快照")),
    ]
    return [
        *_what("issued" in found.columns),
        *(own if "issued" in found.columns else []),
        Column("before", _("原来"), "number"),
        Column("after", _("后来"), "number"),
        Column("unit", _("单位")),
        *_why("places"),
    ]
