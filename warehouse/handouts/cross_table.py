"""Two-way tables of counts in which no small count can be read or worked out.

Hidden are every count 0 < n < limit, totals among them, and as many others as it takes. The reader
is taken to know every shown number, that zeros are shown, that "<5" means 1 to 4 and "＊" 5 or
more. Then for every hidden place at least two values are possible, and exactly so: the places of a
table with its totals are the arcs of a network, and another solution exists just where a cycle of
hidden arcs can carry one case more. What is hidden besides is the cheapest such cycle for each
small count in turn, the smallest first.

In every line with a shown total the hidden counts are none or at least two, and together not below
the limit unless hiding more would be of no use. The grand total is never hidden, nor are the totals
of the side that `suppress` is told to keep: tables that share only kept totals say no more together
than each does alone. What is not promised: that somebody who also has another hand-out (one
sub-branch's, another period's) learns nothing from both.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from itertools import pairwise
from typing import Literal

WITHHELD = "＊"
# Row and column; the last of each is the total.
Place = tuple[int, int]
# Whether it is a row, and which.
_Node = tuple[bool, int]
Side = Literal["rows", "columns"]


@dataclass(frozen=True)
class CrossTable:
    """Counts by two dimensions."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    @cached_property
    def grid(self) -> tuple[tuple[int, ...], ...]:
        """The counts with the totals of the rows, of the columns and of everything."""
        lines = [(*line, sum(line)) for line in self.counts]
        return (*lines, tuple(map(sum, zip(*lines, strict=True))))

    def at(self, place: Place) -> int:
        """The count at a place."""
        return self.grid[place[0]][place[1]]

    @property
    def corner(self) -> Place:
        """Where the grand total stands."""
        return len(self.rows), len(self.columns)

    def places(self) -> Iterator[Place]:
        """Every place, totals included."""
        return (
            (row, column)
            for row in range(len(self.rows) + 1)
            for column in range(len(self.columns) + 1)
        )

    def is_total(self, place: Place) -> bool:
        """Whether a place holds a total."""
        return place[0] == self.corner[0] or place[1] == self.corner[1]

    def lines(self) -> Iterator[tuple[list[Place], Place]]:
        """The parts of every row and column, and where their sum stands."""
        last_row, last_column = self.corner
        for row in range(last_row + 1):
            yield [(row, column) for column in range(last_column)], (row, last_column)
        for column in range(last_column + 1):
            yield [(row, column) for row in range(last_row)], (last_row, column)


@dataclass(frozen=True)
class Suppressed:
    """A table with what is hidden in it."""

    table: CrossTable
    limit: int = 0
    hidden: frozenset[Place] = frozenset()

    def shown(self, place: Place) -> int | str:
        """What stands at a place: the count, "<5" or "＊"."""
        count = self.table.at(place)
        if place not in self.hidden:
            return count
        low, high = span(count, self.limit)
        return WITHHELD if high is None else f"<{self.limit}"


def span(count: int, limit: int) -> tuple[int, int | None]:
    """The smallest and the largest value that the mark of a hidden count tells of."""
    # "<2" would say 1: there, all hidden counts bear the same mark.
    if limit <= 2:
        return 1, None
    return (1, limit - 1) if count < limit else (limit, None)


def pooled(totals: Mapping[str, float], limit: int) -> dict[str, str]:
    """What each label becomes when small ones are put together with the next larger ones."""
    small = sum(count < limit for count in totals.values())
    if not small:
        return {label: label for label in totals}
    ranked = sorted(totals, key=lambda label: totals[label])
    taken = min(max(small, 2), len(ranked))
    while taken < len(ranked) and sum(totals[label] for label in ranked[:taken]) < limit:
        taken += 1
    rest = set(ranked[:taken])
    name = f"其余{taken}项合计"
    return {label: name if label in rest else label for label in totals}


def suppress(table: CrossTable, limit: int, *, kept: Side | None = None) -> Suppressed | None:
    """The table as it may leave the room; None where it cannot be shown safely at all."""
    work = _Work(table, limit, kept)
    fixed = {place for place in table.places() if 0 < table.at(place) < limit}
    if any(work.is_kept(place) for place in fixed):
        return None
    work.hidden |= fixed
    for place in sorted(fixed, key=lambda one: (table.at(one), one)):
        found = work.cheapest_cycle(place)
        if found is None:
            return None
        work.hidden |= found.places
    work.thicken()
    return Suppressed(table, limit, frozenset(work.hidden))


def shares(totals: Sequence[int | str], everything: int) -> list[int]:
    """The totals to take shares of: the shown ones, and what is left as one."""
    shown = [total for total in totals if isinstance(total, int)]
    return [*shown, everything - sum(shown)]


