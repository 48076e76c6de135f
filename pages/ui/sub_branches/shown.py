"""Which sub-branches of a ranking have a row of their own, and which share one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from warehouse.peers import Place


@dataclass(frozen=True)
class Drawn:
    """How many rows the figure has: ranked ones from either end, and others."""

    best: int
    worst: int
    unranked: int


@dataclass(frozen=True)
class Omitted:
    """Neighbours in the ranking, or among those without a rank, that have one row together."""

    places: tuple[Place, ...]

    def __len__(self) -> int:
        return len(self.places)


Row = Place | Omitted


def rows(every: Sequence[Place], picked: Sequence[str | None], drawn: Drawn) -> list[Row]:
    """All of them, or of many the best, the worst and the chosen, with the others in between."""
    ranked = [place for place in every if place.is_ranked]
    others = [place for place in every if not place.is_ranked]
    return [
        *_ends(ranked, drawn.best, drawn.worst, picked),
        *_ends(others, drawn.unranked, 0, picked),
    ]


def _ends(found: Sequence[Place], first: int, last: int, picked: Sequence[str | None]) -> list[Row]:
    kept = [
        at < first or at >= len(found) - last or place.sub_branch in picked
        for at, place in enumerate(found)
    ]
    told: list[Row] = []
    for is_kept, group in groupby(zip(kept, found, strict=True), key=lambda one: one[0]):
        held = tuple(place for _kept, place in group)
        # One alone would take as much room as its own row.
        told += held if is_kept or len(held) == 1 else [Omitted(held)]
    return told


def omitted(told: Sequence[Row]) -> int:
    """How many have no row of their own."""
    return sum(len(row) for row in told if isinstance(row, Omitted))
