"""The exact reader of delimited text: records one by one, with every irregularity named."""

import csv
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple, TextIO

from ingest.errors import Refused, refuse
from ingest.read.extent import letters_of
from ingest.read.swallowed import lines_of, swallowing
from ingest.read.table import Row, clean

# A single cell may hold a long complaint text; the default of 128 KiB is too small.
csv.field_size_limit(2**31 - 1)
# By Ctrl-Z alone in the last line systems of old mark the end.
_END_OF_FILE = "\x1a"
_FAULT_QUOTING = "quoting"
_UNCLOSED = "从这一行开始的引号直到文件末尾都没有闭合，文件看来被截断了；请重新导出完整的文件"
_STRAY_QUOTE = (
    "引号使用不规范：闭合的引号后面还有别的内容；请检查这一行的引号（单元格内的引号要写成两个）"
)


_TAKES = "；原文件的第 {first} 至 {last} 行文字读成了这一行，其中可能有因引号不成对而并进来的别的行"
_HOLDS_ROWS = (
    "{column} 列在第 {first} 行文字开始的引号，到第 {last} 行才闭合，这 {lines} 行成了一个单元格，"
    "而其中有的看来是别的行；请用记事本打开原文件，核对第 {first} 行的引号"
    "（多余的删去，单元格内的写成两个），改好后重新提交"
)


class Record(NamedTuple):
    """One record: its number as Excel shows it, its lines in the file, cells and fault."""

    number: int
    first_line: int
    last_line: int
    cells: Row
    fault: str | None


def records(file: TextIO, delimiter: str) -> Iterator[Record]:
    """Each record of a file; blank lines count as records.

    Raises Refused when a quote is still open at the end of the file.
    """
    begins = True

    def lines() -> Iterator[str]:
        nonlocal begins
        for line in file:
            looks, begins = begins and ' "' in line, False
            yield _set_right(line, delimiter) if looks else line

    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number, begins = number + 1, True
        first_line = reader.line_num + 1
        try:
            cells: Row = list(next(reader))
            fault = None
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                raise refuse("truncated", _UNCLOSED, row=number) from None
            cells, fault = [], _FAULT_QUOTING
        yield Record(number, first_line, reader.line_num, cells, fault)


@cache
def _cell(delimiter: str) -> re.Pattern[str]:
    """One cell of a line with the delimiter before it; group 2 is one quoted behind blanks."""
    end = rf"(?=[{delimiter}\r\n]|$)"
    quoted = '"(?:[^"]|"")*"'
    return re.compile(
        rf'(^|[{delimiter}])(?:{quoted}{end}|".*| *({quoted}) *{end}|[^{delimiter}]*)', re.DOTALL
    )


def _set_right(line: str, delimiter: str) -> str:
    """The first line of a record without the blanks before whole quoted cells: 1, "城东, 营业部".

    Cells are trimmed anyway. A quote behind a blank that is not closed at the end of a cell is
    text like any other: 1, "好" 的服务.
    """
    return _cell(delimiter).sub(lambda m: m[1] + m[2] if m[2] else m[0], line)


def fitted(record: Record, width: int, delimiter: str) -> tuple[Row, str | None]:
    """The cells of a record as the header has them, and why it does not fit the header."""
    row = [clean(cell) for cell in record.cells]
    if row == [_END_OF_FILE]:
        row = []
    # Delimiters at the end of a line are no cells; a short record of blanks is a blank row.
    while len(row) > width and row[-1] is None:
        row.pop()
    message = None
    if record.fault is not None:
        message = _STRAY_QUOTE + _taken(record)
    elif len(row) != width and any(row):
        message = f"应有 {width} 列，实有 {len(row)} 列；请检查这一行是否多了或少了分隔符"
        message += _taken(record)
    elif record.last_line > record.first_line:
        message = _rows_inside(record, width, delimiter)
    return (row + [None] * width)[:width], message


def refuse_rows_inside(header: Record, width: int, delimiter: str) -> Refused | None:
    """The refusal of a file whose header holds rows of data."""
    message = _rows_inside(header, width, delimiter, is_header=True)
    return refuse("row_shape", message, row=header.number) if message else None


def _taken(record: Record) -> str:
    """Which lines of the file an irregular record takes, where it takes several."""
    if record.last_line == record.first_line:
        return ""
    return _TAKES.format(first=record.first_line, last=record.last_line)


def _rows_inside(
    record: Record, width: int, delimiter: str, *, is_header: bool = False
) -> str | None:
    """What to say of a record in one cell of which other rows have got; None where none has."""
    place = swallowing(record.cells, width, delimiter, is_header=is_header)
    if place is None:
        return None
    first = record.first_line + sum(len(lines_of(cell)) - 1 for cell in record.cells[:place])
    lines = len(lines_of(record.cells[place]))
    return _HOLDS_ROWS.format(
        column=letters_of(place), first=first, last=first + lines - 1, lines=lines
    )
