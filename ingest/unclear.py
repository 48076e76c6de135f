"""Cells that do not say by themselves what they stand for: "as above", or partly struck out."""

from collections.abc import Iterable

import duckdb

from ingest.check import Check, noted_rows
from ingest.contract import Contract
from ingest.match import Match
from ingest.read.struck import STRUCK_PART
from ingest.sql import fill, identifier, literal, literals

_WORDS = ("同上", "同前", "同上行", "〃", "″", "〞", "“", "”", '"', "''", "’’", "ditto", "Ditto")
# Cells of other types do not parse then; a free text may say so of another text.
_TYPES = ("text", "code", "identifier", "person_key")


def unclear_columns(con: duckdb.DuckDBPyConnection, match: Match) -> list[str]:
    """The columns of which any cell is unclear in one of these ways."""
    columns, others = match.contract.all_columns(), _only_looked_at(match.contract)
    names = [n for n in match.targets if columns[n].type in _TYPES and n not in others]
    looks = [
        f"count_if({' or '.join(_is_unclear(f'c{place}') for place in match.places(name))})"
        for name in names
    ]
    if not looks:
        return []
    found = con.execute(fill("select <<looks>> from cells", looks=", ".join(looks))).fetchone()
    return [name for name, count in zip(names, found or (), strict=False) if count]


def _only_looked_at(contract: Contract) -> set[str]:
    """Helpers, such as remarks, of which neither a key nor the kind of a row is made."""
    made_of = {part for column in contract.all_columns().values() for part in column.of}
    if contract.other_kinds:
        made_of.add(contract.other_kinds.column)
    return {contract.staged_name(name) for name in contract.helpers if name not in made_of}


def _is_ditto(cell: str) -> str:
    # Only short cells need the look.
    longest = max(len(word.encode()) for word in _WORDS)
    return f"(strlen({cell}) <= {longest} and list_contains([{literals(_WORDS)}], {cell}))"


def _is_struck(cell: str) -> str:
    return f"contains({cell}, {literal(STRUCK_PART)})"


def _is_unclear(cell: str) -> str:
    return f"{_is_ditto(cell)} or {_is_struck(cell)}"


def unclear_checks(shown: Iterable[tuple[str, str]]) -> list[Check]:
    """Rows that have such cells go back; columns come with the names that the file gives them."""
    return [
        check
        for name, column in shown
        for check in (
            _check(
                "ditto",
                name,
                _is_ditto(identifier(f"r_{name}")),
                f"“{column}”写的是“{{value}}”，排序或删行后就不知道指哪一行；请写出具体的内容",
            ),
            _check(
                "struck_part",
                name,
                _is_struck(identifier(f"r_{name}")),
                f"“{column}”的值“{{value}}”有一部分划了删除线，不知道以哪个为准；请只留下正确的内容",
            ),
        )
    ]


def _check(rule: str, name: str, is_so: str, message: str) -> Check:
    # Of people only a digest is staged, so the cells themselves are looked at.
    first, failing = noted_rows(f"{rule}_{name}", "source", is_so)
    return Check(rule, "error", "rows", name, failing, message, first=first)
