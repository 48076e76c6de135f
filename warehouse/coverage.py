"""What the loaded extracts cover, and in which order the values of a dimension are shown."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from warehouse import codes, marts, periods
from warehouse.periods import Period
from warehouse.registry import Subject, dimensions, subjects
from warehouse.request import with_groups
from warehouse.scope import Scope

# A year and the month it is compared with.
TREND_MONTHS = 13


@dataclass(frozen=True)
class Coverage:
    """First and last day that the extracts of one entity cover."""

    first: date
    last: date

    def touches(self, period: Period) -> bool:
        """Whether the extracts hold anything of the period."""
        if period.start is None or period.end is None:
            return True
        return period.start <= self.last and period.end >= self.first


def coverage(cursor: duckdb.DuckDBPyConnection) -> dict[str, Coverage]:
    """Coverage by entity; an entity that no dated extract brought is absent."""
    rows = cursor.execute(
        "select entity, coverage_from, coverage_to from data_date where coverage_to is not null"
    ).fetchall()
    return {entity: Coverage(first or last, last) for entity, first, last in rows}


def is_complete(period: Period, held: Coverage | None, *, settles_after_days: int = 0) -> bool:
    """Whether the extracts cover the whole period, and so many days more in which it settles.

    `all` is complete by definition.
    """
    if period.start is None or period.end is None:
        return True
    if held is None or held.first > period.start:
        return False
    return held.last >= period.end + timedelta(days=settles_after_days)


def uncovered(held: Mapping[str, Coverage], period: Period) -> list[str]:
    """The entities that numbers are made of whose extracts hold no day of a period."""
    wanted = dict.fromkeys(subject.entity for subject in subjects().values())
    return [name for name in wanted if name not in held or not held[name].touches(period)]


def trend_window(period: Period, held: Coverage | None) -> Period:
    """The months a trend shows: a year and a month up to the end of a period, within the data."""
    if held is None:
        return period
    end = min(period.end or held.last, held.last)
    start = period.start or held.first
    window = [month.start for month in periods.months_between(held.first, max(end, held.first))]
    first = min(start.replace(day=1), (window[-TREND_MONTHS:][0]) or start)
    first = max(first, held.first.replace(day=1))
    last = next(periods.months_between(end, end)).end or end
    return period if first > last else periods.parse_period(f"{first}..{last}")


def natural_key(text: str) -> list[tuple[int, int, str]]:
    """Sort key that puts 支行2 before 支行11."""
    return [
        (0, int(part), "") if part.isdecimal() else (1, 0, part)
        for part in re.split(r"(\d+)", text)
        if part
    ]


def in_display_order(
    cursor: duckdb.DuckDBPyConnection | None, dimension_id: str, values: Iterable[str | None]
) -> list[str | None]:
    """Values in the bank's own order (code list, organisations), then natural, blanks last."""
    dimension = dimensions()[dimension_id]
    rank: dict[str, int] = {}
    if dimension.code_list is not None:
        rank = {code.name: i for i, code in enumerate(codes.code_list(dimension.code_list))}
    elif dimension.order == "organisation" and cursor is not None:
        rank = _organisation_rank(cursor)
    unknown = max(rank.values(), default=0) + 1
    return sorted(
        set(values),
        key=lambda v: (v is None, rank.get(v or "", unknown), natural_key(v or "")),
    )


def _organisation_rank(cursor: duckdb.DuckDBPyConnection) -> dict[str, int]:
    found = cursor.execute(
        "select org_name, display_order from lake.core.organisation where display_order is not null"
    ).fetchall()
    return dict(found)


def values(
    cursor: duckdb.DuckDBPyConnection, dimension_id: str, *, scope: Scope
) -> list[str | None]:
    """Every value of a dimension that the data hold within the scope, in the order to show."""
    found: set[str | None] = set()
    for subject in subjects().values():
        if dimension_id not in subject.dimensions:
            continue
        held = with_groups(_smallest_relation(subject, dimension_id), (dimension_id,))
        sql = f"select distinct {dimension_id} from {held}"
        if scope.sub_branches is None:
            rows = cursor.execute(sql).fetchall()
        else:
            rows = cursor.execute(
                f"{sql} where sub_branch in (select unnest($scope::varchar[]))",
                {"scope": sorted(scope.sub_branches)},
            ).fetchall()
        found.update(value for (value,) in rows)
    return in_display_order(cursor, dimension_id, found)


def _smallest_relation(subject: Subject, dimension_id: str) -> str:
    needed = {dimensions()[dimension_id].group_of or dimension_id, "sub_branch"}
    mart = marts.narrowest(subject, needed)
    return marts.relation(subject, mart) if mart else subject.id
