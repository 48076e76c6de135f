"""Figures of values beside marks: median and P90, rates and their thresholds."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import polars as pl

from pages.ui import formats, theme
from pages.ui.figures_rows import height_of, rows_axis
from pages.ui.text import _


def dumbbells(frame: pl.DataFrame, *, unit: str, limits: Sequence[float] = ()) -> go.Figure:
    """Median and P90 of each row joined by a line; columns label, median, p90, count."""
    figure = theme.figure(height=height_of(len(frame), row=36, foot=110))
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
        if row["p90"] is None:
            figure.add_annotation(
                x=0,
                y=at,
                text=_("样本少，不显示"),
                showarrow=False,
                xanchor="left",
                font={"color": theme.MUTED},
            )
    for name, column, colour, side in (
        (_("中位数"), "median", theme.ACCENT, "middle left"),
        (_("90分位数"), "p90", theme.PALETTE[3], "middle right"),
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
    counts = [f"N={formats.number(n)}" for n in frame["count"]]
    rows_axis(figure, frame["label"].to_list(), counts)
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
    figure = theme.figure(height=height_of(len(rows), row=44, foot=80))
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
    rows_axis(figure, [row.name for row in rows])
    figure.update_xaxes(
        range=[0, 130], ticksuffix="%", tickvals=[0, 20, 40, 60, 80, 100], title_text="%"
    )
    return figure
