"""Where a sub-branch is furthest behind its peers, in one measure for days, percent and points."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from warehouse.errors import QueryError
from warehouse.indicators import ZERO_KINDS
from warehouse.peers import EVERYBODY, Place, comparable, members, peers, places
from warehouse.periods import Period
from warehouse.registry import Indicator, indicator
from warehouse.request import Where
from warehouse.scope import Scope

# Sub-branches differ by so many robust standard deviations anyway; less is no gap to speak of.
AT_LEAST = 1.0


@dataclass(frozen=True)
class Gap:
    """One indicator in which a sub-branch is behind the median of its group, and where it stands.

    The place's `is_beyond_chance` is None where nothing tells how much of the gap may be chance.
    """

    indicator_id: str
    place: Place

    @property
    def distance(self) -> float:
        """How far behind, in robust standard deviations of the group; negative."""
        return self.place.distance or 0.0


def measured() -> tuple[Indicator, ...]:
    """The indicators in which sub-branches of any size can be behind.

    Plain counts are left out: a large sub-branch has more of everything.
    """
    return tuple(
        one for one in comparable() if one.direction != "none" and one.kind not in ZERO_KINDS
    )


def fitting(asked: Indicator, where: Where | None) -> Where:
    """Those of the filters that an indicator can be cut by."""
    return {name: values for name, values in (where or {}).items() if name in asked.dimensions}


def gaps(
    cursor: duckdb.DuckDBPyConnection,
    sub_branch: str,
    period: Period,
    *,
    where: Where | None = None,
    scope: Scope,
    benchmark: Scope = EVERYBODY,
) -> list[Gap]:
    """The gaps of one sub-branch over all measured indicators, worst first.

    Raises QueryError for a sub-branch outside the scope or the group.
    """
    check_seen(sub_branch, scope)
    group = members(cursor)
    if sub_branch not in {one.name for one in group}:
        message = f"机构表里没有名为“{sub_branch}”的支行"
        raise QueryError(message)
    own = Scope(frozenset((sub_branch,)))
    found = {
        one.id: places(
            peers(
                cursor,
                one.id,
                period,
                where=fitting(one, where),
                scope=own,
                benchmark=benchmark,
                group=group,
            )
        )[0]
        for one in measured()
    }
    return gaps_of(found)


def check_seen(sub_branch: str, scope: Scope) -> None:
    """Raise QueryError unless the reader may see the sub-branch."""
    if scope.sub_branches is not None and sub_branch not in scope.sub_branches:
        message = f"“{sub_branch}”不在可见范围内"
        raise QueryError(message)


def gaps_of(found: Mapping[str, Place]) -> list[Gap]:
    """The gaps among the places of one sub-branch by indicator, worst first.

    Left out is what chance or the usual spread of the group explains; and of indicators that count
    the same cases only the worst is kept: median, mean and P90 of the same days are one matter.
    """
    behind = [
        Gap(what, place)
        for what, place in found.items()
        if place.distance is not None
        and place.distance <= -AT_LEAST
        and place.is_beyond_chance is not False
    ]
    return list(_one_per_matter(sorted(behind, key=lambda one: one.distance)))


def _one_per_matter(behind: Sequence[Gap]) -> Iterable[Gap]:
    seen: set[tuple[object, ...]] = set()
    for one in behind:
        asked = indicator(one.indicator_id)
        counted = asked.numerator if asked.base else asked.denominator
        matters: set[tuple[object, ...]] = {(asked.subject, counted)}
        if one.place.numerator is not None:
            # The same rule counted in two ways mostly comes to the same cases.
            matters.add((asked.entity, one.place.numerator, one.place.denominator))
        if not matters & seen:
            yield one
        seen |= matters
