"""Where each value of a group stands: place, median, robust distance, and what may be chance."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean, median, quantiles
from typing import NamedTuple

from warehouse.chance import CONFIDENCE, count_at_least, difference
from warehouse.registry import Indicator

# Two sums of the same rows may differ in the last bits of a float; that is still a tie.
TIE_DECIMALS = 9
# What makes each of these measures a standard deviation, were the values normally distributed.
_MAD, _QUARTER_RANGE, _MEAN_DEVIATION = 1.4826, 0.7413, 1.2533


class Cell(NamedTuple):
    """One result of an indicator: value, numerator and denominator."""

    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None


@dataclass(frozen=True)
class Standing:
    """What the compared cells of a group say about any one of them."""

    asked: Indicator
    cells: Mapping[str, Cell]
    hits: float
    cases: float
    ranks: Mapping[str, int]
    middle: float | None
    spread: float | None

    @classmethod
    def of_group(cls, asked: Indicator, cells: Mapping[str, Cell]) -> "Standing":
        """The standing of a group from those of its cells that have a value."""
        held = {name: cell.value for name, cell in cells.items() if cell.value is not None}
        hits = sum(cell.numerator or 0 for cell in cells.values())
        cases = sum(cell.denominator or 0 for cell in cells.values())
        middle, spread = _middle_and_spread(list(held.values()))
        return cls(asked, cells, hits, cases, _ranks(asked, held), middle, spread)

    def gap(self, cell: Cell) -> float | None:
        """How far a cell is on the good side of the median; none where no side is good."""
        if cell.value is None or self.middle is None or self.asked.direction == "none":
            return None
        above = cell.value - self.middle
        return above if self.asked.direction == "up" else -above

    def distance(self, cell: Cell) -> float | None:
        """The gap in robust standard deviations, so that days and percent can be compared."""
        gap = self.gap(cell)
        return None if gap is None else gap / (self.spread or 1.0)

    def is_beyond_chance(self, name: str, cell: Cell) -> bool | None:
        """Whether a cell differs from all the others together by more than chance.

        Shares: Newcombe's interval of the difference. Counts over a base, where fewer is better:
        the Poisson chance of so many at the pace of the others. None for what has no measure.
        """
        own = self.cells.get(name, Cell())
        hits = self.hits - (own.numerator or 0)
        cases = self.cases - (own.denominator or 0)
        if cases <= 0 or not cell.denominator or cell.numerator is None:
            return None
        is_share = 0 <= hits <= cases and cell.numerator <= cell.denominator
        if self.asked.kind == "ratio" and is_share:
            reach = difference(cell.numerator, cell.denominator, hits, cases, confidence=CONFIDENCE)
            return not reach.low <= 0 <= reach.high
        if self.asked.kind == "rate" and self.asked.direction == "down":
            usual = hits / cases * cell.denominator
            return count_at_least(round(cell.numerator), usual) <= (1 - CONFIDENCE) / 2
        return None


def _ranks(asked: Indicator, values: Mapping[str, float]) -> dict[str, int]:
    """Place of each, 1 for the best; equal values share the better place."""
    if asked.direction == "none":
        return {}
    sign = -1 if asked.direction == "up" else 1
    keys = {name: round(sign * value, TIE_DECIMALS) for name, value in values.items()}
    places: dict[float, int] = {}
    for at, key in enumerate(sorted(keys.values()), start=1):
        places.setdefault(key, at)
    return {name: places[key] for name, key in keys.items()}


def _middle_and_spread(values: list[float]) -> tuple[float | None, float | None]:
    """Median and a robust standard deviation; no spread where all are equal.

    The spread is the larger of two: the median distance to the median (MAD), and the quartile
    range, which does not shrink to nothing where half of the group share one value or two. Where
    both are nothing it is the mean distance.
    """
    if not values:
        return None, None
    middle = median(values)
    distances = [abs(value - middle) for value in values]
    first, _second, third = (
        quantiles(values, n=4, method="inclusive") if len(values) > 1 else [middle] * 3
    )
    sizes = (
        max(_MAD * median(distances), _QUARTER_RANGE * (third - first)),
        _MEAN_DEVIATION * fmean(distances),
    )
    return middle, next((size for size in sizes if size > 10**-TIE_DECIMALS), None)
