"""投诉结构: what complaints are about, why, where they come from, and how the mix moves."""

from pages.ui import (
    annotations,
    chart,
    figures_events,
    figures_spread,
    figures_stacks,
    figures_trend,
    formats,
    frame,
    frames,
)
from pages.ui.chart import Source
from pages.ui.complaint_counts import section as complaint_counts
from pages.ui.mix import section as mix
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse.registry import dimensions

COUNT = "complaint_count"

page = frame.open_page(__file__)
ask = page.ask
page.head(_("投诉涉及什么业务、因为什么、从哪里来，结构怎样变化。"))
page.stop_without("complaint")
page.stop_without_rows(COUNT)

complaint_counts.show(ask)

total = ask.compute(COUNT)["value"][0]
unit = _("件")

mix.show(ask)

window = ask.trend_window("complaint")
trend = ask.trend(COUNT)
months = trend["month"].to_list()
by_month = ask.compute(COUNT, by=("month", "category_group"), period=window)
stack = frames.parts(ask, by_month, "month", months, "category_group")
labels = figures_trend.month_ticks(
    months, [f"N={formats.number(count)}" for count in trend["value"]]
)
shares = figures_stacks.stacked_shares(
    labels, stack, unit=unit, is_open=trend["is_incomplete"].to_list()
)
marks = annotations.notes(ask, window)
figures_events.draw(shares, months, marks)
chart.show(
    ask,
    key="complaint_mix.share",
    title=_("各业务大类占比的变化"),
    figure=shares,
    source=Source(
        COUNT,
        count=frames.total(trend["value"]),
        period=window,
        note=_("；").join(filter(None, (_("变淡的为未满月"), annotations.words(marks)))),
        cut=("month",),
        series=frames.series("category_group", stack),
    ),
    frame=frames.parts_frame([formats.month(month) for month in months], stack, ("month", months)),
    columns=[
        Column("row", _("月份")),
        *frames.part_columns(stack, "category_group", unit=unit),
    ],
)

for rows in ("intake_channel", "service_channel"):
    held = frames.matrix(ask, COUNT, rows, "category_group")
    row_name = name_of(dimensions()[rows])
    chart.show(
        ask,
        key=f"complaint_mix.{rows}",
        title=_("投诉量：{rows} × 业务大类").format(rows=row_name),
        figure=figures_spread.heat(held, unit=unit),
        source=Source(
            COUNT,
            count=total,
            note=_("名称旁的数为该行、该列合计"),
            cut=(rows,),
            across=held.across,
        ),
        frame=held.frame,
        columns=[
            Column("row", row_name),
            *(
                Column(f"c{at}", label, "number", unit=unit, of=cell)
                for at, (label, cell) in enumerate(zip(held.columns, held.across, strict=True))
            ),
        ],
    )
