"""What the columns of the core tables are called, from the comments beside their definitions."""

import re
from functools import cache

import duckdb

from warehouse.registry import dimensions
from warehouse.schema import SQL

# A comment says the name first and explains it after one of these.
_EXPLANATION = re.compile(r"[；;，,。].*$|[：:].*$")
# A bracket that holds more than a unit explains too.
_LONG_BRACKET = re.compile(r"（[^（）]{4,}）")
_ENDINGS = ("的时间",)


@cache
def column_labels(table: str) -> dict[str, str]:
    """Short Chinese name of every column of a core table."""
    con = duckdb.connect(":memory:")
    try:
        con.execute("create schema core; create schema meta")
        con.execute((SQL / "tables" / f"{table}.sql").read_text(encoding="utf-8"))
        found = con.execute(
            "select column_name, comment from duckdb_columns() where table_name = $table",
            {"table": table},
        ).fetchall()
    finally:
        con.close()
    return {name: shortened(comment) if comment else name for name, comment in found}


def shortened(comment: str) -> str:
    """The name at the beginning of a comment: 收到投诉的时间；处理时限自… becomes 收到投诉时间."""
    name = _EXPLANATION.sub("", _LONG_BRACKET.sub("", comment)).strip()
    for ending in _ENDINGS:
        if name.endswith(ending):
            name = name.removesuffix(ending) + ending.removeprefix("的")
    return name


def label_of(table: str, column: str) -> str:
    """Name of a column that a list of rows has: of the table, else of the dimension."""
    labels = column_labels(table)
    if column in labels:
        return labels[column]
    dimension = dimensions().get(column)
    return dimension.name_zh if dimension else column
