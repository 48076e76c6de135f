"""Events on figures over months: a line on the day, a numbered tag above the plot."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import plotly.graph_objects as go

from pages.ui import theme
from warehouse.events import kinds

# The kind is told by the letter of the tag and by the dashes of the line, not by a colour.
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
ROW_HEIGHT = 24
# So many months a tag covers in the narrowest chart: half of a laptop screen over 13 months.
TAG_MONTHS = 1.7


@dataclass(frozen=True)
class Mark:
    """One event as a figure shows it: its tag, and what it says beneath the chart."""

    tag: str
    day: date
    kind: str
    words: str


def tag(kind: str, number: int) -> str:
    """The short name of an event in a chart: first letter of the kind, number in the window."""
    return f"{kind[:1]}{number}"


def dash(kind: str) -> str:
    """The dashes that lines of a kind of event have in every chart."""
    known = kinds()
    return DASHES[known.index(kind) % len(DASHES)] if kind in known else DASHES[-1]


def draw(figure: go.Figure, months: Sequence[str], marks: Sequence[Mark]) -> None:
    """Mark events in a figure whose x axis counts these months from 0; tags never overlap.

    The figure grows by the rows of tags, so the plot keeps its height.
    """
    found = placed(months, marks)
    if not found:
        return
    rows = rows_of([at for at, _mark in found])
    room = (max(rows) + 1) * ROW_HEIGHT + 6
    top = figure.layout.margin.t
    usual = theme.template().layout.margin.t
    # All at once: every single addition makes Plotly copy all that is there already.
    figure.update_layout(
        height=figure.layout.height + room,
        margin={"t": (usual if top is None else top) + room},
        shapes=[*figure.layout.shapes, *(_line(at, mark) for at, mark in found)],
        annotations=[
            *figure.layout.annotations,
            *(_tag(at, mark, row) for (at, mark), row in zip(found, rows, strict=True)),
        ],
    )


def placed(months: Sequence[str], marks: Sequence[Mark]) -> list[tuple[float, Mark]]:
    """The marks of these months, each with its place on an axis that counts them from 0."""
    places = {month: at for at, month in enumerate(months)}
    return [(_position(places, mark), mark) for mark in marks if f"{mark.day:%Y-%m}" in places]


def _position(places: Mapping[str, int], mark: Mark) -> float:
    """Where a day lies on an axis on which a month reaches half a step to either side."""
    length = calendar.monthrange(mark.day.year, mark.day.month)[1]
    return places[f"{mark.day:%Y-%m}"] - 0.5 + (mark.day.day - 0.5) / length


def rows_of(positions: Sequence[float]) -> list[int]:
    """For tags from left to right the lowest row in which each has room."""
    ends: list[float] = []
    rows = []
    for at in positions:
        row = next((n for n, end in enumerate(ends) if at - end >= TAG_MONTHS), len(ends))
        ends[row:] = [at, *ends[row + 1 :]]
        rows.append(row)
    return rows


def _line(at: float, mark: Mark) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": at,
        "x1": at,
        "y0": 0,
        "y1": 1,
        "opacity": 0.55,
        "line": {"color": theme.INK, "width": 1.2, "dash": dash(mark.kind)},
    }


def _tag(at: float, mark: Mark, row: int) -> dict[str, Any]:
    return {
        "text": mark.tag,
        "x": at,
        "xref": "x",
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": 4 + row * ROW_HEIGHT,
        "showarrow": False,
        "font": {"size": 14, "color": theme.INK},
        "bgcolor": theme.PAPER,
        "bordercolor": theme.NEUTRAL,
        "borderwidth": 1,
        "borderpad": 2,
        "hovertext": mark.words,
    }
