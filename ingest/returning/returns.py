"""Gathers what goes back of one file and writes its 退回单 before the file can be called loaded."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ingest.errors import Problem, Refused
from ingest.ignore import find_ignored
from ingest.match import Match
from ingest.read.open import open_extract
from ingest.read.table import Row
from ingest.resolve import resolve_ambiguous
from ingest.result import Result, RowCounts
from ingest.returning.advice import Adviser
from ingest.returning.mark import Mark, MarkedTable
from ingest.returning.sheet import ReturnedTable, collect
from ingest.returning.slip import SPOILT_SLIP, SlipTable
from ingest.returning.summary import Story, summary_lines
from ingest.returning.workbook import sheet_names, write_workbook
from ingest.staging import clear_staging
from ingest.submitter import submitter, submitter_of_unread
from warehouse.home import Home

PREFIX = "退回单_"
_SHA_DIGITS = 8
# File systems allow 255 bytes; a number and an ending may follow.
_MOST_NAME_BYTES = 200


def slip_name(file: str, sha256: str) -> str:
    """The name of the 退回单 of a file: the same for the same bytes, whenever it is written."""
    stem = file.rpartition(".")[0] or file
    while len(stem.encode()) > _MOST_NAME_BYTES:
        stem = stem[:-1]
    return f"{PREFIX}{stem}_{sha256[:_SHA_DIGITS]}.xlsx"


@dataclass
class Returns:
    """What goes back of one file, table by table; `write` may be called after each of them."""

    home: Home
    file: str
    sha256: str
    tables: list[tuple[ReturnedTable, Adviser]] = field(default_factory=list)
    rows: RowCounts = RowCounts()
    submitted_by: str = ""
    # The 退回单 that came back, where this file is one.
    replayed: Mark | None = None
    # Reasons for which whole tables are refused.
    refused: list[Problem] = field(default_factory=list)
    is_dirty: bool = False
    is_written: bool = False

    @property
    def path(self) -> Path:
        """Where the 退回单 of this file lies."""
        file = self.replayed.file if self.replayed else self.file
        return self.home.returned / slip_name(file, self.sha256)

    def count(self, rows: RowCounts) -> None:
        """Add what became of the rows of one table."""
        self.rows += rows

    def add(
        self, con: duckdb.DuckDBPyConnection, match: Match, *, is_whole: bool, has_lake: bool
    ) -> None:
        """Take the rows of the staged table that go back; all of them where it is refused."""
        self._name_submitter(con, match, has_lake=has_lake)
        resolved = _resolved(con, match)
        table = collect(con, match, resolved=resolved, is_whole=is_whole)
        self.tables.append((table, Adviser(con, match, has_lake=has_lake)))
        self.is_dirty = True

    def add_refused(
        self,
        con: duckdb.DuckDBPyConnection,
        match: Match,
        refusal: Refused,
        *,
        has_lake: bool,
    ) -> None:
        """Take all rows of a table that is refused whole, as far as it was staged."""
        self._name_submitter(con, match, has_lake=has_lake)
        self.refused += [p for p in refusal.problems if p.row is None]
        self.rows += RowCounts(
            read=refusal.returned + refusal.ignored,
            quarantined=refusal.returned,
            ignored=refusal.ignored,
        )
        if refusal.returned:
            self.add(con, match, is_whole=True, has_lake=has_lake)

    def add_loaded(self, con: duckdb.DuckDBPyConnection, match: Match) -> None:
        """Take the rows that an earlier, interrupted run returned of a table it loaded."""
        batch = con.execute(
            """
            select batch_id, rows_read, rows_inserted, rows_updated, rows_unchanged,
                rows_quarantined, rows_ignored
            from lake.meta.batch
            where file_sha256 = $sha256 and contract_id = $contract
                and sheet is not distinct from $sheet and header_row = $header_row
            order by loaded_at desc
            limit 1
            """,
            {
                "sha256": self.sha256,
                "contract": match.contract.id,
                "sheet": match.table.sheet,
                "header_row": match.header.row,
            },
        ).fetchone()
        if batch is None:
            return
        self.rows += RowCounts(*batch[1:])
        if not batch[5]:
            return
        clear_staging(con)
        match.stage(con)
        find_ignored(con, match)
        con.execute(
            """
            create or replace table issues as
            select source_row as _row, disposition, rule_id, column_name, value_masked, message
            from lake.meta.row_issue
            where batch_id = $batch_id and disposition <> 'ignored'
            """,
            {"batch_id": batch[0]},
        )
        self.add(con, match, is_whole=False, has_lake=True)

    def finish(self, con: duckdb.DuckDBPyConnection, path: Path, result: Result) -> Result:
        """Write what was not written yet; the result then names the 退回单."""
        if any(problem.rule in SPOILT_SLIP for problem in result.problems):
            # There is nothing to correct in it but itself.
            return result
        if result.status == "refused" and not self.tables:
            head = _first_rows(path)
            self.submitted_by = self.submitted_by or submitter_of_unread(
                con, file=self.file, head=head, has_lake=True
            )
            self.write(result.problems, head)
        elif self.is_dirty:
            self.write()
        if not self.is_written:
            return result
        return replace(result, slip=self.path.relative_to(self.home.root).as_posix())

    def facts(self) -> dict[str, str | None]:
        """What the report of a refused file tells besides its result."""
        return {
            "submitted_by": self.submitted_by,
            "replays_sha256": self.replayed.sha256 if self.replayed else None,
        }

    def _name_submitter(
        self, con: duckdb.DuckDBPyConnection, match: Match, *, has_lake: bool
    ) -> None:
        if isinstance(match.table, SlipTable):
            self.replayed = match.table.mark
        self.submitted_by = self.submitted_by or submitter(
            con, match, file=self.file, has_lake=has_lake
        )

    def write(self, problems: Sequence[Problem] = (), head: Sequence[Row] = ()) -> Path:
        """Write the workbook with all that was taken so far."""
        now = datetime.now(UTC)
        tables = [table for table, _ in self.tables]
        names = sheet_names(tables)
        story = Story(
            mark=self._mark(tables, names, now),
            returned_at=now,
            rows=self.rows,
            tables=tables,
            problems=problems or self.refused,
            head=head,
        )
        sheets = [(name, *one) for name, one in zip(names, self.tables, strict=True)]
        write_workbook(self.path, summary_lines(story), sheets)
        self.is_dirty = False
        self.is_written = True
        return self.path

    def _mark(self, tables: Sequence[ReturnedTable], names: Sequence[str], now: datetime) -> Mark:
        root = self.replayed
        return Mark(
            file=root.file if root else self.file,
            sha256=root.sha256 if root else self.sha256,
            submitted_by=self.submitted_by or (root.submitted_by if root else "未注明"),
            returned_at=now.isoformat(timespec="seconds"),
            tables=tuple(
                MarkedTable(
                    sheet=name,
                    contract=table.match.contract.id,
                    header_row=table.header_row,
                    rows=len(table.rows),
                    original_sheet=table.original_sheet,
                    original_header_row=table.original_header_row,
                    counts_from_1904=_counts_from_1904(table.match),
                    resolved=table.resolved,
                    columns=_read_columns(table.match),
                )
                for name, table in zip(names, tables, strict=True)
            ),
        )


def _first_rows(path: Path) -> Sequence[Row]:
    """The first rows of a file that no contract fits, where it can be read at all."""
    try:
        tables = open_extract(path)
    except (KeyboardInterrupt, SystemExit):
        raise
    # The readers' panics are no Exceptions, and what they say was said before.
    except BaseException:  # noqa: BLE001
        return ()
    return next((table.head for table in tables if any(map(any, table.head))), ())


def _read_columns(match: Match) -> tuple[str, ...]:
    """The names of the columns that the contract reads, in their order."""
    places = sorted({*match.targets.values(), *match.sections})
    names = (match.header.columns[place].name for place in places)
    return tuple(name for name in names if name)


def _counts_from_1904(match: Match) -> bool:
    is_workbook = match.table.sheet is not None
    return match.table.is_1904 if is_workbook else match.contract.excel_1904


def _resolved(con: duckdb.DuckDBPyConnection, match: Match) -> dict[str, str]:
    """What the ambiguous headers mean, told by the values of the whole table."""
    if isinstance(match.table, SlipTable):
        return match.table.original.resolved
    try:
        settled = resolve_ambiguous(con, match).targets
    except Refused:
        return {}
    return {
        match.header.columns[position].name: target
        for target, position in settled.items()
        if position in match.ambiguous
    }
