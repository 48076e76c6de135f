"""Tells records that a quote without its partner has swallowed from texts of several lines."""

import re
from collections.abc import Sequence

from ingest.read.table import Row, clean
from ingest.sql import fill, literal

_LINE_END = re.compile(r"\r\n|\r|\n")
_NUMERIC = re.compile(r"[\d\s:：/.\-+%¥￥年月日时分秒]*\d[\d\s:：/.\-+%¥￥年月日时分秒]*")
_CODE = re.compile(r"(?=.*\d)[!-~]+")
# So many columns that no line of a text has that many delimiters, and a like cell, by chance.
_WIDE = 5
# As many like cells as begin a row and no text.
_CERTAIN = 2


def lines_of(cell: str | None) -> list[str]:
    """The lines of a cell, however they end."""
    return _LINE_END.split(cell or "")


def _kind(cell: str | None) -> str | None:
    """What a cell looks like, where it looks like something: a number or date, or a code."""
    if cell is None or (text := clean(cell)) is None:
        return None
    if _NUMERIC.fullmatch(text):
        return "number"
    return "code" if _CODE.fullmatch(text) else None


def _is_alike(row: Row, model: Row, fewest: int) -> bool:
    """Whether at least half of the cells look like those of another row, and not too few."""
    kinds = [
        (kind, _kind(cell))
        for kind, cell in zip(map(_kind, model), row, strict=False)
        if kind is not None and cell and clean(cell)
    ]
    alike = sum(kind == found for kind, found in kinds)
    return alike >= fewest and 2 * alike >= len(kinds)


def _fits(row: Row, width: int) -> bool:
    """Whether a row has the columns of the header; delimiters at its end are no cells."""
    return len(row) >= width and not any(cell and clean(cell) for cell in row[width:])


def _holds_rows(record: Row, place: int, width: int, delimiter: str, *, is_header: bool) -> bool:
    """Whether a cell's lines, put back between those beside it, are rows like the first of them."""
    first, *between, last = (list[str | None](x.split(delimiter)) for x in lines_of(record[place]))
    upper, lower = record[:place] + first, last + record[place + 1 :]
    is_whole = _fits(upper, width)
    model = upper if is_whole else [*record[:place], None, *record[place + 1 :]]
    fewest = 1 if width >= _WIDE else _CERTAIN
    if any(_fits(row, width) and (is_header or _is_alike(row, model, fewest)) for row in between):
        return True
    if not _fits(lower, width):
        return False
    if is_whole:
        return is_header or _is_alike(lower, model, fewest)
    # What comes behind the cell is shared, so that only what stands before it tells.
    return not is_header and _is_alike(last[:place], model[:place], _CERTAIN)


def swallowing(record: Row, width: int, delimiter: str, *, is_header: bool = False) -> int | None:
    """Which cell of a record of several lines certainly holds other rows; None where none does.

    A header has no like: there the number of columns alone tells.
    """
    if width <= _CERTAIN - is_header:
        return None
    for place, cell in enumerate(record):
        if len(lines_of(cell)) > 1 and _holds_rows(
            record, place, width, delimiter, is_header=is_header
        ):
            return place
    return None


_MAY_SWALLOW = """
    case when contains(<<cell>>, chr(10)) and contains(<<cell>>, <<mark>>) then list_transform(
        [list_transform(
            string_split(<<cell>>, chr(10)),
            lambda line: strlen(line) - strlen(replace(line, <<mark>>, ''))
        )],
        lambda counts: list_contains(counts[2:-2], <<most>>)
            or (counts[-1] = <<before>> and (counts[1] = <<behind>> or <<before>> >= <<certain>>))
    )[1] end
"""
# Cells are trimmed by now: tabs at their ends are gone and cannot be counted.
_MAY_SWALLOW_TABS = "contains(<<cell>>, chr(10)) and contains(<<cell>>, <<mark>>)"


def may_swallow(cells: Sequence[str], delimiter: str) -> str:
    """SQL that is true where a cell's lines have as many delimiters as rows; cheap for others."""
    most = len(cells) - 1
    return " or ".join(
        fill(
            _MAY_SWALLOW_TABS if delimiter == "\t" else _MAY_SWALLOW,
            cell=cell,
            mark=literal(delimiter),
            most=str(most),
            before=str(place),
            behind=str(most - place),
            certain=str(_CERTAIN),
        )
        for place, cell in enumerate(cells)
    )
