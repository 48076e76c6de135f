"""Decides from the bytes whether the fast reader is certain to give what the exact one gives."""

from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ingest.read.table import WHITE_SPACE

_WINDOW_BYTES = 1 << 24
_QUOTE, _LF, _CR, _BLANK, _TAB, _EQUALS = (ord(mark) for mark in '"\n\r \t=')
# White space beyond ASCII as UTF-8, padded to three bytes each.
_WIDE_MARKS = [mark.encode().ljust(3, b"\0") for mark in WHITE_SPACE if ord(mark) > _BLANK]

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.intp]


class Trim(IntEnum):
    """How much trimming the cells of a file may need."""

    NONE = 0
    BLANKS = 1
    ALL = 2


@dataclass(frozen=True)
class Layout:
    """How many records a well-formed file holds, what its cells hold, and how to trim them."""

    records: int
    has_multiline_cells: bool
    trim: Trim
    has_protected_cells: bool


@dataclass
class _Tally:
    quotes: int = 0
    lines: int = 0
    multiline: int = 0
    crlf_lines: int = 0
    last_end: int = -1
    trim: Trim = Trim.NONE
    has_protected: bool = False


def _neighbours(data: Bytes, positions: Positions, step: int) -> Bytes:
    """The byte before or after each position; a line end beyond the file's borders."""
    wanted = positions + step
    inside = (wanted >= 0) & (wanted < len(data))
    return np.where(inside, data[np.clip(wanted, 0, len(data) - 1)], np.uint8(_LF))


def _borders_a_cell(neighbours: Bytes, delimiter: int) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = neighbours == delimiter
    for mark in (_LF, _CR, _QUOTE):
        found = found | (neighbours == mark)
    return found


def _well_quoted(data: Bytes, quotes: Positions, seen: int, delimiter: int) -> bool:
    """Whether each quote opens at the start of a cell, closes at its end, or is doubled."""
    opening = (seen + np.arange(len(quotes))) % 2 == 0
    facing = np.where(opening, _neighbours(data, quotes, -1), _neighbours(data, quotes, 1))
    return bool(_borders_a_cell(facing, delimiter).all())


def _trim_needed(data: Bytes, window: Bytes, start: int, delimiter: int) -> Trim:
    if delimiter != _TAB and (window == _TAB).any():
        return Trim.ALL
    for lead in {mark[0] for mark in _WIDE_MARKS}:
        found = np.flatnonzero(window == lead) + start
        second, third = _neighbours(data, found, 1), _neighbours(data, found, 2)
        for mark in _WIDE_MARKS:
            if (
                mark[0] == lead
                and ((second == mark[1]) & ((third == mark[2]) | (mark[2] == 0))).any()
            ):
                return Trim.ALL
    blanks = np.flatnonzero(window == _BLANK) + start
    for step in (-1, 1):
        if _borders_a_cell(_neighbours(data, blanks, step), delimiter).any():
            return Trim.BLANKS
    return Trim.NONE


def _take(data: Bytes, start: int, delimiter: int, tally: _Tally) -> bool:
    """Add one window to the tally; False as soon as something is irregular."""
    window = np.asarray(data[start : start + _WINDOW_BYTES])
    quotes = np.flatnonzero(window == _QUOTE) + start
    if (window == 0).any() or not _well_quoted(data, quotes, tally.quotes, delimiter):
        return False
    ends = np.flatnonzero(window == _LF) + start
    if len(quotes) or tally.quotes % 2:
        inside = (tally.quotes + np.searchsorted(quotes, ends)) % 2 == 1
        tally.multiline += int(inside.sum())
        ends = ends[~inside]
    returns = np.flatnonzero(window == _CR) + start
    gap = 1
    if len(returns):
        if (_neighbours(data, returns, 1) != _LF).any():
            return False
        tally.crlf_lines += int((_neighbours(data, ends, -1) == _CR).sum())
        gap = 2
    # Blank lines are rows to the exact reader and nothing to the fast one.
    if len(ends) and (np.diff(ends, prepend=tally.last_end) <= gap).any():
        return False
    if tally.trim < Trim.ALL:
        tally.trim = max(tally.trim, _trim_needed(data, window, start, delimiter))
    # ="0001" stands in the file as "=""0001""".
    tally.has_protected |= bool((_neighbours(data, quotes, -1) == _EQUALS).any())
    tally.last_end = int(ends[-1]) if len(ends) else tally.last_end
    tally.lines += len(ends)
    tally.quotes += len(quotes)
    return True


def find_layout(path: Path, delimiter: str, *, skip_bytes: int = 0) -> Layout | None:
    """The layout of a regular file; None when only the exact reader may be trusted.

    Regular: one kind of line end outside quotes, no blank line, no NUL, textbook quoting.
    """
    if path.stat().st_size <= skip_bytes:
        return None
    data: Bytes = np.memmap(path, dtype=np.uint8, mode="r")[skip_bytes:]
    tally = _Tally()
    for start in range(0, len(data), _WINDOW_BYTES):
        if not _take(data, start, ord(delimiter), tally):
            return None
    if tally.quotes % 2 or tally.crlf_lines not in (0, tally.lines):
        return None
    unended = tally.last_end != len(data) - 1
    trim = Trim.ALL if tally.multiline else tally.trim
    return Layout(tally.lines + unended, tally.multiline > 0, trim, tally.has_protected)
