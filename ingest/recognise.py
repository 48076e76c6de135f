"""Recognises an extract: which contract its header fits, in which sheet and row."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from ingest.contract import Contract, contracts
from ingest.errors import Problem, Refused
from ingest.header import Header, header_key, read_header
from ingest.read.table import Row, Table

_FULL_MARK = re.compile(r"\((?:满分)?(\d+(?:\.\d+)?)分?\)$")
_SHOWN_ALIASES = 6


@dataclass(frozen=True)
class Section:
    """A column that becomes a row of its own: its name and full mark."""

    name: str
    full: str | None


@dataclass(frozen=True)
class Match:
    """What a contract finds in one header: which column serves which target."""

    contract: Contract
    table: Table
    header: Header
    targets: dict[str, int]
    sections: dict[int, Section]
    ambiguous: dict[int, tuple[str, ...]]
    personal: frozenset[int]
    missing: tuple[str, ...]
    unknown: tuple[int, ...]
    specific: bool
    notes: list[Problem] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether nothing that the contract requires is missing."""
        return not self.missing and self.specific

    @property
    def recognised(self) -> int:
        """Number of columns that the contract knows."""
        return sum(1 for column in self.header.columns if column.name) - len(self.unknown)

    def column_name(self, target: str) -> str | None:
        """The file's own name of the column behind a staging column."""
        index = self.targets.get(target)
        return None if index is None else self.header.columns[index].name


@cache
def _alias_index(contract_id: str) -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for target, column in contracts()[contract_id].all_columns().items():
        for rank, alias in enumerate(column.aliases):
            found.setdefault(header_key(alias), []).append((rank, target))
    return found


