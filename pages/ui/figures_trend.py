"""Figures over months, in which an unfinished month cannot be mistaken for a fall."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import polars as pl

from pages.ui import figures_events, formats, theme
from pages.ui.figures_events import Mark
from pages.ui.text import _


@dataclass(frozen=True)
class Series:
    """One course by month: columns month, value, is_incomplete.

    `is_context`: it only gives the others a measure; a touch says and leads to nothing.
    """

    name: str
    frame: pl.DataFrame
    colour: str
    decimals: int = 0
    is_context: bool = False


def month_ticks(months: Sequence[str], notes: Sequence[str] = (), *, every: int = 1) -> list[str]:
    """Axis words for months: the year only where it begins, below it an optional note.

    In a narrow figure only `every` so many months are named, and no two years side by side.
    """
    begins = [at for at, month in enumerate(months) if at == 0 or month.endswith("-01")]
    if every > 1 and len(begins) > 1 and begins[1] < 3:
        begins = begins[1:]
    ticks = []
    for at, month in enumerate(months):
        year, number = month.split("-")
        text = "" if at % every else _("{n}月").format(n=int(number))
        if notes:
            text += f"<br>{theme.muted(notes[at])}"
        if at in begins:
            text += "<br><b>" + _("{year}年").format(year=year) + "</b>"
        ticks.append(text)
    return ticks


def lines(
    series: Sequence[Series],
    *,
    unit: str,
    notes: Sequence[str] = (),
    height: int = 380,
    events: Sequence[Mark] = (),
    every: int = 2,
) -> go.Figure:
    """One line per series, named at its end; the step into an unfinished month is dotted.

    `every`: how many months one label of the axis stands for; one in a figure across the page.
    """
    figure = theme.figure(height=height)
    months = series[0].frame["month"].to_list() if series else []
    for one in series:
        _add_line(figure, one, unit)
    _name_ends(figure, series, unit)
    _month_axis(figure, months, notes, every=every)
    figure.update_yaxes(title_text=unit, rangemode="tozero")
    figure.update_xaxes(range=[-0.4, len(months) - 0.6])
    _mark_incomplete(figure, series)
    figures_events.draw(figure, months, events)
    return figure


def _add_line(figure: go.Figure, one: Series, unit: str) -> None:
    values = one.frame["value"].to_list()
    is_open = one.frame["is_incomplete"].to_list()
    hover = [
        _hover(one, month, v, unit) + (f"<br>{_('未满月')}" if unfinished else "")
        for month, v, unfinished in zip(one.frame["month"], values, is_open, strict=True)
    ]
    whole = [None if unfinished else v for v, unfinished in zip(values, is_open, strict=True)]
    figure.add_scatter(
        x=list(range(len(values))),
        y=whole,
        name=one.name,
        mode="lines+markers",
        line={"color": one.colour, "width": 2 if one.is_context else 3},
        marker={"size": 4 if one.is_context else 7},
        hovertext=hover,
        hoverinfo="skip" if one.is_context else "text",
        showlegend=False,
    )
    touched = {
        at + step for at, unfinished in enumerate(is_open) if unfinished for step in (-1, 0, 1)
    }
    if not any(is_open):
        return
    figure.add_scatter(
        x=list(range(len(values))),
        y=[v if at in touched else None for at, v in enumerate(values)],
        name=one.name + _("（未满月）"),
        mode="lines+markers",
        line={"color": one.colour, "width": 2, "dash": "dot"},
        marker={
            "size": [9 if unfinished else 0 for unfinished in is_open],
            "color": theme.PAPER,
            "line": {"color": one.colour, "width": 2},
        },
        hovertext=hover,
        hoverinfo="skip" if one.is_context else "text",
        showlegend=False,
    )


def _hover(one: Series, month: str, value: float | None, unit: str) -> str:
    written = formats.amount(value, unit=unit, decimals=one.decimals)
    return f"{formats.month(month)}<br>{formats.labelled(one.name, written)}"


def _name_ends(figure: go.Figure, series: Sequence[Series], unit: str) -> None:
    """Names and last values beside the ends of the lines, pushed apart where they would touch."""
    ends = []
    for one in series:
        known = [(at, v) for at, v in enumerate(one.frame["value"].to_list()) if v is not None]
        if known:
            ends.append((known[-1][1], known[-1][0], one))
    top = max(
        (max(v for v in one.frame["value"] if v is not None) for _v, _at, one in ends), default=1
    )
    room = max(top, 1) * 0.085
    placed: float | None = None
    figure.update_layout(margin={"r": 20 + _widest(ends, unit)})
    for value, at, one in sorted(ends, key=lambda end: end[0]):
        where = value if placed is None else max(value, placed + room)
        placed = where
        written = formats.amount(value, unit=unit, decimals=one.decimals)
        figure.add_annotation(
            x=at,
            y=where,
            text=f"<b>{one.name}</b> {written}",
            xshift=6,
            showarrow=False,
            xanchor="left",
            font={"color": one.colour, "size": theme.FONT_SIZE},
        )


def _widest(ends: Sequence[tuple[float, int, Series]], unit: str) -> int:
    labels = [
        f"{one.name} {formats.amount(value, unit=unit, decimals=one.decimals)}"
        for value, _at, one in ends
    ]
    return max(map(theme.text_width, labels), default=0)


def _mark_incomplete(figure: go.Figure, series: Sequence[Series]) -> None:
    if not series:
        return
    for at, unfinished in enumerate(series[0].frame["is_incomplete"]):
        if unfinished:
            figure.add_vrect(
                x0=at - 0.45,
                x1=at + 0.45,
                fillcolor=theme.GRID,
                opacity=0.6,
                line_width=0,
                layer="below",
                annotation_text=_("未满月"),
                annotation_position="bottom",
                annotation_font={"size": 13, "color": theme.MUTED},
            )


def _month_axis(
    figure: go.Figure, months: Sequence[str], notes: Sequence[str], *, every: int = 1
) -> None:
    figure.update_xaxes(
        tickmode="array",
        tickvals=list(range(len(months))),
        ticktext=month_ticks(months, notes, every=every),
        showgrid=False,
        zeroline=False,
        tickangle=0,
    )


def bars(one: Series, *, unit: str, height: int = 330, events: Sequence[Mark] = ()) -> go.Figure:
    """One bar per month with its number on top; an unfinished month is hatched and says so."""
    figure = theme.figure(height=height)
    months = one.frame["month"].to_list()
    values = one.frame["value"].to_list()
    is_open = one.frame["is_incomplete"].to_list()
    labels = [
        formats.number(v, one.decimals) + (f"<br>{_('未满月')}" if unfinished else "")
        for v, unfinished in zip(values, is_open, strict=True)
    ]
    figure.add_bar(
        x=list(range(len(months))),
        y=values,
        name=one.name,
        text=labels,
        textposition="outside",
        cliponaxis=False,
        marker={
            "color": one.colour,
            "pattern": {"shape": ["/" if unfinished else "" for unfinished in is_open]},
        },
        hovertext=[_hover(one, month, v, unit) for month, v in zip(months, values, strict=True)],
        hoverinfo="text",
        showlegend=False,
    )
    _month_axis(figure, months, ())
    top = max((v for v in values if v is not None), default=0)
    figure.update_yaxes(title_text=unit, range=[0, top * 1.22 or 1])
    figures_events.draw(figure, months, events)
    return figure
