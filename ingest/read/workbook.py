"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS), read as text with the row numbers that Excel shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import fastexcel
import polars as pl

from ingest.errors import Problem, Refused, refuse
from ingest.read.container import (
    BROKEN,
    OLE_MAGIC,
    PROTECTED,
    check_ole,
    check_zip,
    is_ole_1904,
    is_zip_1904,
)
from ingest.read.extent import check_width
from ingest.read.merged import Span, filled
from ingest.read.sheet_facts import SheetFacts
from ingest.read.sheet_xml import sheet_facts
from ingest.read.table import FEWEST_NAMES, GAP_CELLS, HEAD_ROWS, WHITE_SPACE, Row, clean
from ingest.read.xls_scan import xls_facts
from ingest.sql import fill, literal

# A whole number, exact or not, of which a number cell keeps the first fifteen digits only.
_LONG_NUMBER = r"^\d{16,}(\.0+)?$|^\d(\.\d+)?[Ee]\+?(1[5-9]|[2-9]\d)$"


@dataclass(frozen=True)
class SheetTable:
    """One sheet of a workbook; every cell is text."""

    sheet: str | None
    frame: pl.DataFrame
    head: list[Row]
    encoding: str | None = None
    facts: SheetFacts = SheetFacts()
    is_1904: bool = False
    is_hidden: bool = False

    def notes(self, first: int, last: int | None, /, *, header_row: int = 0) -> list[Problem]:
        """What must be said about these rows: hidden, without a value, or filled from above."""
        found = self.facts.notes(self.sheet, first, last, header_row=header_row)
        for column in filled(self.frame, self.facts.merged, below=header_row, last=last):
            above = [row[column.column] for row in self.rows(first, header_row)]
            name = next((cell for cell in reversed(above) if cell), f"第 {column.column + 1} 列")
            message = (
                f"“{name}”有 {column.count} 个空单元格属于纵向合并的单元格，已按首行的值填充；"
                "如果是金额或数量，会被重复计算，请核对"
            )
            found.append(Problem(column.row, name, None, "merged_filled", message, self.sheet))
        return found

    @property
    def width(self) -> int | None:
        """Number of columns of the sheet."""
        return self.frame.width

    def rows(self, first: int, last: int) -> list[Row]:
        """The rows with these numbers, as far as there are any."""
        first = max(first, 1)
        found = self.frame.slice(first - 1, max(last - first + 1, 0)).rows()
        return [[clean(cell) for cell in row] for row in found]

    def heading_rows(self, names: frozenset[str], *, below: int) -> list[int]:
        """Rows that may be the header of another table: they hold names, or follow a gap."""
        if not self.frame.width:
            return []
        cells = pl.all().str.strip_chars(WHITE_SPACE)
        counts = self.frame.lazy().select(
            filled=pl.sum_horizontal(cells.str.len_bytes() > 0),
            named=pl.sum_horizontal(cells.is_in(list(names))),
        )
        after_gap = (pl.col("filled").shift(1) <= GAP_CELLS) & (pl.col("filled") >= FEWEST_NAMES)
        wanted = after_gap | (pl.col("named") >= FEWEST_NAMES)
        rows = counts.with_row_index("row", offset=1).filter(wanted & (pl.col("row") > below))
        return rows.select("row").collect()["row"].to_list()

    def stage(
        self,
        con: duckdb.DuckDBPyConnection,
        *,
        header_row: int,
        width: int,
        last_row: int | None = None,
    ) -> None:
        """Create `cells` from the rows below the header, up to last_row."""
        white = literal(WHITE_SPACE)
        cells = [
            f"nullif(trim(c{i}, {white}), '') as c{i}"
            if i < self.frame.width
            else f"null::varchar as c{i}"
            for i in range(width)
        ]
        columns = filled(self.frame, self.facts.merged, below=header_row, last=last_row)
        frame = self.frame.with_columns([column.texts for column in columns])
        con.register("sheet", frame.with_row_index("_index", offset=1).to_arrow())
        con.execute(
            fill(
                """
                create or replace table cells as
                select _index::bigint as _row, null::varchar as _fault, <<cells>>
                from sheet
                where _index > <<header_row>> and _index <= <<last_row>>
                """,
                cells=", ".join(cells),
                header_row=str(header_row),
                last_row=str(self.frame.height if last_row is None else last_row),
            )
        )
        con.unregister("sheet")


def sheet_of(
    rows: Sequence[Sequence[str | None]],
    *,
    name: str | None = None,
    encoding: str | None = None,
    merged: Sequence[Span] = (),
    is_hidden: bool = False,
) -> SheetTable:
    """The sheet that these rows make."""
    width = max(map(len, rows), default=0)
    columns = {
        f"c{i}": pl.Series([row[i] if i < len(row) else None for row in rows], dtype=pl.String)
        for i in range(width)
    }
    facts = SheetFacts(merged=tuple(merged))
    frame = pl.DataFrame(columns)
    return _with_head(name, frame, encoding=encoding, facts=facts, is_hidden=is_hidden)


