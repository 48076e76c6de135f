"""What an XLSX says about its cells that their text does not: hidden, failed, cut short."""

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from xml.etree import ElementTree as ET
from xml.parsers.expat import ExpatError

from ingest.errors import Problem
from ingest.read.extent import check_extent
from ingest.read.merged import Span, spans_of
from ingest.read.number_format import TOO_LONG, NumberFormat, formats_of
from ingest.read.sheet_scan import Scan, scan

_LONG = re.compile(r"\d{16,}(?:\.0+)?|\d(?:\.\d+)?[Ee]\+?\d+")


@dataclass(frozen=True)
class SheetFacts:
    """Hidden rows, (row, column, text) of cells read otherwise, and cells that reach down."""

    hidden_rows: tuple[int, ...] = ()
    failed: tuple[tuple[int, int, str], ...] = ()
    uncalculated: tuple[tuple[int, int, str], ...] = ()
    long: tuple[tuple[int, int, str], ...] = ()
    formatted: tuple[tuple[int, int, str], ...] = ()
    merged: tuple[Span, ...] = ()

    @property
    def replaced(self) -> list[tuple[int, int, str]]:
        """Every cell whose text must say more than its value does."""
        return [*self.failed, *self.uncalculated, *self.long, *self.formatted]

    def notes(self, sheet: str | None, first: int, last: int | None) -> list[Problem]:
        """Remarks about the rows of one table."""
        found = []
        end = float("inf") if last is None else last
        hidden = [row for row in self.hidden_rows if first <= row <= end]
        if hidden:
            message = f"含 {len(hidden)} 个隐藏行（被筛选或隐藏），已一并装载"
            found.append(Problem(hidden[0], None, None, "hidden_rows", message, sheet))
        for cells, rule, words in (
            (self.failed, "failed_formula", "个单元格的公式出错（显示为 {0}），没有值；请改正公式"),
            (
                self.uncalculated,
                "uncalculated_formula",
                "个单元格只有公式（{0}），没有计算结果；请用 Excel 打开、重新计算并保存",
            ),
        ):
            own = [cell for cell in cells if first <= cell[0] <= end]
            if own:
                row, _, text = own[0]
                message = f"有 {len(own)} {words.format(text)}"
                found.append(Problem(row, None, text, rule, message, sheet))
        return found


def _facts(found: Scan, formats: dict[int, NumberFormat]) -> SheetFacts:
    offset = found.first_column or 0
    failed, uncalculated, long, formatted = [], [], [], []
    for cell in found.cells:
        place = (cell.row, cell.column - offset)
        if cell.kind == "e":
            failed.append((*place, cell.value))
        elif cell.formula is not None and not cell.value.strip():
            # A formula may well give an empty text; a shared one without its own text says nothing.
            if cell.kind != "str" and cell.formula:
                uncalculated.append((*place, f"={cell.formula}"))
        elif cell.kind != "n":
            continue
        elif _LONG.fullmatch(cell.value) and float(cell.value) >= TOO_LONG:
            long.append((*place, f"{float(cell.value):.5E}"))
        elif cell.style in formats and (text := formats[cell.style].shown(cell.value)):
            formatted.append((*place, text))
    return SheetFacts(
        tuple(found.hidden_rows),
        tuple(failed),
        tuple(uncalculated),
        tuple(long),
        tuple(formatted),
        spans_of(found.merged, offset=offset),
    )


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _targets(archive: zipfile.ZipFile, kind: str) -> dict[str, str]:
    """The parts of one kind that belong to the workbook, by the number of their relation."""
    # Expat itself limits how far entities may grow.
    relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    found = {}
    for one in relations:
        if (one.get("Type") or "").endswith(f"/{kind}"):
            target = one.get("Target") or ""
            part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            found[one.get("Id") or ""] = part
    return found


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of the archive that holds each sheet; of sheets of charts and macros none."""
    targets = _targets(archive, "worksheet")
    found = {}
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    for sheet in book.iter():
        if _local(sheet.tag) != "sheet":
            continue
        # The strict form has another namespace for the number of the relation.
        number = next((text for name, text in sheet.items() if _local(name) == "id"), "")
        found[sheet.get("name") or ""] = targets.get(number, "")
    return found


def _formats(archive: zipfile.ZipFile, parts: set[str]) -> dict[int, NumberFormat]:
    styles = [part for part in _targets(archive, "styles").values() if part in parts]
    return formats_of(archive.read(styles[0])) if styles else {}


def sheet_facts(data: bytes) -> dict[str, SheetFacts]:
    """The remarks about each sheet of an XLSX or XLSM; nothing about others and odd ones.

    Raises Refused when a cell stands so far out that the sheet would not fit into memory.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = set(archive.namelist())
            if "xl/workbook.xml" not in parts:
                return {}
            formats = _formats(archive, parts)
            return {
                name: _sheet(archive, name, part, formats)
                for name, part in _parts(archive).items()
                if part in parts
            }
    # The workbook itself could be read; remarks are no reason to refuse it.
    except (ET.ParseError, ExpatError, KeyError, ValueError, zipfile.BadZipFile, OSError):
        return {}


def _sheet(
    archive: zipfile.ZipFile, name: str, part: str, formats: dict[int, NumberFormat]
) -> SheetFacts:
    with archive.open(part) as first, archive.open(part) as second:
        found = scan((first, second), frozenset(formats))
    check_extent(name, found.last_row, found.last_column)
    return _facts(found, formats)
