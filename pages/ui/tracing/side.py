"""What the tables of evidence share: one row per number, one column per group, each with its N."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
import streamlit as st

from pages.ui import chart, explanation, formats, table
from pages.ui.explanation import Cell, Only
from pages.ui.queries import Queries, Where
from pages.ui.table import Column, Links
from pages.ui.text import _, name_of
from warehouse.periods import Period
from warehouse.registry import indicator

# Without sub-branch and business, whatever the reader filters by.
EVERYTHING: Where = {"sub_branch": (), "category_group": ()}


@dataclass(frozen=True)
class Group:
    """One column: its name, its filters, and whether an address can say them."""

    name: str
    where: Where
    is_linked: bool = True

    @property
    def only(self) -> Only:
        """The filters as an address says them."""
        return {name: tuple(values) for name, values in self.where.items() if values}


def figures(
    ask: Queries, what: str, where: Where, span: Period | None
) -> Mapping[str, float | None]:
    """Value, numerator and denominator of an indicator there."""
    return ask.compute(what, period=span, extra=where).row(0, named=True)


def written(what: str, row: Mapping[str, float | None]) -> str:
    """A value with what it rests on; of too few cases no rate, only how many there are."""
    asked = indicator(what)
    below = row["denominator"]
    if row["value"] is None:
        return formats.NO_DATA
    value = formats.amount(row["value"], unit=asked.unit, decimals=asked.decimals)
    if below is None:
        return value
    count = formats.number(below)
    if asked.is_too_few(below) and asked.kind == "ratio":
        return f"{formats.number(row['numerator'])} / {count}"
    if asked.is_too_few(below):
        return _("—（仅 {count} 例）").format(count=count)
    return _("{value} n={count}").format(value=value, count=count)


def numbers(
    ask: Queries,
    *,
    title: str,
    indicators: Sequence[str],
    groups: Sequence[Group],
    span: Period | None,
    note: str,
    more: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Draw indicators by group: every number leads to its rows; `more` are rows of words."""
    rows: list[dict[str, str]] = [
        {"name": name_of(indicator(what))}
        | {
            f"g{at}": written(what, figures(ask, what, group.where, span))
            for at, group in enumerate(groups)
        }
        for what in indicators
    ]
    cells = [Cell(what, period=span) for what in indicators]
    for name, words in (more or {}).items():
        rows.append({"name": name} | {f"g{at}": text for at, text in enumerate(words)})
        cells.append(Cell())
    columns = [
        Column("name", ""),
        *(
            Column(f"g{at}", group.name, of=Cell(only=group.only) if group.is_linked else None)
            for at, group in enumerate(groups)
        ),
    ]
    chart.heading(title)
    links = Links(cells, lambda cell: explanation.href_of(ask, cell) if cell.indicator else "")
    table.show(pl.DataFrame(rows), columns, name=title, links=links)
    st.caption(note)
