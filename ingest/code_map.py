"""Maps the distinct values of a column to code names or yes and no; SQL joins the result back."""

from collections.abc import Callable

import duckdb
import pyarrow as pa

from ingest.contract import Column
from ingest.mask import masked
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


def _distinct(con: duckdb.DuckDBPyConnection, raw: str) -> list[tuple[str, str]]:
    """Every value of a source column with its masked form."""
    statement = fill(
        """
        with found as (select distinct <<raw>> as value from source where <<raw>> is not null)
        select value, <<masked>> from found
        """,
        raw=identifier(raw),
        masked=masked("value"),
    )
    return con.execute(statement).fetchall()


def code_mapper(column: Column) -> Callable[[str, str], str | None]:
    """Gives the canonical name of a value, or the value itself as masked text."""
    own = {match_key(value): name for value, name in column.values.items()}
    known = lookup(column.code_list) if column.code_list else {}

    def name_of(value: str, shown: str) -> str | None:
        key = match_key(value)
        return own[key] if key in own else known.get(key, shown)

    return name_of


def flag_mapper(column: Column) -> Callable[[str, str], str | None]:
    """Gives 'true' or 'false' for a yes/no value, None for anything else."""
    custom = bool(column.true_values or column.false_values)
    yes = {match_key(value) for value in (column.true_values if custom else _YES)}
    no = {match_key(value) for value in (column.false_values if custom else _NO)}

    def flag_of(value: str, _shown: str) -> str | None:
        key = match_key(value)
        return "true" if key in yes else "false" if key in no else None

    return flag_of


def create_map(con: duckdb.DuckDBPyConnection, name: str, column: Column) -> bool:
    """Create table `map_<name>` (value, mapped); False when every value maps to itself."""
    mapper = flag_mapper(column) if column.type == "boolean" else code_mapper(column)
    pairs = [(value, mapper(value, shown)) for value, shown in _distinct(con, f"r_{name}")]
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
