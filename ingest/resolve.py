"""Settles what only the values can tell: headers that mean different columns in different files."""

from dataclasses import replace

import duckdb

from ingest import parse
from ingest.code_map import known_codes
from ingest.errors import Problem
from ingest.header import header_key
from ingest.match import Match
from ingest.sql import fill
from warehouse.codes import match_key


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


def is_of_months(con: duckdb.DuckDBPyConnection, match: Match, name: str) -> bool:
    """Whether a column ends periods that it also starts and holds months, told by name or days."""
    columns, position = match.contract.all_columns(), match.targets[name]
    starts = {p for other, p in match.targets.items() if columns[other].type == "period_start"}
    if columns[name].type != "period_end" or position not in starts:
        return False
    if "月" in header_key(match.header.columns[position].name):
        return True
    day = parse.timestamp(f"c{position}")
    statement = fill("select bool_and(<<day>> = date_trunc('month', <<day>>)) from cells", day=day)
    (are_firsts,) = con.execute(statement).fetchone() or (None,)
    return bool(are_firsts)


def _known(match: Match, target: str, values: list[str]) -> int:
    names = known_codes(match.contract.columns[target])
    return sum(match_key(value) in names for value in values)
