"""Maps the distinct values of a column to code names or yes and no; SQL joins the result back."""

import duckdb
import pyarrow as pa

from ingest.contract import Column
from ingest.mask import masked_texts
from ingest.sql import fill, identifier
from warehouse.codes import lookup, match_key

_YES = (
    "是",
    "y",
    "yes",
    "true",
    "t",
    "1",
    "√",
    "✓",
    "✔",
    "☑",
    "有",
    "对",
    "已批准",
    "批准",
    "同意",
    "已审批",
)
_NO = (
    "否",
    "n",
    "no",
    "false",
    "f",
    "0",
    "×",
    "x",
    "✗",
    "✘",
    "☐",
    "无",
    "没有",
    "不",
    "不是",
    "非",
    "未",
    "未批准",
)


def _distinct(con: duckdb.DuckDBPyConnection, raw: str) -> list[str]:
    """Every value of a source column."""
    statement = fill(
        "select distinct <<raw>> from source where <<raw>> is not null", raw=identifier(raw)
    )
    return [value for (value,) in con.execute(statement).fetchall()]


def known_codes(column: Column) -> dict[str, str | None]:
    """Match key of every name that a code column knows → canonical name."""
    own = {match_key(value): name for value, name in column.values.items()}
    return {**(lookup(column.code_list) if column.code_list else {}), **own}


def code_names(column: Column, values: list[str]) -> dict[str, str | None]:
    """The canonical name of each value; of an unknown one the value itself as masked text."""
    known = known_codes(column)
    unknown = tuple(value for value in values if match_key(value) not in known)
    shown = dict(zip(unknown, masked_texts(unknown), strict=True))
    return {value: shown[value] if value in shown else known[match_key(value)] for value in values}


def flag_names(column: Column, values: list[str]) -> dict[str, str | None]:
    """'true' or 'false' for each yes/no value, None for anything else."""
    custom = bool(column.true_values or column.false_values)
    yes = {match_key(value) for value in (column.true_values if custom else _YES)}
    no = {match_key(value) for value in (column.false_values if custom else _NO)}
    own = {match_key(value): match_key(word) for value, word in column.values.items() if word}

    def flag_of(value: str) -> str | None:
        key = match_key(value)
        key = own.get(key, key)
        return "true" if key in yes else "false" if key in no else None

    return {value: flag_of(value) for value in values}


def create_map(con: duckdb.DuckDBPyConnection, name: str, column: Column) -> bool:
    """Create table `map_<name>` (value, mapped); False when every value maps to itself."""
    name_all = flag_names if column.type == "boolean" else code_names
    pairs = list(name_all(column, _distinct(con, f"r_{name}")).items())
    if all(value == result for value, result in pairs):
        return False
    table = pa.table(
        {
            "value": pa.array([value for value, _ in pairs], pa.string()),
            "mapped": pa.array([result for _, result in pairs], pa.string()),
        }
    )
    con.register("pairs", table)
    con.execute(
        fill(
            "create or replace table <<name>> as select * from pairs",
            name=identifier(f"map_{name}"),
        )
    )
    con.unregister("pairs")
    return True


def canonical_names(column: Column) -> list[str]:
    """The values that a code column is expected to have."""
    names = set(lookup(column.code_list or "").values()) if column.code_list else set()
    return sorted(names | {value for value in column.values.values() if value is not None})
