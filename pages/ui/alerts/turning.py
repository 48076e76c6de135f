"""What turns a light green, in one sentence with numbers."""

from dataclasses import dataclass

import polars as pl

from pages.ui import formats
from pages.ui.alerts import cached
from pages.ui.alerts.viewpoint import View
from pages.ui.text import _
from warehouse import alert_words as words
from warehouse.alert_rules import LevelRule
from warehouse.alerts import Alert, rule_of
from warehouse.due_soon import DAYS, Ahead
from warehouse.periods import Period
from warehouse.registry import indicator
from warehouse.what_if import (
    Way,
    WhatIf,
    counted_on,
    likely_further,
    running_window,
    way_of,
)


@dataclass(frozen=True)
class Turning:
    """What the running months can still bring: the ratio so far, and the cases that decide it.

    With `ahead` the ratio has in it what is sure to count when its time limit ends.
    """

    way: Way
    running: Period
    held: WhatIf
    likely: int
    ahead: Ahead | None


def sentence(view: View, alert: Alert) -> str:
    """The smallest change that meets the threshold; else what the rule waits for."""
    said = [*_by_converting(view, alert), *_by_adding(view, alert)]
    return _("；").join(said) or words.way_back(alert)


def due_soon(view: View) -> pl.DataFrame:
    """Open complaints whose time limit ends within a week after the data, under the filters."""
    if view.data_date is None:
        return pl.DataFrame()
    where = view.ask.where("complaint_timely_rate")
    return cached.due_soon(view.ask.snapshot, view.data_date, where)


def _by_converting(view: View, alert: Alert) -> list[str]:
    """What the judged months themselves can still gain."""
    held = _what_if(view, alert, alert.period)
    if held is None or held.is_met:
        return []
    way = way_of(held.indicator_id)
    known = {
        "months": words.span(alert.point.first, alert.point.month),
        "count": formats.number(held.converting),
        "held": formats.number(held.convertible),
        "unit": way.cases_zh,
        "what": way.converting_zh,
    }
    if way.converting_zh is None:
        if way.adding_zh is not None:
            return []
        is_high_good = indicator(held.indicator_id).direction == "up"
        short, over = _("{months}差 {count} {unit}达标"), _("{months}超出 {count} {unit}")
        return [(short if is_high_good else over).format(**known)]
    if held.can_convert:
        return [
            _("{months}再有 {count} {unit}{what}即达标（共 {held} {unit}可补）").format(**known)
        ]
    if not held.convertible:
        return []
    text = _("{months}可{what}的 {held} {unit}全补上也不达标（须 {count} {unit}）")
    return [text.format(**known)]


def _by_adding(view: View, alert: Alert) -> list[str]:
    """What the months that still run need, and whether there are so many cases."""
    found = turning(view, alert)
    if found is None:
        return []
    held = found.held
    now = _("{months}已定 {hits}/{cases}").format(
        months=_months(found.running),
        hits=formats.number(held.numerator),
        cases=formats.number(held.denominator),
    )
    if not held.is_met and held.adding is None:
        return [_("{now}，已有未达标的，100% 无法靠新增达到").format(now=now)]
    tail = _by_pace(found) if found.ahead is None else _by_open(found, found.ahead)
    if held.is_met:
        return [_("{now}，已达标").format(now=now) + tail]
    text = _("{now}，再有 {count} {unit}{what}即达标")
    return [
        text.format(
            now=now,
            count=formats.number(held.adding),
            unit=found.way.cases_zh,
            what=found.way.adding_zh,
        )
        + tail
    ]


def _months(period: Period) -> str:
    months = [f"{day:%Y-%m}" for day in (period.start, period.end) if day is not None]
    return words.span(months[0], months[-1]) if months else period.label_zh


def _by_pace(found: Turning) -> str:
    """Whether about so many cases are still to come."""
    if found.held.is_met:
        return _("，须保持")
    known = {"count": formats.number(found.likely), "unit": found.way.cases_zh}
    if (found.held.adding or 0) <= found.likely:
        return _("（按目前进度还会有约 {count} {unit}）").format(**known)
    return _("，但按目前进度只还有约 {count} {unit}，不够").format(**known)


def _by_open(found: Turning, ahead: Ahead) -> str:
    """Whether the open cases whose time limit ends in these months are enough."""
    needed = found.held.needed_of(ahead.open)
    known = {
        "open": formats.number(ahead.open),
        "soon": formats.number(ahead.soon),
        "days": DAYS,
        "unit": found.way.cases_zh,
    }
    if not ahead.open:
        return _("，期末前没有未办结的到期")
    if needed is None:
        text = _("，但期末前到期的未办结只有 {open} {unit}（{days} 天内 {soon} {unit}），不够")
    elif needed == 0:
        text = _("，期末前到期的未办结 {open} {unit}不论结果都不影响达标")
    else:
        text = _(
            "；期末前到期的未办结 {open} {unit}（{days} 天内 {soon} {unit}），"
            "其中至少 {needed} {unit}须按时"
        )
    return text.format(**known, needed=formats.number(needed))


def turning(view: View, alert: Alert) -> Turning | None:
    """What can still be gained in the running months; none where further cases change nothing."""
    rule = rule_of(alert)
    asked = indicator(rule.indicator)
    covered = view.ask.coverage.get(asked.entity)
    way = way_of(asked.id)
    if not isinstance(rule, LevelRule) or not view.is_now or covered is None:
        return None
    if way.adding_zh is None:
        return None
    running = running_window(covered.last, rule.window_months)
    held = _what_if(view, alert, running)
    if held is None:
        return None
    likely = likely_further(held, running, covered.last)
    if way.deciding != "due_complaints" or running.end is None:
        return Turning(way, running, held, likely, None)
    where = view.ask.where(asked.id)
    found = cached.ahead(view.ask.snapshot, covered.last, running.end, rule.by, where)
    ahead = found.get(alert.cell, Ahead(0, 0, 0, 0))
    held = counted_on(held, good=ahead.decided, bad=ahead.lost)
    return Turning(way, running, held, likely, ahead)


def _what_if(view: View, alert: Alert, period: Period) -> WhatIf | None:
    """What would turn this light's ratio in a period; none where it is no ratio or has no cases."""
    rule = rule_of(alert)
    threshold = alert.threshold
    if threshold is None or indicator(rule.indicator).kind != "ratio":
        return None
    where = view.ask.where(rule.indicator)
    found = cached.what_ifs(
        view.ask.snapshot, rule.indicator, period.id, threshold.value, rule.by, where
    )
    return found.get(alert.cell)
