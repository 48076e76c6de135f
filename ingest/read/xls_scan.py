"""Merged cells and hidden rows of an old workbook (XLS), which its reader does not tell."""

import io
import struct
from collections.abc import Iterator

import olefile

from ingest.read.merged import Span
from ingest.read.sheet_facts import SheetFacts

_BOF, _EOF, _BOUNDSHEET, _ROW, _MERGED = 0x809, 0x0A, 0x85, 0x208, 0xE5
_BIFF8 = 0x600
# LABELSST, LABEL, NUMBER, RK, MULRK, FORMULA, BOOLERR: cells that hold something.
_CELLS = frozenset((0xFD, 0x204, 0x203, 0x27E, 0xBD, 0x06, 0x205))
_IS_HIDDEN = 0x20


def xls_facts(data: bytes) -> dict[str, SheetFacts]:
    """Merged cells and hidden rows by sheet; nothing where the file is not laid out as expected."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            stream = container.openstream("Workbook").read()
        return dict(_facts(stream, at) for at in _sheets(stream))
    except (OSError, struct.error, LookupError, OverflowError, ValueError):
        return {}


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Number, place and length of each record of one substream."""
    head, end = struct.Struct("<HH"), len(stream)
    depth = 0
    while at + 4 <= end:
        number, length = head.unpack_from(stream, at)
        # Charts lie inside the sheets that show them.
        depth += (number == _BOF) - (number == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield number, at + 4, length
        at += 4 + length


def _sheets(stream: bytes) -> list[tuple[str, int]]:
    """Name and place of every sheet."""
    found = []
    for number, at, length in _records(stream, 0):
        if number == _BOF and struct.unpack_from("<H", stream, at)[0] != _BIFF8:
            return []
        if number == _BOUNDSHEET:
            place, _, letters, is_wide = struct.unpack_from("<IHBB", stream, at)
            name = stream[at + 8 : at + length]
            text = name[: letters * 2].decode("utf-16-le") if is_wide & 1 else ""
            found.append((text or name[:letters].decode("latin-1"), place))
    return found


def _facts(stream: bytes, sheet: tuple[str, int]) -> tuple[str, SheetFacts]:
    name, start = sheet
    hidden: list[int] = []
    spans: list[tuple[int, int, int]] = []
    first_column: int | None = None
    for number, at, length in _records(stream, start):
        if number in _CELLS:
            column = stream[at + 2] | stream[at + 3] << 8
            if first_column is None or column < first_column:
                first_column = column
        elif number == _ROW:
            row, *_, flags = struct.unpack_from("<7H", stream, at)
            if flags & _IS_HIDDEN:
                hidden.append(row + 1)
        elif number == _MERGED:
            count = min(struct.unpack_from("<H", stream, at)[0], (length - 2) // 8)
            for i in range(count):
                top, bottom, left, right = struct.unpack_from("<4H", stream, at + 2 + 8 * i)
                if left == right and top < bottom:
                    spans.append((left, top + 1, bottom + 1))
    merged = tuple(Span(c - (first_column or 0), top, bottom) for c, top, bottom in spans)
    return name, SheetFacts(hidden_rows=tuple(sorted(set(hidden))), merged=merged)
