"""How the days spread: of ended complaints, and of those that are still open."""

import polars as pl

from pages.ui import chart, figures_spread, formats, frames, value_cells
from pages.ui.chart import Source
from pages.ui.explanation import Cell
from pages.ui.handling.indicators import ENDED, MEDIAN, OPEN
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse.detail import AGE_BANDS
from warehouse.registry import time_limits


def show_days(ask: Queries) -> None:
    """Draw the days that ended complaints took, beside the limits of the law."""
    unit = _("天")
    days = ask.distribution(MEDIAN)
    spread = figures_spread.handling_days(days, time_limits())
    chart.show(
        ask,
        key="handling_time.days",
        title=_("处理天数的分布与法定时限"),
        figure=spread,
        source=Source(
            ENDED,
            count=ask.compute(ENDED)["value"][0],
            note=_("红线：{limits}").format(
                limits=_("；").join(
                    _("{days}日 {name}").format(days=limit.days, name=name_of(limit))
                    for limit in time_limits()
                )
                + _("；依据{source}").format(source=time_limits()[0].source_zh.split(_("，"))[0])
            ),
        ),
        frame=days,
        columns=[
            Column("value", _("处理天数"), "number", 0, unit),
            Column("count", _("办结"), "number", 0, _("件"), of=Cell(ENDED)),
        ],
        places=value_cells.days(spread),
        rows=value_cells.whole(days["value"]),
    )


def show_ages(ask: Queries) -> None:
    """Draw the ages of open complaints."""
    last_day = ask.last_day("complaint")
    found = ask.open_ageing(last_day) if last_day else pl.DataFrame()
    held = dict(found.select("age_band", "count").iter_rows()) if len(found) else {}
    ages = pl.DataFrame({"band": AGE_BANDS, "count": [held.get(band, 0.0) for band in AGE_BANDS]})
    chart.show(
        ask,
        key="handling_time.ageing",
        title=_("未办结投诉已经多少天"),
        figure=figures_spread.ageing(AGE_BANDS, ages["count"].to_list()),
        source=Source(
            OPEN,
            count=frames.total(ages["count"]),
            note=_("时点 {day}").format(day=formats.day(last_day)),
        ),
        frame=ages if held else ages.clear(),
        columns=[
            Column("band", _("自收到之日起")),
            Column("count", _("未办结"), "number", 0, _("件"), of=Cell(OPEN)),
        ],
        places=value_cells.ages(),
        rows=value_cells.ages() if held else [],
    )
