"""Drift: columns that an extract has for the first time, no longer has, or calls otherwise."""

import difflib
import json
from collections.abc import Sequence

import duckdb

from ingest.errors import Problem
from ingest.header import header_key, read_header
from ingest.match import Match
from ingest.series import series_of

# How alike two names must be to be taken for one column, and for a hint.
_RENAMED, _HINTED = 0.6, 0.5


def column_names(match: Match) -> list[str]:
    """The names of the columns of a table as its header shows them, in order."""
    return [column.name for column in match.header.columns if column.name]


def previous_columns(con: duckdb.DuckDBPyConnection, match: Match, file: str) -> list[str]:
    """The columns of the last delivery of the same series; none where there was none."""
    rows = con.execute(
        """
        select file_name, sheet, column_names
        from lake.meta.batch
        where contract_id = $contract_id and column_names is not null
        order by loaded_at desc
        """,
        {"contract_id": match.contract.id},
    ).fetchall()
    own = (series_of(file), series_of(match.table.sheet))
    for name, sheet, names in rows:
        if (series_of(name), series_of(sheet)) == own:
            return list(json.loads(names))
    return []


def _closest(name: str, others: Sequence[str], *, cutoff: float) -> str | None:
    by_key = {header_key(other): other for other in others}
    close = difflib.get_close_matches(header_key(name), by_key, n=1, cutoff=cutoff)
    return by_key[close[0]] if close else None


def _is_gone(match: Match, name: str, now: set[str]) -> bool:
    """Whether the contract reads a column of this name, and the table has none in its place."""
    if header_key(name) in now:
        return False
    # With and without the unit in brackets, as a header is recognised.
    keys = set(read_header([[name]], row=1, width=1).columns[0].keys)
    columns = match.contract.all_columns().items()
    read = {target for target, c in columns if keys.intersection(map(header_key, c.aliases))}
    settled = any(
        keys.intersection(map(header_key, choice.aliases)) for choice in match.contract.ambiguous
    )
    if settled and not match.ambiguous:
        return True
    return bool(read) and not read & set(match.targets)


def _known_names(match: Match) -> list[str]:
    contract = match.contract
    known = [alias for column in contract.all_columns().values() for alias in column.aliases]
    return [*known, *contract.personal, *contract.known]


def _renamed(match: Match, gone: Sequence[str]) -> dict[str, str]:
    """Which unknown column is the new name of which column that is gone."""
    found: dict[str, str] = {}
    for position in match.unknown:
        name = match.header.columns[position].name
        old = _closest(name, [g for g in gone if g not in found.values()], cutoff=_RENAMED)
        if old is not None:
            found[name] = old
    return found


def drift(match: Match, previous_columns: Sequence[str]) -> list[Problem]:
    """What differs from the columns of the last batch of the same contract, with closest names.

    A column that now goes by another name which the contract knows is no drift.
    """
    now = {header_key(name) for name in column_names(match)}
    gone = [name for name in previous_columns if _is_gone(match, name, now)]
    renamed = _renamed(match, gone)
    problems = []
    for position in match.unknown:
        name = match.header.columns[position].name
        if name in renamed:
            message = (
                f"列“{renamed[name]}”这次没有；新列“{name}”看来是它的新名字，没有装载，"
                "请改回原名或把新名字加入合约"
            )
            problems.append(Problem(None, name, None, "column_renamed", message))
            continue
        close = _closest(name, _known_names(match), cutoff=_HINTED)
        hint = f"；最接近的已知列名是“{close}”" if close else ""
        message = f"新列“{name}”不在合约中，没有装载{hint}"
        problems.append(Problem(None, name, None, "unknown_column", message))
    for name in gone:
        if name not in renamed.values():
            message = f"列“{name}”上次有，这次没有；如不是有意删除，请补上后重新导出"
            problems.append(Problem(None, name, None, "column_gone", message))
    return problems
