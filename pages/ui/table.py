"""Tables: rows to read on screen, and the same rows as a file that is safe in Excel."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any, Literal

import polars as pl
import streamlit as st

from pages.ui import explanation, formats, status
from pages.ui.explanation import Cell
from pages.ui.text import _
from warehouse.spreadsheet import without_formula

Kind = Literal["text", "number", "change", "change_words", "status"]


@dataclass(frozen=True)
class Column:
    """One column: where its values are, what it is called and how they are written."""

    name: str
    label: str
    kind: Kind = "text"
    decimals: int = 0
    unit: str = ""
    # Which indicator its numbers are of, and what they are limited to beside their row.
    of: Cell | None = None

    @property
    def heading(self) -> str:
        """The label with its unit."""
        if not self.unit:
            return self.label
        return _("{label}（{unit}）").format(label=self.label, unit=self.unit)

    def written(self, value: Any) -> str:  # noqa: ANN401 - a cell can hold anything
        """The value as people read it."""
        if value is None:
            return formats.NO_DATA
        if self.kind == "change":
            return formats.signed(value, self.decimals)
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if isinstance(value, (int, float, Decimal)) and self.kind == "number":
            return formats.number(value, self.decimals)
        if isinstance(value, datetime):
            return formats.moment(value)
        if isinstance(value, date):
            return formats.day(value)
        return str(value)


@dataclass(frozen=True)
class Links:
    """What each row of a table stands for, and the address that explains a number."""

    rows: Sequence[Cell]
    address: Callable[[Cell], str]


def html(
    frame: pl.DataFrame, columns: Sequence[Column], *, name: str, links: Links | None = None
) -> str:
    """The rows as an HTML table; every value is escaped, numbers of indicators are links."""
    head = "".join(
        f"<th scope='col' class='{column.kind}'>{escape(column.heading)}</th>" for column in columns
    )
    body = "".join(
        "<tr>"
        + "".join(
            _cell(row[column.name], column, _address(column, links, at)) for column in columns
        )
        + "</tr>"
        for at, row in enumerate(frame.iter_rows(named=True))
    )
    return (
        f"<div class='grid-frame'><table class='grid' aria-label='{escape(name, quote=True)}'>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _address(column: Column, links: Links | None, at: int) -> str:
    if links is None or column.of is None:
        return ""
    return links.address(column.of.within(links.rows[at]))


def _cell(value: Any, column: Column, address: str = "") -> str:  # noqa: ANN401 - anything
    if column.kind == "status":
        return f"<td class='status'>{status.html(value)}</td>"
    kind = "day" if isinstance(value, date) else column.kind
    text = column.written(value)
    if not address or value is None:
        return f"<td class='{kind}'>{escape(text)}</td>"
    says = f"{column.label} {text}{formats.unit_suffix(column.unit)}"
    return f"<td class='{kind}'>{explanation.link(address, escape(text), says=says)}</td>"


def csv(frame: pl.DataFrame, columns: Sequence[Column]) -> bytes:
    """The rows as CSV that Excel opens in Chinese and in which no text can act as a formula."""
    safe = frame.select(
        _safe(frame, column).alias(_free_heading(column, at, columns))
        for at, column in enumerate(columns)
    )
    return safe.write_csv(datetime_format="%Y-%m-%d %H:%M:%S").encode("utf-8-sig")


def _free_heading(column: Column, at: int, columns: Sequence[Column]) -> str:
    taken = [other.heading for other in columns[:at]]
    return f"{column.heading} {at + 1}" if column.heading in taken else column.heading


def _safe(frame: pl.DataFrame, column: Column) -> pl.Expr:
    if column.kind == "status":
        words = {verdict: status.word(verdict) for verdict in status.VERDICTS}
        return pl.col(column.name).replace_strict(words, default=None, return_dtype=pl.String)
    if frame.schema[column.name] != pl.String:
        return pl.col(column.name)
    return pl.col(column.name).map_elements(without_formula, return_dtype=pl.String)


def show(
    frame: pl.DataFrame, columns: Sequence[Column], *, name: str, links: Links | None = None
) -> None:
    """Draw the table."""
    st.html(html(frame, columns, name=name, links=links))


def download(frame: pl.DataFrame, columns: Sequence[Column], *, key: str, label: str = "") -> None:
    """A button that hands over the table as CSV."""
    st.download_button(
        label or _("下载 CSV"),
        data=lambda: csv(frame, columns),
        file_name=f"{key}.csv",
        mime="text/csv",
        key=f"{key}.download",
        icon=":material/download:",
        on_click="ignore",
        type="tertiary",
    )