def _with_head(
    name: str | None,
    frame: pl.DataFrame,
    *,
    encoding: str | None = None,
    facts: SheetFacts | None = None,
    is_1904: bool = False,
    is_hidden: bool = False,
) -> SheetTable:
    head = [[clean(cell) for cell in row] for row in frame.head(HEAD_ROWS).rows()]
    return SheetTable(name, frame, head, encoding, facts or SheetFacts(), is_1904, is_hidden)


def _replaced(frame: pl.DataFrame, cells: list[tuple[int, int, str]]) -> pl.DataFrame:
    """The sheet with some cells read otherwise than the reader does."""
    by_column: dict[int, dict[int, str]] = {}
    for row, column, text in cells:
        if 0 < row <= frame.height and 0 <= column < frame.width:
            by_column.setdefault(column, {})[row - 1] = text
    changed = [
        frame.to_series(column).scatter(list(texts), list(texts.values()))
        for column, texts in by_column.items()
    ]
    return frame.with_columns(changed)


def _without_blank_end(frame: pl.DataFrame) -> pl.DataFrame:
    """The sheet without the columns at its right that hold nothing but blanks."""
    width = frame.width
    while width and not (frame.to_series(width - 1).str.strip_chars(WHITE_SPACE) != "").any():
        width -= 1
    return frame.select(frame.columns[:width])


def _with_long_numbers(book: fastexcel.ExcelReader, name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The sheet with numbers of over fifteen digits as Excel shows them: their tail is lost."""
    long = [
        place
        for place, column in enumerate(frame.iter_columns())
        if column.str.contains(_LONG_NUMBER).any()
    ]
    if not long:
        return frame
    # Read as truth values, numbers stay and texts become blanks: that tells one from the other.
    sheet = book.load_sheet(
        name, header_row=None, skip_rows=0, use_columns=long, dtypes="boolean"
    ).to_polars()
    cells = [
        (row + 1, place, f"{float(text):.5E}")
        for place, is_number in zip(long, sheet.iter_columns(), strict=True)
        for row, text in _texts(frame.to_series(place), is_number)
    ]
    return _replaced(frame, cells)


def _texts(column: pl.Series, is_number: pl.Series) -> list[tuple[int, str]]:
    """Row and text of the long numbers of one column."""
    is_long = column.str.contains(_LONG_NUMBER) & is_number.is_not_null()
    return [(row, column[row]) for row in is_long.arg_true()]


def _load(
    book: fastexcel.ExcelReader, name: str, facts: SheetFacts, *, is_1904: bool
) -> SheetTable | None:
    """The sheet, or None; the reader itself is asked for long numbers where nobody has looked."""
    # skip_rows=0 keeps blank rows at the top, so that the row numbers stay those of Excel.
    try:
        sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    except fastexcel.FastExcelError as error:
        # Sheets of charts and macros have no cells.
        if isinstance(error, fastexcel.SheetNotFoundError) or "worksheet" in str(error).lower():
            return None
        raise
    frame = sheet.to_polars() if sheet.width else pl.DataFrame()
    frame = _without_blank_end(frame)
    check_width(name, frame.width)
    frame = frame.rename({old: f"c{i}" for i, old in enumerate(frame.columns)})
    frame = _replaced(frame, facts.replaced)
    if facts.long is None:
        frame = _with_long_numbers(book, name, frame)
    if is_1904 and frame.width:
        # A time without a day comes as one of the first day there is.
        frame = frame.with_columns(pl.all().str.replace(r"^1904-01-01 (\d\d:.*)$", "$1"))
    hidden = sheet.visible != "visible"
    return _with_head(name, frame, facts=facts, is_1904=is_1904, is_hidden=hidden)


def open_workbook(path: Path) -> list[SheetTable]:
    """Every sheet with cells; raises Refused when the workbook is protected or broken."""
    data = path.read_bytes()
    if data.startswith(OLE_MAGIC):
        check_ole(data)
        is_1904 = is_ole_1904(data)
        facts = xls_facts(data)
    else:
        check_zip(path)
        is_1904 = is_zip_1904(data)
        facts = sheet_facts(data)
    try:
        book = fastexcel.read_excel(data)
        found = [
            _load(book, name, facts.get(name, SheetFacts()), is_1904=is_1904)
            for name in book.sheet_names
        ]
    except (KeyboardInterrupt, SystemExit, MemoryError, Refused):
        raise
    # The Rust reader panics on some broken files, and its panic is no Exception.
    except BaseException as error:
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise refuse("encrypted", PROTECTED) from None
        raise refuse("unreadable", BROKEN) from None
    return [sheet for sheet in found if sheet is not None]
