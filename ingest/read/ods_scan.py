"""Walks through the rows of an ODS piece by piece: how far they reach, what a cell is besides."""

import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import IO

from ingest.errors import refuse
from ingest.read.container import BROKEN
from ingest.read.extent import check_extent
from ingest.read.merged import Span
from ingest.read.sheet_facts import SheetFacts

_PIECE_BYTES = 8 << 20
_MOST_OF_A_ROW = 8 * _PIECE_BYTES
_ROW_END = b"</table:table-row>"
_TABLE = re.compile(rb"<table:table\s[^>]*>")
_NAME = re.compile(rb"""\stable:name\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ROW = re.compile(rb"<table:table-row(?=[\s/>])[^>]*>")
_CELL = re.compile(rb"<table:(?:covered-)?table-cell(?=[\s/>])")
# Also the beginning of its value-type.
_VALUE = b"office:value"
_SPANNED = b"number-rows-spanned"
_FAILED = b'calcext:value-type="error"'
_SHOWN = re.compile(rb"<text:p[^>]*>(#[^<]{1,12})</text:p>")
_HIDDEN = re.compile(rb"""\stable:visibility\s*=\s*["'](?:collapse|filter)""")
_COMMENT = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)


def _number(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"\stable:number-" + name + rb"""\s*=\s*["'](\d+)""")


_ROWS, _COLUMNS = _number(b"rows-repeated"), _number(b"columns-repeated")
_DOWN, _ACROSS = _number(b"rows-spanned"), _number(b"columns-spanned")


class _Sheet:
    """What is found out about one sheet; rows count from 1, columns from 0."""

    def __init__(self, name: str) -> None:
        self.name, self.row = name, 0
        self.first_column: int | None = None
        self.last_row = self.last_column = 0
        self.merged: list[Span] = []
        self.hidden: list[int] = []
        self.failed: list[tuple[int, int, str]] = []

    def facts(self) -> SheetFacts:
        """What is to be said of the sheet, with columns as the reader counts them."""
        offset = self.first_column or 0
        spans = [Span(span.column - offset, span.first, span.last) for span in self.merged]
        failed = [(row, column - offset, text) for row, column, text in self.failed]
        return SheetFacts(tuple(self.hidden), tuple(failed), merged=tuple(spans))

    def read_row(self, tags: list[bytes], cells: bytes) -> None:
        """Take up one row; all tags but the last are rows that end where they begin."""
        repeats = [int(found[1]) if (found := _ROWS.search(tag)) else 1 for tag in tags]
        first = self.row + sum(repeats[:-1]) + 1
        self.row += sum(repeats)
        at = cells.rfind(_VALUE)
        if at >= 0:
            self.last_row = self.row
            self.last_column = max(self.last_column, _column(cells, at))
            check_extent(self.name, self.last_row, self.last_column)
            if self.first_column != 0:
                column = _first(cells)
                known = self.first_column
                self.first_column = column if known is None else min(known, column)
            if _HIDDEN.search(tags[-1]):
                self.hidden += range(first, self.row + 1)
            if _FAILED in cells:
                failed = list(_failed(cells))
                self.failed += [(row, *at) for row in range(first, self.row + 1) for at in failed]
        if _SPANNED in cells:
            self.merged += _spans(cells, first)


def _column(cells: bytes, at: int) -> int:
    """The last column of the cell whose tag holds this place."""
    before = cells[: cells.find(b">", at)]
    column = len(_CELL.findall(before)) - 1
    if b"columns-repeated" in before:
        column += sum(int(count) - 1 for count in _COLUMNS.findall(before))
    return column


def _first(cells: bytes) -> int:
    """The first column of the first cell with a value."""
    at = cells.find(_VALUE)
    tag = cells[cells.rfind(b"<", 0, at) : cells.find(b">", at)]
    repeated = _COLUMNS.search(tag)
    return _column(cells, at) - (int(repeated[1]) - 1 if repeated else 0)


def _spans(cells: bytes, row: int) -> Iterator[Span]:
    """The cells of this row that are merged downwards only."""
    at = cells.find(_SPANNED)
    while at >= 0:
        tag = cells[cells.rfind(b"<", 0, at) : cells.find(b">", at)]
        down, across = _DOWN.search(tag), _ACROSS.search(tag)
        if down and int(down[1]) > 1 and (across is None or across[1] == b"1"):
            yield Span(_column(cells, at), row, row + int(down[1]) - 1)
        at = cells.find(_SPANNED, at + 1)


def _failed(cells: bytes) -> Iterator[tuple[int, str]]:
    """Column and text of the formulas of this row that fail."""
    at = cells.find(_FAILED)
    while at >= 0:
        tag = cells[cells.rfind(b"<", 0, at) : cells.find(b">", at)]
        shown = _SHOWN.match(cells, cells.find(b">", at) + 1)
        # Some errors have a number instead of a name.
        text = shown[1].decode("utf-8", "replace") if shown else "#VALUE!"
        repeated = _COLUMNS.search(tag)
        last = _column(cells, at)
        for column in range(last - (int(repeated[1]) - 1 if repeated else 0), last + 1):
            yield column, text
        at = cells.find(_FAILED, at + 1)


def _rows(file: IO[bytes]) -> Iterator[bytes]:
    """Each row with what stands before it, be it the beginning of a sheet."""
    rest = b""
    while piece := file.read(_PIECE_BYTES):
        rest += piece
        # What stands in a comment is no row; one that has not ended waits for its end.
        if b"<!" in rest:
            rest = _COMMENT.sub(b"", rest)
        if b"<!-" not in rest and b"<![" not in rest:
            *rows, rest = rest.split(_ROW_END)
            yield from rows
        if len(rest) > _MOST_OF_A_ROW:
            raise refuse("unreadable", BROKEN)


def ods_facts(archive: zipfile.ZipFile) -> dict[str, SheetFacts]:
    """The remarks about each sheet; raises Refused when a cell stands too far out."""
    sheets: list[_Sheet] = []
    with archive.open("content.xml") as file:
        for row in _rows(file):
            sheets += map(_sheet, _TABLE.findall(row))
            tags = list(_ROW.finditer(row))
            if sheets and tags:
                sheets[-1].read_row([tag[0] for tag in tags], row[tags[-1].end() :])
    return {sheet.name: sheet.facts() for sheet in sheets}


def _sheet(tag: bytes) -> _Sheet:
    found = _NAME.search(tag)
    name = (found[1] or found[2] or b"") if found else b""
    return _Sheet(unescape(name.decode("utf-8", "replace")))
