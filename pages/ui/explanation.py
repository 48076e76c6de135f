"""Addresses of the page that explains one number: indicator, period and the cell's own filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import polars as pl
import streamlit as st

from pages.ui.queries import Queries
from pages.ui.selection import EMPTY, PARAMETERS, PIN
from pages.ui.text import _
from warehouse.detail import Between
from warehouse.indicators import FIGURES
from warehouse.periods import Period, parse_period
from warehouse.registry import TIME_DIMENSIONS

PAGE = "explain"
INDICATOR, PERIOD, ONLY, VALUE, ORIGIN = "of", "at", "only", "value", "from"
HOME = "overview"
_CLOSE = 1e-6
# What of an address is the reader's choice for all pages; the rest belongs to the page.
_SHARED = ("period", "vs", *PARAMETERS, PIN)
_PAGES = Path(__file__).resolve().parent.parent
# Several values of one dimension stand for the one or the other of them.
Values = str | None | Sequence[str | None]
Only = Mapping[str, Values]
Parameters = dict[str, list[str]]


@dataclass(frozen=True)
class Cell:
    """One number on a page: indicator, the cell's own filters, period if not the chosen one.

    A row or a column of numbers is one too; without an indicator it takes that of the other.
    """

    indicator: str = ""
    only: Only = field(default_factory=dict)
    period: Period | None = None
    between: Between | None = None

    def within(self, other: "Cell") -> "Cell":
        """This cell as a part of another: what it does not say itself is as there."""
        return Cell(
            self.indicator or other.indicator,
            {**other.only, **self.only},
            self.period or other.period,
            self.between or other.between,
        )


def rows_of(frame: pl.DataFrame, cut: Sequence[str]) -> list[Cell]:
    """What each row of a frame stands for, by the dimensions among its columns."""
    return [_row(row, cut) for row in frame.iter_rows(named=True)]


def _row(row: Mapping[str, str | None], cut: Sequence[str]) -> Cell:
    time = next((name for name in cut if name in TIME_DIMENSIONS), None)
    label = row[time] if time else None
    return Cell(
        only={name: row[name] for name in cut if name != time},
        period=parse_period(label) if label else None,
    )


def href(
    ask: Queries,
    what: str,
    *,
    period: Period | None = None,
    only: Only | None = None,
    between: Between | None = None,
) -> str:
    """The address that explains an indicator under the chosen filters, and the cell's own ones."""
    found = parameters(ask, what, period=period, only=only, between=between)
    return f"{PAGE}?{urlencode(found, doseq=True)}"


def href_of(ask: Queries, cell: Cell) -> str:
    """The address that explains the number of a cell."""
    return href(ask, cell.indicator, period=cell.period, only=cell.only, between=cell.between)


def parameters(
    ask: Queries,
    what: str,
    *,
    period: Period | None = None,
    only: Only | None = None,
    between: Between | None = None,
) -> Parameters:
    """The same address as query parameters, for switching pages inside the app."""
    found = {**ask.selection.parameters(), INDICATOR: [what]}
    if period is not None and period != ask.selection.period:
        found[PERIOD] = [period.id]
    if only:
        found[ONLY] = [
            f"{name}:{EMPTY if value is None else value}"
            for name, values in only.items()
            for value in several(values)
        ]
    if between is not None:
        found[VALUE] = [written(between)]
    page = origin()
    if page:
        found[ORIGIN] = [page]
    return found


def written(between: Between) -> str:
    """Limits of a value as the address has them: 5..6, or 61.. without an upper one."""
    return f"{between.low:g}..{'' if between.high is None else f'{between.high:g}'}"


def several(values: Values) -> Sequence[str | None]:
    """The values of one dimension, also where there is only one."""
    return [values] if values is None or isinstance(values, str) else values


def is_of(ask: Queries, cell: Cell, count: float) -> bool:
    """Whether a count that stands on a page is a figure of the number that a link would explain."""
    where = {name: several(values) for name, values in cell.only.items()}
    found = ask.compute(cell.indicator, period=cell.period, extra=where).row(0, named=True)
    return any(held is not None and abs(held - count) < _CLOSE for held in map(found.get, FIGURES))


def origin() -> str:
    """The page on screen with what is its own in the address; on this page where one came from."""
    path = urlsplit(st.context.url or "").path.rstrip("/").rpartition("/")[2]
    if path == PAGE:
        return st.query_params.get(ORIGIN, "")
    own = {name: st.query_params.get_all(name) for name in st.query_params if name not in _SHARED}
    page = path if is_page(path) else HOME
    return f"{page}?{urlencode(own, doseq=True)}" if own else page


def is_page(name: str) -> bool:
    """Whether there is a page of this name."""
    return name.isidentifier() and (_PAGES / f"{name}.py").exists()


def link(address: str, inner: str, *, says: str, kind: str = "") -> str:
    """A number as a link to its explanation; `inner` is HTML, `says` is for screen readers."""
    label = _("{number}，看这个数怎么来的").format(number=says)
    return (
        f"<a class='why {kind}' href='{escape(address, quote=True)}' "
        f"aria-label='{escape(label, quote=True)}'>{inner}</a>"
    )
