"""Median, mean and the slow tenth, month by month."""

from pages.ui import annotations, chart, figures_trend, formats, frames
from pages.ui.chart import Source
from pages.ui.explanation import Cell
from pages.ui.figures_trend import Series
from pages.ui.handling.indicators import ENDED, MEAN, MEDIAN, P90
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _
from pages.ui.theme import ACCENT, NEUTRAL, PALETTE


def show(ask: Queries) -> None:
    """Draw the chart."""
    unit = _("天")
    courses = {what: ask.trend(what) for what in (MEDIAN, P90, MEAN)}
    counts = ask.trend(ENDED)
    window = ask.trend_window("complaint")
    marks = annotations.notes(ask, window)
    series = [
        Series(_("90分位数"), courses[P90], PALETTE[3], 1),
        Series(_("平均"), courses[MEAN], NEUTRAL, 1),
        Series(_("中位数"), courses[MEDIAN], ACCENT, 1),
    ]
    chart.show(
        ask,
        key="handling_time.trend",
        title=_("每月办结投诉的处理天数"),
        figure=figures_trend.lines(
            series,
            unit=unit,
            notes=[f"N={formats.number(n)}" for n in counts["value"]],
            events=marks,
            every=1,
        ),
        source=Source(
            ENDED,
            count=frames.total(counts["value"]),
            period=window,
            note=annotations.words(marks),
            cut=("month",),
            series={
                _("90分位数"): Cell(P90),
                _("平均"): Cell(MEAN),
                _("中位数"): Cell(MEDIAN),
            },
        ),
        frame=courses[MEDIAN]
        .select("month", median="value")
        .with_columns(
            p90=courses[P90]["value"], mean=courses[MEAN]["value"], count=counts["value"]
        ),
        columns=[
            Column("month", _("月份")),
            Column("median", _("中位数"), "number", 1, unit, of=Cell(MEDIAN)),
            Column("p90", _("90分位数"), "number", 1, unit, of=Cell(P90)),
            Column("mean", _("平均"), "number", 1, unit, of=Cell(MEAN)),
            Column("count", _("办结"), "number", 0, _("件"), of=Cell(ENDED)),
        ],
    )
