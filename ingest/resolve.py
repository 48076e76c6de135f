"""Settles what only the values can tell: ambiguous headers, and columns that no contract knows."""

import difflib
from dataclasses import replace

import duckdb

from ingest.errors import Problem
from ingest.header import header_key
from ingest.recognise import Match
from ingest.sql import fill
from warehouse.codes import lookup, match_key


def resolve_ambiguous(con: duckdb.DuckDBPyConnection, match: Match) -> Match:
    """The match with each ambiguous column given to the target whose code list knows its values."""
    targets = dict(match.targets)
    notes = list(match.notes)
    for position, candidates in match.ambiguous.items():
        header = match.header.columns[position].name
        free = [name for name in candidates if name not in targets]
        statement = fill(
            "select distinct <<c>> from cells where <<c>> is not null", c=f"c{position}"
        )
        values = [value for (value,) in con.execute(statement).fetchall()]
        best = max(candidates, key=lambda name: _known(match, name, values))
        if best in free and _known(match, best, values):
            targets[best] = position
            continue
        message = (
            f"列“{header}”含义不明确（其值不能确定属于哪个字段，或该字段已有明确的列），没有采用"
        )
        notes.append(Problem(None, header, None, "column_ambiguous", message))
    return replace(match, targets=targets, notes=notes)


def _known(match: Match, target: str, values: list[str]) -> int:
    names = lookup(match.contract.columns[target].code_list or "")
    return sum(match_key(value) in names for value in values)


def unknown_columns(match: Match) -> list[Problem]:
    """A warning for each column that the contract does not know, with the closest known name."""
    contract = match.contract
    known = [alias for column in contract.all_columns().values() for alias in column.aliases]
    known += [*contract.personal, *contract.known]
    by_key = {header_key(name): name for name in known}
    problems = []
    for position in match.unknown:
        name = match.header.columns[position].name
        close = difflib.get_close_matches(header_key(name), by_key, n=1, cutoff=0.5)
        hint = f"；最接近的已知列名是“{by_key[close[0]]}”" if close else ""
        message = f"新列“{name}”不在合约中，没有装载{hint}"
        problems.append(Problem(None, name, None, "unknown_column", message))
    return problems
