"""Cells that say "as above": what they stand for is lost as soon as rows are sorted or deleted."""

from collections.abc import Iterable

import duckdb

from ingest.check import Check
from ingest.match import Match
from ingest.sql import fill, identifier, literals

_WORDS = ("同上", "同前", "同上行", "〃", "″", "〞", "“", "”", '"', "''", "’’", "ditto", "Ditto")
# Cells of other types do not parse then; a free text may say so of another text.
_TYPES = ("text", "code", "identifier")


def ditto_columns(con: duckdb.DuckDBPyConnection, match: Match) -> list[str]:
    """The columns of which any cell says "as above"."""
    columns = match.contract.all_columns()
    names = [name for name in match.targets if columns[name].type in _TYPES]
    looks = [
        f"count_if({' or '.join(_is_ditto(f'c{place}') for place in match.places(name))})"
        for name in names
    ]
    if not looks:
        return []
    found = con.execute(fill("select <<looks>> from cells", looks=", ".join(looks))).fetchone()
    return [name for name, count in zip(names, found or (), strict=False) if count]


def _is_ditto(cell: str) -> str:
    # Only short cells need the look.
    longest = max(len(word.encode()) for word in _WORDS)
    return f"strlen({cell}) <= {longest} and list_contains([{literals(_WORDS)}], {cell})"


def ditto_checks(shown: Iterable[tuple[str, str]]) -> list[Check]:
    """Rows that say so go back; columns come with the names that the file gives them."""
    return [
        Check(
            "ditto",
            "error",
            "rows",
            name,
            f"coalesce({_is_ditto(identifier(name))}, false)",
            f"“{column}”写的是“{{value}}”，排序或删行后就不知道指哪一行；请写出具体的内容",
        )
        for name, column in shown
    ]
