"""What an XLSX says about its cells that their text does not: hidden, failed, cut short."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from xml.etree import ElementTree as ET

from ingest.errors import Problem

# Larger sheets are read without these remarks: they would cost a second pass over the file.
MOST_SHEET_BYTES = 64 << 20
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_HIDDEN_ROW = re.compile(rb'<row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*\br="(\d+)"')
_CELL = rb'<c r="([A-Z]{1,3})(\d+)"([^>]*?)>'
_FORMULA = rb"<f\b[^>]*?(?:/>|>[^<]*</f>)"
_FAILED = re.compile(_CELL + rb"(?:" + _FORMULA + rb")?<v>(#[^<]{1,12})</v>")
_LONG = re.compile(
    _CELL + rb"(?:" + _FORMULA + rb")?<v>(\d{16,}(?:\.0+)?|\d(?:\.\d+)?[Ee]\+?\d+)</v>"
)
_UNCALCULATED = re.compile(_CELL + rb"<f\b[^>]*>([^<]*)</f>(?:<v></v>|<v\s*/>)?</c>")
_FIRST_COLUMN = re.compile(rb'<c r="A\d+"[^>]*[^/]><')
_ANY_COLUMN = re.compile(rb'<c r="([A-Z]{1,3})\d+"[^>]*[^/]><')
# Excel keeps fifteen digits of a number.
_TOO_LONG = 1e15


@dataclass(frozen=True)
class SheetFacts:
    """Remarks about one sheet: hidden rows, and (row, column, text) of cells read otherwise."""

    hidden_rows: tuple[int, ...] = ()
    failed: tuple[tuple[int, int, str], ...] = ()
    uncalculated: tuple[tuple[int, int, str], ...] = ()
    long: tuple[tuple[int, int, str], ...] = ()

    @property
    def replaced(self) -> list[tuple[int, int, str]]:
        """Every cell whose text must say more than its value does."""
        return [*self.failed, *self.uncalculated, *self.long]

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


def _index(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _offset(xml: bytes) -> int:
    """The first column with a value: readers begin there."""
    if _FIRST_COLUMN.search(xml):
        return 0
    return min((_index(letters) for letters in set(_ANY_COLUMN.findall(xml))), default=0)


def _facts(xml: bytes) -> SheetFacts:
    offset = _offset(xml)

    def cells(pattern: re.Pattern[bytes]) -> Iterator[tuple[int, int, bytes, str]]:
        for letters, row, attributes, text in pattern.findall(xml):
            words = unescape(text.decode("utf-8", "replace"))
            yield int(row), _index(letters) - offset, attributes, words

    is_text = (b't="s"', b't="str"', b't="inlineStr"', b't="e"', b't="d"')
    return SheetFacts(
        hidden_rows=tuple(int(row) for row in _HIDDEN_ROW.findall(xml)),
        failed=tuple((r, c, text) for r, c, kind, text in cells(_FAILED) if b't="e"' in kind),
        uncalculated=tuple(
            (r, c, f"={text}")
            for r, c, kind, text in cells(_UNCALCULATED)
            if b't="str"' not in kind
        ),
        long=tuple(
            (r, c, f"{float(text):.5E}")
            for r, c, kind, text in cells(_LONG)
            if not any(mark in kind for mark in is_text) and float(text) >= _TOO_LONG
        ),
    )


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of the archive that holds each sheet."""
    # Expat itself limits how far entities may grow.
    relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {one.get("Id"): one.get("Target") or "" for one in relations}
    found = {}
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(f"{_RELATIONS}id"), "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        found[sheet.get("name") or ""] = part
    return found


def sheet_facts(data: bytes) -> dict[str, SheetFacts]:
    """The remarks about each sheet of an XLSX or XLSM; nothing about others and odd ones."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            sizes = {part.filename: part.file_size for part in archive.infolist()}
            if "xl/workbook.xml" not in sizes:
                return {}
            return {
                name: _facts(archive.read(part))
                for name, part in _parts(archive).items()
                if 0 < sizes.get(part, 0) <= MOST_SHEET_BYTES
            }
    # The workbook itself could be read; remarks are no reason to refuse it.
    except (ET.ParseError, KeyError, ValueError, zipfile.BadZipFile, OSError):
        return {}
