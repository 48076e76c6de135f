"""What could be chance: intervals for rates, exact tails, and control limits for counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, exp, factorial, floor, lgamma, log, log1p, sqrt
from statistics import NormalDist, median

CONFIDENCE = 0.95
# Below so many cases the median of whole numbers is too coarse a centre.
FEWEST_FOR_MEDIAN = 5
# The median step between neighbouring months, were they normal with a standard deviation of 1.
STEP_PER_SIGMA = 0.954
# As close to Poisson as this, the negative binomial only loses digits.
POISSON_UP_TO = 1.001
_NEGLIGIBLE = 1e-17


@dataclass(frozen=True)
class Interval:
    """Lower and upper end of what the true value may be."""

    low: float
    high: float


@dataclass(frozen=True)
class Limits:
    """What a count usually is, by how much it spreads beyond Poisson, and how far it may go."""

    centre: float
    dispersion: float
    warning: int
    control: int


def normal_score(confidence: float) -> float:
    """How many standard errors an interval of this confidence reaches to either side."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson(hits: float, cases: float, *, confidence: float = CONFIDENCE) -> Interval:
    """Wilson's score interval of a rate, as shares of 1.

    Raises ValueError unless 0 <= hits <= cases and cases > 0.
    """
    if not 0 <= hits <= cases or cases <= 0:
        message = f"a rate needs 0 <= hits <= cases and cases > 0, not {hits} of {cases}"
        raise ValueError(message)
    square = normal_score(confidence) ** 2
    centre = hits + square / 2
    reach = sqrt(square) * sqrt(hits * (cases - hits) / cases + square / 4)
    # Rounding may not push an end past the rate itself or out of 0 to 1.
    low = 0.0 if hits == 0 else min(max((centre - reach) / (cases + square), 0.0), hits / cases)
    high = 1.0 if hits == cases else max((centre + reach) / (cases + square), hits / cases)
    return Interval(low, min(high, 1.0))


def difference(
    hits: float,
    cases: float,
    base_hits: float,
    base_cases: float,
    *,
    confidence: float = CONFIDENCE,
) -> Interval:
    """Newcombe's interval (method 10) of a rate less another, from their Wilson intervals."""
    rate, base = hits / cases, base_hits / base_cases
    own = wilson(hits, cases, confidence=confidence)
    other = wilson(base_hits, base_cases, confidence=confidence)
    below = sqrt((rate - own.low) ** 2 + (other.high - base) ** 2)
    above = sqrt((own.high - rate) ** 2 + (base - other.low) ** 2)
    return Interval(max(rate - base - below, -1.0), min(rate - base + above, 1.0))


def at_most(hits: int, cases: int, rate: float) -> float:
    """Chance of so few hits or fewer among the cases where the true rate is this."""
    if hits >= cases or rate <= 0:
        return 1.0
    if rate >= 1 or hits < 0:
        return 0.0
    if hits > cases * rate:
        return 1 - at_most(cases - hits - 1, cases, 1 - rate)
    first = _log_binomial(hits, cases) + hits * log(rate) + (cases - hits) * log1p(-rate)
    odds = (1 - rate) / rate
    total, term = 0.0, 1.0
    for count in range(hits, -1, -1):
        total += term
        term *= count * odds / (cases - count + 1)
        if term < _NEGLIGIBLE * total:
            break
    return min(exp(first) * total, 1.0)


def _log_binomial(hits: int, cases: int) -> float:
    if cases < 60:
        return log(comb(cases, hits))
    return lgamma(cases + 1) - lgamma(hits + 1) - lgamma(cases - hits + 1)


def chance_of_missing(hits: int, cases: int, target: float, *, is_high_good: bool) -> float:
    """Chance of a rate as bad as this or worse where the true rate just meets its target."""
    if is_high_good:
        return at_most(hits, cases, target)
    return at_most(cases - hits, cases, 1 - target)


def misses_beyond_chance(
    hits: int, cases: int, target: float, *, is_high_good: bool, confidence: float
) -> bool:
    """Whether even the optimistic end of the interval misses the target, and not by chance.

    Wilson's ends alone cry wolf near 0 and 1: of 32 cases with a true rate of 98 % three or more
    are late in 2.6 % of the months, where its 99 % interval promises 0.5 %. The exact tail of the
    binomial distribution has to agree.
    """
    reach = wilson(hits, cases, confidence=confidence)
    is_missed = reach.high < target if is_high_good else reach.low > target
    tail = chance_of_missing(hits, cases, target, is_high_good=is_high_good)
    return is_missed and tail <= (1 - confidence) / 2