@cache
def _key_set(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(header_key(name) for name in names)


def _sections(contract: Contract, header: Header, taken: set[int]) -> dict[int, Section]:
    if contract.sections is None:
        return {}
    unpivot = contract.sections[1]
    listed = {header_key(name): section for name, section in unpivot.listed.items()}
    found: dict[int, Section] = {}
    for index, column in enumerate(header.columns):
        if index in taken:
            continue
        name = next((listed[key] for key in column.keys if key in listed), None)
        full = _FULL_MARK.search(column.keys[0]) if column.keys else None
        bare = column.keys[-1] if column.keys else ""
        for ending in unpivot.endings:
            key = header_key(ending)
            if name is None and bare.endswith(key) and bare != key:
                name = bare.removesuffix(key)
        # A column that states its own full mark is a part of the exam, whatever it is called.
        if name is None and full and bare:
            name = bare
        if name is not None:
            found[index] = Section(name, full.group(1) if full else None)
    return found


def _missing(contract: Contract, targets: dict[str, int]) -> tuple[str, ...]:
    required = [
        name
        for name, column in contract.all_columns().items()
        if column.required and column.aliases and name not in targets
    ]
    groups = [group for group in contract.require_any if not any(n in targets for n in group)]
    return (*required, *(group[0] for group in groups))


def _best_positions(contract: Contract, header: Header) -> tuple[dict[str, int], set[int]]:
    """For each target the column that bears its best name, and all columns with such a name."""
    index = _alias_index(contract.id)
    best: dict[str, tuple[int, int, int]] = {}
    hits: set[int] = set()
    for position, column in enumerate(header.columns):
        for form, key in enumerate(column.keys):
            for rank, target in index.get(key, ()):
                hits.add(position)
                candidate = (form, rank, position)
                best[target] = min(best.get(target, candidate), candidate)
    return {target: position for target, (_, _, position) in best.items()}, hits


def _positions_of(header: Header, names: tuple[str, ...]) -> set[int]:
    wanted = _key_set(names)
    return {p for p, column in enumerate(header.columns) if wanted.intersection(column.keys)}


def match_header(contract: Contract, table: Table, header: Header) -> Match:
    """What this contract makes of this header."""
    targets, hits = _best_positions(contract, header)
    sections = _sections(contract, header, set(targets.values()) | hits)
    personal = _positions_of(header, contract.personal)
    ambiguous = {
        position: choice.candidates
        for choice in contract.ambiguous
        for position in _positions_of(header, choice.aliases) - hits
    }
    known = hits | sections.keys() | personal | ambiguous.keys()
    known |= _positions_of(header, contract.known)
    specific = (hits | sections.keys()) - _positions_of(header, contract.generic)
    named = [position for position, column in enumerate(header.columns) if column.name]
    return Match(
        contract=contract,
        table=table,
        header=header,
        targets=targets,
        sections=sections,
        ambiguous=ambiguous,
        personal=frozenset(personal),
        missing=_missing(contract, targets),
        unknown=tuple(position for position in named if position not in known),
        specific=bool(specific),
        notes=_unused(header, hits - set(targets.values())),
    )


def _unused(header: Header, positions: Iterable[int]) -> list[Problem]:
    return [
        Problem(
            None,
            header.columns[position].name,
            None,
            "column_unused",
            f"列“{header.columns[position].name}”与另一列含义相同，没有采用",
        )
        for position in sorted(positions)
    ]


def _named_width(row: Row) -> int:
    return max((index for index, cell in enumerate(row, start=1) if cell), default=0)


def _headers(contract: Contract, table: Table) -> Iterator[Header]:
    width = max((len(row) for row in table.head), default=0)
    text = table.encoding is not None
    for last in range(1, min(contract.header.max_scan_rows, len(table.head)) + 1):
        if not any(table.head[last - 1]):
            continue
        for levels in range(1, min(contract.header.max_levels, last) + 1):
            # A text file's width is that of its header; rows beyond it are faulty, not wider.
            rows = table.head[last - levels : last]
            span = max(_named_width(row) for row in rows) if text else width
            yield read_header(table.head, last=last, levels=levels, width=span)


def _matches(tables: Sequence[Table]) -> Iterator[Match]:
    for table in tables:
        for contract in contracts().values():
            if contract.sheet and not re.search(contract.sheet, table.sheet or ""):
                continue
            for header in _headers(contract, table):
                yield match_header(contract, table, header)


def _rank(match: Match) -> tuple[bool, int, int, int]:
    return (match.is_complete, match.recognised, -match.header.levels, -match.header.row)


def _unknown_layout(matches: Sequence[Match]) -> Refused:
    near = max(
        matches, key=lambda m: (m.recognised * m.specific, -len(m.missing), _rank(m)), default=None
    )
    if near is None or not near.recognised:
        titles = "、".join(contract.title_zh for contract in contracts().values())
        message = f"未知的文件格式：前几行中没有找到任何认识的表头；可以装载的有：{titles}"
        return Refused([Problem(None, None, None, "unknown_layout", message)])
    where = f"工作表“{near.table.sheet}”" if near.table.sheet else ""
    problems = []
    for name in near.missing:
        aliases = near.contract.all_columns()[name].aliases
        message = (
            f"未知的文件格式：最接近的是“{near.contract.title_zh}”（{near.contract.id}），"
            f"但{where}第 {near.header.row} 行的表头中缺少必需的列，"
            f"可用的列名：{'、'.join(aliases[:_SHOWN_ALIASES])}"
        )
        problems.append(Problem(near.header.row, aliases[0], None, "missing_column", message))
    if not problems:
        message = (
            f"未知的文件格式：{where}第 {near.header.row} 行的列名太笼统，"
            f"看不出是否为“{near.contract.title_zh}”；请使用更明确的列名"
        )
        problems.append(Problem(near.header.row, None, None, "unknown_layout", message))
    return Refused(problems)


def recognise(tables: Sequence[Table]) -> Match:
    """The best match of any contract with any sheet.

    Raises Refused naming the closest contract and what it misses.
    """
    matches = list(_matches(tables))
    best = max((m for m in matches if m.is_complete), key=_rank, default=None)
    if best is None:
        raise _unknown_layout(matches)
    others = {
        match.table.sheet: match.is_complete and match.contract.id == best.contract.id
        for match in sorted(matches, key=lambda m: m.is_complete)
        if match.table.sheet not in (None, best.table.sheet)
    }
    for sheet in [
        t.sheet for t in tables if t.sheet not in (None, best.table.sheet) and any(map(any, t.head))
    ]:
        same = others.get(sheet, False)
        message = (
            f"工作表“{sheet}”也是“{best.contract.title_zh}”，但一个文件只装载一张表；请拆成单独的文件"
            if same
            else f"工作表“{sheet}”没有装载"
        )
        best.notes.append(
            Problem(None, None, None, "sheet_skipped" if same else "sheet_ignored", message)
        )
    return best
