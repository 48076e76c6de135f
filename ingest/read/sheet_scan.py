"""Walks through the XML of one sheet piece by piece; memory stays bounded whatever its size."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from typing import IO
from xml.parsers import expat

from ingest.read.struck import Struck

_PIECE_BYTES = 8 << 20
_ROW_END = b"</row>"
_CELL_START = b'<c r="'
_ROW = re.compile(rb'<row\s[^>]*?\br="\d+"')
_HIDDEN_ROW = re.compile(rb'<row\s(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d+)"')
_CELL = rb'<c r="([A-Z]{1,3})(\d+)"([^>]*?)>\s*'
_FORMULA = rb"<f\b[^>]*?(?:/>|>[^<]*</f>)\s*"
_FAILED = re.compile(_CELL + rb"(?:" + _FORMULA + rb")?<v>(#[^<]{1,12})</v>")
_LONG = re.compile(
    _CELL + rb"(?:" + _FORMULA + rb")?<v>(\d{16,}(?:\.0+)?|\d(?:\.\d+)?[Ee]\+?\d+)</v>"
)
_UNCALCULATED = re.compile(_CELL + rb"<f\b[^>]*>([^<]*)</f>\s*(?:<v>\s*</v>|<v\s*/>)?\s*</c>")
_PLACE = re.compile(rb'<c r="([A-Z]{1,3})(\d+)"')
_ANY_COLUMN = re.compile(rb'<c r="([A-Z]{1,3})\d+"[^>]*[^/]>\s*<')
_KIND = re.compile(rb'\bt="(\w+)"')
_STYLE = re.compile(rb'\bs="(\d+)"')
_MERGED = re.compile(rb'<mergeCell\s[^>]*?\bref="([^"]+)"')
# Where one of these stands, or a cell begins otherwise, only a real parser reads the sheet right.
_ODD = (b"<!", b":c ", b":row ", b"<c>", b"<c/", b"<c\n", b"<c\r", b"<c\t", b"<row>")


@dataclass(slots=True)
class Cell:
    """A cell that needs a remark; rows count from 1, columns from 0."""

    row: int
    column: int
    kind: str
    style: int
    formula: str | None
    value: str


@dataclass
class Scan:
    """What a walk through one sheet has found."""

    hidden_rows: list[int] = field(default_factory=list)
    # Struck-through cells, and what to read instead of them.
    struck: list[tuple[int, int, str | None]] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    # The first column, the last column and the last row that hold a value.
    first_column: int | None = None
    last_column: int = 0
    last_row: int = 0

    def place(self, row: int, column: int) -> None:
        """Widen the extent to this cell."""
        self.last_column = max(self.last_column, column)
        self.last_row = max(self.last_row, row)

    def begin(self, column: int) -> None:
        """Note a column with a value."""
        self.first_column = column if self.first_column is None else min(self.first_column, column)


class _OddError(Exception):
    """The XML is not as Excel and its kin write it."""


@cache
def index_of(letters: str) -> int:
    """The number of a column, from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def scan(
    openings: Iterable[IO[bytes]],
    styles: frozenset[int],
    struck: Struck,
) -> Scan:
    """Walk through the XML; the second opening is for a parser, should patterns not do.

    `styles` are those whose number cells need a remark.
    """
    first, second = openings
    # A cell that names no style has the first one, and patterns do not see it.
    if 0 not in styles | struck.styles:
        with suppress(_OddError):
            return _by_patterns(first, styles, struck)
    return _Parser(styles, struck).parse(second)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The sheet in pieces that end with a row; the last holds what follows the rows."""
    rest = b""
    while read := file.read(_PIECE_BYTES):
        rest += read
        end = rest.rfind(_ROW_END)
        if end < 0 and len(rest) > 2 * _PIECE_BYTES:
            raise _OddError
        if end >= 0:
            yield rest[: end + len(_ROW_END)]
            rest = rest[end + len(_ROW_END) :]
    yield rest


def _by_patterns(file: IO[bytes], styles: frozenset[int], struck: Struck) -> Scan:
    found = Scan()
    for number, piece in enumerate(_pieces(file)):
        if (number == 0 and b"<worksheet" not in piece) or not _is_plain(piece):
            raise _OddError
        _extent(piece, found)
        found.hidden_rows += map(int, _HIDDEN_ROW.findall(piece))
        found.cells += _marked(piece)
        if styles:
            found.cells += _styled(piece, styles)
        for letters, row, text in struck.cells(piece):
            found.struck.append((int(row), index_of(letters.decode()), text))
        if b"<mergeCell" in piece:
            found.merged += [ref.decode() for ref in _MERGED.findall(piece)]
    return found


def _is_plain(piece: bytes) -> bool:
    return (
        not any(odd in piece for odd in _ODD)
        and piece.count(b"<c ") == piece.count(_CELL_START)
        and piece.count(b"<row ") == len(_ROW.findall(piece))
    )


def _extent(piece: bytes, found: Scan) -> None:
    """The last cell with a value of each row, and the first column that has any."""
    for row in piece.split(_ROW_END):
        at, end = row.rfind(_CELL_START), len(row)
        # Cells that have a format alone hold nothing.
        while at >= 0 and row.find(b"<v", at, end) < 0 and row.find(b"<is", at, end) < 0:
            at, end = row.rfind(_CELL_START, 0, at), at
        if at >= 0 and (place := _PLACE.match(row, at)):
            found.place(int(place[2]), index_of(place[1].decode()))
    if found.first_column != 0:
        for letters in set(_ANY_COLUMN.findall(piece)):
            found.begin(index_of(letters.decode()))


def _marked(piece: bytes) -> Iterator[Cell]:
    patterns = [_LONG]
    if b'"e"' in piece:
        patterns.append(_FAILED)
    for pattern in patterns:
        for letters, row, attributes, value in pattern.findall(piece):
            yield _cell(letters, row, attributes, None, value)
    if b"<f" in piece:
        for letters, row, attributes, formula in _UNCALCULATED.findall(piece):
            words = unescape(formula.decode("utf-8", "replace"))
            yield _cell(letters, row, attributes, words, b"")


def _styled(piece: bytes, styles: frozenset[int]) -> Iterator[Cell]:
    """The numbers in these styles; cells of another kind say so by their t."""
    numbers = b"|".join(str(style).encode() for style in sorted(styles))
    pattern = (
        rb'<c r="([A-Z]{1,3})(\d+)"(?![^>]*\bt="(?:[^n]|n\w))[^>]*?\bs="(%b)"[^>]*>'
        rb"\s*(?:%b)?<v>([^<]+)</v>"
    )
    for letters, row, style, value in re.findall(pattern % (numbers, _FORMULA), piece):
        place = int(row), index_of(letters.decode())
        yield Cell(*place, "n", int(style), None, value.decode("utf-8", "replace"))


def _cell(letters: bytes, row: bytes, attributes: bytes, formula: str | None, value: bytes) -> Cell:
    kind, style = _KIND.search(attributes), _STYLE.search(attributes)
    return Cell(
        int(row),
        index_of(letters.decode()),
        kind[1].decode() if kind else "n",
        int(style[1]) if style else 0,
        formula,
        value.decode("utf-8", "replace"),
    )


class _Parser:
    """Reads any spelling of the same XML: prefixes, quotes, cells without a place."""

    def __init__(self, styles: frozenset[int], struck: Struck) -> None:
        self.found, self.styles, self.struck = Scan(), styles, struck
        self.row, self.column = 0, -1
        self.cell: Cell | None = None
        self.is_filled = False
        self.texts: list[str] | None = None

    def parse(self, file: IO[bytes]) -> Scan:
        """Read all of it."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        # Large pieces: the parser begins anew with each one while a long comment has not ended.
        while piece := file.read(_PIECE_BYTES):
            parser.Parse(piece)
        parser.Parse(b"", True)  # noqa: FBT003 - the parser takes it by place only
        return self.found

    def _start(self, tag: str, given: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            self.row, self.column = int(given.get("r") or self.row + 1), -1
            if given.get("hidden") in ("1", "true"):
                self.found.hidden_rows.append(self.row)
        elif name == "c":
            place = given.get("r")
            self.column = index_of(place.rstrip("0123456789")) if place else self.column + 1
            style, kind = int(given.get("s") or 0), given.get("t") or "n"
            self.cell, self.is_filled = Cell(self.row, self.column, kind, style, None, ""), False
        elif name in ("v", "f", "is") and self.cell is not None:
            self.is_filled = True
            self.texts = [] if name != "is" else None
        elif name == "mergeCell":
            self.found.merged.append(given.get("ref") or "")

    def _text(self, text: str) -> None:
        if self.texts is not None:
            self.texts.append(text)

    def _end(self, tag: str) -> None:
        name, cell = tag.rpartition(":")[2], self.cell
        if cell is None:
            return
        if name in ("v", "f"):
            text, self.texts = "".join(self.texts or []), None
            if name == "v":
                cell.value = text
            else:
                cell.formula = text
        elif name == "c":
            self._keep(cell)
            self.cell = None

    def _keep(self, cell: Cell) -> None:
        if self.is_filled:
            self.found.begin(cell.column)
            self.found.place(cell.row, cell.column)
            for text in self.struck.of(cell.kind, cell.style, cell.value):
                self.found.struck.append((cell.row, cell.column, text))
        is_bare = cell.formula is not None and not cell.value.strip()
        is_long = cell.kind == "n" and (len(cell.value) > 15 or "e" in cell.value.lower())
        if is_bare or is_long or cell.kind == "e" or cell.style in self.styles:
            self.found.cells.append(cell)
