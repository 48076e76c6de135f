"""Which days an extract covers: from its rows, and from a period stated above its header."""

import re
from datetime import date

import duckdb

from ingest.conform import Staging
from ingest.read.table import Row
from ingest.sql import fill, identifier

_SEPARATOR = r"\s*(?:至|到|—+|–|-+|~|～)\s*"
_DAY = r"(\d{4})\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*日?"
_RANGE = re.compile(_DAY + _SEPARATOR + _DAY)
_UNTIL = re.compile(r"截[至止]\s*" + _DAY)
_RANGE_SAME_YEAR = re.compile(_DAY + _SEPARATOR + r"(\d{1,2})\s*月\s*(\d{1,2})\s*日")

Coverage = tuple[date | None, date | None]


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def stated_period(preamble: list[Row]) -> Coverage:
    """The period that a title row states, as (first day, last day); 截至 states the last only."""
    for row in preamble:
        text = " ".join(cell for cell in row if cell)
        if found := _RANGE.search(text):
            parts = found.groups()
            return _day(*parts[:3]), _day(*parts[3:])
        if found := _RANGE_SAME_YEAR.search(text):
            year, month, day, last_month, last_day = found.groups()
            return _day(year, month, day), _day(year, last_month, last_day)
        if found := _UNTIL.search(text):
            return None, _day(*found.groups())
    return None, None


def is_dated(preamble: list[Row]) -> bool:
    """Whether a title row says 截至 a day: the file then tells how things stood on it."""
    return any(_UNTIL.search(" ".join(cell for cell in row if cell)) for row in preamble)


def row_period(con: duckdb.DuckDBPyConnection, staging: Staging, *, today: date) -> Coverage:
    """First and last day, up to today, on which something happened in the accepted rows."""
    columns = [identifier(name) for name in staging.contract.coverage]
    first = ", ".join(f"min({c}) filter ({c} < $today + 1)" for c in columns)
    last = ", ".join(f"max({c}) filter ({c} < $today + 1)" for c in columns)
    row = con.execute(
        fill(
            "select least(<<first>>)::date, greatest(<<last>>)::date from accepted",
            first=first,
            last=last,
        ),
        {"today": today},
    ).fetchone()
    return (row[0], row[1]) if row else (None, None)


def coverage(con: duckdb.DuckDBPyConnection, staging: Staging, *, today: date) -> Coverage:
    """What the rows cover, extended by the period that the file itself states.

    A list of what there is on a day tells nothing of what ended before, whatever its oldest date.
    """
    match = staging.match
    first, last = row_period(con, staging, today=today)
    stated_first, stated_last = stated_period(match.preamble)
    last = max((day for day in (last, stated_last) if day), default=None)
    if match.contract.inventory:
        return stated_first or last, last
    return min((day for day in (first, stated_first) if day), default=None), last
