"""Worksheets as a bank sends them: written from top to bottom, ready to print, safe to open."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from warehouse import numerals
from warehouse.spreadsheet import without_formula

BODY, HEAD = "仿宋", "黑体"
TEXT_LENGTH = 32_767
CUT = "…（过长，已截断）"
A4 = 9
# Height of a line and of the highest row that Excel has, in points.
LINE, HIGHEST = 16, 409
_THIN = Side(style="thin", color="808080")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD_FILL = PatternFill("solid", fgColor="D9E2EC")
_GAP_FILL = PatternFill("solid", fgColor="FFF2A8")
_FONTS = {
    "title": Font(name=HEAD, size=18, bold=True),
    "section": Font(name=HEAD, size=12, bold=True),
    "head": Font(name=HEAD, size=11, bold=True),
    "body": Font(name=BODY, size=11),
    "total": Font(name=BODY, size=11, bold=True),
}


@dataclass(frozen=True)
class Number:
    """A number and with how many decimals it is written."""

    value: float
    decimals: int = 0


@dataclass(frozen=True)
class Gap:
    """Words in the place of a number that is not there."""

    text: str


@dataclass(frozen=True)
class Mark:
    """A sign in the place of a number that is not told."""

    text: str


Value = str | int | float | bool | Decimal | date | datetime | Number | Gap | Mark | None


def safe_text(text: str) -> str:
    """The text as a cell may hold it: no control characters, nothing that runs as a formula."""
    clean = without_formula(str(ILLEGAL_CHARACTERS_RE.sub("", text)))
    return clean if len(clean) <= TEXT_LENGTH else clean[: TEXT_LENGTH - len(CUT)] + CUT


class Book:
    """A workbook; every sheet bears the same line above and the page number below."""

    def __init__(self, above: str = "") -> None:
        self.book = Workbook()
        self.book.remove(self.book.active)
        self.above = above

    def sheet(self, name: str, widths: Sequence[float]) -> "Sheet":
        """A new sheet with columns of these widths."""
        return Sheet(self.book.create_sheet(name), widths, self.above)

    def content(self) -> bytes:
        """The workbook as a file."""
        held = BytesIO()
        self.book.save(held)
        return held.getvalue()


class Sheet:
    """A sheet that is written from top to bottom."""

    def __init__(self, sheet: Worksheet, widths: Sequence[float], above: str) -> None:
        self.sheet, self.widths, self.width, self.row = sheet, widths, len(widths), 1
        for number, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_options.horizontalCentered = True
        if above:
            sheet.oddHeader.right.text = above
        sheet.oddFooter.center.text = "第 &P 页，共 &N 页"

    def title(self, text: str) -> None:
        """The title, across the whole width."""
        self._across(text, "title", "center")
        self.sheet.row_dimensions[self.row - 1].height = 30

    def line(self, text: str, *, is_gap: bool = False) -> None:
        """A line of text across the whole width."""
        cell = self._across(text, "body", "left")
        if is_gap:
            cell.fill = _GAP_FILL

    def section(self, text: str) -> None:
        """A heading, with a free row above."""
        self.row += 1
        self._across(text, "section", "left")

    def _across(self, text: str, font: str, where: str) -> Cell:
        cell = self._put(1, text)
        cell.font = _FONTS[font]
        cell.alignment = Alignment(horizontal=where, vertical="center", wrap_text=True)
        if self.width > 1:
            self.sheet.merge_cells(
                start_row=self.row, start_column=1, end_row=self.row, end_column=self.width
            )
        self._make_high(_lines(text, sum(self.widths)))
        self.row += 1
        return cell

    def _make_high(self, lines: int) -> None:
        """Room for so many lines; programs differ in whether they make it by themselves."""
        self.sheet.row_dimensions[self.row].height = min(LINE * lines + 2, HIGHEST)

    def _lines_of(self, texts: Iterable[str]) -> int:
        """How many lines the longest cell of a row takes."""
        pairs = zip(texts, self.widths, strict=False)
        return max((_lines(text, width) for text, width in pairs), default=1)

    def table(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[Value]],
        *,
        has_total: bool = False,
        wraps: bool = True,
    ) -> None:
        """A framed table; the last row is set off where it is a total."""
        for number, text in enumerate(head, start=1):
            cell = self._put(number, text)
            cell.font, cell.fill, cell.border = _FONTS["head"], _HEAD_FILL, _FRAME
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        self._make_high(self._lines_of(head))
        self.row += 1
        for at, row in enumerate(rows, start=1):
            font = _FONTS["total" if has_total and at == len(rows) else "body"]
            for number, value in enumerate(row, start=1):
                cell = self._put(number, value)
                cell.font, cell.border = font, _FRAME
                where = "right" if _is_number(value) else None
                cell.alignment = Alignment(horizontal=where, vertical="center", wrap_text=wraps)
            self._make_high(self._lines_of(map(_text_of, row)) if wraps else 1)
            self.row += 1

    def repeat_above(self, row: int) -> None:
        """Print this row again at the top of every page."""
        self.sheet.print_title_rows = f"{row}:{row}"

    def listing(self, head_row: int) -> None:
        """Make the table under this head a list: the head stays, its columns can be filtered."""
        self.sheet.freeze_panes = f"A{head_row + 1}"
        last = get_column_letter(self.width)
        self.sheet.auto_filter.ref = f"A{head_row}:{last}{max(self.row - 1, head_row)}"
        self.repeat_above(head_row)

    def _put(self, column: int, value: Value) -> Cell:
        cell = self.sheet.cell(self.row, column)
        match value:
            case Gap(text):
                _put_text(cell, text)
                cell.fill = _GAP_FILL
            case Mark(text):
                _put_text(cell, text)
            case str():
                _put_text(cell, value)
            case Number(number, decimals):
                cell.value = float(numerals.half_up(number, decimals))
                cell.number_format = "#,##0" + (f".{'0' * decimals}" if decimals else "")
            case bool():
                cell.value = "是" if value else "否"
            case datetime():
                _put_moment(cell, value)
            case date():
                cell.value, cell.number_format = value, "yyyy-mm-dd"
            case int():
                cell.value, cell.number_format = value, "#,##0"
            case _:
                cell.value = value
        return cell


def _is_number(value: Value) -> bool:
    is_number = isinstance(value, Number | Mark | int | float | Decimal)
    return is_number and not isinstance(value, bool)


def _text_of(value: Value) -> str:
    if isinstance(value, Gap | Mark):
        return value.text
    return value if isinstance(value, str) else ""


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of this width."""
    # A Chinese character is as wide as two of the digits that widths are counted in.
    taken = sum(1 if character.isascii() else 2 for character in text)
    return max(1, math.ceil(taken / max(width - 1, 1)))


def _put_text(cell: Cell, text: str) -> None:
    cell.value = safe_text(text)
    # As text whatever it looks like: a long number keeps its digits and its leading zeros.
    cell.data_type, cell.number_format = "s", "@"


def _put_moment(cell: Cell, moment: datetime) -> None:
    plain = moment.astimezone().replace(tzinfo=None) if moment.tzinfo else moment
    if plain.time() == datetime.min.time():
        cell.value, cell.number_format = plain.date(), "yyyy-mm-dd"
    else:
        cell.value, cell.number_format = plain, "yyyy-mm-dd hh:mm"
