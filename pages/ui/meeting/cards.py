"""The cards of a meeting in their order: each is one question and fits one screen."""

from collections.abc import Callable
from dataclasses import dataclass

from pages.ui import empty, tiles
from pages.ui.alerts import listing, viewpoint
from pages.ui.meeting import decisions, due_cases, timely
from pages.ui.mix import section as mix
from pages.ui.overview import attention, moves
from pages.ui.queries import Queries
from pages.ui.sub_branches import ranking
from pages.ui.text import _
from warehouse.registry import indicator

HEADLINES = (
    "complaint_count",
    "complaint_timely_rate",
    "handling_days_median",
    "open_complaint_count",
    "satisfaction_rate",
    "exam_pass_rate",
    "review_first_pass_rate",
    "outreach_audience",
)
PREVENTION = (
    "training_coverage",
    "exam_participation_rate",
    "exam_pass_rate",
    "review_coverage",
    "review_first_pass_rate",
    "issue_rectified_rate",
    "outreach_event_count",
    "outreach_audience",
)
RANKED = "complaint_timely_rate"
# So many fit a screen; the page 三色预警 lists all.
LIGHTS = 5


@dataclass(frozen=True)
class Card:
    """One screen of the meeting: its name, and what draws it."""

    name: str
    draw: Callable[[Queries], None]


def cards() -> list[Card]:
    """Every card in the order of the meeting: are we red, why, what do we do."""
    return [
        Card(_("结论"), attention.show),
        Card(_("关键指标"), lambda ask: tiles.show(ask, HEADLINES)),
        Card(_("哪些变了"), moves.show),
        Card(_("红灯"), _red),
        Card(_("投诉结构"), _with_complaints(mix.show)),
        Card(_("是否及时"), _with_complaints(timely.show)),
        Card(_("预防工作"), lambda ask: tiles.show(ask, PREVENTION)),
        Card(_("支行排名"), lambda ask: ranking.show(ask, indicator(RANKED))),
        Card(_("七天内到期"), due_cases.show),
        Card(_("请会议决定"), decisions.show),
    ]


def _red(ask: Queries) -> None:
    view = viewpoint.latest(ask)
    listing.headline(view)
    listing.red(view, most=LIGHTS)


def _with_complaints(draw: Callable[[Queries], None]) -> Callable[[Queries], None]:
    """A card about complaints says what is missing where there are none."""

    def drawn(ask: Queries) -> None:
        if ask.has_data("complaint"):
            draw(ask)
        else:
            empty.no_data("complaint", ask.coverage.get("complaint"), ask.selection.period)

    return drawn
