"""What a load changes in the headline indicators: each before and after, by quarter."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import duckdb

from warehouse import periods
from warehouse.coverage import coverage
from warehouse.indicators import compute
from warehouse.periods import Period
from warehouse.registry import Indicator, headline_indicators
from warehouse.scope import Scope

MOST_QUARTERS = 4
# The organisations' own data decide what rates over a base are divided by.
_BASES = ("organisation", "organisation_denominator")
Figures = tuple[float | None, float | None, float | None]


@dataclass(frozen=True)
class Change:
    """One headline of one quarter that a load changes; n counts the cases behind a rate."""

    indicator: str
    name: str
    unit: str
    decimals: int
    period: str
    before: float | None
    after: float | None
    n_before: float | None
    n_after: float | None


@dataclass(frozen=True)
class Concern:
    """A rule that wants a person to look before the load counts, and what it found."""

    rule: str
    message: str


@dataclass(frozen=True)
class Preview:
    """What a load changes, and what is of concern about it."""

    changes: tuple[Change, ...] = ()
    concerns: tuple[Concern, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The entry `preview` that `--json` prints."""
        return {
            "changes": [asdict(change) for change in self.changes],
            "concerns": [asdict(concern) for concern in self.concerns],
        }


def headlines_of(entity: str) -> list[Indicator]:
    """The headline indicators that a batch of this entity can touch."""
    return [
        one
        for one in headline_indicators()
        if one.entity == entity or (one.base is not None and entity in _BASES)
    ]


def by_quarter(
    cursor: duckdb.DuckDBPyConnection, indicator_id: str, span: Period
) -> dict[str, Figures]:
    """Value, numerator and denominator of each quarter that has data."""
    found = compute(cursor, indicator_id, span, by=("quarter",), scope=Scope.everything())
    return {
        quarter: (value, numerator, denominator)
        for quarter, value, numerator, denominator in found.rows()
        if quarter is not None
    }


def _figures(cursor: duckdb.DuckDBPyConnection, indicator_id: str, period: Period) -> Figures:
    found = compute(cursor, indicator_id, period, scope=Scope.everything())
    return found["value"][0], found["numerator"][0], found["denominator"][0]


def quarter_of(day: date) -> Period:
    """The quarter in which a day lies."""
    return periods.parse_period(f"{day.year}Q{(day.month + 2) // 3}")


def changed_quarters(
    before: duckdb.DuckDBPyConnection, after: duckdb.DuckDBPyConnection, asked: Sequence[Indicator]
) -> list[str]:
    """The newest quarters in which any of the indicators differs."""
    everything = periods.parse_period("all")
    changed: set[str] = set()
    for one in asked:
        old, new = (by_quarter(cursor, one.id, everything) for cursor in (before, after))
        changed |= {
            quarter for quarter in old.keys() | new.keys() if old.get(quarter) != new.get(quarter)
        }
    return sorted(changed)[-MOST_QUARTERS:]


def changes(
    before: duckdb.DuckDBPyConnection, after: duckdb.DuckDBPyConnection, entity: str
) -> tuple[Change, ...]:
    """Every headline that differs, in the newest changed quarters and that of the data date."""
    asked = headlines_of(entity)
    quarters = set(changed_quarters(before, after, asked))
    quarters |= {quarter_of(held.last).id for held in (coverage(after).get(entity),) if held}
    found: list[Change] = []
    for quarter in sorted(quarters):
        period = periods.parse_period(quarter)
        for one in asked:
            old, new = (_figures(cursor, one.id, period) for cursor in (before, after))
            if old != new:
                found.append(_change(one, quarter, old, new))
    return tuple(found)


def _change(one: Indicator, quarter: str, old: Figures, new: Figures) -> Change:
    return Change(
        one.id, one.name_zh, one.unit, one.decimals, quarter, old[0], new[0], old[2], new[2]
    )


def one_after_another(previews: Sequence[Preview]) -> Preview:
    """What several loads change together: the first one's before, the last one's after."""
    merged: dict[tuple[str, str], Change] = {}
    for change in (change for preview in previews for change in preview.changes):
        key = (change.period, change.indicator)
        first = merged.get(key, change)
        merged[key] = Change(
            **{**asdict(change), "before": first.before, "n_before": first.n_before}
        )
    concerns = dict.fromkeys(concern for preview in previews for concern in preview.concerns)
    return Preview(
        tuple(merged[key] for key in sorted(merged, key=lambda key: key[0])), tuple(concerns)
    )
