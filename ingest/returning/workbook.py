"""Writes a 退回单: a summary, and a sheet in the original layout for each table with bad rows."""

import os
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from ingest.returning.advice import Adviser
from ingest.returning.mark import EXTRA, SUMMARY, SURPLUS
from ingest.returning.sheet import SHAPE, ReturnedRow, ReturnedTable

_RED, _AMBER, _GREY, _BLUE = "FFC7CE", "FFEB9C", "EDEDED", "DDEBF7"
_TEXT = "@"
_EXTRA_WIDTHS = (44, 30, 26, 8, 14)
_MOST_WIDTH = 40
_SHOWN_HINTS = 3
SummaryLine = tuple[str, ...]


class _Styles:
    """The looks of the cells; every cell is text, so that 007 stays 007 when it is retyped."""

    def __init__(self, sheet: WriteOnlyWorksheet) -> None:
        self._sheet = sheet
        self.wrapped = self._look(wrap=True)
        self.plain = self._look()
        self.title = self._look(bold=True)
        self.header = self._look(bold=True, fill=_GREY, wrap=True)
        self.bad = self._look(bold=True, fill=_RED)
        self.hint = self._look(fill=_AMBER)
        self.extra = self._look(fill=_BLUE, wrap=True)
        self.extra_header = self._look(bold=True, fill=_BLUE, wrap=True)

    def _look(self, *, bold: bool = False, fill: str = "", wrap: bool = False) -> StyleArray:
        cell = WriteOnlyCell(self._sheet, "")
        cell.number_format = _TEXT
        cell.alignment = Alignment(vertical="top", wrap_text=wrap)
        if bold:
            cell.font = Font(bold=True)
        if fill:
            cell.fill = PatternFill("solid", fgColor=fill)
        # One look shared by many cells is what makes 100,000 rows quick.
        return copy(cell._style)

    def cell(self, text: str | None, look: StyleArray) -> Cell:
        """A cell that holds text and nothing else, whatever it begins with."""
        made = WriteOnlyCell(self._sheet)
        made._style = look
        if text:
            made._value = ILLEGAL_CHARACTERS_RE.sub("□", text)
            made.data_type = "s"
        return made


def sheet_names(tables: Sequence[ReturnedTable]) -> list[str]:
    """A valid and different name for the sheet of each table, the original one where it can be."""
    names: list[str] = []
    for table in tables:
        wanted = "".join(
            "_" if sign in r"[]:*?/\'" else sign for sign in table.original_sheet or ""
        )
        wanted = (wanted.strip() or "退回的行")[:31]
        name, number = wanted, 1
        while name.lower() in {SUMMARY, *(other.lower() for other in names)}:
            number += 1
            name = f"{wanted[:27]}-{number}"
        names.append(name)
    return names


def write_workbook(
    target: Path,
    summary: Iterable[SummaryLine],
    sheets: Sequence[tuple[str, ReturnedTable, Adviser]],
) -> None:
    """Write the workbook under a passing name and put it in place in one step."""
    book = Workbook(write_only=True)
    _write_summary(book, summary)
    for name, table, adviser in sheets:
        _write_table(book, name, table, adviser)
    target.parent.mkdir(parents=True, exist_ok=True)
    passing = target.with_name(f".{target.name}.part")
    book.save(passing)
    with passing.open("rb") as file:
        os.fsync(file.fileno())
    passing.replace(target)


def _write_summary(book: Workbook, summary: Iterable[SummaryLine]) -> None:
    sheet = book.create_sheet(SUMMARY)
    for letter, width in zip("ABCD", (26, 60, 40, 12), strict=True):
        sheet.column_dimensions[letter].width = width
    styles = _Styles(sheet)
    for line in summary:
        sheet.append(
            styles.cell(text, styles.title if i == 0 else styles.wrapped)
            for i, text in enumerate(line)
        )


def _write_table(book: Workbook, name: str, table: ReturnedTable, adviser: Adviser) -> None:
    sheet = book.create_sheet(name)
    width = table.width
    surplus = width - len(table.match.header.columns)
    _set_widths(sheet, table)
    sheet.freeze_panes = f"A{table.header_row + 1}"
    styles = _Styles(sheet)
    levels = table.match.header.levels
    for number, row in enumerate(table.above, start=1):
        is_header = number > table.header_row - levels
        look = styles.header if is_header else styles.title
        cells = [styles.cell(text, look) for text in _padded(row, width)]
        if number == table.header_row:
            named = width - surplus
            cells[named:] = [styles.cell(SURPLUS, styles.extra_header) for _ in range(surplus)]
            cells += [styles.cell(text, styles.extra_header) for text in EXTRA]
        sheet.append(cells)
    for returned in table.rows:
        sheet.append(_row_cells(styles, returned, adviser, width=width))


def _padded(row: Sequence[str | None], width: int) -> list[str | None]:
    return ([*row] + [None] * width)[:width]


def _set_widths(sheet: WriteOnlyWorksheet, table: ReturnedTable) -> None:
    for index, column in enumerate(table.match.header.columns, start=1):
        wide = sum(2 if ord(sign) > 0x2E7F else 1 for sign in column.name) + 4
        sheet.column_dimensions[get_column_letter(index)].width = min(max(wide, 12), _MOST_WIDTH)
    for offset, width in enumerate(_EXTRA_WIDTHS, start=table.width + 1):
        sheet.column_dimensions[get_column_letter(offset)].width = width


def _row_cells(
    styles: _Styles, row: ReturnedRow, adviser: Adviser, *, width: int
) -> Iterator[Cell]:
    cells = _padded(row.cells, width)
    bad: set[int] = set()
    expected: dict[str, None] = {}
    likely: dict[str, None] = {}
    for issue in row.issues:
        position = adviser.position(issue.column)
        advice = adviser.advice(issue, cells[position] if position is not None else None)
        if position is not None:
            bad.add(position)
        named = f"“{issue.column}”：" if issue.column else ""
        if advice.expected:
            expected[named + advice.expected] = None
        if advice.likely:
            likely[f"{named}{advice.likely}"] = None
    hints = _hints(adviser, cells, bad) if row.issues else {}
    likely |= dict.fromkeys(hints.values())
    is_shapeless = any(issue.rule == SHAPE for issue in row.issues)
    for index, text in enumerate(cells):
        look = styles.bad if index in bad or (is_shapeless and text) else styles.plain
        yield styles.cell(text, styles.hint if index in hints else look)
    reason = (
        "；".join(issue.message for issue in row.issues) or "同一事项的其他行，随同列出，不用改"
    )
    # Cells beyond the header tell by themselves whether somebody has put them in order.
    has_surplus = any(cells[len(adviser.match.header.columns) :])
    seal = row.seal + ("!" if is_shapeless and not has_surplus else "")
    for text in (reason, "；".join(expected), "；".join(likely), str(row.number), seal):
        yield styles.cell(text, styles.extra)


def _hints(adviser: Adviser, cells: Sequence[str | None], bad: set[int]) -> dict[int, str]:
    """Unknown names in cells that are no reason to go back, with what they may mean."""
    found: dict[int, str] = {}
    named = len(adviser.match.header.columns)
    for index, text in enumerate(cells[:named]):
        if index in bad or len(found) == _SHOWN_HINTS:
            continue
        close = adviser.hint(index, text)
        if close:
            column = adviser.match.header.columns[index].name
            found[index] = f"“{column}”：{text} 不是已知的名称，可能是 {close}"
    return found
