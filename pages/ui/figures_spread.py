"""Figures of how values spread: heat tables, days of handling, scores, ages of open cases."""

import textwrap
from collections.abc import Sequence
from math import ceil

import plotly.graph_objects as go
import polars as pl

from pages.ui import formats, theme
from pages.ui.frames import Matrix
from pages.ui.text import _
from warehouse.registry import TimeLimit

LAST_DAY = 61
BAND_EDGES = (60, 70, 80, 90)
SCORE_STEP = 5


def wrapped(text: str, width: int = 4) -> str:
    """A long name broken into lines of a column's width."""
    if text.isascii() or " " in text:
        return "<br>".join(
            textwrap.wrap(text.replace("（", " （"), width * 2 + 2, max_lines=4, placeholder="…")
        )
    lines = ceil(len(text) / width)
    size = ceil(len(text) / lines) if lines else 1
    return "<br>".join(text[at : at + size] for at in range(0, len(text), size))


def heat(held: Matrix, *, unit: str) -> go.Figure:
    """A table whose cells darken with the count; every number is written in its cell."""
    figure = theme.figure(height=max(220, 38 * len(held.rows) + 110))
    top = max((value for row in held.counts for value in row), default=1) or 1
    figure.add_heatmap(
        z=held.counts,
        text=[[formats.number(v) if v else "·" for v in line] for line in held.counts],
        texttemplate="%{text}",
        textfont={"size": theme.FONT_SIZE},
        colorscale=[list(stop) for stop in theme.HEAT],
        zmin=0,
        zmax=top,
        showscale=False,
        xgap=2,
        ygap=2,
        hovertext=[
            [
                f"{row} × {column}<br>{formats.amount(value, unit=unit)}"
                for column, value in zip(held.columns, line, strict=True)
            ]
            for row, line in zip(held.rows, held.counts, strict=True)
        ],
        hoverinfo="text",
    )
    figure.update_xaxes(
        tickmode="array",
        tickvals=list(range(len(held.columns))),
        ticktext=[
            f"{wrapped(name)}<br><b>{formats.number(total)}</b>"
            for name, total in zip(held.columns, held.column_totals, strict=True)
        ],
        side="top",
        showgrid=False,
        zeroline=False,
        tickangle=0,
    )
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(held.rows))),
        ticktext=[
            f"{theme.shortened(name)}  <b>{formats.number(total)}</b>"
            for name, total in zip(held.rows, held.row_totals, strict=True)
        ],
        autorange="reversed",
        showgrid=False,
        zeroline=False,
    )
    return figure


def handling_days(days: pl.DataFrame, limits: Sequence[TimeLimit]) -> go.Figure:
    """How many cases took how many days, with the legal limits; above 60 days in one bar."""
    figure = theme.figure(height=360)
    folded = (
        days.with_columns(pl.col("value").clip(upper_bound=LAST_DAY))
        .group_by("value")
        .agg(pl.col("count").sum())
        .sort("value")
    )
    figure.add_bar(
        x=folded["value"].to_list(),
        y=folded["count"].to_list(),
        width=0.85,
        marker={"color": theme.ACCENT},
        hovertext=[
            (_("60 天以上") if day >= LAST_DAY else _("{day} 天").format(day=int(day)))
            + f"<br>{formats.amount(n, unit=_('件'))}"
            for day, n in folded.iter_rows()
        ],
        hoverinfo="text",
        showlegend=False,
    )
    for limit in limits:
        figure.add_vline(
            x=limit.days + 0.5,
            line={"color": theme.BAD, "dash": "dash", "width": 2},
            annotation_text=_("{days}日").format(days=limit.days),
            annotation_position="top",
            annotation_font={"color": theme.BAD, "size": theme.FONT_SIZE},
        )
    last = max([*folded["value"].to_list(), 31])
    ticks = [day for day in (0, 5, 10, 15, 20, 25, 30, 40, 50, 60) if day <= last]
    figure.update_xaxes(
        title_text=_("处理天数（自然日，当日办结为 0）"),
        tickvals=ticks,
        range=[-1, min(max(last, 31), LAST_DAY) + 2],
        showgrid=False,
    )
    figure.update_yaxes(title_text=_("件"))
    figure.update_layout(margin={"t": 32})
    return figure


def ageing(bands: Sequence[str], counts: Sequence[float]) -> go.Figure:
    """Open cases by how long they have been open; bands beyond the limits are warmer."""
    figure = theme.figure(height=360)
    colours = (theme.ACCENT_SOFT, theme.ACCENT, "#e69f00", "#d55e00", theme.BAD)
    figure.add_bar(
        x=list(bands),
        y=list(counts),
        text=[formats.amount(n, unit=_("件")) for n in counts],
        textposition="outside",
        cliponaxis=False,
        marker={"color": list(colours[: len(bands)])},
        hovertext=[
            f"{band}<br>{formats.amount(n, unit=_('件'))}"
            for band, n in zip(bands, counts, strict=True)
        ],
        hoverinfo="text",
        showlegend=False,
    )
    figure.update_xaxes(title_text=_("自收到之日起"), showgrid=False)
    figure.update_yaxes(title_text=_("件"), range=[0, (max(counts, default=0) or 1) * 1.15])
    return figure


def scores(spread: pl.DataFrame) -> go.Figure:
    """How many people scored what, in steps of five, coloured by the five bands."""
    figure = theme.figure(height=360)
    stepped = (
        spread.with_columns(
            (pl.col("value").clip(0, 99.999) // SCORE_STEP * SCORE_STEP).alias("from")
        )
        .group_by("from")
        .agg(pl.col("count").sum())
        .sort("from")
    )
    starts = [int(start) for start in stepped["from"]]
    figure.add_bar(
        x=[start + SCORE_STEP / 2 for start in starts],
        y=stepped["count"].to_list(),
        width=SCORE_STEP * 0.92,
        text=[formats.number(n) for n in stepped["count"]],
        textposition="outside",
        cliponaxis=False,
        marker={"color": [theme.BAND_COLOURS[band_of(start)] for start in starts]},
        hovertext=[
            _("{low} 至 {high} 分<br>{count}").format(
                low=start, high=start + SCORE_STEP, count=formats.amount(n, unit=_("人次"))
            )
            for start, n in zip(starts, stepped["count"], strict=True)
        ],
        hoverinfo="text",
        showlegend=False,
    )
    for edge, words in ((60, _("及格 60")), (90, _("优秀 90"))):
        figure.add_vline(
            x=edge,
            line={"color": theme.INK, "dash": "dash", "width": 1.5},
            annotation_text=words,
            annotation_position="top",
        )
    low = min([*starts, 50])
    figure.update_xaxes(
        title_text=_("成绩（折合百分制）"),
        tickvals=list(range(0, 101, 10)),
        range=[low - 1, 101],
        showgrid=False,
    )
    figure.update_yaxes(
        title_text=_("人次"), range=[0, max([*stepped["count"].to_list(), 1]) * 1.15]
    )
    figure.update_layout(margin={"t": 32})
    return figure


def band_of(score: float) -> int:
    """Which of the five bands a score belongs to, from the lowest."""
    return sum(score >= edge for edge in BAND_EDGES)
