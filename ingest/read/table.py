"""What a reader hands over: the first rows of one sheet, and a way to stage all of it."""

from typing import Protocol

import duckdb

from ingest.errors import Problem

# Rows of a sheet that are looked at to find its header.
HEAD_ROWS = 120
# Trimmed off both ends of every cell.
WHITE_SPACE = " \t\r\n\u3000\u00a0\ufeff\u200b\u200c\u200d\u2028\u2029"

Row = list[str | None]

# A row with so many cells that are names of columns may be a header.
FEWEST_NAMES = 2
# A row that is blank or a title has at most one cell; what follows it may be a header.
GAP_CELLS = 1


class Table(Protocol):
    """One sheet of a workbook, or a text file."""

    @property
    def sheet(self) -> str | None:
        """Name of the sheet; None for text files."""

    @property
    def encoding(self) -> str | None:
        """Encoding of the text; None for workbooks."""

    @property
    def width(self) -> int | None:
        """Number of columns; None for text files, where the header decides."""

    @property
    def head(self) -> list[Row]:
        """The first rows; index 0 is row 1."""

    def rows(self, first: int, last: int) -> list[Row]:
        """The rows with these numbers, as far as there are any."""

    def heading_rows(self, names: frozenset[str], *, below: int) -> list[int]:
        """Rows that may be the header of another table: they hold names, or follow a gap."""

    @property
    def is_1904(self) -> bool:
        """Whether the workbook counts its days from 1904."""

    @property
    def is_hidden(self) -> bool:
        """Whether nobody sees the sheet."""

    def notes(self, first: int, last: int | None, /, *, header_row: int = 0) -> list[Problem]:
        """What must be said about these rows: hidden, without a value, or filled from above."""

    def stage(
        self,
        con: duckdb.DuckDBPyConnection,
        *,
        header_row: int,
        width: int,
        last_row: int | None = None,
    ) -> None:
        """Create `cells` (_row, _fault, c0 …) from the rows below header_row, up to last_row."""


def clean(cell: str | None) -> str | None:
    """The cell without white space around it; None when nothing is left."""
    if cell is None:
        return None
    return cell.strip(WHITE_SPACE) or None
