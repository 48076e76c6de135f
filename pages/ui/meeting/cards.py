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
from pages.ui.sub_branches.ranking import Drawn
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
IN_A_ROOM = Drawn(at_each_end=10, unranked=1)
PARTS = 10


@dataclass(frozen=True)
class Card:
    """One screen of the meeting: its name, what draws it, and the page that holds all of it."""

    name: str
    draw: Callable[[Queries], None]
    page: str
    page_name: str


def cards() -> list[Card]:
    """Every card in the order of the meeting: are we red, why, what do we do."""
    overview, alerts = ("overview", _("总览")), ("alerts", _("三色预警"))
    return [
        Card(_("结论"), attention.show, *overview),
        Card(_("关键指标"), lambda ask: tiles.show(ask, HEADLINES), *overview),
        Card(_("哪些变了"), moves.show, *overview),
        Card(_("红灯"), _red, *alerts),
        Card(
            _("投诉结构"),
            _with_complaints(lambda ask: mix.show(ask, top=PARTS)),
            "complaint_mix",
            _("投诉结构"),
        ),
        Card(_("是否及时"), _with_complaints(timely.show), "handling_time", _("处理时效")),
        Card(
            _("预防工作"),
            lambda ask: tiles.show(ask, PREVENTION),
            "attainment",
            _("指标达标"),
        ),
        Card(
            _("支行排名"),
            lambda ask: ranking.show(ask, indicator(RANKED), drawn=IN_A_ROOM),
            "sub_branches",
            _("支行对比"),
        ),
        Card(_("七天内到期"), due_cases.show, *alerts),
        Card(_("请会议决定"), decisions.show, *alerts),
    ]


def _red(ask: Queries) -> None:
    view = viewpoint.latest(ask)
    listing.headline(view)
    listing.red_in_brief(view, most=LIGHTS)


def _with_complaints(draw: Callable[[Queries], None]) -> Callable[[Queries], None]:
    """A card about complaints says what is missing where there are none."""

    def drawn(ask: Queries) -> None:
        if ask.has_data("complaint"):
            draw(ask)
        else:
            empty.no_data("complaint", ask.coverage.get("complaint"), ask.selection.period)

    return drawn
