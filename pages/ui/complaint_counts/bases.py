"""The regulator's two rates: every sub-branch as a dot, with their median and the whole."""

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from pages.ui import chart, comparisons, formats, theme
from pages.ui.chart import Source
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse.entities import entities
from warehouse.registry import Indicator, dimensions, indicator

RATES = ("complaints_per_thousand_outlets", "complaints_per_ten_million_customers")
HEIGHT = 165


def show(ask: Queries) -> None:
    """Draw both rates with their bases and the spread of the sub-branches."""
    # A comparison is always with all sub-branches, whatever the filter of sub-branches says.
    with_all = comparisons.of_all(ask)
    for what in RATES:
        asked = indicator(what)
        frame = _placed(ask, what)
        if not frame["value"].count():
            chart.heading(name_of(asked))
            text = _("没有可用的{base}数，不能折算。请把《{file}》放入 ingest/inbox 后装载。")
            file = entities()["organisation_denominator"].file_zh
            st.info(text.format(base=asked.denominator_zh, file=file), icon=":material/inbox:")
            continue
        whole = ask.compute(what)["value"][0]
        chart.show(
            with_all,
            key=f"complaint_counts.{what}",
            title=_("{name}：各支行与中位数").format(name=name_of(asked)),
            figure=dots(asked, frame, whole, _whole_name(ask)),
            source=Source(
                what,
                count=with_all.compute(what)["denominator"][0],
                count_unit=asked.denominator_zh or "",
                note=_("每个圆点是一家支行，不受支行筛选影响；不按年折算"),
                cut=("sub_branch",),
            ),
            frame=frame,
            columns=[
                Column("sub_branch", name_of(dimensions()["sub_branch"])),
                Column("value", name_of(asked), "number", asked.decimals, asked.unit),
                Column("numerator", asked.numerator_zh or "", "number", 0, _("件")),
                Column("denominator", asked.denominator_zh or "", "number"),
            ],
        )


def _placed(ask: Queries, what: str) -> pl.DataFrame:
    """The sub-branches that have a rate, the highest first, with the median of all."""
    found = comparisons.peers(ask, what)
    return found.filter(pl.col("value").is_not_null()).sort(
        "value", descending=True, maintain_order=True
    )


def _whole_name(ask: Queries) -> str:
    return _("所选支行") if comparisons.chosen(ask) else _("全辖")


def dots(asked: Indicator, frame: pl.DataFrame, whole: float | None, whole_name: str) -> go.Figure:
    """One dot per sub-branch on the scale of the rate; median and whole are named."""
    figure = theme.figure(height=HEIGHT)
    values = frame["value"].to_list()
    figure.add_scatter(
        x=values,
        y=[0] * len(values),
        mode="markers",
        marker={
            "size": 15,
            "color": theme.ACCENT_SOFT,
            "opacity": 0.8,
            "line": {"color": theme.ACCENT, "width": 1.5},
        },
        hovertext=[
            f"{name}<br>{formats.amount(value, unit=asked.unit, decimals=asked.decimals)}"
            for name, value in zip(frame["sub_branch"], values, strict=True)
        ],
        hoverinfo="text",
        showlegend=False,
    )
    for name, value, side, dash in (
        (_("支行中位数"), frame["median"][0], 1, "solid"),
        (whole_name, whole, -1, "dot"),
    ):
        if value is not None:
            _name_line(figure, name, value, asked, side=side, dash=dash)
    figure.update_yaxes(visible=False, range=[-1.9, 1.7])
    top = max([*values, whole or 0])
    figure.update_xaxes(title_text=asked.unit, range=[0, top * 1.06], zeroline=False)
    return figure


def _name_line(
    figure: go.Figure, name: str, value: float, asked: Indicator, *, side: int, dash: str
) -> None:
    """A line across the dots with its name above or below."""
    figure.add_shape(
        type="line",
        x0=value,
        x1=value,
        y0=-0.8 * side,
        y1=1.0 * side,
        line={"color": theme.INK, "width": 2, "dash": dash},
    )
    figure.add_annotation(
        x=value,
        y=1.35 * side,
        text=f"{name} <b>{formats.number(value, asked.decimals)}</b>",
        showarrow=False,
    )
