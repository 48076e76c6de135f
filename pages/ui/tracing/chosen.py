"""One cell chosen from the list: its months beside what its history lets expect."""

from collections.abc import Mapping
from dataclasses import dataclass

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from pages.ui import chart, figures_trend, frames, theme
from pages.ui.chart import Source
from pages.ui.figures_trend import Series
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _
from pages.ui.tracing import traced
from warehouse import periods
from warehouse.tracing import COUNT, Tracing, by_month

# Beyond the unusual ones, as many of the next largest can be looked into.
OFFERED = 30
# Name of the choice in the address.
CELL = "cell"


@dataclass(frozen=True)
class Chosen:
    """A cell with its numbers."""

    row: Mapping[str, float]
    cell: dict[str, str | None]

    @property
    def only(self) -> dict[str, tuple[str | None, ...]]:
        """The cell as filters."""
        return {name: (value,) for name, value in self.cell.items()}

    @property
    def label(self) -> str:
        """The cell as people read it."""
        return traced.label(self.cell)


def pick(found: Tracing) -> Chosen:
    """Draw the list of cells and give back the chosen one; the largest excess is the default."""
    offered = found.cells.filter(pl.col("count") > 0).head(max(OFFERED, found.unusual.height))
    rows = {traced.label(row): row for row in offered.iter_rows(named=True)}
    options = list(rows)
    # The address keeps the choice: links to explanations lead away from the page and back.
    named = st.query_params.get(CELL, "")
    before = named if named in rows else options[0]
    label = st.selectbox(
        _("看哪个组合（按多出的件数排列）"),
        options,
        index=options.index(before),
        key="tracing.cell",
        filter_mode="contains",
    )
    label = label or before
    if label != before:
        st.query_params[CELL] = label
    row = rows[label]
    return Chosen(row, {name: row[name] for name in found.cut})


def course(ask: Queries, found: Tracing, chosen: Chosen) -> None:
    """Draw the months of the cell with the band of what is usual."""
    window = ask.trend_window("complaint")
    trend = ask.trend(COUNT, extra=chosen.only)
    usual = by_month(found, chosen.row["earlier"] or 0.0, _months(trend))
    chart.show(
        ask,
        key="tracing.course",
        title=_("逐月件数：{cell}").format(cell=chosen.label),
        figure=_figure(ask, trend, usual),
        source=Source(
            COUNT,
            count=frames.total(trend["value"]),
            period=window,
            cut=("month",),
            only=chosen.cell,
            note=_("灰带为按以往平均估计的 95% 随机波动范围，深色为所选期间"),
        ),
        frame=trend.join(usual, on="month", how="left", maintain_order="left"),
        columns=[
            Column("month", _("月份")),
            Column("value", _("件数"), "number", 0, _("件")),
            Column("expected", _("以往平均"), "number", 1, _("件")),
            Column("fewest", _("通常最少"), "number", 0, _("件")),
            Column("most", _("通常最多"), "number", 0, _("件")),
        ],
    )


def _months(trend: pl.DataFrame) -> list[periods.Period]:
    return [periods.parse_period(month) for month in trend["month"]]


def _figure(ask: Queries, trend: pl.DataFrame, usual: pl.DataFrame) -> go.Figure:
    drawn = figures_trend.bars(
        Series(_("件数"), trend, theme.ACCENT_SOFT), unit=_("件"), height=360
    )
    chosen = ask.selection.period
    drawn.data[0].marker.color = [
        theme.ACCENT if _is_within(month, chosen) else theme.ACCENT_SOFT for month in _months(trend)
    ]
    drawn.update_xaxes(ticktext=_ticks(trend["month"].to_list()))
    if usual.is_empty():
        return drawn
    # Half a month to either side, so that the band reaches as far as the bars.
    places = [at + side for at in range(len(usual)) for side in (-0.5, 0.5)]
    for name, column, fill in (("", "most", None), (_("通常范围"), "fewest", "tonexty")):
        drawn.add_scatter(
            x=places,
            y=[value for value in usual[column] for _side in (0, 1)],
            name=name,
            mode="lines",
            line={"width": 0},
            fill=fill,
            fillcolor="rgba(91,103,112,0.22)",
            hoverinfo="skip",
            showlegend=bool(name),
        )
    drawn.add_scatter(
        x=places,
        y=[value for value in usual["expected"] for _side in (0, 1)],
        name=_("以往平均"),
        mode="lines",
        line={"color": theme.MUTED, "width": 2, "dash": "dash"},
        hoverinfo="skip",
    )
    top = max([*trend["value"].drop_nulls(), *usual["most"]], default=1)
    drawn.update_yaxes(range=[0, top * 1.22 or 1])
    drawn.update_layout(
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1.0, "yanchor": "bottom"},
        margin={"t": 40},
    )
    return drawn


def _ticks(months: list[str]) -> list[str]:
    """Axis words; a December right before the year's name goes without its own."""
    ticks = figures_trend.month_ticks(months)
    if len(months) > 1 and months[1].endswith("-01"):
        ticks[0] = ticks[0].partition("<br>")[0]
    return ticks


def _is_within(month: periods.Period, chosen: periods.Period) -> bool:
    if month.start is None or month.end is None or chosen.start is None or chosen.end is None:
        return True
    return chosen.start <= month.start and month.end <= chosen.end
