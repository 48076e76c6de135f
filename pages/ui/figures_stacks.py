"""Figures of bars filled to 100 %, whose parts keep their order and colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import plotly.graph_objects as go

from pages.ui import formats, theme
from pages.ui.figures_rows import height_of, rows_axis
from pages.ui.text import _
from warehouse import numerals


@dataclass(frozen=True)
class Part:
    """One part of a stack: its name, colour, one count per bar, and the value it stands for."""

    name: str
    colour: str
    counts: Sequence[float]
    key: str | None = None


def stacked_shares(
    labels: Sequence[str], parts: Sequence[Part], *, unit: str, is_open: Sequence[bool] = ()
) -> go.Figure:
    """Upright bars filled to 100 %; parts keep order and colour, small ones stay unlabelled."""
    figure = theme.figure(height=max(430, 30 * len(parts) + 60))
    by_bar = _shares_by_bar(parts, len(labels))
    for place, part in enumerate(parts):
        values = [float(shares[place]) for shares in by_bar]
        figure.add_bar(
            x=list(range(len(labels))),
            y=values,
            name=part.name,
            text=[f"{value:.1f}" if value >= 6 else "" for value in values],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            marker={
                "color": part.colour,
                "line": {"color": theme.PAPER, "width": 1},
            },
            hovertext=_hover(labels, part, values, unit),
            hoverinfo="text",
        )
    for at, unfinished in enumerate(is_open):
        if unfinished:
            # A veil, as a hatched bar would hatch its key in the legend too.
            figure.add_vrect(
                x0=at - 0.5, x1=at + 0.5, fillcolor=theme.PAPER, opacity=0.55, line_width=0
            )
    figure.update_layout(barmode="stack", bargap=0.18, legend={"traceorder": "reversed", "x": 1.01})
    figure.update_xaxes(
        tickmode="array",
        tickvals=list(range(len(labels))),
        ticktext=list(labels),
        showgrid=False,
        tickangle=0,
    )
    figure.update_yaxes(title_text=_("占比（%）"), range=[0, 100], ticksuffix="%")
    return figure


def stacked_rows(labels: Sequence[str], parts: Sequence[Part], *, unit: str) -> go.Figure:
    """Lying bars filled to 100 %, one per row, with the share written inside."""
    figure = theme.figure(height=height_of(len(labels), foot=100))
    by_bar = _shares_by_bar(parts, len(labels))
    for place, part in enumerate(parts):
        values = [float(shares[place]) for shares in by_bar]
        figure.add_bar(
            x=values,
            y=list(range(len(labels))),
            orientation="h",
            name=part.name,
            text=[f"{value:.1f}%" if value >= 7 else "" for value in values],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            marker={"color": part.colour, "line": {"color": theme.PAPER, "width": 1}},
            hovertext=_hover(labels, part, values, unit),
            hoverinfo="text",
        )
    rows_axis(figure, labels)
    figure.update_layout(
        barmode="stack",
        bargap=0.25,
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "traceorder": "normal"},
        margin={"t": 48},
    )
    figure.update_xaxes(title_text=_("占比（%）"), range=[0, 100.2], ticksuffix="%", dtick=20)
    return figure


def _shares_by_bar(parts: Sequence[Part], bars: int) -> list[list[Decimal]]:
    return [numerals.shares([part.counts[at] for part in parts]) for at in range(bars)]


def _hover(labels: Sequence[str], part: Part, values: Sequence[float], unit: str) -> list[str]:
    return [
        f"{label}<br>{formats.labelled(part.name, formats.amount(count, unit=unit))} · {value:.1f}%"
        for label, value, count in zip(labels, values, part.counts, strict=True)
    ]
