"""Tables below one another in one sheet: which headers count, and where each table ends."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.footers import BELOW
from ingest.match import Match
from ingest.read.table import Row

# Title, unit, period and blank rows between two tables; more of them are no title any more.
_MOST_TITLE_ROWS = 8
_MOST_TITLE_CELLS = 3
_FOOTER = re.compile(BELOW)
# A cell that is a whole day: rows of data have one, headers and titles do not.
WHOLE_DAY = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[ T].*)?")
# 统计期间：2024年, 单位：元, (单位：元): what a title row of several cells says.
_LABEL = re.compile(r"[(（]?[^:：]{0,6}(单位|期间?|时间|日期|机构|部门|币种|年度|月份|人)\s*[:：]")


def rank(match: Match) -> tuple[bool, bool, int, int, int]:
    """The better of two matches compares greater: a title decides only where no column does."""
    by_columns = match.is_complete and match.specific
    return (
        match.is_complete,
        by_columns,
        match.recognised,
        -match.header.levels,
        -match.header.row,
    )


def _first_header_row(match: Match) -> int:
    return match.header.row - match.header.levels + 1


def _touch(one: Match, other: Match) -> bool:
    """Whether two headers share a row, or follow one another with no row between them."""
    upper, lower = sorted((one, other), key=lambda match: match.header.row)
    return _first_header_row(lower) <= upper.header.row + 1


def picked(matches: Iterable[Match]) -> list[Match]:
    """The best complete matches of one sheet that are headers of their own, from top to bottom."""
    chosen: list[Match] = []
    complete = [match for match in matches if match.is_complete]
    for match in sorted(complete, key=rank, reverse=True):
        if not any(_touch(match, other) for other in chosen):
            chosen.append(match)
    return sorted(chosen, key=lambda match: match.header.row)


def _is_title(above: Match, row: Row) -> bool:
    """Whether a row between two tables is a title of the lower one, not data of the upper one."""
    filled = [(index, cell) for index, cell in enumerate(row) if cell]
    cells = [cell for _, cell in filled]
    if len(cells) > _MOST_TITLE_CELLS or _FOOTER.search(cells[0]):
        return False
    if len(cells) > 1:
        return any(map(_LABEL.match, cells)) and not any(map(WHOLE_DAY.fullmatch, cells))
    # A further opinion or issue of the case above may be all that its row says.
    child = above.contract.row_child
    of_case = {above.targets.get(name) for name in child[1].columns} if child else set()
    return filled[0][0] not in of_case


def _start(above: Match, rows: list[Row], header_start: int) -> int:
    """First row of the title block that ends right above a header.

    A row of one cell is a title; rows of two or three are, when a title or blank row is above them.
    """
    start = header_start
    for row, cells in zip(range(header_start - 1, 0, -1), reversed(rows), strict=False):
        filled = sum(1 for cell in cells if cell)
        if filled and not _is_title(above, cells):
            break
        if filled <= 1:
            start = row
    return start


def _repeats(match: Match, again: Match) -> bool:
    """Whether the second header names the same columns at the same places as the first."""
    names = [[m.header.columns[i].keys[:1] for i in m.targets.values()] for m in (match, again)]
    return (
        match.contract.id == again.contract.id
        and match.targets == again.targets
        and match.sections == again.sections
        and match.ambiguous == again.ambiguous
        and names[0] == names[1]
    )


def with_bounds(matches: Sequence[Match]) -> list[Match]:
    """The tables of one sheet, each with its own rows; a repeated header continues its table."""
    found: list[Match] = []
    for match in matches:
        if not found:
            found.append(match)
            continue
        above = found[-1]
        end = above.repeats[-1][1] if above.repeats else above.header.row
        header_start = _first_header_row(match)
        rows = match.table.rows(max(end + 1, header_start - _MOST_TITLE_ROWS), header_start - 1)
        start = _start(above, rows, header_start)
        if _repeats(above, match):
            found[-1] = replace(above, repeats=(*above.repeats, (start, match.header.row)))
        else:
            found[-1] = replace(above, last_row=start - 1)
            found.append(replace(match, first_row=start))
    return found
