"""Reads a damaged file a second time, with nothing of the loader's: records by the letter of the
format, workbooks by openpyxl."""

import io
import re
import warnings
from dataclasses import dataclass
from typing import Any

import openpyxl

Cell = Any
_WHITE = " \t\r\n\u3000\u00a0\ufeff\u200b\u200c\u200d\u2028\u2029"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
# How workbooks write a mark that XML has no room for.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# A record that breaks the rules of quoting.
BROKEN = None


@dataclass(frozen=True)
class Reading:
    """One table as another reader sees it; row numbers begin with 1."""

    rows: list[list[Cell] | None]
    is_text: bool

    def cell(self, row: int, column: int) -> Cell:
        """One cell, None beyond the row's end."""
        cells = self.rows[row - 1] if row <= len(self.rows) else None
        return cells[column] if cells is not None and column < len(cells) else None


def stripped(cell: Cell) -> Cell:
    """A text without white space around it, None when nothing is left."""
    return (cell.strip(_WHITE) or None) if isinstance(cell, str) else cell


def _lines(text: str) -> list[str]:
    return [line for line in _LINE.findall(text) if line]


def records(text: str, delimiter: str) -> list[list[Cell] | None]:
    """The records of delimited text; BROKEN where a quote is followed by something else."""
    found: list[list[Cell] | None] = []
    lines = iter(_lines(text))
    for first in lines:
        cells: list[str] = []
        line, at = first, 0
        while True:
            if line[at : at + 1] == '"':
                cell, at = "", at + 1
                while True:
                    end = line.find('"', at)
                    if end < 0:
                        # The quote goes on in the next line.
                        cell += line[at:]
                        line, at = next(lines, ""), 0
                        if not line:
                            return [*found, BROKEN]
                    elif line[end + 1 : end + 2] == '"':
                        cell, at = cell + line[at : end + 1], end + 2
                    else:
                        cell, at = cell + line[at:end], end + 1
                        break
            else:
                ends = [e for e in map(line[at:].find, (delimiter, "\r", "\n")) if e >= 0]
                end = at + min(ends, default=len(line) - at)
                cell, at = line[at:end], end
            cells.append(cell)
            after = line[at : at + 1]
            if after == delimiter:
                at += 1
                continue
            found.append(cells if after in ("", "\r", "\n") else BROKEN)
            break
    return [[] if cells == [""] else cells for cells in found]


def read_text(data: bytes, encoding: str, delimiter: str) -> Reading:
    """A text file; raises UnicodeDecodeError when it is in no such encoding."""
    text = data.decode(encoding)
    return Reading(records(text, delimiter), True)


def encodings(data: bytes) -> list[str]:
    """The encodings that the file may honestly be said to be in."""
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return [name]
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return ["gb18030"] if b"\0" not in data else ["utf-16-le", "utf-16-be"]
    return ["utf-8"] if b"\0" not in data else ["utf-16-le", "utf-16-be"]


def _unescaped(cell: Cell) -> Cell:
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), cell) if isinstance(cell, str) else cell


def read_workbook(data: bytes) -> dict[str, Reading]:
    """Every sheet of a workbook; a formula without a result stands as its text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        valued = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        spelled = openpyxl.load_workbook(io.BytesIO(data))
    found = {}
    for sheet in valued.worksheets:
        rows: list[list[Cell] | None] = []
        for row in sheet.iter_rows():
            cells = [
                spelled[sheet.title].cell(one.row, one.column).value
                if one.value is None
                else one.value
                for one in row
            ]
            rows.append([_unescaped(cell) for cell in cells])
        while rows and not any(stripped(cell) is not None for cell in rows[-1] or ()):
            rows.pop()
        found[sheet.title] = Reading(rows, False)
    return found
