"""Writes tables as CSV and XLSX files whose bytes depend on their content alone."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int | float | date | datetime | None
Row = Sequence[Cell]

_FIXED_TIME = (2026, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_HEADER_FILL = PatternFill("solid", fgColor="DDE6F0")
_CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)


def write_csv(path: Path, rows: Iterable[Row], *, encoding: str, delimiter: str = ",") -> None:
    """Write rows with CRLF line ends; `utf-16` gets a little-endian byte order mark."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    text = buffer.getvalue()
    if encoding == "utf-16":
        text, encoding = "\ufeff" + text, "utf-16-le"
    _replace(path, text.encode(encoding))


def new_sheet(title: str) -> Worksheet:
    """The only sheet of a new workbook."""
    sheet: Worksheet = Workbook().active
    sheet.title = title
    return sheet


def add_title(sheet: Worksheet, text: str, *, width: int) -> None:
    """Add a row whose one text is merged over all columns."""
    sheet.append([text])
    row = sheet.max_row
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
    sheet.cell(row, 1).font = Font(bold=True, size=14 if row == 1 else 11)
    sheet.cell(row, 1).alignment = _CENTRED


def add_header(sheet: Worksheet, names: Sequence[str | None]) -> None:
    """Add one header row and freeze everything above the data."""
    row = sheet.max_row + 1
    for column, name in enumerate(names, start=1):
        cell = sheet.cell(row, column, name)
        cell.font, cell.fill, cell.alignment = Font(bold=True), _HEADER_FILL, _CENTRED
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = max(10, min(28, 2.2 * len(name or "") + 2))
    sheet.freeze_panes = f"A{row + 1}"


def save(path: Path, sheet: Worksheet) -> None:
    """Write the sheet's workbook with fixed times inside, so that equal content is equal bytes."""
    raw, fixed = io.BytesIO(), io.BytesIO()
    sheet.parent.save(raw)
    with (
        zipfile.ZipFile(raw) as source,
        zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>2026-01-01T00:00:00Z\g<2>", content)
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    _replace(path, fixed.getvalue())


def _replace(path: Path, content: bytes) -> None:
    # A load may look into the folder at any moment: a file appears there whole or not at all.
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
