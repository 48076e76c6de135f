"""One chart as a reader meets it: title, figure, what it rests on, its table and its file."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from pages.ui import empty, formats, table, theme
from pages.ui.formats import day
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse.periods import Period
from warehouse.registry import dimensions, indicator


@dataclass(frozen=True)
class Source:
    """What a chart rests on: indicator, period when it is not the chosen one, N and remarks."""

    indicator: str
    count: float | None = None
    count_unit: str = ""
    period: Period | None = None
    note: str = ""


def caption(ask: Queries, source: Source) -> str:
    """Period, filters, N and the date that counts, in one line."""
    asked = indicator(source.indicator)
    period = source.period or ask.selection.period
    parts = [period.label_zh, ask.selection.words(asked)]
    held = ask.coverage.get(asked.entity)
    if held is not None and period.end is not None and held.last < period.end:
        parts[0] += _("（未满，数据截至 {day}）").format(day=day(held.last))
    if source.count is not None:
        count = formats.amount(source.count, unit=source.count_unit or asked.unit)
        parts.append(_("N = {count}").format(count=count))
    parts.append(asked.basis_zh)
    unused = ask.filters_not_applied(asked)
    if unused:
        names = _("、").join(name_of(dimensions()[name]) for name in unused)
        parts.append(_("{names}筛选不适用").format(names=names))
    if source.note:
        parts.append(source.note.removeprefix(_("；")))
    return " · ".join(parts)


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
) -> None:
    """Draw the whole component; without rows it says so instead of drawing an empty figure."""
    heading(title)
    if lead:
        st.html(lead)
    if _is_blank(frame, columns):
        empty.no_rows(title, ask.selection.words(indicator(source.indicator)))
        return
    draw(key=key, title=title, figure=figure, caption=caption(ask, source))
    twin(frame, columns, key=key, title=title)


def _is_blank(frame: pl.DataFrame, columns: Sequence[Column]) -> bool:
    """Whether there is nothing to draw: no rows, or no number in them but zeros."""
    if frame.is_empty():
        return True
    numbers = [frame[column.name] for column in columns if column.kind in ("number", "change")]
    return bool(numbers) and not any(values.fill_null(0).ne(0).any() for values in numbers)


def draw(*, key: str, title: str, figure: go.Figure, caption: str) -> None:
    """The figure alone with its caption, described for those who cannot see it."""
    st.plotly_chart(
        figure,
        theme=None,
        key=key,
        config=theme.config(key),
        alt=_("{title}。{caption}").format(title=title, caption=caption),
    )
    st.caption(caption)


def twin(frame: pl.DataFrame, columns: Sequence[Column], *, key: str, title: str) -> None:
    """The numbers of a chart as a table, folded away, with their file."""
    with st.expander(_("看表格"), type="compact", key=f"{key}.twin"):
        table.show(frame, columns, name=title)
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
    st.caption(caption(ask, source))
    table.download(frame, columns, key=key)
