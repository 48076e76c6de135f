"""Figures of parts side by side: ranked, diverging, cumulated, stacked, against targets."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import plotly.graph_objects as go
import polars as pl

from pages.ui import formats, theme
from pages.ui.text import _

MAIN = theme.ACCENT
REST = theme.UNKNOWN
ROW = 38
FOOT = 70


def _height(rows: int, *, row: int = ROW, foot: int = FOOT) -> int:
    return max(150, rows * row + foot)


def _rows_axis(figure: go.Figure, labels: Sequence[str]) -> None:
    """Rows from the top in the order given, each label on its own line."""
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(labels))),
        ticktext=list(labels),
        range=[len(labels) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
    )


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
    figure = theme.figure(height=height or _height(len(labels)))
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
    _rows_axis(figure, labels)
    top = max((v for v in values if v is not None), default=0)
    longest = max((theme.text_width(text) for text in written), default=0)
    figure.update_xaxes(title_text=unit, range=[0, (top or 1) * (1.05 + longest / 330)])
    return figure


def diverging(
    labels: Sequence[str],
    changes: Sequence[float],
    texts: Sequence[str],
    *,
    unit: str,
    goods: Sequence[bool | None],
) -> go.Figure:
    """Changes to either side of zero, each with its numbers; colour says better or worse."""
    figure = theme.figure(height=_height(len(labels)))
    colour = {True: theme.GOOD, False: theme.BAD, None: theme.NEUTRAL}
    figure.add_bar(
        x=list(changes),
        y=list(range(len(labels))),
        orientation="h",
        text=list(texts),
        textposition="outside",
        cliponaxis=False,
        marker={"color": [colour[good] for good in goods]},
        hovertext=[f"{label}<br>{text}" for label, text in zip(labels, texts, strict=True)],
        hoverinfo="text",
        showlegend=False,
    )
    _rows_axis(figure, labels)
    low, high = min([0, *changes]), max([0, *changes])
    # Room for the numbers beyond the ends of the bars, on the sides that have bars.
    room = (high - low or 1) * 0.3
    figure.update_xaxes(
        title_text=unit,
        range=[low - (room if low < 0 else room * 0.1), high + (room if high > 0 else room * 0.1)],
        zeroline=True,
        tickformat="+d",
        nticks=5,
    )
    return figure


def pareto(labels: Sequence[str], counts: Sequence[float], *, unit: str) -> go.Figure:
    """Bars by size with count and share, and the running share against the 80 % line."""
    figure = theme.figure(height=_height(len(labels), row=40, foot=110))
    parts = formats.shares(list(counts))
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
    _rows_axis(figure, labels)
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
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 0.02, "yanchor": "bottom"},
    )
    return figure


@dataclass(frozen=True)
class Part:
    """One part of a stack: its name, colour and one count per bar."""

    name: str
    colour: str
    counts: Sequence[float]


def stacked_shares(
    labels: Sequence[str], parts: Sequence[Part], *, unit: str, is_open: Sequence[bool] = ()
) -> go.Figure:
    """Upright bars filled to 100 %; parts keep order and colour, small ones stay unlabelled."""
    figure = theme.figure(height=max(430, 26 * len(parts) + 60))
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
                "pattern": {"shape": ["/" if unfinished else "" for unfinished in is_open] or None},
            },
            hovertext=_hover(labels, part, values, unit),
            hoverinfo="text",
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
    figure = theme.figure(height=_height(len(labels), foot=100))
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
    _rows_axis(figure, labels)
    figure.update_layout(
        barmode="stack",
        bargap=0.25,
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "traceorder": "normal"},
        margin={"t": 48},
    )
    figure.update_xaxes(title_text=_("占比（%）"), range=[0, 100.2], ticksuffix="%", dtick=20)
    return figure


def _shares_by_bar(parts: Sequence[Part], bars: int) -> list[list[Decimal]]:
    return [formats.shares([part.counts[at] for part in parts]) for at in range(bars)]


def _hover(labels: Sequence[str], part: Part, values: Sequence[float], unit: str) -> list[str]:
    return [
        f"{label}<br>{formats.labelled(part.name, formats.amount(count, unit=unit))} · {value:.1f}%"
        for label, value, count in zip(labels, values, part.counts, strict=True)
    ]


def dumbbells(frame: pl.DataFrame, *, unit: str, limits: Sequence[float] = ()) -> go.Figure:
    """Median and P90 of each row joined by a line; columns label, median, p90, count."""
    figure = theme.figure(height=_height(len(frame), row=36, foot=110))
    rows = list(range(len(frame)))
    for at, row in enumerate(frame.iter_rows(named=True)):
        figure.add_scatter(
            x=[row["median"], row["p90"]],
            y=[at, at],
            mode="lines",
            showlegend=False,
            line={"color": theme.GRID, "width": 8},
            hoverinfo="skip",
        )
    for name, column, colour, side in (
        (_("中位数"), "median", theme.ACCENT, "middle left"),
        (_("九成位数"), "p90", theme.PALETTE[3], "middle right"),
    ):
        figure.add_scatter(
            x=frame[column].to_list(),
            y=rows,
            name=name,
            mode="markers+text",
            marker={"size": 13, "color": colour},
            text=[f" {formats.number(value, 1)} " for value in frame[column]],
            textposition=side,
            textfont={"color": colour},
            cliponaxis=False,
            hovertext=[
                f"{label} · N = {formats.number(n)}<br>"
                f"{name} {formats.amount(value, unit=unit, decimals=1)}"
                for label, value, n in zip(
                    frame["label"], frame[column], frame["count"], strict=True
                )
            ],
            hoverinfo="text",
        )
    labels = [
        f"{label}  {theme.muted(f'N={formats.number(n)}')}"
        for label, n in zip(frame["label"], frame["count"], strict=True)
    ]
    _rows_axis(figure, labels)
    top = max((value for value in frame["p90"] if value is not None), default=1)
    drawn = [days for days in limits if days <= top * 1.3]
    for days in drawn:
        figure.add_vline(
            x=days,
            line={"color": theme.BAD, "dash": "dash", "width": 1.5},
            annotation_text=_("{days}日").format(days=days),
            annotation_position="top",
        )
    figure.update_xaxes(
        title_text=unit, range=[-0.1 * top, max([top * 1.18, *(d * 1.05 for d in drawn)])]
    )
    figure.update_layout(
        margin={"t": 64},
        legend={
            "orientation": "h",
            "x": 1,
            "xanchor": "right",
            "yref": "container",
            "y": 0.995,
            "yanchor": "top",
        },
    )
    return figure


@dataclass(frozen=True)
class Target:
    """One indicator in percent beside its threshold."""

    name: str
    value: float | None
    threshold: float
    colour: str
    mark: str
    sign: str


def targets(rows: Sequence[Target]) -> go.Figure:
    """Bars in percent with the threshold of each as a black tick."""
    figure = theme.figure(height=_height(len(rows), row=44, foot=80))
    at = list(range(len(rows)))
    figure.add_bar(
        x=[row.value for row in rows],
        y=at,
        orientation="h",
        width=0.5,
        text=[f"{row.mark} {formats.amount(row.value, unit='%', decimals=1)}" for row in rows],
        textposition="auto",
        insidetextanchor="start",
        insidetextfont={"color": theme.PAPER},
        textangle=0,
        cliponaxis=False,
        marker={"color": [row.colour for row in rows]},
        hovertext=[
            _("{name}<br>{value}，阈值 {threshold}").format(
                name=row.name,
                value=formats.amount(row.value, unit="%", decimals=1),
                threshold=formats.amount(row.threshold, unit="%", decimals=1),
            )
            for row in rows
        ],
        hoverinfo="text",
        showlegend=False,
    )
    for place, row in enumerate(rows):
        if row.value is None:
            figure.add_annotation(
                x=1, y=place, text=f"{row.mark} {_('无数据')}", showarrow=False, xanchor="left"
            )
        figure.add_shape(
            type="line",
            x0=row.threshold,
            x1=row.threshold,
            y0=place - 0.38,
            y1=place + 0.38,
            line={"color": theme.INK, "width": 4},
        )
        figure.add_annotation(
            x=102,
            y=place,
            text=f"{row.sign} {formats.amount(row.threshold, unit='%', decimals=1)}",
            showarrow=False,
            xanchor="left",
            font={"color": theme.MUTED},
        )
    _rows_axis(figure, [row.name for row in rows])
    figure.update_xaxes(
        range=[0, 130], ticksuffix="%", tickvals=[0, 20, 40, 60, 80, 100], title_text="%"
    )
    return figure


def blank() -> go.Figure:
    """A figure for where there is nothing to draw; the chart component says so in words."""
    return theme.figure(height=150)
