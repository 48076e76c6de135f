"""A 退回单 that came back: its sheets as tables of the original layout, without our columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import duckdb

from ingest.contract import contracts
from ingest.errors import Problem, refuse
from ingest.header import header_key, read_header
from ingest.match import Match, match_header
from ingest.read.table import Row, Table
from ingest.returning.mark import (
    ORIGINAL_ROW,
    REASON,
    SEAL,
    SIGN,
    SUMMARY,
    SURPLUS,
    Mark,
    MarkedTable,
    read_mark,
)
from ingest.returning.sheet import seal_of
from ingest.sql import fill
from ingest.stacked import rank

# Reasons to refuse a 退回单 that is no longer as it was written.
SPOILT_SLIP = ("slip_mark", "slip_sheet", "slip_empty", "slip_header", "slip_column")
_MOST_LEVELS = 3
_UNCONFIRMED = (
    "这一行的列数或引号不对，改后仍无法确认：请把内容逐格对齐表头；"
    "核对无误的，清空“退回原因”后再放回"
)


@dataclass(frozen=True)
class SlipTable:
    """One sheet of a corrected 退回单 with the columns that the original file had."""

    inner: Table
    mark: Mark
    original: MarkedTable

    @property
    def sheet(self) -> str | None:
        """Name of the sheet in the 退回单."""
        return self.inner.sheet

    @property
    def encoding(self) -> str | None:
        """None: it is a workbook."""
        return None

    @property
    def is_1904(self) -> bool:
        """Whether the original file counted its days from 1904: its cells came as they were."""
        return self.original.counts_from_1904

    @property
    def is_hidden(self) -> bool:
        """Whether nobody sees the sheet."""
        return False

    @cached_property
    def _own(self) -> dict[str, list[int]]:
        """Where our own columns stand, by name."""
        found: dict[str, list[int]] = {}
        for row in self.inner.head:
            named = {i: cell for i, cell in enumerate(row) if cell and cell.startswith(SIGN)}
            if SEAL in named.values():
                for i, cell in named.items():
                    found.setdefault(cell, []).append(i)
                return found
        return found

    @cached_property
    def kept(self) -> list[int]:
        """The columns that the original file has."""
        own = {i for places in self._own.values() for i in places}
        # What somebody noted to the right of our columns is no part of the file.
        width = min(own, default=self.inner.width or 0)
        return [i for i in range(width) if i not in own]

    @property
    def width(self) -> int | None:
        """Number of columns that the original file has."""
        return len(self.kept)

    @property
    def head(self) -> list[Row]:
        """The first rows without our columns."""
        return [self._cut(row) for row in self.inner.head]

    def _cut(self, row: Row) -> Row:
        return [row[i] if i < len(row) else None for i in self.kept]

    def rows(self, first: int, last: int) -> list[Row]:
        """The rows with these numbers, without our columns."""
        return [self._cut(row) for row in self.inner.rows(first, last)]

    def heading_rows(self, names: frozenset[str], *, below: int) -> list[int]:
        """None: a sheet of a 退回单 holds one table."""
        del names, below
        return []

    def notes(self, first: int, last: int | None, /, *, header_row: int = 0) -> list[Problem]:
        """What must be said about hidden rows, formulas and merged cells in the sheet."""
        return self.inner.notes(first, last, header_row=header_row)

    def stage(
        self,
        con: duckdb.DuckDBPyConnection,
        *,
        header_row: int,
        width: int,
        last_row: int | None = None,
    ) -> None:
        """Create `cells` without our columns, and `stage_slip` from what those say of each row."""
        whole = self.inner.width or width
        self.inner.stage(con, header_row=header_row, width=whole, last_row=last_row)
        kept = [*self.kept, *([None] * width)][:width]
        con.execute(
            fill(
                """
                create or replace table stage_returned as
                select
                    _row, <<cells>>,
                    <<reason>> as reason,
                    try_cast(<<original>> as bigint) as original_row,
                    <<seal>> as seal,
                    <<surplus>> as surplus,
                from cells
                """,
                cells=", ".join(
                    f"c{place} as c{i}" if place is not None else f"null::varchar as c{i}"
                    for i, place in enumerate(kept)
                ),
                reason=self._cell(REASON),
                original=self._cell(ORIGINAL_ROW),
                seal=self._cell(SEAL),
                surplus=self._cell(SURPLUS),
            )
        )
        con.execute("drop table cells")
        self._stage_parts(con, width)

    def _cell(self, name: str) -> str:
        places = [f"c{i}" for own, found in self._own.items() if own == name for i in found]
        return f"coalesce({', '.join(places)}, null)" if places else "null::varchar"

    def _stage_parts(self, con: duckdb.DuckDBPyConnection, width: int) -> None:
        cells = ", ".join(f"c{i}" for i in range(width))
        con.execute(
            fill(
                """
                create or replace table stage_slip as
                select
                    _row,
                    original_row,
                    reason is null as is_confirmed,
                    surplus is not null as has_surplus,
                    ends_with(coalesce(seal, ''), '!') as was_shapeless,
                    coalesce(rtrim(seal, '!') = <<seal>>, false) as is_unchanged,
                from stage_returned
                where coalesce(<<cells>>, null) is not null
                """,
                seal=seal_of(width),
                cells=cells,
            )
        )
        con.execute(
            fill(
                """
                create or replace table cells as
                select
                    _row,
                    case when _row in (
                        select _row from stage_slip
                        where has_surplus or (was_shapeless and is_unchanged and not is_confirmed)
                    ) then $fault end as _fault,
                    <<cells>>
                from stage_returned
                """,
                cells=cells,
            ),
            {"fault": _UNCONFIRMED},
        )


def recognise_slip(tables: Sequence[Table]) -> list[Match]:
    """The tables of a corrected 退回单, read by the contract that sent them back.

    Raises Refused when its mark or its header is no longer as it was.
    """
    mark = read_mark(tables)
    by_name = {table.sheet: table for table in tables if table.sheet != SUMMARY}
    _refuse_renamed(mark, by_name)
    found = [
        _match(SlipTable(by_name[marked.sheet], mark, marked))
        for marked in mark.tables
        if marked.sheet in by_name
    ]
    if not found:
        message = (
            f"这份退回单（“{mark.file}”）中没有可以补正的行；请按“{SUMMARY}”改好原文件后放回收件箱"
        )
        raise refuse("slip_empty", message)
    return found


def _refuse_renamed(mark: Mark, by_name: Mapping[str | None, Table]) -> None:
    """Refuse a 退回单 with a sheet of ours under another name, or without any of its sheets."""
    written = [marked.sheet for marked in mark.tables]
    gone = [name for name in written if name not in by_name]
    renamed = [
        name or ""
        for name, table in by_name.items()
        if name not in written and any(SEAL in row for row in table.head)
    ]
    if not gone or (len(gone) < len(written) and not renamed):
        return
    listed = "、".join(f"“{name}”" for name in gone)
    message = f"退回单中找不到工作表{listed}，没有装载；"
    if renamed:
        others = "、".join(f"“{name}”" for name in renamed)
        message += f"看来已改名为{others}，请把工作表的名称改回{listed}，再放回收件箱"
    else:
        message += "工作表已被删除或改名，请从 ingest/returned 重新取一份，改好后再放回收件箱"
    raise refuse("slip_sheet", message)


def _refuse_without(match: Match, original: MarkedTable) -> None:
    """Refuse a sheet from which a column that was read has been deleted."""
    now = {header_key(column.name) for column in match.header.columns}
    gone = [name for name in original.columns if header_key(name) not in now]
    if gone:
        listed = "、".join(f"“{name}”" for name in gone)
        message = (
            f"退回单“{original.sheet}”中少了列{listed}，没有装载；"
            "请把该列连同表头放回原处（或从 ingest/returned 重新取一份），再放回收件箱"
        )
        raise refuse("slip_column", message, row=match.header.row)


def _match(table: SlipTable) -> Match:
    contract = contracts().get(table.original.contract)
    if contract is None:
        message = f"退回单所用的合约“{table.original.contract}”已不存在；请重新导出原文件"
        raise refuse("slip_contract", message)
    tried = [
        match_header(contract, table, read_header(window[-levels:], row=row, width=len(table.kept)))
        for row in range(1, min(len(table.head), contract.header.max_scan_rows + 20) + 1)
        for window in [table.rows(max(1, row - _MOST_LEVELS + 1), row)]
        for levels in range(1, min(len(window), contract.header.max_levels) + 1)
        if any(window[-1])
    ]
    best = max((match for match in tried if match.is_complete), key=rank, default=None)
    if best is None:
        message = (
            f"退回单“{table.sheet}”的表头被改动，找不到“{contract.title_zh}”必需的列；"
            "请保持标题和表头不变，只改标红的单元格"
        )
        raise refuse("slip_header", message)
    _refuse_without(best, table.original)
    return _with_resolved(best, table.original)


def _with_resolved(match: Match, original: MarkedTable) -> Match:
    """The match in which ambiguous headers mean what they meant in the whole file."""
    names = [column.name for column in match.header.columns]
    told = {
        target: position
        for position in match.ambiguous
        if (target := original.resolved.get(names[position])) and target not in match.targets
    }
    settled = {p for p in match.ambiguous if names[p] in original.resolved}
    ambiguous = {p: c for p, c in match.ambiguous.items() if p not in settled}
    return replace(match, targets={**match.targets, **told}, ambiguous=ambiguous)