@dataclass(frozen=True, order=True)
class _Cycle:
    """Places that protect one another, at what cost."""

    cost: int
    length: int
    places: frozenset[Place]


class _Work:
    """A table while its places are being hidden."""

    def __init__(self, table: CrossTable, limit: int, kept: Side | None) -> None:
        self.table, self.limit, self.kept = table, limit, kept
        self.hidden: set[Place] = set()

    def is_kept(self, place: Place) -> bool:
        """Whether a place must be shown."""
        row, column = place
        last_row, last_column = self.table.corner
        if place == self.table.corner:
            return True
        return (self.kept == "rows" and column == last_column) or (
            self.kept == "columns" and row == last_row
        )

    def thicken(self) -> None:
        """Hide more in the lines whose hidden counts are together below the limit."""
        useless: set[Place] = set()
        while True:
            thin = next(
                (
                    (parts, whole)
                    for parts, whole in self.table.lines()
                    if whole not in self.hidden | useless and self._is_thin(parts)
                ),
                None,
            )
            if thin is None:
                return
            free = [place for place in thin[0] if place not in self.hidden]
            found = [cycle for place in free if (cycle := self.cheapest_cycle(place))]
            if found:
                self.hidden |= min(found, key=_rank).places
            else:
                useless.add(thin[1])

    def _is_thin(self, parts: Sequence[Place]) -> bool:
        held = [self.table.at(place) for place in parts if place in self.hidden]
        return bool(held) and sum(held) < self.limit

    def cheapest_cycle(self, place: Place) -> _Cycle | None:
        """The cheapest set of places that leaves this one at least two values."""
        found = [cycle for rises in (True, False) if (cycle := self._cycle(place, rises=rises))]
        return min(found, key=_rank, default=None)

    def _cycle(self, place: Place, *, rises: bool) -> _Cycle | None:
        """The cheapest cycle in which this place rises (or falls) by one and others make up."""
        if not self._can_move(place, rises=rises):
            return None
        row, column = (True, place[0]), (False, place[1])
        start, end = (column, row) if rises else (row, column)
        path = self._path(start, end, without=place)
        if path is None:
            return None
        places = frozenset({place, *(_arc(one, two) for one, two in pairwise(path))})
        return _Cycle(sum(map(self._cost, places)), len(places), places)

    def _path(self, start: _Node, end: _Node, *, without: Place) -> list[_Node] | None:
        """The cheapest way along places that can move; a row is left by a rise."""
        best: dict[_Node, tuple[int, int]] = {start: (0, 0)}
        came_from: dict[_Node, _Node] = {}
        queue = [(0, 0, start)]
        while queue:
            cost, steps, node = heappop(queue)
            if node == end:
                return _traced(came_from, end)
            if (cost, steps) > best[node]:
                continue
            for other in self._others(node):
                place = _arc(node, other)
                if place == without or not self._can_move(place, rises=node[0]):
                    continue
                reached = (cost + self._cost(place), steps + 1)
                if other not in best or reached < best[other]:
                    best[other], came_from[other] = reached, node
                    heappush(queue, (*reached, other))
        return None

    def _others(self, node: _Node) -> Iterator[_Node]:
        is_row, _number = node
        count = self.table.corner[1] if is_row else self.table.corner[0]
        return ((not is_row, number) for number in range(count + 1))

    def _cost(self, place: Place) -> int:
        """What is lost by hiding a place; a total is worth more than any part."""
        if place in self.hidden:
            return 0
        dearer = self.table.at(self.table.corner) if self.table.is_total(place) else 0
        return self.table.at(place) + dearer

    def _can_move(self, place: Place, *, rises: bool) -> bool:
        """Whether the reader cannot rule out one more (one less) at this place, were it hidden."""
        count = self.table.at(place)
        if count == 0 or (place not in self.hidden and self.is_kept(place)):
            return False
        low, high = span(count, self.limit)
        # A line and its total sum to nothing when the total counts as negative, so a total falls
        # where a part would rise; the grand total stands in two such sums and never moves.
        goes_up = rises != self.table.is_total(place)
        return (high is None or count < high) if goes_up else count > low


def _rank(cycle: _Cycle) -> tuple[int, int, list[Place]]:
    return cycle.cost, cycle.length, sorted(cycle.places)


def _arc(one: _Node, other: _Node) -> Place:
    return (one[1], other[1]) if one[0] else (other[1], one[1])


def _traced(came_from: Mapping[_Node, _Node], end: _Node) -> list[_Node]:
    path = [end]
    while path[-1] in came_from:
        path.append(came_from[path[-1]])
    return path[::-1]
