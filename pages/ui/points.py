"""Points of a chart as links: each carries the address that explains its number."""

from collections.abc import Callable, Mapping, Sequence

import plotly.graph_objects as go

from pages.ui.explanation import Cell
from pages.ui.text import _

NO_SERIES: Mapping[str, Cell] = {}


def link(
    figure: go.Figure,
    places: Sequence[Cell],
    address: Callable[[Cell], str],
    *,
    series: Mapping[str, Cell] = NO_SERIES,
    across: Sequence[Cell] = (),
) -> None:
    """Give the points of every trace with a point at each place their addresses.

    `series` says which indicator or part a trace of this name shows; `across` what the columns of
    a heat table stand for. pages/ui/following.js follows the address of a clicked point.
    """
    if not places:
        return
    for trace in figure.data:
        part = series.get((trace.name or "").removesuffix(_("（未满月）"))) if series else Cell()
        if part is None:
            continue
        if trace.type == "heatmap":
            rows = [[address(column.within(place)) for column in across] for place in places]
            trace.customdata = rows if across else None
        elif len(_values(trace)) == len(places):
            trace.customdata = [address(part.within(place)) for place in places]


def _values(trace: go.Bar | go.Scatter) -> Sequence[object]:
    along = trace.x if getattr(trace, "orientation", None) != "h" else trace.y
    return () if along is None else along
