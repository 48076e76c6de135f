"""Where complaints take long: median and slow tenth by a cut."""

from pages.ui import chart, figures_marks, frames
from pages.ui.chart import Source
from pages.ui.explanation import Cell
from pages.ui.handling.indicators import ENDED, MEDIAN, P90
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse.registry import dimensions, time_limits


def show(ask: Queries, cut: str) -> None:
    """Draw the chart, the slowest first."""
    unit = _("天")
    name = name_of(dimensions()[cut])
    slow = (
        ask.compute(MEDIAN, by=(cut,))
        .select(cut, median="value", count="denominator")
        .join(ask.compute(P90, by=(cut,)).select(cut, p90="value"), on=cut, nulls_equal=True)
    )
    slow = frames.labelled(ask, slow, cut).sort(
        "p90", "position", descending=[True, False], nulls_last=True
    )
    chart.show(
        ask,
        key=f"handling_time.{cut}",
        title=_("处理天数：按{name}，慢的在前").format(name=name),
        figure=figures_marks.dumbbells(
            slow, unit=unit, limits=[limit.days for limit in time_limits()]
        ),
        source=Source(
            ENDED,
            count=ask.compute(ENDED)["value"][0],
            note=_("按90分位数排列"),
            cut=(cut,),
            series={_("中位数"): Cell(MEDIAN), _("90分位数"): Cell(P90)},
        ),
        frame=slow,
        columns=[
            Column("label", name),
            Column("median", _("中位数"), "number", 1, unit, of=Cell(MEDIAN)),
            Column("p90", _("90分位数"), "number", 1, unit, of=Cell(P90)),
            Column("count", _("办结"), "number", 0, _("件"), of=Cell(ENDED)),
        ],
    )
