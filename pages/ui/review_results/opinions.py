"""Whether opinions were adopted, by type of review."""

from pages.ui import chart, figures_stacks, formats, frames
from pages.ui.chart import Source
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _

OPINIONS = "opinion_count"


def show(ask: Queries) -> None:
    """Draw the chart; its unit is the opinion, not the review."""
    cells = ask.compute(OPINIONS, by=("review_type", "adoption"))
    types = ask.in_order("review_type", cells["review_type"].to_list())
    sizes = dict(
        ask.compute(OPINIONS, by=("review_type",)).select("review_type", "value").iter_rows()
    )
    stack = frames.parts(ask, cells, "review_type", types, "adoption")
    names = frames.labels("review_type", types)
    chart.show(
        ask,
        key="reviews.opinions",
        title=_("审查意见是否采纳：按审查类型"),
        figure=figures_stacks.stacked_rows(
            [
                f"{name}  N={formats.number(sizes[one])}"
                for name, one in zip(names, types, strict=True)
            ],
            stack,
            unit=_("条"),
        ),
        source=Source(
            OPINIONS,
            count=sum(sizes.values()),
            note=_("以意见为单位，不以项目为单位"),
            cut=("review_type",),
            series=frames.series("adoption", stack),
        ),
        frame=frames.parts_frame(names, stack, ("review_type", types)) if types else cells.clear(),
        columns=[
            Column("row", _("审查类型")),
            *frames.part_columns(stack, "adoption", unit=_("条")),
        ],
    )
