"""Delimited text: CSV and its relatives in any of the encodings that occur."""

import codecs
import contextlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TextIO, cast

import duckdb
import pyarrow as pa

from ingest.errors import Problem, Refused
from ingest.progress import advance
from ingest.read.encoding import find_encoding
from ingest.read.extent import check_text_width
from ingest.read.layout import Layout, Trim, find_layout
from ingest.read.protected import bared, bared_sql
from ingest.read.records import Record, fitted, records, refuse_rows_inside
from ingest.read.swallowed import may_swallow
from ingest.read.table import FEWEST_NAMES, GAP_CELLS, HEAD_ROWS, WHITE_SPACE, Row
from ingest.sql import fill, literal

DELIMITERS = (",", "\t", ";", "|")
# Below this size the exact reader is as quick as the fast one.
FAST_FROM_BYTES = 1 << 20
# Reading a file of this size twice takes a tenth of a second.
STACKED_UP_TO_BYTES = 1 << 22
_CHUNK_ROWS = 20_000
_PATTERN_MARKS = frozenset("*?[]{}")


def _open(path: Path, encoding: str) -> TextIO:
    # newline="" leaves line ends inside quotes as they are.
    return cast(TextIO, path.open(encoding=encoding, newline=""))


@dataclass(frozen=True)
class TextTable:
    """One text file read with one delimiter."""

    path: Path
    encoding: str
    delimiter: str
    head: list[Row]
    sheet: str | None = None
    width: int | None = None
    is_1904: bool = False
    is_hidden: bool = False

    def notes(self, _first: int, _last: int | None, /, *, header_row: int = 0) -> list[Problem]:
        """Nothing: a text file shows all there is."""
        del header_row
        return []

    def rows(self, first: int, last: int) -> list[Row]:
        """The rows with these numbers, as far as there are any."""
        wanted = slice(max(first, 1) - 1, max(last, 0))
        if last <= len(self.head):
            return self.head[wanted]
        return [[bared(cell) for cell in cells] for cells in self._every_row[wanted]]

    @cached_property
    def _every_row(self) -> list[Row]:
        return _raw_rows(self.path, self.encoding, self.delimiter, most=None)

    def heading_rows(self, names: frozenset[str], *, below: int) -> list[int]:
        """Rows that may be the header of another table; none in files that take long to read."""
        if self.path.stat().st_size > STACKED_UP_TO_BYTES:
            return []
        found, filled = [], FEWEST_NAMES
        for number, cells in enumerate(self._every_row, start=1):
            before, filled = filled, len(cells) - cells.count("")
            if number <= below or filled < FEWEST_NAMES:
                continue
            if before <= GAP_CELLS or len(names.intersection(cells)) >= FEWEST_NAMES:
                found.append(number)
        return found

    def stage(
        self,
        con: duckdb.DuckDBPyConnection,
        *,
        header_row: int,
        width: int,
        last_row: int | None = None,
    ) -> None:
        """Create `cells`, by the fast reader when it is certain to be right."""
        check_text_width(width)
        is_large = self.path.stat().st_size >= FAST_FROM_BYTES and last_row is None
        if is_large and self.stage_fast(con, header_row=header_row, width=width):
            return
        self.stage_exact(con, header_row=header_row, width=width, last_row=last_row)

    def stage_exact(
        self,
        con: duckdb.DuckDBPyConnection,
        *,
        header_row: int,
        width: int,
        last_row: int | None = None,
    ) -> None:
        """Create `cells` record by record; every irregular record carries its fault."""
        columns = ["_row bigint", "_fault varchar", *(f"c{i} varchar" for i in range(width))]
        con.execute(fill("create or replace table cells (<<columns>>)", columns=", ".join(columns)))
        size = max(self.path.stat().st_size, 1)
        with _open(self.path, self.encoding) as file:
            every = islice(records(file, self.delimiter), last_row)
            for header in islice(every, max(header_row - 1, 0), header_row):
                if refusal := refuse_rows_inside(header, width, self.delimiter):
                    raise refusal
            while chunk := list(islice(every, _CHUNK_ROWS)):
                _append(con, chunk, width, self.delimiter)
                advance(file.buffer.tell() / size)

    def stage_fast(self, con: duckdb.DuckDBPyConnection, *, header_row: int, width: int) -> bool:
        """Create `cells` with DuckDB's reader; False when it cannot be trusted with this file."""
        if any("\n" in (cell or "") for row in self.head[:header_row] for cell in row):
            return False
        with _as_utf8(self.path, self.encoding) as path:
            marked = path.open("rb").read(3) == codecs.BOM_UTF8
            layout = find_layout(path, self.delimiter, skip_bytes=3 if marked else 0)
            if layout is None:
                return False
            try:
                con.execute(_fast_statement(path, self.delimiter, header_row, width, layout))
            except duckdb.Error:
                return False
        (rows,) = con.execute("select count(*) from cells_read").fetchone() or (0,)
        if rows != layout.records - header_row:
            return False
        if layout.has_multiline_cells and _may_swallow(con, width, self.delimiter):
            return False
        # rowid follows the order of insertion, which is the order of the file.
        con.execute(
            fill(
                """
                create or replace view cells as
                select rowid + <<first>> as _row, null::varchar as _fault, * from cells_read
                """,
                first=str(header_row + 1),
            )
        )
        return True


