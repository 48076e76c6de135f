"""A figure of many small courses on one scale, each beside the median of the group."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import plotly.graph_objects as go

from pages.ui import figures_events, formats, theme
from pages.ui.figures_events import Mark
from pages.ui.text import _

COLUMNS = 5
# Pixels of a row of panels with its titles, and of the months beneath the lowest one.
ROW, TITLE, FOOT = 126, 30, 34
# Share of the width between two panels.
BETWEEN = 0.012
TITLE_WIDTH = 210
SMALL = 13


@dataclass(frozen=True)
class Panel:
    """One sub-branch by month."""

    name: str
    values: Sequence[float | None]
    samples: Sequence[str]
    is_chosen: bool
    events: Sequence[Mark] = ()


@dataclass(frozen=True)
class Frame:
    """What all panels share: months, the median of the group by month, and how values are told."""

    months: Sequence[str]
    median: Sequence[float | None]
    is_open: Sequence[bool]
    unit: str
    decimals: int

    def written(self, value: float | None) -> str:
        """A value with its unit."""
        return formats.amount(value, unit=self.unit, decimals=self.decimals)


def panels(held: Sequence[Panel], frame: Frame) -> go.Figure:
    """Panels row by row in the order given; the same axes in all, so that heights compare.

    Built of plain parts in one go: with twenty panels Plotly's own helpers take seconds.
    """
    rows = max(1, ceil(len(held) / COLUMNS))
    height = rows * ROW + FOOT
    scale = _scale(held, frame.median)
    data: list[dict[str, Any]] = []
    layout: dict[str, Any] = {"annotations": [], "shapes": []}
    for at, panel in enumerate(held):
        place = _Place(at, rows, height, is_lowest=at + COLUMNS >= len(held))
        data += [_median(frame, place), _course(panel, frame, place)]
        layout |= {
            f"xaxis{place.suffix}": _month_axis(frame.months, place),
            f"yaxis{place.suffix}": _value_axis(scale, frame.unit, place),
        }
        layout["annotations"].append(_title(panel, place))
        layout["shapes"] += _events(panel, frame.months, place)
    return go.Figure(
        data=data,
        layout=layout
        | {
            "template": theme.template(),
            "height": height,
            "margin": {"t": 0, "b": 0, "l": 8, "r": 16},
        },
    )


@dataclass(frozen=True)
class _Place:
    """Where a panel lies in the figure, as shares of its width and height."""

    at: int
    rows: int
    height: int
    is_lowest: bool

    @property
    def suffix(self) -> str:
        return str(self.at + 1) if self.at else ""

    @property
    def across(self) -> list[float]:
        width = (1 + BETWEEN) / COLUMNS
        left = self.at % COLUMNS * width
        return [left, min(left + width - BETWEEN, 1.0)]

    @property
    def up(self) -> list[float]:
        top = 1 - (self.at // COLUMNS * ROW + TITLE) / self.height
        return [top - (ROW - TITLE) / self.height, top]


def _scale(held: Sequence[Panel], median: Sequence[float | None]) -> list[float]:
    """One scale for all panels; it begins where the values do, as rates live near 100."""
    known = [v for panel in held for v in (*panel.values, *median) if v is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    room = (high - low or abs(high) or 1) * 0.08
    return [max(0.0, low - room) if low >= 0 else low - room, high + room]


def _median(frame: Frame, place: _Place) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": list(range(len(frame.months))),
        "y": list(frame.median),
        "mode": "lines",
        "line": {"color": theme.MUTED, "width": 1.5, "dash": "dot"},
        "hoverinfo": "skip",
        "showlegend": False,
        "xaxis": f"x{place.suffix}",
        "yaxis": f"y{place.suffix}",
    }


def _course(panel: Panel, frame: Frame, place: _Place) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": list(range(len(frame.months))),
        "y": list(panel.values),
        "name": panel.name,
        "mode": "lines+markers",
        "line": {"color": theme.ACCENT, "width": 3.5 if panel.is_chosen else 2},
        "marker": {
            "size": 5,
            "color": [theme.PAPER if unfinished else theme.ACCENT for unfinished in frame.is_open],
            "line": {"color": theme.ACCENT, "width": 1.5},
        },
        "hovertext": _hovers(panel, frame),
        "hoverinfo": "text",
        "showlegend": False,
        "xaxis": f"x{place.suffix}",
        "yaxis": f"y{place.suffix}",
    }


def _hovers(panel: Panel, frame: Frame) -> list[str]:
    return [
        "<br>".join(
            (
                f"<b>{panel.name}</b> {formats.month(month)}"
                + (_("（未满月）") if unfinished else ""),
                f"{frame.written(value)}　{sample}",
                _("支行中位数 {value}").format(value=frame.written(middle)),
            )
        )
        for month, value, sample, middle, unfinished in zip(
            frame.months, panel.values, panel.samples, frame.median, frame.is_open, strict=True
        )
    ]


def _title(panel: Panel, place: _Place) -> dict[str, Any]:
    name = theme.shortened(panel.name, TITLE_WIDTH)
    return {
        "text": f"<b>▶ {name}</b>" if panel.is_chosen else name,
        "x": sum(place.across) / 2,
        "y": place.up[1],
        "xref": "paper",
        "yref": "paper",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": theme.FONT_SIZE},
    }


def _events(panel: Panel, months: Sequence[str], place: _Place) -> list[dict[str, Any]]:
    """A thin line on the day of each event; its words stand in the caption."""
    return [
        {
            "type": "line",
            "xref": f"x{place.suffix}",
            "yref": f"y{place.suffix} domain",
            "x0": at,
            "x1": at,
            "y0": 0,
            "y1": 1,
            "opacity": 0.6,
            "line": {"color": theme.INK, "width": 1, "dash": figures_events.dash(mark.kind)},
        }
        for at, mark in figures_events.placed(months, panel.events)
    ]


def _month_axis(months: Sequence[str], place: _Place) -> dict[str, Any]:
    step = max(1, ceil(len(months) / 3))
    ticks = list(range(0, len(months), step))
    return {
        "domain": place.across,
        "anchor": f"y{place.suffix}",
        "tickmode": "array",
        "tickvals": ticks,
        "ticktext": [months[at][2:].replace("-", "/") for at in ticks],
        "tickfont": {"size": SMALL},
        # The lowest panel of every column carries the months, also where the last row is short.
        "showticklabels": place.is_lowest,
        "range": [-0.6, len(months) - 0.4],
        "tickangle": 0,
        "showgrid": False,
        "zeroline": False,
    }


def _value_axis(scale: Sequence[float], unit: str, place: _Place) -> dict[str, Any]:
    return {
        "domain": place.up,
        "anchor": f"x{place.suffix}",
        "range": list(scale),
        "nticks": 3,
        "tickfont": {"size": SMALL},
        "ticksuffix": "%" if unit == "%" else "",
        "showticklabels": place.at % COLUMNS == 0,
    }
