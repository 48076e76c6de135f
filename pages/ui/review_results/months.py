"""Month by month: how many were submitted, how many passed at once, how many opinions counted."""

from pages.ui import chart, figures_trend, frames
from pages.ui.chart import Source
from pages.ui.explanation import Cell
from pages.ui.figures_trend import Series
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _
from pages.ui.theme import ACCENT, PALETTE

COUNT, FIRST_PASS = "review_count", "review_first_pass_rate"
ADOPTION = "opinion_adoption_rate"


def show_counts(ask: Queries) -> None:
    """Draw the reviews submitted."""
    window = ask.trend_window("review")
    counts = ask.trend(COUNT)
    chart.show(
        ask,
        key="reviews.months",
        title=_("每月送审项数"),
        figure=figures_trend.bars(Series(_("送审项数"), counts, ACCENT), unit=_("项")),
        source=Source(COUNT, count=frames.total(counts["value"]), period=window, cut=("month",)),
        frame=counts,
        columns=[Column("month", _("月份")), Column("value", _("送审"), "number", 0, _("项"))],
    )


def show_rates(ask: Queries) -> None:
    """Draw the rates of first passes and of adopted opinions."""
    window = ask.trend_window("review")
    rates, adoption = ask.trend(FIRST_PASS), ask.trend(ADOPTION)
    chart.show(
        ask,
        key="reviews.rates",
        title=_("每月一次通过率与意见采纳率"),
        figure=figures_trend.lines(
            [
                Series(_("一次通过率"), rates, ACCENT, 1),
                Series(_("采纳率"), adoption, PALETTE[3], 1),
            ],
            unit="%",
            height=330,
        ),
        source=Source(
            FIRST_PASS,
            count=frames.total(rates["denominator"]),
            count_unit=_("项"),
            period=window,
            cut=("month",),
            series={_("一次通过率"): Cell(FIRST_PASS), _("采纳率"): Cell(ADOPTION)},
        ),
        frame=rates.with_columns(adoption=adoption["value"], opinions=adoption["denominator"]),
        columns=[
            Column("month", _("月份")),
            Column("value", _("一次通过率"), "number", 1, "%"),
            Column("numerator", _("一次通过"), "number", 0, _("项")),
            Column("denominator", _("已有审查结果"), "number", 0, _("项")),
            Column("adoption", _("意见采纳率"), "number", 1, "%", of=Cell(ADOPTION)),
            Column("opinions", _("标明采纳情况的意见"), "number", 0, _("条"), of=Cell(ADOPTION)),
        ],
    )
