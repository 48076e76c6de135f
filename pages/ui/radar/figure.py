"""A question's chart: bars along a scale, the ones asked about marked, the expectation beside."""

import re

import plotly.graph_objects as go
import polars as pl

from pages.ui import figures_trend, formats, theme
from pages.ui.table import Column
from pages.ui.text import _
from warehouse.radar.question import Picture

_HEIGHT = 380
_MONTH = re.compile(r"^\d{4}-\d{2}$")
# With more bars than this only the ones asked about carry their number.
_NUMBERED = 16


def figure(picture: Picture) -> go.Figure:
    """The bars of a question."""
    drawn = theme.figure(height=_HEIGHT)
    bars = picture.bars
    decimals = _decimals(picture)
    places = list(range(len(bars)))
    drawn.add_bar(
        x=places,
        y=[one.value for one in bars],
        text=[
            ("■ " if one.is_looked_at else "") + formats.number(one.value, decimals)
            if one.is_looked_at or len(bars) <= _NUMBERED
            else ""
            for one in bars
        ],
        textposition="outside",
        textangle=0,
        cliponaxis=False,
        marker={"color": [theme.ACCENT if one.is_looked_at else theme.ACCENT_SOFT for one in bars]},
        hovertext=[
            f"{one.label}<br>{formats.amount(one.value, unit=picture.unit, decimals=decimals)}"
            for one in bars
        ],
        hoverinfo="text",
        showlegend=False,
    )
    if any(one.expected is not None for one in bars):
        _expected(drawn, picture)
    drawn.update_xaxes(
        title_text=picture.along,
        tickvals=places,
        ticktext=_ticks([one.label for one in bars]),
        showgrid=False,
    )
    top = max([one.value for one in bars] + [one.expected or 0 for one in bars], default=0)
    drawn.update_yaxes(title_text=picture.unit, range=[0, top * 1.22 or 1])
    drawn.update_layout(
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom"},
        margin={"t": 48},
    )
    _limit(drawn, picture)
    return drawn


def _expected(drawn: go.Figure, picture: Picture) -> None:
    """What would be normal, as dashes over the bars they belong to."""
    held = [(at, one.expected) for at, one in enumerate(picture.bars) if one.expected is not None]
    drawn.add_scatter(
        x=[at for at, _value in held],
        y=[value for _at, value in held],
        name=_("按对照应有"),
        mode="markers",
        marker={
            "symbol": "line-ew",
            "size": 18,
            "line": {"width": 3, "color": theme.MUTED},
            "color": theme.MUTED,
        },
        hovertext=[_("应有约 {n}").format(n=formats.number(value, 1)) for _at, value in held],
        hoverinfo="text",
    )


def _limit(drawn: go.Figure, picture: Picture) -> None:
    labels = [one.label for one in picture.bars]
    if picture.limit not in labels:
        return
    drawn.add_vline(
        x=labels.index(picture.limit) + (0.5 if picture.is_limit_behind else 0),
        line={"color": theme.BAD, "width": 2, "dash": "dot"},
        annotation={"text": picture.limit_zh, "font": {"color": theme.BAD}},
        annotation_position="top left",
    )


def _ticks(labels: list[str]) -> list[str]:
    """Labels that fit under the bars: months with their year once, long names on two lines."""
    if all(_MONTH.match(label) for label in labels):
        return figures_trend.month_ticks(labels)
    return [label.replace(_("年第"), _("年<br>第")).replace("（", "<br>（") for label in labels]


def _decimals(picture: Picture) -> int:
    return 1 if picture.unit == "%" else 0


def legend(picture: Picture) -> list[str]:
    """What marks in the chart stand for."""
    marks = []
    if any(one.expected is not None for one in picture.bars):
        marks.append(_("短横线为按对照应有"))
    if picture.limit_zh:
        marks.append(_("虚线为{limit}").format(limit=picture.limit_zh))
    return marks


def frame(picture: Picture) -> pl.DataFrame:
    """The bars as rows."""
    return pl.DataFrame(
        [
            (one.label, float(one.value), one.expected, _("■") if one.is_looked_at else "")
            for one in picture.bars
        ],
        schema={
            "label": pl.String,
            "value": pl.Float64,
            "expected": pl.Float64,
            "mark": pl.String,
        },
        orient="row",
    )


def columns(picture: Picture) -> list[Column]:
    """How the rows are read."""
    return [
        Column("label", picture.along),
        Column("value", _("值"), "number", _decimals(picture), picture.unit),
        Column("expected", _("按对照应有"), "number", 1, picture.unit),
        Column("mark", _("疑点所在")),
    ]
