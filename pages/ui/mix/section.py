"""What complaints are about and why: the products and causes with most of them, side by side."""

import streamlit as st

from pages.ui import chart, figures_bars, frames
from pages.ui.chart import Source
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse.registry import dimensions

TOP = 12
COUNT = "complaint_count"


def show(ask: Queries, *, top: int = TOP) -> None:
    """Draw the two charts of the chosen period, the largest parts one by one."""
    left, right = st.columns(2, gap="large")
    with left:
        _products(ask, top)
    with right:
        _causes(ask, top)


def _products(ask: Queries, most: int) -> None:
    unit = _("件")
    # Where the source names no products, the finer business category is the next best.
    cut = "product" if ask.compute(COUNT, by=("product",))["product"].count() else "category"
    name = name_of(dimensions()[cut])
    parts = frames.with_shares(ask.compute(COUNT, by=(cut,)))
    top = frames.top(ask, parts, cut, most)
    chart.show(
        ask,
        key="complaint_mix.top",
        title=_("投诉最多的{name}").format(name=name),
        figure=figures_bars.ranked(
            top.labels,
            top.counts,
            unit=unit,
            colours=top.colours,
            texts=frames.count_and_share(top.counts, unit),
        ),
        source=Source(COUNT, count=ask.compute(COUNT)["value"][0], note=top.note, cut=(cut,)),
        places=top.places(cut),
        frame=top.every,
        columns=[
            Column("label", name),
            Column("value", _("投诉量"), "number", unit=unit),
            Column("share", _("占比"), "number", 1, "%"),
        ],
    )


def _causes(ask: Queries, most: int) -> None:
    unit = _("件")
    causes = frames.with_shares(ask.compute(COUNT, by=("cause_group",)))
    top = frames.top(ask, causes, "cause_group", most)
    chart.show(
        ask,
        key="complaint_mix.cause",
        title=_("投诉原因：件数与累计占比"),
        figure=figures_bars.pareto(top.labels, top.counts, unit=unit),
        source=Source(
            COUNT,
            count=ask.compute(COUNT)["value"][0],
            note=_("虚线为累计 80%") + top.note,
            cut=("cause_group",),
        ),
        places=top.places("cause_group"),
        frame=top.every,
        columns=[
            Column("label", _("投诉原因")),
            Column("value", _("投诉量"), "number", unit=unit),
            Column("share", _("占比"), "number", 1, "%"),
        ],
    )
