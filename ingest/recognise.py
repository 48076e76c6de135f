"""Recognises an extract: which contracts its tables fit, in which sheets and rows."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from openpyxl.utils import get_column_letter

from ingest.contract import Contract, contracts
from ingest.errors import Problem, Refused
from ingest.form_rows import is_void
from ingest.header import Header, header_key, read_header
from ingest.match import Match, brings_all, known_names, match_header
from ingest.read.table import FEWEST_NAMES, Row, Table
from ingest.stacked import WHOLE_DAY, picked, rank, with_bounds
from ingest.unknown_layout import unknown_layout

__all__ = ["Match", "match_header", "recognise"]

# So many rows below a header tell whether two columns of one name hold the same.
_SHOWN_ROWS = 20
_MOST_LEVELS = 3
# A sheet with so many known columns nearly is a table of ours.
_NEARLY = 3


def _named_width(row: Row) -> int:
    return max((index for index, cell in enumerate(row, start=1) if cell), default=0)


def _contracts_for(table: Table) -> list[Contract]:
    every = contracts().values()
    return [c for c in every if not c.sheet or re.search(c.sheet, table.sheet or "")]


def _found(table: Table, row: int) -> Iterator[Match]:
    """What every contract makes of the header that ends in this row, if it may be that low."""
    wanted = [c for c in _contracts_for(table) if row <= c.header.max_scan_rows]
    for contract, header in _headers(table, row, wanted):
        yield match_header(contract, table, header)


def _found_further(table: Table, row: int, *, below: int) -> Iterator[Match]:
    """Matches without a gap, of the header that ends in this row and starts under `below`.

    Values of data rows may be names of columns: such rows must cost little.
    """
    for contract, header in _headers(table, row, _contracts_for(table), below=below):
        if brings_all(contract, header):
            yield match_header(contract, table, header)


def _headers(
    table: Table, row: int, wanted: Sequence[Contract], *, below: int = 0
) -> Iterator[tuple[Contract, Header]]:
    window = table.rows(max(below + 1, row - _MOST_LEVELS + 1), row)
    if not window or not any(window[-1]):
        return
    for levels in range(1, len(window) + 1) if wanted else ():
        used = window[-levels:]
        # A text file's width is that of its header; rows beyond it are faulty, not wider.
        width = max(map(_named_width, used)) if table.width is None else table.width
        header = read_header(used, row=row, width=width)
        for contract in wanted:
            if levels <= contract.header.max_levels:
                yield contract, header


def _further(first: Match) -> Iterator[Match]:
    """Complete matches below the first header of a sheet."""
    table, top = first.table, first.header.row
    written, keys = known_names()
    known: dict[tuple[tuple[str | None, ...], ...], Match] = {}
    looked_at = 0
    for named in table.heading_rows(written, below=top):
        cells = [cell for cell in table.rows(named, named)[0] if cell]
        if any(map(WHOLE_DAY.fullmatch, cells)):
            continue
        if sum(header_key(cell) in keys for cell in cells) < FEWEST_NAMES:
            continue
        for row in range(max(named, looked_at + 1), named + _MOST_LEVELS):
            looked_at = row
            lines = tuple(map(tuple, table.rows(row, row)))
            # Page breaks may repeat one header a thousand times.
            if lines in known:
                again = known[lines]
                yield replace(again, header=replace(again.header, row=row))
                continue
            best = max(_found_further(table, row, below=top), key=rank, default=None)
            if best is not None and best.is_complete:
                if best.header.levels == 1:
                    known[lines] = best
                yield best


def _tables_of(matches: Iterable[Match]) -> list[Match]:
    """The tables of one sheet from top to bottom, given what was found in its first rows."""
    found = picked(matches)
    return with_bounds(picked([*found, *_further(found[0])])) if found else []


def _in_first_rows(table: Table) -> list[Match]:
    return [m for row in range(1, len(table.head) + 1) for m in _found(table, row)]


def _one_reading(sheets: list[list[Match]]) -> list[list[Match]]:
    """Every sheet of a workbook; of the readings of a text file the one that fits best."""
    every = [match for matches in sheets for match in matches]
    best = max((m for m in every if m.is_complete), key=rank, default=None)
    if best is None or best.table.sheet is not None:
        return sheets
    return [matches for matches in sheets if matches and matches[0].table is best.table]


def _left_out(sheet: Sequence[Match]) -> Problem:
    """Says that a sheet is not loaded, and why when it nearly is a table of ours."""
    table = sheet[0].table
    near = max(sheet, key=lambda m: (m.recognised * m.specific, rank(m)))
    message = f"工作表“{table.sheet}”没有装载"
    if table.is_hidden:
        message = f"隐藏的工作表“{table.sheet}”没有装载；如果需要装载，请取消隐藏"
    elif is_void(table.sheet) and any(match.is_complete for match in sheet):
        message += "：按名称它是示例、模板或作废的内容；如果需要装载，请改工作表的名称"
    elif near.specific and near.missing and near.recognised >= _NEARLY:
        columns = near.contract.all_columns()
        missing = "、".join(f"“{columns[name].aliases[0]}”" for name in near.missing)
        message += (
            f"：第 {near.header.row} 行像是“{near.contract.title_zh}”的表头，但缺少列{missing}"
        )
    return Problem(None, None, None, "sheet_ignored", message, sheet=table.sheet)


def _void_but_loaded(sheet: str | None) -> Problem:
    message = (
        f"工作表“{sheet}”按名称是示例、模板或作废的内容，但没有其他同类的工作表，已装载；"
        "如果不应计入，请删去后重新提交"
    )
    return Problem(None, None, None, "void_sheet_loaded", message, sheet=sheet)


def _low_headers(tables: Iterable[Table]) -> Iterator[Problem]:
    """Names the first header of each sheet that stands too low to be looked for."""
    _, keys = known_names()
    for table in tables:
        for row, cells in enumerate(table.head, start=1):
            if sum(header_key(cell) in keys for cell in cells if cell) < FEWEST_NAMES:
                continue
            best = max(_found_further(table, row, below=0), key=rank, default=None)
            if best is None or not best.is_complete:
                continue
            where = f"工作表“{table.sheet}”" if table.sheet else ""
            most = best.contract.header.max_scan_rows
            message = (
                f"{where}第 {row} 行像是“{best.contract.title_zh}”的表头，"
                f"但只在前 {most} 行中查找表头；请删去表头上方多余的行"
            )
            yield Problem(row, None, None, "header_too_low", message)
            break


def _beside(match: Match) -> Problem | None:
    """What to say where a second table with the same columns stands to the right of this one."""
    columns = match.header.columns
    needed = {n for n, c in match.contract.all_columns().items() if c.required and c.aliases}
    needed |= {n for group in match.contract.require_any for n in group}
    places = {match.targets[name] for name in needed if name in match.targets}
    if len(places) < FEWEST_NAMES:
        return None
    to_the_right = {c.keys[:1]: i for i, c in enumerate(columns) if i > max(places)}
    if any(columns[place].keys[:1] not in to_the_right for place in places):
        return None
    first, row = min(places), match.header.row
    again = to_the_right[columns[first].keys[:1]]
    rows = match.table.rows(row + 1, row + _SHOWN_ROWS)
    # A joined export repeats a column with the same values.
    if all(line[again] in (None, line[first]) for line in rows if len(line) > again):
        return None
    cells = [f"{get_column_letter(place + 1)}{row}" for place in (first, again)]
    message = (
        f"两张同样的表左右并排：{cells[0]} 和 {cells[1]} 都是“{columns[first].name}”的表头；"
        "请把右边的表移到左边的表下方，或放到另一张工作表"
    )
    return Problem(
        row, columns[first].name, None, "tables_side_by_side", message, sheet=match.table.sheet
    )


def recognise(tables: Sequence[Table]) -> list[Match]:
    """One match for each table in the file, in the order of the file.

    A hidden sheet counts only where no other fits: it is often an old copy.
    Raises Refused naming the closest contract and what it misses when there is none.
    """
    sheets = _one_reading([found for table in tables if (found := _in_first_rows(table))])
    seen = [sheet for sheet in sheets if not sheet[0].table.is_hidden]
    by_sheet = [_tables_of(sheet) for sheet in seen]
    if not any(by_sheet):
        seen = sheets
        by_sheet = [_tables_of(sheet) for sheet in seen]
    found = [match for matches in _without_void(by_sheet) for match in matches]
    if not found:
        refused = unknown_layout([match for sheet in sheets for match in sheet])
        raise Refused([*refused.problems, *_low_headers(tables)])
    side_by_side = [problem for match in found if (problem := _beside(match))]
    if side_by_side:
        raise Refused(side_by_side)
    for match in found:
        notes = match.table.notes(match.first_row, match.last_row, header_row=match.header.row)
        match.notes.extend(notes)
    loaded = {match.table.sheet for match in found}
    found[0].notes.extend(_left_out(s) for s in sheets if s[0].table.sheet not in loaded)
    found[0].notes.extend(_void_but_loaded(sheet) for sheet in loaded if is_void(sheet))
    return found


def _without_void(by_sheet: list[list[Match]]) -> list[list[Match]]:
    """The sheets without the samples, templates and voided rows of another one.

    A template that was filled in is the data where no other sheet of its contract is.
    """
    found = [matches for matches in by_sheet if matches]
    real = {m[0].contract.id for m in found if not is_void(m[0].table.sheet)}
    return [m for m in found if not is_void(m[0].table.sheet) or m[0].contract.id not in real]
