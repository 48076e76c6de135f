"""总览: the few numbers that matter, what is red, what moved most, how fresh the data are."""

from pages.ui import frame, tiles
from pages.ui.alerts import brief
from pages.ui.overview import attention, freshness, moves

page = frame.open_page(__file__)
ask = page.ask

page.head()

attention.show(ask)

tiles.show(
    ask,
    (
        "complaint_count",
        "complaint_timely_rate",
        "handling_days_median",
        "open_complaint_count",
        "satisfaction_rate",
        "exam_pass_rate",
        "review_first_pass_rate",
        "outreach_audience",
    ),
)

brief.show(ask)

moves.show(ask)

freshness.show(ask)
