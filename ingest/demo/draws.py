"""The random draws that the ledgers share; every draw depends on the seed alone."""

import math
from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from ingest.demo.timeline import day_weight

Value = TypeVar("Value")


def stream(seed: int, ledger: str) -> Random:
    """The random numbers of one ledger, so that changing one ledger leaves the others alone."""
    return Random(f"{seed}/{ledger}")  # noqa: S311


def pick(rng: Random, weights: Mapping[Value, float]) -> Value:
    """One key, drawn by its weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def count(rng: Random, mean: float) -> int:
    """A Poisson count."""
    if mean > 40:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, product, drawn = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        drawn += 1
    return drawn


def skewed(rng: Random, *, median: float, sigma: float) -> float:
    """A right-skewed positive number."""
    return rng.lognormvariate(math.log(median), sigma)


def busy_day(rng: Random, days: list[date]) -> date:
    """One of the days, working days more often."""
    return rng.choices(days, [day_weight(day) for day in days])[0]


def day_between(rng: Random, first: date, last: date) -> date:
    """A day from first to last, both included."""
    return first + timedelta(rng.randint(0, (last - first).days))