def _fast_statement(path: Path, delimiter: str, header_row: int, width: int, layout: Layout) -> str:
    columns = ", ".join(f"'c{i}': 'varchar'" for i in range(width))
    cells = ", ".join(f"{_read(f'c{i}', layout)} as c{i}" for i in range(width))
    return fill(
        """
        create or replace table cells_read as
        select <<cells>>
        from read_csv(
            <<path>>, columns = {<<columns>>}, auto_detect = false, header = false, skip = <<skip>>,
            delim = <<delimiter>>, quote = '"', escape = '"', comment = '', nullstr = '',
            strict_mode = true, null_padding = false, ignore_errors = false,
            max_line_size = 16777216, parallel = <<parallel>>
        )
        """,
        cells=cells,
        path=literal(path.as_posix()),
        columns=columns,
        skip=str(header_row),
        delimiter=literal(delimiter),
        parallel="false" if layout.has_multiline_cells else "true",
    )


def _may_swallow(con: duckdb.DuckDBPyConnection, width: int, delimiter: str) -> bool:
    """Whether only the exact reader can tell if a quote without its partner has taken rows."""
    looks = may_swallow([f"c{i}" for i in range(width)], delimiter)
    statement = fill("select exists (select 1 from cells_read where <<looks>>)", looks=looks)
    (found,) = con.execute(statement).fetchone() or (False,)
    return bool(found)


def _read(cell: str, layout: Layout) -> str:
    """SQL for a cell as the exact reader has it; most files have no protected one."""
    trimmed = _trimmed(cell, layout.trim)
    return bared_sql(f"({trimmed})", WHITE_SPACE) if layout.has_protected_cells else trimmed


def _trimmed(cell: str, trim: Trim) -> str:
    """SQL for a cell without white space around it; full trimming costs, so it looks first."""
    if trim is Trim.NONE:
        return cell
    if trim is Trim.BLANKS:
        return f"nullif(trim({cell}), '')"
    white = literal(WHITE_SPACE)
    bordered = f"regexp_matches({cell}, '^[' || {white} || ']|[' || {white} || ']$')"
    return f"case when {bordered} then nullif(trim({cell}, {white}), '') else {cell} end"


def _append(
    con: duckdb.DuckDBPyConnection, chunk: list[Record], width: int, delimiter: str
) -> None:
    numbers = [record.number for record in chunk]
    rows, faults = zip(*(fitted(record, width, delimiter) for record in chunk), strict=True)
    arrays = [pa.array(numbers, pa.int64()), pa.array(faults, pa.string())]
    arrays += [
        pa.array([bared(cell) if cell and cell[0] == "=" else cell for cell in column], pa.string())
        for column in zip(*rows, strict=True)
    ]
    names = ["_row", "_fault", *(f"c{i}" for i in range(width))]
    con.register("chunk", pa.table(arrays, names=names))
    con.execute("insert into cells select * from chunk")
    con.unregister("chunk")


@contextlib.contextmanager
def _as_utf8(path: Path, encoding: str) -> Iterator[Path]:
    """The file itself when it is UTF-8, else a copy of it in UTF-8."""
    is_utf8 = encoding.startswith("utf-8")
    # DuckDB takes a path with one of these for a pattern, and reads what else fits it.
    if is_utf8 and not _PATTERN_MARKS.intersection(path.as_posix()):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="recoded-") as folder:
        copy = Path(folder) / "recoded.csv"
        if is_utf8:
            shutil.copyfile(path, copy)
            yield copy
            return
        with _open(path, encoding) as source, _open_new(copy) as target:
            shutil.copyfileobj(source, target, 1 << 20)
        yield copy


def _open_new(path: Path) -> TextIO:
    return cast(TextIO, path.open("w", encoding="utf-8", newline=""))


def _raw_rows(path: Path, encoding: str, delimiter: str, *, most: int | None) -> list[Row]:
    rows: list[Row] = []
    # A file cut inside a quote still shows its header, so that the refusal can name the source.
    with _open(path, encoding) as file, contextlib.suppress(Refused):
        for record in islice(records(file, delimiter), most):
            rows.append(record.cells)
    return rows


def _head(path: Path, encoding: str, delimiter: str) -> list[Row]:
    rows = _raw_rows(path, encoding, delimiter, most=HEAD_ROWS)
    return [[bared(cell) for cell in cells] for cells in rows]


def _regularity(head: list[Row]) -> int:
    widths = Counter(len(row) for row in head if len(row) > 1)
    return sum(count * width for width, count in widths.most_common(1))


def open_text(path: Path) -> list[TextTable]:
    """The file read with each delimiter that occurs in it, the most regular first.

    Raises Refused when it is no text.
    """
    encoding = find_encoding(path)
    found = [
        TextTable(path, encoding, delimiter, _head(path, encoding, delimiter))
        for delimiter in DELIMITERS
    ]
    found.sort(key=lambda table: -_regularity(table.head))
    # The first stays even when nothing is delimited: a table may have one column.
    return [found[0], *(table for table in found[1:] if _regularity(table.head))]
