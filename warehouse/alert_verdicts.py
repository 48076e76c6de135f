"""Judges one window of months by one rule: good, bad beyond chance, or bad and maybe chance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from warehouse import chance
from warehouse.alert_rules import CountRule, LevelRule, TrendRule
from warehouse.month_series import Tally
from warehouse.registry import Indicator, Threshold, judge

Verdict = Literal["green", "yellow", "red", "none"]
Reason = Literal[
    "met", "near", "maybe_chance", "beyond_chance",
    "steady", "run", "worse",
    "usual", "raised", "above",
    "few", "no_data", "no_threshold", "no_history",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Point:
    """One judged window: its verdict and every number that led to it.

    `limit` is the threshold, the value of the months before, or the control limit; `warning` the
    limit from which on a count is raised; `centre` what the count usually is; `probability` how
    often chance alone would bring this; `first` and `month` are the window's ends.
    """

    first: str
    month: str
    verdict: Verdict
    reason: Reason
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    low: float | None = None
    high: float | None = None
    limit: float | None = None
    warning: float | None = None
    centre: float | None = None
    probability: float | None = None
    gap_low: float | None = None
    gap_high: float | None = None
    base_cases: float | None = None
    is_clear: bool = False


def _held(first: str, month: str, asked: Indicator, tally: Tally) -> Point:
    """What the window holds, not judged yet."""
    reach = tally.interval(asked)
    return Point(
        first,
        month,
        verdict="none",
        reason="no_data",
        value=tally.value(asked),
        numerator=None if asked.kind == "percentile" else tally.numerator,
        denominator=None if asked.kind == "count" else tally.denominator,
        low=reach.low if reach else None,
        high=reach.high if reach else None,
    )


def _unjudged(asked: Indicator, tally: Tally) -> Reason | None:
    """Why the window cannot be judged at all."""
    if not tally.denominator:
        return "no_data"
    is_few = tally.denominator < asked.judged_from_n or asked.is_too_few(tally.denominator)
    return "few" if is_few else None


def level(
    rule: LevelRule,
    asked: Indicator,
    span: tuple[str, str],
    tally: Tally,
    threshold: Threshold | None,
) -> Point:
    """The window against the threshold in force at its end."""
    held = _held(*span, asked, tally)
    if threshold is None:
        return replace(held, reason="no_threshold")
    held = replace(held, limit=threshold.value)
    why = _unjudged(asked, tally)
    if why is not None:
        return replace(held, reason=why)
    value = tally.value(asked) or 0.0
    hits, cases, target, is_high_good = against_limit(asked, tally, threshold.value)
    odds = chance.chance_of_missing(hits, cases, target, is_high_good=is_high_good)
    held = replace(held, probability=odds)
    match judge(asked, value, threshold):
        case "met":
            gap = value - threshold.value if asked.direction == "up" else threshold.value - value
            is_clear = rule.leave.margin is not None and gap >= rule.leave.margin
            return replace(held, verdict="green", reason="met", is_clear=is_clear)
        case "near":
            return replace(held, verdict="yellow", reason="near")
    is_beyond = chance.misses_beyond_chance(
        hits, cases, target, is_high_good=is_high_good, confidence=rule.confidence
    )
    if is_beyond:
        return replace(held, verdict="red", reason="beyond_chance")
    return replace(held, verdict="yellow", reason="maybe_chance")


def against_limit(asked: Indicator, tally: Tally, limit: float) -> tuple[int, int, float, bool]:
    """Hits, cases, the share of hits that just meets the limit, and whether hits are good.

    A percentile meets its limit where at least that share of the cases does: half the cases
    within 7 days is a median of 7 days at most.
    """
    if asked.kind == "ratio":
        target = limit / 100
        return round(tally.numerator), round(tally.denominator), target, asked.direction == "up"
    cases, share = round(tally.denominator), asked.quantile or 0.0
    if asked.direction == "up":
        return cases - tally.below(limit), cases, 1 - share, True
    return cases - tally.above(limit), cases, share, True


def trend(
    rule: TrendRule,
    asked: Indicator,
    span: tuple[str, str],
    tally: Tally,
    before: Tally | None,
    course: Sequence[Tally],
) -> Point:
    """The window against the months before it; `course` are its last single months."""
    held = _held(*span, asked, tally)
    why = _unjudged(asked, tally)
    if why is not None:
        return replace(held, reason=why)
    if before is None or _unjudged(asked, before) is not None:
        return replace(held, reason="no_history")
    base, value = before.value(asked) or 0.0, tally.value(asked) or 0.0
    gap = _gap(asked, tally, before, base, confidence=rule.confidence)
    held = replace(held, limit=base, base_cases=before.denominator)
    if asked.kind == "ratio":
        held = replace(held, gap_low=100 * gap.low, gap_high=100 * gap.high)
    size = base - value if asked.direction == "up" else value - base
    if gap.low > 0 and size > 0 and size >= rule.smallest_change:
        return replace(held, verdict="red", reason="worse")
    if rule.worsening_months is not None and _is_run(asked, course, rule.worsening_months):
        odds = chance.chance_of_run(rule.worsening_months)
        return replace(held, verdict="yellow", reason="run", probability=odds)
    return replace(held, verdict="green", reason="steady")


def _gap(
    asked: Indicator, tally: Tally, before: Tally, base: float, *, confidence: float
) -> chance.Interval:
    """By how much the share of bad cases is larger than before; bad is worse than the old value."""
    if asked.kind == "ratio":
        bad, was_bad = (
            one.denominator - one.numerator if asked.direction == "up" else one.numerator
            for one in (tally, before)
        )
    elif asked.direction == "up":
        bad, was_bad = tally.below(base), before.below(base)
    else:
        bad, was_bad = tally.above(base), before.above(base)
    return chance.difference(
        bad, tally.denominator, was_bad, before.denominator, confidence=confidence
    )


def _is_run(asked: Indicator, course: Sequence[Tally], steps: int) -> bool:
    """Whether each of the last months is worse than the one before it."""
    if len(course) <= steps or any(_unjudged(asked, one) is not None for one in course):
        return False
    values = [one.value(asked) or 0.0 for one in course[-steps - 1 :]]
    if asked.direction == "up":
        values = [-value for value in values]
    return all(later > earlier for earlier, later in zip(values, values[1:], strict=False))


def count(
    rule: CountRule,
    asked: Indicator,
    span: tuple[str, str],
    tally: Tally,
    history: Sequence[Tally] | None,
) -> Point:
    """The month against the control limits of the months before it."""
    held = _held(*span, asked, tally)
    if history is None:
        return replace(held, reason="no_history")
    past = [round(one.numerator) for one in history]
    found = round(tally.numerator)
    centre, dispersion = chance.usual(past)
    odds = chance.count_at_least(found, centre, dispersion=dispersion)
    warning, control = control_limits(centre, dispersion, rule.warning, rule.control)
    # A limit below the fewest cases that count would show a light that never burns.
    warning, control = max(warning, rule.at_least - 1), max(control, rule.at_least - 1)
    held = replace(
        held, centre=centre, probability=odds, warning=float(warning), limit=float(control)
    )
    if found > control:
        return replace(held, verdict="red", reason="above")
    if found > warning:
        return replace(held, verdict="yellow", reason="raised")
    return replace(held, verdict="green", reason="usual")


@lru_cache(maxsize=50_000)
def control_limits(
    centre: float, dispersion: float, warning: float, control: float
) -> tuple[int, int]:
    """Warning and control limit of a count with this centre and spread."""
    return (
        chance.highest_usual(centre, dispersion, confidence=warning),
        chance.highest_usual(centre, dispersion, confidence=control),
    )
