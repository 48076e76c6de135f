"""The events of a trend's window: as marks for the figure and as words for its caption."""

from collections.abc import Sequence

from pages.ui import comparisons, figures_events
from pages.ui.figures_events import Mark
from pages.ui.formats import day
from pages.ui.queries import Queries
from pages.ui.text import _
from warehouse.events import Event
from warehouse.periods import Period


def notes(
    ask: Queries, window: Period, *, sub_branches: Sequence[str | None] | None = None
) -> list[Mark]:
    """What happened in the window to the whole branch and to the sub-branches on the chart.

    Without `sub_branches` those of the shared filter; where none is chosen, all of them.
    """
    shown = comparisons.chosen(ask) if sub_branches is None else sub_branches
    found = [
        event
        for event in comparisons.events(ask, window)
        if event.sub_branch is None or not shown or event.sub_branch in shown
    ]
    return [_mark(event, number) for number, event in enumerate(found, start=1)]


def _mark(event: Event, number: int) -> Mark:
    tag = figures_events.tag(event.kind, number)
    text = _("{tag} {day} {kind}：{name}").format(
        tag=tag, day=day(event.day), kind=event.kind, name=event.name
    )
    if event.sub_branch is not None:
        text += _("（{sub_branch}）").format(sub_branch=event.sub_branch)
    return Mark(tag, event.day, event.kind, text)


def words(marks: Sequence[Mark]) -> str:
    """The events as one part of a caption; empty where there are none."""
    if not marks:
        return ""
    return _("事件：{events}").format(events=_("；").join(mark.words for mark in marks))
