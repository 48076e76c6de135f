"""What an XLSX says about its cells that their text does not: hidden, failed, cut short."""

import re
import zipfile
from io import BytesIO
from xml.etree import ElementTree as ET
from xml.parsers.expat import ExpatError

from ingest.read.extent import check_extent
from ingest.read.merged import spans_of
from ingest.read.number_format import TOO_LONG, NumberFormat, formats_of
from ingest.read.ods_scan import ods_facts
from ingest.read.sheet_facts import SheetFacts
from ingest.read.sheet_scan import Scan, scan
from ingest.read.struck import Struck, struck_styles, struck_texts
from ingest.read.xlsb_scan import xlsb_facts

_LONG = re.compile(r"\d{16,}(?:\.0+)?|\d(?:\.\d+)?[Ee]\+?\d+")


def _facts(found: Scan, formats: dict[int, NumberFormat]) -> SheetFacts:
    offset = found.first_column or 0
    failed, uncalculated, long, formatted, scaled = [], [], [], [], []
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
        elif cell.style in formats and formats[cell.style].is_scaled:
            scaled.append((*place, cell.value))
        elif cell.style in formats and (text := formats[cell.style].shown(cell.value)):
            formatted.append((*place, text))
    formatted += [(row, column - offset, text) for row, column, text in found.struck if text]
    return SheetFacts(
        tuple(found.hidden_rows),
        tuple(failed),
        tuple(uncalculated),
        tuple(long),
        tuple(formatted),
        spans_of(found.merged, offset=offset),
        tuple(sorted({row for row, *_ in found.struck})),
        tuple(scaled),
    )


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _targets(archive: zipfile.ZipFile, kind: str, *, book: str = "workbook.xml") -> dict[str, str]:
    """The parts whose kind ends so that belong to the workbook, by the number of their relation."""
    # Expat itself limits how far entities may grow.
    relations = ET.fromstring(archive.read(f"xl/_rels/{book}.rels"))  # noqa: S314
    found = {}
    for one in relations:
        if (one.get("Type") or "").endswith(kind):
            target = one.get("Target") or ""
            part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            found[one.get("Id") or ""] = part
    return found


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of the archive that holds each sheet; of sheets of charts and macros none."""
    targets = _targets(archive, "/worksheet")
    found = {}
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    for sheet in book.iter():
        if _local(sheet.tag) != "sheet":
            continue
        # The strict form has another namespace for the number of the relation.
        number = next((text for name, text in sheet.items() if _local(name) == "id"), "")
        found[sheet.get("name") or ""] = targets.get(number, "")
    return found


def _styles(archive: zipfile.ZipFile, parts: set[str]) -> tuple[dict[int, NumberFormat], Struck]:
    """What says more than a cell's value: the format of its number, and what is struck through."""
    styles = [part for part in _targets(archive, "/styles").values() if part in parts]
    shared = [part for part in _targets(archive, "/sharedStrings").values() if part in parts]
    texts = struck_texts(archive, shared[0]) if shared else {}
    if not styles:
        return {}, Struck(texts=texts)
    content = archive.read(styles[0])
    return formats_of(content), Struck(struck_styles(content), texts)


def sheet_facts(data: bytes) -> dict[str, SheetFacts]:
    """The remarks about each sheet of a zipped workbook; nothing about odd ones.

    Raises Refused when a cell stands so far out that the sheet would not fit into memory.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = set(archive.namelist())
            if "content.xml" in parts:
                return ods_facts(archive)
            if "xl/workbook.bin" in parts:
                targets = _targets(archive, "", book="workbook.bin")
                return xlsb_facts(archive, {n: p for n, p in targets.items() if p in parts})
            if "xl/workbook.xml" not in parts:
                return {}
            formats, struck = _styles(archive, parts)
            return {
                name: _sheet(archive, name, part, formats, struck)
                for name, part in _parts(archive).items()
                if part in parts
            }
    # The workbook itself could be read; remarks are no reason to refuse it.
    except (ET.ParseError, ExpatError, KeyError, ValueError, zipfile.BadZipFile, OSError):
        return {}


def _sheet(
    archive: zipfile.ZipFile,
    name: str,
    part: str,
    formats: dict[int, NumberFormat],
    struck: Struck,
) -> SheetFacts:
    with archive.open(part) as first, archive.open(part) as second:
        found = scan((first, second), frozenset(formats), struck)
    check_extent(name, found.last_row, found.last_column)
    return _facts(found, formats)
