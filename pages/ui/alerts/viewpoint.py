"""From when the lights are seen: now, or at the end of the chosen period."""

from dataclasses import dataclass
from datetime import date

import streamlit as st

from pages.ui import formats
from pages.ui.alerts import cached
from pages.ui.cached import frozen
from pages.ui.queries import Queries
from pages.ui.selection import FILTERS
from pages.ui.text import _, name_of
from warehouse import acknowledgements
from warehouse.acknowledgements import Acknowledgements
from warehouse.alerts import Evaluation, rule_of
from warehouse.periods import parse_period
from warehouse.registry import dimensions, indicator

NOW, THEN = "now", "then"
EVERYTHING = "all"


@dataclass(frozen=True)
class View:
    """The lights on screen, who took them on, and whether they are those of today."""

    ask: Queries
    found: Evaluation
    taken: Acknowledgements
    is_now: bool

    @property
    def data_date(self) -> date | None:
        """The last day that the complaints cover: what is still open is open on that day."""
        held = self.ask.coverage.get("complaint")
        return held.last if held else None

    def caption(self) -> str:
        """Until when was judged, the filters, and the rules that could not follow one."""
        until = formats.month(self.found.until) if self.found.until else formats.NO_DATA
        words = self.ask.selection.words(indicator("complaint_count"))
        parts = [_("按月判断，截至 {month}（最后一个完整月）").format(month=until), words]
        for name in FILTERS:
            missed = [
                indicator(rule_of(one).indicator)
                for one in self.found.alerts
                if name in self.found.ignored.get(one.rule_id, ())
            ]
            if missed:
                names = _("、").join(dict.fromkeys(name_of(asked) for asked in missed))
                parts.append(
                    _("{filter}筛选不适用于：{names}").format(
                        filter=name_of(dimensions()[name]), names=names
                    )
                )
        return _(" · ").join(parts)


def latest(ask: Queries) -> View:
    """The lights after the last complete month of all data, under the chosen filters."""
    return _view(ask, EVERYTHING, is_now=True)


def chosen(ask: Queries) -> View:
    """The lights that the reader wants: of now, or where it lies before, of the period's end."""
    now = latest(ask)
    months = {NOW: now.found.until, THEN: _last_month(ask, now.found)}
    if months[THEN] is None or months[THEN] == months[NOW]:
        return now
    names = {NOW: _("最新（{month}）"), THEN: _("所选期间末（{month}）")}
    wanted = st.segmented_control(
        _("看到哪个月为止"),
        (NOW, THEN),
        default=NOW,
        required=True,
        key="alerts.until",
        format_func=lambda one: names[one].format(month=formats.month(months[one] or "")),
    )
    return _view(ask, ask.selection.period.id, is_now=False) if wanted == THEN else now


def _last_month(ask: Queries, found: Evaluation) -> str | None:
    """The last judged month within the chosen period; none where nothing was judged by then."""
    end = ask.selection.period.end
    if end is None:
        return found.until
    judged = {point.month for alert in found.alerts for point, _state in alert.course}
    ended = (month for month in judged if (parse_period(month).end or end) <= end)
    return max(ended, default=None)


def _view(ask: Queries, until: str, *, is_now: bool) -> View:
    found = cached.evaluate(ask.snapshot, until, frozen(ask.selection.filters))
    return View(ask, found, acknowledgements.read(ask.snapshot.home), is_now)
