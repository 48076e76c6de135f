"""Tables that carry their expected answers, in columns that begin with “=”; each row is a case.

A complaint knows its case by `product`, so that one lake can hold every table and one question
answers for all cases of a table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import duckdb
import pytest

from tests.tables import fill_lake, parse_table
from warehouse.indicators import compute
from warehouse.lake import open_reader
from warehouse.periods import parse_period
from warehouse.scope import Scope

Figures = tuple[float | None, float | None, float | None]
NOTHING: Figures = (None, None, None)
# What a column asks → the indicator that answers, and whether it answers with the day on which the
# case counts, with its value, or with yes and no (blank where the case is in no denominator).
QUESTIONS: dict[str, tuple[str, Literal["day", "value", "share", "count"]]] = {
    "due on": ("complaint_timely_rate", "day"),
    "timely": ("complaint_timely_rate", "share"),
    "due by receipt on": ("complaint_timely_rate_by_receipt", "day"),
    "timely by receipt": ("complaint_timely_rate_by_receipt", "share"),
    "forwarded timely": ("complaint_timely_rate_forwarded", "share"),
    "needs evidence": ("complaint_needs_evidence_count", "count"),
    "ended on": ("complaint_ended_count", "day"),
    "days": ("handling_days_mean", "value"),
    "open": ("open_complaint_count", "count"),
    "closed": ("complaint_closed_rate", "share"),
    "minutes": ("first_response_minutes_mean", "value"),
    "within the hour": ("first_response_within_hour_rate", "share"),
    "satisfied": ("satisfaction_rate", "share"),
    "points": ("satisfaction_score", "value"),
    "responsible": ("responsible_rate", "share"),
}


def complaints(*tables: str) -> list[dict[str, str | None]]:
    """The cases of these tables as complaints, without their expectations."""
    return [
        {
            **{name: value for name, value in row.items() if name != "case" and name[0] != "="},
            "complaint_id": row["case"],
            "product": row["case"],
        }
        for table in tables
        for row in parse_table(table)
    ]


def cases(table: str) -> list[str | None]:
    """The names of a table's cases."""
    return [row["case"] for row in parse_table(table)]


@dataclass(frozen=True)
class Asked:
    """Answers of one lake."""

    cursor: duckdb.DuckDBPyConnection

    def cells(
        self,
        indicator_id: str,
        period: str = "all",
        by: Sequence[str] = (),
        where: Mapping[str, Sequence[str | None]] | None = None,
    ) -> dict[tuple[str | None, ...], Figures]:
        """Value, numerator and denominator by cell."""
        found = compute(
            self.cursor, indicator_id, parse_period(period), by=by, where=where,
            scope=Scope.everything(),
        )  # fmt: skip
        return {row[: len(by)]: row[len(by) :] for row in found.rows()}

    def one(self, indicator_id: str, period: str = "all", **where: str | None) -> Figures:
        """Value, numerator and denominator for one value of each named dimension."""
        wanted = {name: [value] for name, value in where.items()}
        return self.cells(indicator_id, period, where=wanted)[()]

    def of(self, table: str, indicator_id: str, period: str = "all") -> Figures:
        """Value, numerator and denominator over all cases of a table."""
        return self.cells(indicator_id, period, where={"product": cases(table)})[()]

    def answers(self, table: str) -> list[dict[str, str | None]]:
        """The table once more, with what the warehouse says in place of every expectation."""
        rows = parse_table(table)
        for column in (name for name in rows[0] if name[0] == "="):
            indicator_id, kind = QUESTIONS[column[1:].strip()]
            told = (
                self._days(table, indicator_id, {row[column] for row in rows} - {None})
                if kind == "day"
                else {
                    case: _words(kind, figures)
                    for (case,), figures in self._by_case(table, indicator_id, "all").items()
                }
            )
            blank = "no" if kind == "count" else None
            rows = [{**row, column: told.get(row["case"], blank)} for row in rows]
        return rows

    def _by_case(
        self, table: str, indicator_id: str, period: str
    ) -> dict[tuple[str | None, ...], Figures]:
        return self.cells(indicator_id, period, ("product",), {"product": cases(table)})

    def _days(
        self, table: str, indicator_id: str, expected: set[str | None]
    ) -> dict[str | None, str | None]:
        """Case → the expected day on which it counts, “other” where it counts on another one."""
        told = {case: "other" for (case,) in self._by_case(table, indicator_id, "all")}
        for day in expected:
            for (case,) in self._by_case(table, indicator_id, f"{day}..{day}"):
                told[case] = day
        return told


def _words(kind: str, figures: Figures) -> str | None:
    value, numerator, denominator = figures
    if kind == "value":
        return None if value is None else f"{value:g}"
    if kind == "count":
        return "yes" if numerator else "no"
    return ("yes" if numerator else "no") if denominator else None


@pytest.fixture
def lake(tmp_path):
    """Makes lakes of ASCII tables, by default with the data date 31 December 2024."""
    opened = []

    def of(coverage=("2022-01-01", "2024-12-31"), **tables):
        hub = open_reader(fill_lake(tmp_path / str(len(opened)), coverage, **tables))
        opened.append(hub)
        return Asked(hub.cursor())

    yield of
    for hub in opened:
        hub.close()
