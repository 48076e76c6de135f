"""One chart as a reader meets it: title, figure, what it rests on, its table and its file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from pages.ui import empty, explanation, formats, points, table, theme
from pages.ui.explanation import Cell, Only
from pages.ui.formats import day
from pages.ui.queries import Queries
from pages.ui.table import Column, Links
from pages.ui.text import _, name_of
from warehouse.indicators import FIGURES
from warehouse.periods import Period
from warehouse.registry import dimensions, indicator


@dataclass(frozen=True)
class Source:
    """What a chart rests on: indicator, period when it is not the chosen one, N and remarks.

    With a `cut`, the dimensions among the frame's columns by which it is divided, every point and
    cell leads to its explanation. `only` are the page's own filters; `series` says of traces by
    name, and `across` of the columns of a heat table, what they stand for.
    """

    indicator: str
    count: float | None = None
    count_unit: str = ""
    period: Period | None = None
    note: str = ""
    cut: tuple[str, ...] = ()
    only: Only = field(default_factory=dict)
    series: Mapping[str, Cell] = field(default_factory=dict)
    across: Sequence[Cell] = ()

    @property
    def whole(self) -> Cell:
        """The number that all of the chart is."""
        return Cell(self.indicator, self.only, self.period)


def caption(ask: Queries, source: Source) -> str:
    """Period, filters, N and the date that counts, in one line."""
    return " · ".join((*_before(ask, source), *_count(source), *_after(ask, source)))


def _before(ask: Queries, source: Source) -> list[str]:
    asked = indicator(source.indicator)
    period = source.period or ask.selection.period
    parts = [period.label_zh, ask.selection.words(asked)]
    held = ask.coverage.get(asked.entity)
    if held is not None and period.end is not None and held.last < period.end:
        parts[0] += _("（未满，数据截至 {day}）").format(day=day(held.last))
    return parts


def _count(source: Source) -> list[str]:
    if source.count is None:
        return []
    unit = source.count_unit or indicator(source.indicator).unit
    return [_("N = {count}").format(count=formats.amount(source.count, unit=unit))]


def _after(ask: Queries, source: Source) -> list[str]:
    asked = indicator(source.indicator)
    parts = [asked.basis_zh]
    unused = ask.filters_not_applied(asked)
    if unused:
        names = _("、").join(name_of(dimensions()[name]) for name in unused)
        parts.append(_("{names}筛选不适用").format(names=names))
    if source.note:
        parts.append(source.note.removeprefix(_("；")))
    return parts


def _linked_caption(ask: Queries, source: Source) -> str:
    """The caption as HTML, with N as a link to its rows where those are what it counts."""
    address = explanation.href_of(ask, source.whole)
    is_linked = source.count is not None and explanation.is_of(ask, source.whole, source.count)
    parts = [escape(part) for part in _before(ask, source)]
    parts += [
        explanation.link(address, escape(n), says=n) if is_linked else escape(n)
        for n in _count(source)
    ]
    parts += [escape(part) for part in _after(ask, source)]
    return f"<p class='caption'>{' · '.join(parts)}</p>"


def heading(title: str) -> None:
    """The title of a chart or table: what is measured."""
    st.subheader(title, anchor=False)


def show(
    ask: Queries,
    *,
    key: str,
    title: str,
    figure: go.Figure,
    source: Source,
    frame: pl.DataFrame,
    columns: Sequence[Column],
    lead: str = "",
    places: Sequence[Cell] | None = None,
    rows: Sequence[Cell] | None = None,
) -> None:
    """Draw the whole component; without rows it says so instead of drawing an empty figure.

    `rows` is what the rows of the frame stand for, where its columns cannot say that, and `places`
    what the points of the figure do, where they are not the rows.
    """
    heading(title)
    if lead:
        st.html(lead)
    if _is_blank(frame, columns):
        empty.no_rows(title, ask.selection.words(indicator(source.indicator)))
        return
    if rows is None and source.cut:
        rows = explanation.rows_of(frame, source.cut)
        columns = [_linked(column, source) for column in columns]
    links = _links(ask, source, rows or ())
    points.link(
        figure,
        links.rows if places is None else _links(ask, source, places).rows,
        links.address,
        series=source.series,
        across=source.across,
    )
    _draw(key=key, title=title, figure=figure, alt=caption(ask, source))
    st.html(_linked_caption(ask, source))
    twin(frame, columns, key=key, title=title, links=links if rows else None)


def _links(ask: Queries, source: Source, cells: Sequence[Cell]) -> Links:
    within = [cell.within(source.whole) for cell in cells]
    return Links(within, lambda cell: explanation.href_of(ask, cell))


def _linked(column: Column, source: Source) -> Column:
    """The figures of the indicator itself need not say what they are."""
    if column.of is None and column.name in FIGURES:
        return replace(column, of=Cell(source.indicator))
    return column


def _is_blank(frame: pl.DataFrame, columns: Sequence[Column]) -> bool:
    """Whether there is nothing to draw: no rows, or no number in them but zeros."""
    if frame.is_empty():
        return True
    numbers = [frame[column.name] for column in columns if column.kind in ("number", "change")]
    return bool(numbers) and not any(values.fill_null(0).ne(0).any() for values in numbers)


def draw(*, key: str, title: str, figure: go.Figure, caption: str) -> None:
    """The figure alone with its caption, described for those who cannot see it."""
    _draw(key=key, title=title, figure=figure, alt=caption)
    st.caption(caption)


def _draw(*, key: str, title: str, figure: go.Figure, alt: str) -> None:
    st.plotly_chart(
        figure,
        theme=None,
        key=key,
        config=theme.config(key),
        alt=_("{title}。{caption}").format(title=title, caption=alt),
    )


def twin(
    frame: pl.DataFrame,
    columns: Sequence[Column],
    *,
    key: str,
    title: str,
    links: Links | None = None,
) -> None:
    """The numbers of a chart as a table, folded away, with their file."""
    with st.expander(_("看表格"), type="compact", key=f"{key}.twin"):
        table.show(frame, columns, name=title, links=links)
        table.download(frame, columns, key=key)


def listing(
    ask: Queries,
    *,
    key: str,
    title: str,
    source: Source,
    frame: pl.DataFrame,
    columns: Sequence[Column],
    nothing: str,
) -> None:
    """A list of rows with what it rests on and its file; a plain sentence when there are none."""
    heading(title)
    if frame.is_empty():
        st.markdown(nothing)
        return
    table.show(frame, columns, name=title)
    st.html(_linked_caption(ask, source))
    table.download(frame, columns, key=key)
