"""A figure of sub-branches by rank, with the median of the group and those not ranked below."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from pages.ui import theme
from pages.ui.figures_rows import rows_axis

ROW, ABOVE, BELOW = 28, 46, 60
FADED = 0.35


@dataclass(frozen=True)
class Bar:
    """One sub-branch: its name, what stands at the bar, and how it is drawn."""

    key: str
    label: str
    note: str
    value: float | None
    text: str
    hover: str
    colour: str
    is_chosen: bool
    is_ranked: bool


@dataclass(frozen=True)
class Line:
    """A value that every bar is read against."""

    value: float
    words: str
    colour: str
    dash: str
    is_above: bool


def ranking(bars: Sequence[Bar], lines: Sequence[Line], *, unit: str) -> go.Figure:
    """Lying bars in the order given; a click on one gives its key as custom data."""
    figure = theme.figure(height=len(bars) * ROW + ABOVE + BELOW)
    is_any_chosen = any(bar.is_chosen for bar in bars)
    top = max([*(bar.value or 0 for bar in bars), *(line.value for line in lines), 0]) or 1
    longest = max((theme.text_width(bar.text) for bar in bars), default=0)
    figure.add_bar(
        x=[bar.value or 0 for bar in bars],
        y=list(range(len(bars))),
        orientation="h",
        marker={
            "color": [bar.colour for bar in bars],
            "opacity": [1 if bar.is_chosen or not is_any_chosen else FADED for bar in bars],
            "pattern": {"shape": ["" if bar.is_ranked else "/" for bar in bars]},
        },
        customdata=[bar.key for bar in bars],
        hovertext=[bar.hover for bar in bars],
        hoverinfo="text",
        # What is chosen shows in the opacity above, also after Plotly has its own idea of it.
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        showlegend=False,
    )
    rows_axis(figure, [bar.label for bar in bars], [bar.note for bar in bars])
    labels = list(figure.layout.yaxis.ticktext)
    for at, bar in enumerate(bars):
        if bar.is_chosen:
            labels[at] = f"<b>▶ {labels[at]}</b>"
    figure.update_yaxes(ticktext=labels)
    figure.update_xaxes(title_text=unit, range=[0, top * 1.01])
    if unit == "%" and top <= 100:
        figure.update_xaxes(tickvals=[0, 20, 40, 60, 80, 100])
    figure.update_layout(
        margin={"t": ABOVE, "r": longest + 24},
        bargap=0.25,
        shapes=[_stroke(line, len(bars)) for line in lines],
        annotations=[*map(_name, lines), *(_text(bar, at) for at, bar in enumerate(bars))],
    )
    return figure


def _stroke(line: Line, rows: int) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": line.value,
        "x1": line.value,
        "y0": -0.5,
        "y1": rows - 0.5,
        "line": {"color": line.colour, "width": 2, "dash": line.dash},
    }


def _name(line: Line) -> dict[str, Any]:
    return {
        "text": line.words,
        "x": line.value,
        # Beside the line, not across it: two lines may lie close together.
        "xanchor": "right",
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": 22 if line.is_above else 2,
        "showarrow": False,
        "font": {"color": line.colour, "size": theme.FONT_SIZE},
    }


def _text(bar: Bar, at: int) -> dict[str, Any]:
    """Words in a column of their own: at the ends of the bars the lines would run through them."""
    return {
        "text": bar.text,
        "x": 1,
        "xref": "paper",
        "xanchor": "left",
        "xshift": 8,
        "y": at,
        "showarrow": False,
        "font": {"color": theme.INK if bar.is_ranked else theme.MUTED},
    }
