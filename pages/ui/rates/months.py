"""Rates, means and medians by month as lines, with the cases behind each month in the table."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from pages.ui import chart, figures_trend, frames
from pages.ui.chart import Source
from pages.ui.explanation import Cell
from pages.ui.figures_trend import Series
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse.registry import indicator

HEIGHT = 300


@dataclass(frozen=True)
class Line:
    """One rate of the chart: the indicator, its colour and the unit of its cases."""

    what: str
    colour: str
    count_unit: str


def show(ask: Queries, *, key: str, title: str, lines: Sequence[Line], note: str = "") -> None:
    """Draw the rates of one kind of extract over the trend window; the first one gives N."""
    first = indicator(lines[0].what)
    courses = {line.what: ask.trend(line.what) for line in lines}
    counts = courses[first.id]["denominator"]
    window = ask.trend_window(first.entity)
    chart.show(
        ask,
        key=key,
        title=title,
        figure=figures_trend.lines(
            [
                Series(
                    name_of(indicator(line.what)),
                    courses[line.what],
                    line.colour,
                    indicator(line.what).decimals,
                )
                for line in lines
            ],
            unit=first.unit,
            height=HEIGHT,
        ),
        source=Source(
            first.id,
            count=frames.total(counts),
            count_unit=lines[0].count_unit,
            period=window,
            note=note,
            cut=("month",),
            series={name_of(indicator(line.what)): Cell(line.what) for line in lines},
        ),
        frame=_table(lines, courses),
        columns=_columns(lines),
    )


def _table(lines: Sequence[Line], courses: dict[str, pl.DataFrame]) -> pl.DataFrame:
    held = courses[lines[0].what].select("month")
    for at, line in enumerate(lines):
        course = courses[line.what]
        held = held.with_columns(
            course["value"].alias(f"value{at}"),
            course["numerator"].alias(f"above{at}"),
            course["denominator"].alias(f"below{at}"),
        )
    return held


def _columns(lines: Sequence[Line]) -> list[Column]:
    found = [Column("month", _("月份"))]
    for at, line in enumerate(lines):
        asked = indicator(line.what)
        found += [
            Column(
                f"value{at}",
                name_of(asked),
                "number",
                asked.decimals,
                asked.unit,
                of=Cell(line.what),
            ),
            *(
                Column(f"{part}{at}", label, "number", 0, line.count_unit)
                for part, label in (("above", asked.numerator_zh), ("below", asked.denominator_zh))
                if label is not None
            ),
        ]
    return found
