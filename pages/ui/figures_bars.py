"""Figures of parts side by side: ranked, to either side of zero, cumulated."""

from collections.abc import Sequence
from decimal import Decimal

import plotly.graph_objects as go

from pages.ui import formats, theme
from pages.ui.figures_rows import height_of, rows_axis
from pages.ui.text import _
from warehouse import numerals

# A third of a laptop screen has to hold label, course and bar.
NARROW = 200


def ranked(
    labels: Sequence[str],
    values: Sequence[float | None],
    *,
    unit: str,
    decimals: int = 0,
    colours: Sequence[str] | str = theme.ACCENT,
    texts: Sequence[str] | None = None,
    height: int | None = None,
) -> go.Figure:
    """Horizontal bars in the order given, with the number at the end of each."""
    figure = theme.figure(height=height or height_of(len(labels)))
    written = texts or [formats.amount(v, unit=unit, decimals=decimals) for v in values]
    figure.add_bar(
        # A bar of nothing still carries its dash.
        x=[value or 0 for value in values],
        y=list(range(len(labels))),
        orientation="h",
        text=written,
        textposition="outside",
        cliponaxis=False,
        marker={"color": colours},
        customdata=list(labels),
        hovertext=[f"{label}<br>{text}" for label, text in zip(labels, written, strict=True)],
        hoverinfo="text",
        showlegend=False,
    )
    rows_axis(figure, labels)
    top = max((v for v in values if v is not None), default=0)
    longest = max((theme.text_width(text) for text in written), default=0)
    figure.update_xaxes(title_text=unit, range=[0, (top or 1) * (1.05 + longest / 330)])
    if unit == "%" and top > 50:
        # The room for the numbers is no share beyond the whole.
        figure.update_xaxes(tickvals=list(range(0, 101, 20)))
    return figure


def diverging(
    labels: Sequence[str],
    courses: Sequence[str],
    changes: Sequence[float],
    texts: Sequence[str],
    *,
    unit: str,
    goods: Sequence[bool | None],
) -> go.Figure:
    """Changes to either side of zero, each with its numbers; colour says better or worse."""
    figure = theme.figure(height=height_of(len(labels)))
    colour = {True: theme.GOOD, False: theme.BAD, None: theme.NEUTRAL}
    figure.add_bar(
        x=list(changes),
        y=list(range(len(labels))),
        orientation="h",
        text=list(texts),
        textposition="outside",
        cliponaxis=False,
        marker={"color": [colour[good] for good in goods]},
        hovertext=[
            _("{label}<br>{course}（{text}）").format(label=label, course=course, text=text)
            for label, course, text in zip(labels, courses, texts, strict=True)
        ],
        hoverinfo="text",
        showlegend=False,
    )
    rows_axis(figure, labels, courses, width=NARROW)
    low, high = min([0, *changes]), max([0, *changes])
    # Room for the numbers beyond the ends of the bars, on the sides that have bars.
    room = (high - low or 1) * (0.6 if low < 0 < high else 0.7)
    figure.update_xaxes(
        title_text=unit,
        range=[low - (room if low < 0 else room * 0.1), high + (room if high > 0 else room * 0.1)],
        zeroline=True,
        tickformat="+d",
        nticks=3,
        tickangle=0,
    )
    return figure


def pareto(labels: Sequence[str], counts: Sequence[float], *, unit: str) -> go.Figure:
    """Bars by size with count and share, and the running share against the 80 % line."""
    figure = theme.figure(height=height_of(len(labels), row=40, foot=130))
    parts = numerals.shares(list(counts))
    running: list[Decimal] = []
    for part in parts:
        running.append((running[-1] if running else Decimal(0)) + part)
    rows = list(range(len(labels)))
    written = [
        f"{formats.amount(count, unit=unit)} · {part}%"
        for count, part in zip(counts, parts, strict=True)
    ]
    figure.add_bar(
        x=list(counts),
        y=rows,
        orientation="h",
        name=_("件数与占比"),
        text=written,
        textposition="outside",
        cliponaxis=False,
        marker={"color": theme.ACCENT},
        customdata=list(labels),
        hovertext=[f"{label}<br>{text}" for label, text in zip(labels, written, strict=True)],
        hoverinfo="text",
    )
    figure.add_scatter(
        x=[float(part) for part in running],
        y=rows,
        xaxis="x2",
        name=_("累计占比（上方刻度）"),
        mode="lines+markers",
        line={"color": theme.PALETTE[1], "width": 2.5},
        marker={"size": 8},
        hovertext=[
            _("{label}<br>累计 {part}%").format(label=label, part=part)
            for label, part in zip(labels, running, strict=True)
        ],
        hoverinfo="text",
    )
    figure.add_shape(
        type="line",
        xref="x2",
        yref="paper",
        x0=80,
        x1=80,
        y0=0,
        y1=1,
        line={"color": theme.MUTED, "dash": "dash", "width": 1.5},
    )
    rows_axis(figure, labels)
    top = max(counts, default=0)
    figure.update_layout(
        xaxis={"title": {"text": unit}, "range": [0, (top or 1) * 1.9], "showgrid": False},
        xaxis2={
            "overlaying": "x",
            "side": "top",
            "range": [0, 104],
            "showgrid": False,
            "tickvals": [0, 20, 40, 60, 80, 100],
            "ticktext": ["0%", "20%", "40%", "60%", "80%", "100%"],
            "zeroline": False,
        },
        legend={
            "orientation": "h",
            "x": 1,
            "xanchor": "right",
            "yref": "container",
            "y": 0.005,
            "yanchor": "bottom",
        },
    )
    return figure


def blank() -> go.Figure:
    """A figure for where there is nothing to draw; the chart component says so in words."""
    return theme.figure(height=150)
