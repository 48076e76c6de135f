"""Whether counts pile up at one place of a scale, compared with the places on either side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from warehouse.chance import at_most


@dataclass(frozen=True)
class Heap:
    """Counts at the edge and on either side, each with how much of a smooth course falls there."""

    at: int
    before: int
    after: int
    weight_at: float
    weight_before: float
    weight_after: float

    @property
    def cases(self) -> int:
        """All that was compared."""
        return self.at + self.before + self.after

    @property
    def expected(self) -> float:
        """What the busier side lets expect at the edge."""
        return max(
            self.before * self.weight_at / self.weight_before,
            self.after * self.weight_at / self.weight_after,
        )

    @property
    def ratio(self) -> float:
        """How many times as many as expected; a side without any is taken for half a case."""
        least = 0.5 * self.weight_at / max(self.weight_before, self.weight_after)
        return self.at / max(self.expected, least)

    @property
    def p_value(self) -> float:
        """Chance of so many at the edge were it no fuller than both sides.

        A smooth course that rises or falls past the edge is as full as on one of the sides, so the
        edge has to stand out against each of them: the larger of the two chances counts.
        """
        return max(
            _above(self.at, self.before, self.weight_at, self.weight_before),
            _above(self.at, self.after, self.weight_at, self.weight_after),
        )


def heap(
    counts: Mapping[float, int],
    weights: Mapping[float, float],
    *,
    at: Sequence[float],
    before: Sequence[float],
    after: Sequence[float],
) -> Heap | None:
    """The counts at some places against both sides; None where a side has no weight."""
    sums = [sum(counts.get(place, 0) for place in side) for side in (at, before, after)]
    shares = [sum(weights.get(place, 0.0) for place in side) for side in (at, before, after)]
    if min(shares) <= 0:
        return None
    return Heap(sums[0], sums[1], sums[2], shares[0], shares[1], shares[2])


def _above(at: int, beside: int, weight_at: float, weight_beside: float) -> float:
    total = at + beside
    if not total:
        return 1.0
    return at_most(beside, total, weight_beside / (weight_at + weight_beside))
