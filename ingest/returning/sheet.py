"""The rows of one table that go back, as read, with every reason: taken from the staged table."""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest.match import Match
from ingest.read.table import Row, clean
from ingest.returning.advice import Issue
from ingest.source import filled_columns
from ingest.sql import fill, identifier
from ingest.staging import is_there
from warehouse.entities import entities

# An Excel sheet holds a million rows; beyond this nobody corrects by hand.
MOST_ROWS = 100_000
# An Excel cell holds no more signs.
LONGEST_CELL = 32_767
SHAPE = "row_shape"


@dataclass(frozen=True)
class ReturnedRow:
    """One row as it stands in the file, and why it goes back; without issues it only goes along."""

    number: int
    cells: tuple[str | None, ...]
    seal: str
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class ReturnedTable:
    """The rows of one table that go back, under the title and header that they had."""

    match: Match
    resolved: dict[str, str]
    above: tuple[Row, ...]
    header_row: int
    original_sheet: str | None
    original_header_row: int
    rows: tuple[ReturnedRow, ...]
    # Rows that go back but do not stand in the sheet.
    left_out: int
    read: int

    @property
    def returned(self) -> int:
        """How many rows go back."""
        return sum(1 for row in self.rows if row.issues) + self.left_out

    @property
    def width(self) -> int:
        """How many columns the file has here, cells beyond the header included."""
        widest = max((len(row.cells) for row in self.rows), default=0)
        return max(len(self.match.header.columns), widest)


def _seal(cells: Sequence[str]) -> str:
    """SQL for the digest by which an unchanged row is known."""
    texts = ", ".join(f"coalesce({cell}, '')" for cell in cells)
    return f"left(sha256(concat_ws(chr(31), {texts})), 12)"


def seal_of(width: int) -> str:
    """SQL for the digest of a staged row of so many cells."""
    return _seal([f"c{i}" for i in range(width)])


def _seal_of_cells(cells: Row, width: int) -> str:
    texts = [cell or "" for cell in cells] + [""] * (width - len(cells))
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:12]


def _wanted(con: duckdb.DuckDBPyConnection, match: Match, *, is_whole: bool) -> str:
    """SQL for the rows to list: those that go back, and those that belong to the same case."""
    if is_whole:
        return "select _row from cells where _row not in (select _row from ignored)"
    listed = "select distinct _row from issues where disposition = 'quarantined'"
    if match.contract.row_child is None or not is_there(con, "conformed"):
        return listed
    # What a case's rows are numbered by is their order, so a case comes back whole or not at all.
    key = [f"one.{identifier(k)} = other.{identifier(k)}" for k in _key(match)]
    return fill(
        """
        <<listed>>
        union
        select other._row
        from conformed as one
        join conformed as other on <<same>>
        where one._row in (<<listed>>)
        """,
        listed=listed,
        same=" and ".join(key),
    )


def _key(match: Match) -> list[str]:
    return [name for name in entities()[match.contract.entity].key if name != "source"]


def _listed_rows(
    con: duckdb.DuckDBPyConnection, match: Match, *, is_whole: bool
) -> list[tuple[int, bool, str, Row]]:
    """Number, whether it has a fault of form, seal and cells of each row to list, in order."""
    width = len(match.header.columns)
    cells = {i: f"cells.c{i}" for i in range(width)}
    join = ""
    filled = filled_columns(match) if is_there(con, "source") else []
    if filled:
        join = "left join source using (_row)"
        for name in filled:
            position = match.targets[name]
            cells[position] = f"coalesce(source.{identifier(f'r_{name}')}, cells.c{position})"
    longest = f"greatest({', '.join(f'length({cell})' for cell in cells.values())}, 0)"
    statement = fill(
        """
        select _row, cells._fault is not null, <<seal>>, <<cells>>
        from cells <<join>>
        where _row in (<<wanted>>) and coalesce(<<longest>>, 0) <= <<most>>
        order by _row
        limit <<limit>>
        """,
        seal=_seal(list(cells.values())),
        cells=", ".join(cells.values()),
        join=join,
        wanted=_wanted(con, match, is_whole=is_whole),
        longest=longest,
        most=str(LONGEST_CELL),
        limit=str(MOST_ROWS),
    )
    return [
        (row, bad, seal, list(rest)) for row, bad, seal, *rest in con.execute(statement).fetchall()
    ]


def _issues(con: duckdb.DuckDBPyConnection) -> dict[int, list[Issue]]:
    rows = con.execute(
        """
        select _row, rule_id, column_name, message
        from issues
        where disposition = 'quarantined'
        order by _row, rowid
        """
    ).fetchall()
    found: dict[int, list[Issue]] = {}
    for row, rule, column, message in rows:
        found.setdefault(row, []).append(Issue(rule, column, message))
    return found


def _as_written(match: Match, wanted: frozenset[int]) -> Iterator[tuple[int, Row]]:
    """Every cell of these rows of a text file, also those beyond the header, read leniently."""
    path, delimiter = getattr(match.table, "path", None), getattr(match.table, "delimiter", None)
    if not wanted or not isinstance(path, Path) or not isinstance(delimiter, str):
        return
    with path.open(encoding=match.table.encoding, newline="") as file:
        last = max(wanted)
        for number, cells in enumerate(csv.reader(file, delimiter=delimiter), start=1):
            if number in wanted:
                yield number, [clean(cell) for cell in cells]
            if number >= last:
                return


def _counted(con: duckdb.DuckDBPyConnection, statement: str) -> int:
    (count,) = con.execute(statement).fetchone() or (0,)
    return int(count)


def collect(
    con: duckdb.DuckDBPyConnection, match: Match, *, resolved: dict[str, str], is_whole: bool
) -> ReturnedTable:
    """The rows of the staged table that go back; with `is_whole` all that are data."""
    issues = _issues(con)
    listed = _listed_rows(con, match, is_whole=is_whole)
    shapeless = frozenset(number for number, is_bad, _, _ in listed if is_bad)
    written = dict(_as_written(match, shapeless))
    original = dict(_original_rows(con))
    rows = []
    for number, _, seal, cells in listed:
        own = issues.get(number, [])
        full = written.get(number, cells)
        if number in written:
            seal = _seal_of_cells(full[: len(cells)], len(cells))
        if is_whole and not own:
            own = [Issue("", None, "本行没有发现问题；随整个文件退回")]
        padded = full + [None] * (len(cells) - len(full))
        rows.append(ReturnedRow(original.get(number, number), tuple(padded), seal, tuple(own)))
    going = len(issues)
    if is_whole:
        going = _counted(con, "select count(*) from cells") - _counted(
            con, "select count(*) from ignored"
        )
    place = getattr(match.table, "original", None)
    return ReturnedTable(
        match,
        resolved,
        tuple(match.table.rows(match.first_row, match.header.row)),
        match.header.row - match.first_row + 1,
        place.original_sheet if place else match.table.sheet,
        place.original_header_row if place else match.header.row,
        tuple(rows),
        going - sum(1 for row in rows if row.issues),
        _counted(con, "select count(*) from cells"),
    )


def _original_rows(con: duckdb.DuckDBPyConnection) -> list[tuple[int, int]]:
    """The numbers that the rows of a 退回单 had in the file that it belongs to."""
    if not is_there(con, "stage_slip"):
        return []
    return con.execute(
        "select _row, original_row from stage_slip where original_row is not null"
    ).fetchall()
