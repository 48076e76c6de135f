"""What one contract makes of one header: which column of the file serves which target."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

import duckdb

from ingest.contract import Contract, contracts
from ingest.errors import Problem
from ingest.header import Header, header_key, last_brackets
from ingest.levels import ORG, levels_of, note_on
from ingest.read.table import Row, Table
from ingest.sections import Section, sections_of
from ingest.standing import note_on_standing, standing_in
from ingest.titles import is_titled

_SUBTOTALS = ("小计", "合计", "总计", "共计")
# 10:20, 0.43: what a column holds whose day stands in another one.
_TIME_ONLY = re.compile(r"\d{1,2}[:：]\d{2}([:：]\d{2})?|0?\.\d+")
_LOOKED_AT = 20
# 机构(一级), 机构(二级): which of them a case belongs to, nobody says.
_LEVEL = re.compile("(?:第?[一二三四五1-5][级层]|[省市县])(?:级|层|机构|分行|支行)?")
_LEVELLED = (ORG, "parent_org_name")


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
    # A title may say what columns too general for it do not.
    titled: bool = False
    # Of several levels in brackets none serves: the target, and their positions.
    undecided: dict[str, tuple[int, ...]] = field(default_factory=dict)
    # Where the column of an organisation is blank, the next level says which one it is.
    levels: tuple[int, ...] = ()
    notes: list[Problem] = field(default_factory=list)
    # What is above first_row and below last_row of the sheet belongs to other tables.
    first_row: int = 1
    last_row: int | None = None
    # Rows, first and last, of each title and header that repeat this one further down.
    repeats: tuple[tuple[int, int], ...] = ()

    @property
    def preamble(self) -> list[Row]:
        """The rows above the header that belong to this table: title, unit, period."""
        return self.table.rows(self.first_row, self.header.row - self.header.levels)

    def stage(self, con: duckdb.DuckDBPyConnection) -> None:
        """Create `cells` from the rows of this table alone."""
        width = len(self.header.columns)
        self.table.stage(con, header_row=self.header.row, width=width, last_row=self.last_row)

    @property
    def is_complete(self) -> bool:
        """Whether nothing that the contract requires is missing."""
        return not self.missing and (self.specific or self.titled)

    @property
    def recognised(self) -> int:
        """Number of columns that the contract knows."""
        return sum(1 for column in self.header.columns if column.name) - len(self.unknown)

    def places(self, target: str) -> tuple[int, ...]:
        """The columns that a staging column is taken from: the first of them that is filled."""
        return (self.targets[target], *(self.levels if target == ORG else ()))

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
def _needs(contract_id: str) -> tuple[frozenset[str], ...]:
    """For each thing that the contract requires, the keys of the columns that would bring it."""
    contract = contracts()[contract_id]
    columns = contract.all_columns()
    single = [(name,) for name, column in columns.items() if column.required and column.aliases]
    return tuple(
        frozenset(
            header_key(alias)
            for name in names
            for other in (name, *columns[name].stand_in)
            for alias in columns[other].aliases
        )
        for names in (*single, *contract.require_any)
    )


def brings_all(contract: Contract, header: Header) -> bool:
    """Whether the header may have all columns that the contract requires; cheaper than a match.

    Whether a column stands in for another one, the match itself decides.
    """
    keys = {key for column in header.columns for key in column.keys}
    return not any(need.isdisjoint(keys) for need in _needs(contract.id))


@cache
def known_names() -> tuple[frozenset[str], frozenset[str]]:
    """The column names of all contracts, as written and as they are compared."""
    columns = (c for contract in contracts().values() for c in contract.all_columns().values())
    written = frozenset(alias for column in columns for alias in column.aliases)
    return written, frozenset(map(header_key, written))


@cache
def _key_set(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(header_key(name) for name in names)


def _missing(contract: Contract, targets: dict[str, int]) -> tuple[str, ...]:
    required = [
        name
        for name, column in contract.all_columns().items()
        if column.required and column.aliases and name not in targets
    ]
    groups = [group for group in contract.require_any if not any(n in targets for n in group)]
    return (*required, *(group[0] for group in groups))


def _is_time_only(table: Table, header: Header, position: int) -> bool:
    """Whether all that stands first in a column are times without a day."""
    rows = table.rows(header.row + 1, header.row + _LOOKED_AT)
    cells = [row[position] for row in rows if position < len(row)]
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(map(_TIME_ONLY.fullmatch, filled))


def _is_level(header: Header, position: int) -> bool:
    return any(map(_LEVEL.fullmatch, last_brackets(header.columns[position].name)))


def _best_positions(
    contract: Contract, table: Table, header: Header
) -> tuple[dict[str, int], set[int], dict[str, tuple[int, ...]]]:
    """For each target the column of its best name, all columns with such a name, and the undecided.

    A time of day is no date: another column that bears one of the names goes before it.
    """
    index = _alias_index(contract.id)
    columns = contract.all_columns()
    found: dict[str, list[tuple[int, int, int]]] = {}
    hits: set[int] = set()
    for position, column in enumerate(header.columns):
        for form, key in enumerate(column.keys):
            for rank, target in index.get(key, ()):
                hits.add(position)
                found.setdefault(target, []).append((form, rank, position))
    best: dict[str, int] = {}
    undecided: dict[str, tuple[int, ...]] = {}
    for target, candidates in found.items():
        positions = list(dict.fromkeys(position for _, _, position in sorted(candidates)))
        is_levelled = target in _LEVELLED and len(positions) > 1
        if is_levelled and all(_is_level(header, p) for p in positions):
            undecided[target] = tuple(positions)
            continue
        best[target] = positions[0]
        if len(positions) > 1 and columns[target].type in ("timestamp", "date"):
            dated = (p for p in positions if not _is_time_only(table, header, p))
            best[target] = next(dated, positions[0])
    return best, hits, undecided


def _positions_of(header: Header, names: tuple[str, ...]) -> set[int]:
    wanted = _key_set(names)
    return {p for p, column in enumerate(header.columns) if wanted.intersection(column.keys)}


def match_header(contract: Contract, table: Table, header: Header) -> Match:
    """What this contract makes of this header."""
    targets, hits, undecided = _best_positions(contract, table, header)
    levels = () if ORG in undecided else levels_of(contract, table, header, targets.get(ORG))
    if levels:
        targets[ORG] = levels[0]
    standing = standing_in(contract, table, header, targets)
    targets |= standing
    sections = sections_of(contract, header, set(targets.values()) | hits)
    personal = _positions_of(header, contract.personal)
    ambiguous = {
        position: choice.candidates
        for choice in contract.ambiguous
        for position in _positions_of(header, choice.aliases) - hits
    }
    kept_out = _positions_of(header, contract.known)
    known = hits | sections.keys() | personal | ambiguous.keys() | kept_out | set(levels)
    specific = (hits | sections.keys()) - _positions_of(header, contract.generic)
    named = [p for p, column in enumerate(header.columns) if column.name]
    # A subtotal among the columns says nothing that the others do not.
    known |= {p for p in named if header.columns[p].name.endswith(_SUBTOTALS)}
    missing = _missing(contract, targets)
    return Match(
        contract=contract,
        table=table,
        header=header,
        targets=targets,
        sections=sections,
        ambiguous=ambiguous,
        personal=frozenset(personal),
        missing=missing,
        unknown=tuple(position for position in named if position not in known),
        specific=bool(specific),
        titled=not missing and not specific and is_titled(contract, table, header),
        undecided=undecided,
        levels=levels[1:],
        notes=[
            *_unused(header, hits - set(targets.values()) - set(levels) - kept_out, undecided),
            *note_on(header, levels),
            *note_on_standing(contract, header, standing),
        ],
    )


def _unused(
    header: Header, positions: Iterable[int], undecided: dict[str, tuple[int, ...]]
) -> list[Problem]:
    levels = {position for several in undecided.values() for position in several}
    notes = []
    for position in sorted(positions):
        name = header.columns[position].name
        message = f"列“{name}”与另一列含义相同，没有采用"
        if position in levels:
            message = (
                f"列“{name}”只是几级中的一级，不能确定应采用哪一级，没有采用；"
                "请把应采用的一列去掉括号后重新提交"
            )
        notes.append(Problem(None, name, None, "column_unused", message))
    return notes