def quantile_shares(quantile: float, cases: float, *, confidence: float) -> Interval:
    """The shares whose own quantiles bound a quantile (Woodruff's interval with Wilson's ends)."""
    return wilson(quantile * cases, cases, confidence=confidence)


def chance_of_run(steps: int) -> float:
    """Chance that so many steps in a row all worsen where nothing changes: one order of many."""
    return 1 / factorial(steps + 1)


def count_at_least(count: int, centre: float, *, dispersion: float = 1.0) -> float:
    """Chance of so many cases or more, by Poisson, or by negative binomial where it spreads more.

    The negative binomial is a Poisson whose rate itself varies; its variance is
    dispersion times the centre.
    """
    if count <= 0:
        return 1.0
    if centre <= 0:
        return 0.0
    if count <= centre:
        return max(0.0, 1 - _count_below(count, centre, dispersion))
    total, term, at = 0.0, 1.0, count
    while term > _NEGLIGIBLE * total:
        total += term
        term *= _count_ratio(at, centre, dispersion)
        at += 1
    return min(exp(_log_count(count, centre, dispersion)) * total, 1.0)


def _count_below(count: int, centre: float, dispersion: float) -> float:
    total, term, at = 0.0, 1.0, count - 1
    while at >= 0 and term > _NEGLIGIBLE * total:
        total += term
        at -= 1
        term /= _count_ratio(at, centre, dispersion) if at >= 0 else 1.0
    return exp(_log_count(count - 1, centre, dispersion)) * total


def _count_ratio(count: int, centre: float, dispersion: float) -> float:
    """Chance of one case more divided by the chance of so many."""
    if dispersion < POISSON_UP_TO:
        return centre / (count + 1)
    size = centre / (dispersion - 1)
    return (size + count) / (count + 1) * (1 - 1 / dispersion)


def _log_count(count: int, centre: float, dispersion: float) -> float:
    if dispersion < POISSON_UP_TO:
        return count * log(centre) - centre - lgamma(count + 1)
    size = centre / (dispersion - 1)
    known = lgamma(size + count) - lgamma(size) - lgamma(count + 1)
    return known - size * log(dispersion) + count * log(1 - 1 / dispersion)


def usual(history: Sequence[int]) -> tuple[float, float]:
    """Centre and dispersion of past counts, each robust to a wave among them.

    The centre is the median, so that one bad month does not hide the next one; where counts are
    so small that a median of whole numbers is coarse, it is the mean (with half a case added: no
    case in a year is no proof of none). The spread is that of the steps between neighbouring
    months, as in charts of individual values and in Laney's: it takes in what Poisson leaves out
    (seasons, campaigns, cases that come in groups). Their median, not their mean: a wave of four
    months in the year before would else lift the limit over itself. The spread is never below
    Poisson: counts that happen to be even prove no tighter limit.
    """
    middle = float(median(history))
    if middle < FEWEST_FOR_MEDIAN:
        middle = (sum(history) + 0.5) / len(history)
    steps = [abs(after - before) for before, after in zip(history, history[1:], strict=False)]
    sigma = median(steps) / STEP_PER_SIGMA if steps else 0.0
    return middle, max(1.0, sigma**2 / middle)


def limits(history: Sequence[int], *, warning: float, control: float) -> Limits:
    """Warning and control limit of the next count: as high as chance alone lets it rise.

    `warning` and `control` are the confidences with which a usual month stays within them.
    Raises ValueError without a history.
    """
    if not history:
        message = "control limits need a history"
        raise ValueError(message)
    centre, dispersion = usual(history)
    return Limits(
        centre,
        dispersion,
        highest_usual(centre, dispersion, confidence=warning),
        highest_usual(centre, dispersion, confidence=control),
    )


def highest_usual(centre: float, dispersion: float, *, confidence: float) -> int:
    """The smallest count that a usual month exceeds no more often than the confidence allows."""
    allowed = 1 - confidence
    sigma = sqrt(dispersion * centre)
    # From where a normal count would stop, one case up or down at a time.
    most = max(floor(centre + NormalDist().inv_cdf(confidence) * sigma), 0)
    tail = count_at_least(most + 1, centre, dispersion=dispersion)
    while tail > allowed:
        most += 1
        tail -= exp(_log_count(most, centre, dispersion))
    while most > 0:
        wider = tail + exp(_log_count(most, centre, dispersion))
        if wider > allowed:
            break
        most, tail = most - 1, wider
    return most
