"""One rate by one cut: bars to 100 % with threshold, verdict and cases, weakest first."""

from collections.abc import Sequence

import polars as pl

from pages.ui import chart, formats, frames
from pages.ui.chart import Source
from pages.ui.queries import Queries
from pages.ui.rates import few, figure
from pages.ui.rates.figure import Bar
from pages.ui.table import Column
from pages.ui.text import _, name_of
from pages.ui.verdicts import standing, threshold_of, verdict_of
from warehouse.registry import Indicator, dimensions, indicator


def show(
    ask: Queries,
    *,
    key: str,
    title: str,
    what: str,
    cut: str,
    count_unit: str,
    note: str = "",
) -> None:
    """Draw the rate per value of the cut with its table; `count_unit` is that of the cases."""
    asked = indicator(what)
    frame = by_cut(ask, asked, cut)
    chart.show(
        ask,
        key=key,
        title=title,
        figure=figure.to_hundred(_bars(ask, asked, frame, count_unit)),
        source=Source(
            what,
            count=ask.compute(what)["denominator"][0],
            count_unit=count_unit,
            cut=(cut,),
            note=_("；").join(part for part in (_line_words(ask, asked), note) if part),
        ),
        frame=frame,
        columns=columns(asked, name_of(dimensions()[cut]), count_unit),
    )


def by_cut(ask: Queries, asked: Indicator, cut: str) -> pl.DataFrame:
    """The rate per value of a cut, weakest first; what has no number to show comes last."""
    found = frames.labelled(ask, ask.compute(asked.id, by=(cut,)), cut)
    return with_verdicts(ask, asked, found).sort(
        "value", "position", descending=[asked.direction == "down", False], nulls_last=True
    )


def with_verdicts(ask: Queries, asked: Indicator, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with a verdict each."""
    found = [
        verdict_of(ask, asked, value, below)
        for value, below in frame.select("value", "denominator").iter_rows()
    ]
    return frame.with_columns(pl.Series("verdict", found, dtype=pl.String))


def end_words(asked: Indicator, row: dict[str, float | None], count_unit: str) -> str:
    """What stands at the end of a bar: the rate and its cases, or why there is none."""
    if row["value"] is None:
        return few.words(asked, row["denominator"])
    return _("{rate}（{above}/{below} {unit}）").format(
        rate=formats.amount(row["value"], unit=asked.unit, decimals=asked.decimals),
        above=formats.number(row["numerator"]),
        below=formats.number(row["denominator"]),
        unit=count_unit,
    )


def threshold_words(ask: Queries, asked: Indicator) -> str:
    """The threshold with how binding it is; empty where none is in force."""
    threshold = threshold_of(ask, asked)
    if threshold is None:
        return ""
    return _("阈值 {sign} {value}（{standing}）").format(
        sign="≥" if asked.direction == "up" else "≤",
        value=formats.amount(threshold.value, unit=asked.unit, decimals=asked.decimals),
        standing=standing(threshold),
    )


def _line_words(ask: Queries, asked: Indicator) -> str:
    threshold = threshold_words(ask, asked)
    return _("竖线为{threshold}").format(threshold=threshold) if threshold else ""


def columns(asked: Indicator, row_name: str, count_unit: str) -> Sequence[Column]:
    """The table beside the bars."""
    return [
        Column("label", row_name),
        Column("value", name_of(asked), "number", asked.decimals, asked.unit),
        Column("numerator", asked.numerator_zh or "", "number", 0, count_unit),
        Column("denominator", asked.denominator_zh or "", "number", 0, count_unit),
        Column("verdict", _("判定"), "status"),
    ]


def _bars(ask: Queries, asked: Indicator, frame: pl.DataFrame, count_unit: str) -> list[Bar]:
    threshold = threshold_of(ask, asked)
    return [
        Bar(
            row["label"],
            row["value"],
            end_words(asked, row, count_unit),
            row["verdict"],
            threshold.value if threshold else None,
        )
        for row in frame.iter_rows(named=True)
    ]
