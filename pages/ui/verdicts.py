"""Which indicators meet their thresholds under the present selection."""

from datetime import date

from pages.ui import cached
from pages.ui.formats import NO_DATA
from pages.ui.queries import Queries
from pages.ui.text import _
from warehouse.registry import Indicator, Threshold, binding_threshold, judge


def threshold_of(ask: Queries, asked: Indicator) -> Threshold | None:
    """The threshold in force at the end of the chosen period; the strictest kind first."""
    held = ask.coverage.get(asked.entity)
    on = ask.selection.period.end or (held.last if held else date.max)
    return binding_threshold(asked.id, on, demo=cached.is_demo(ask.snapshot))


def verdict_of(
    ask: Queries, asked: Indicator, value: float | None, denominator: float | None
) -> str:
    """met, near, missed; few or too_early where a verdict would mislead; no_data, no_threshold."""
    threshold = threshold_of(ask, asked)
    if threshold is None:
        return "no_threshold"
    if value is None:
        return "no_data"
    if denominator is not None and denominator < asked.judged_from_n:
        return "few"
    if asked.needs_whole_period and not ask.is_settled(asked):
        return "too_early"
    return judge(asked, value, threshold)


def gap_of(asked: Indicator, value: float | None, threshold: Threshold | None) -> float | None:
    """How far the value is on the good side of the threshold; negative when it falls short."""
    if value is None or threshold is None:
        return None
    return value - threshold.value if asked.direction == "up" else threshold.value - value


def standing(threshold: Threshold | None) -> str:
    """How binding a threshold is; an example says so and one to be confirmed too."""
    if threshold is None:
        return NO_DATA
    kind = {
        "regulatory": _("监管要求"),
        "head_office": _("总行要求"),
        "own": _("本行自定"),
        "example": _("示例"),
    }[threshold.kind]
    is_plain = threshold.kind == "example" or threshold.status in ("official", "own")
    return kind if is_plain else f"{kind}·{threshold.status}"
