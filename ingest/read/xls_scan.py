"""What an old workbook (XLS) says of its cells that its reader does not tell."""

import io
import struct
from collections.abc import Iterator

import olefile

from ingest.read.merged import Span
from ingest.read.sheet_facts import ERRORS, SheetFacts

_BOF, _EOF, _BOUNDSHEET, _ROW, _MERGED = 0x809, 0x0A, 0x85, 0x208, 0xE5
_FONT, _STYLE, _MANY, _FORMULA, _ERROR = 0x31, 0xE0, 0xBD, 0x06, 0x205
_BIFF8 = 0x600
# LABELSST, LABEL, NUMBER, RK, MULRK, FORMULA, BOOLERR: cells that hold something.
_CELLS = frozenset((0xFD, 0x204, 0x203, 0x27E, 0xBD, 0x06, 0x205))
_IS_HIDDEN, _IS_STRUCK = 0x20, 0x08
# No font has this number; those behind it count one on.
_NO_FONT = 4


def xls_facts(data: bytes) -> dict[str, SheetFacts]:
    """Remarks by sheet; nothing where the file is not laid out as expected."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            stream = container.openstream("Workbook").read()
        sheets, struck = _sheets(stream)
        return dict(_facts(stream, sheet, struck) for sheet in sheets)
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


def _sheets(stream: bytes) -> tuple[list[tuple[str, int]], frozenset[int]]:
    """Name and place of every sheet, and the styles whose text is struck through."""
    found, fonts, styles = [], [], []
    for number, at, length in _records(stream, 0):
        if number == _BOF and struct.unpack_from("<H", stream, at)[0] != _BIFF8:
            return [], frozenset()
        if number == _FONT:
            fonts.append(stream[at + 2] & _IS_STRUCK)
        elif number == _STYLE:
            styles.append(struct.unpack_from("<H", stream, at)[0])
        elif number == _BOUNDSHEET:
            place, _, letters, is_wide = struct.unpack_from("<IHBB", stream, at)
            name = stream[at + 8 : at + length]
            text = name[: letters * 2].decode("utf-16-le") if is_wide & 1 else ""
            found.append((text or name[:letters].decode("latin-1"), place))
    struck = {place + (place >= _NO_FONT) for place, is_struck in enumerate(fonts) if is_struck}
    return found, frozenset(style for style, font in enumerate(styles) if font in struck)


def _error(stream: bytes, number: int, at: int) -> str | None:
    """What an error cell, or a formula that fails, shows."""
    code = None
    if number == _ERROR and stream[at + 7]:
        code = stream[at + 6]
    # A result that is no number ends with these two bytes, and begins with its kind.
    elif number == _FORMULA and stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == 2:
        code = stream[at + 8]
    return None if code is None else ERRORS.get(code)


def _styles(stream: bytes, number: int, at: int, length: int) -> Iterator[int]:
    """The styles of the cells of a record, which may be several of a row."""
    end = at + length - 2 if number == _MANY else at + 6
    for place in range(at + 4, end, 6):
        yield struct.unpack_from("<H", stream, place)[0]


def _facts(stream: bytes, sheet: tuple[str, int], struck: frozenset[int]) -> tuple[str, SheetFacts]:
    name, start = sheet
    hidden: list[int] = []
    spans: list[tuple[int, int, int]] = []
    failed: list[tuple[int, int, str]] = []
    struck_rows: set[int] = set()
    first_column: int | None = None
    for number, at, length in _records(stream, start):
        if number in _CELLS:
            row, column = struct.unpack_from("<HH", stream, at)
            if first_column is None or column < first_column:
                first_column = column
            if number in (_ERROR, _FORMULA) and (text := _error(stream, number, at)):
                failed.append((row + 1, column, text))
            if struck and any(style in struck for style in _styles(stream, number, at, length)):
                struck_rows.add(row + 1)
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
    offset = first_column or 0
    return name, SheetFacts(
        hidden_rows=tuple(sorted(set(hidden))),
        failed=tuple((row, column - offset, text) for row, column, text in failed),
        merged=tuple(Span(column - offset, top, bottom) for column, top, bottom in spans),
        struck_rows=tuple(sorted(struck_rows)),
    )
