"""What a reader hands over: the first rows of one sheet, and a way to stage all of it."""

from typing import Protocol

import duckdb

# Rows of a sheet that are looked at to find its header.
HEAD_ROWS = 120
# Trimmed off both ends of every cell.
WHITE_SPACE = " \t\r\n\u3000\u00a0\ufeff\u200b\u200c\u200d\u2028\u2029"

Row = list[str | None]


class Table(Protocol):
    """One sheet of a workbook, or a text file."""

    @property
    def sheet(self) -> str | None:
        """Name of the sheet; None for text files."""

    @property
    def encoding(self) -> str | None:
        """Encoding of the text; None for workbooks."""

    @property
    def head(self) -> list[Row]:
        """The first rows; index 0 is row 1."""

    def stage(self, con: duckdb.DuckDBPyConnection, *, header_row: int, width: int) -> None:
        """Create `cells` (_row, _fault, c0 …) from the rows below header_row."""


def clean(cell: str | None) -> str | None:
    """The cell without white space around it; None when nothing is left."""
    if cell is None:
        return None
    return cell.strip(WHITE_SPACE) or None
