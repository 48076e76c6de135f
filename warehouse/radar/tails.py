"""Chances that the radar needs beside those of warehouse.chance."""

from math import exp, lgamma

_NEGLIGIBLE = 1e-17


def at_least(hits: int, cases: int, base_hits: int, base_cases: int) -> float:
    """Chance of so many hits or more among the cases, were all hits spread evenly over both.

    Fisher's exact test, one-sided: the hits of cases and base together are given, and the history
    is as uncertain as the present.
    """
    good, total = hits + base_hits, cases + base_cases
    lowest, highest = max(0, good - base_cases), min(good, cases)
    if hits <= lowest:
        return 1.0
    term = exp(
        _log_choose(good, hits)
        + _log_choose(total - good, cases - hits)
        - _log_choose(total, cases)
    )
    chance, at = 0.0, hits
    while at <= highest and term > _NEGLIGIBLE * chance:
        chance += term
        rest = total - good - cases + at + 1
        term *= (good - at) * (cases - at) / ((at + 1) * rest) if rest > 0 else 0.0
        at += 1
    return min(chance, 1.0)


def _log_choose(all_of: int, some: int) -> float:
    return lgamma(all_of + 1) - lgamma(some + 1) - lgamma(all_of - some + 1)
