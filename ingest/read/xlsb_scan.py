"""Walks through the records of an XLSB: how far its sheets reach, what a cell is besides."""

import struct
import zipfile
from collections.abc import Iterator
from typing import IO

from ingest.read.extent import check_extent
from ingest.read.merged import Span
from ingest.read.sheet_facts import ERRORS, SheetFacts

_PIECE_BYTES = 8 << 20
_ROW, _BLANK, _LAST_CELL, _RICH_TEXT = 0, 1, 11, 62
_ERROR, _FAILED_FORMULA = 3, 11
_IS_HIDDEN = 0x10
_SHEET, _MERGED = 156, 176
# A record begins with its number and its size, which take up to six bytes; then come the places.
_HEAD_BYTES = 6 + 16


def _varied(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of seven bits a byte, and the place behind it."""
    number = 0
    for shift in range(0, 7 * most, 7):
        byte = data[at]
        at += 1
        number |= (byte & 127) << shift
        if byte < 128:
            break
    return number, at


def _records(file: IO[bytes]) -> Iterator[tuple[int, bytes, int]]:
    """Number of each record, the bytes it stands in, and where its content begins."""
    data, at, is_end = b"", 0, False
    while not is_end or at < len(data):
        if not is_end and at + _HEAD_BYTES > len(data):
            piece = file.read(_PIECE_BYTES)
            # The last record may be cut; a few blank ones behind it do no harm.
            data, at, is_end = data[at:] + (piece or bytes(_HEAD_BYTES)), 0, not piece
            continue
        number, size = data[at], data[at + 1]
        if number < 128 and size < 128:
            at += 2
        else:
            number, at = _varied(data, at, 2)
            size, at = _varied(data, at, 4)
        yield number, data, at
        at += size
        while not is_end and at > len(data):
            at -= len(data)
            data = file.read(_PIECE_BYTES)
            is_end = not data


def _byte(data: bytes, at: int) -> int:
    """The byte at a place; the last record may end before it."""
    return int.from_bytes(data[at : at + 1], "little")


def _facts(archive: zipfile.ZipFile, name: str, part: str) -> SheetFacts:
    row = last_row = last_column = 0
    first_column: int | None = None
    is_hidden = False
    merged, hidden, failed = [], [], []
    with archive.open(part) as file:
        for number, data, at in _records(file):
            if number == _ROW:
                row = int.from_bytes(data[at : at + 4], "little")
                is_hidden = bool(_byte(data, at + 11) & _IS_HIDDEN)
            elif _BLANK < number <= _LAST_CELL or number == _RICH_TEXT:
                column = int.from_bytes(data[at : at + 4], "little")
                last_row = max(last_row, row)
                last_column = max(last_column, column)
                if first_column is None or column < first_column:
                    first_column = column
                if is_hidden:
                    hidden.append(row + 1)
                    is_hidden = False
                if number in (_ERROR, _FAILED_FORMULA):
                    failed.append((row + 1, column, ERRORS.get(_byte(data, at + 8), "#VALUE!")))
            elif number == _MERGED:
                merged.append(struct.unpack_from("<4I", data, at))
    check_extent(name, last_row + 1, last_column)
    spans = (
        Span(left - (first_column or 0), first + 1, last + 1)
        for first, last, left, right in merged
        if first < last and left == right
    )
    texts = ((row, column - (first_column or 0), text) for row, column, text in failed)
    return SheetFacts(tuple(hidden), tuple(texts), merged=tuple(spans))


def _wide(data: bytes, at: int) -> tuple[str, int]:
    """A text behind its length, and the place behind it."""
    end = at + 4 + 2 * int.from_bytes(data[at : at + 4], "little")
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def xlsb_facts(archive: zipfile.ZipFile, parts: dict[str, str]) -> dict[str, SheetFacts]:
    """The remarks about each sheet; raises Refused when a cell stands too far out.

    `parts` are the sheets by the numbers of their relations.
    """
    found = {}
    with archive.open("xl/workbook.bin") as file:
        for number, data, at in _records(file):
            if number == _SHEET:
                relation, end = _wide(data, at + 8)
                name, _ = _wide(data, end)
                if part := parts.get(relation):
                    found[name] = _facts(archive, name, part)
    return found
