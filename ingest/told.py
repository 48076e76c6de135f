"""Notes on what the loader did of itself: rows left out, cells filled, no organisation told."""

from collections.abc import Sequence

import duckdb

from ingest.conform import Staging
from ingest.errors import Problem
from ingest.ignore import OTHER_KIND, kind_column, kinds
from ingest.match import Match
from ingest.sql import fill, identifier
from ingest.staging import count_rows
from ingest.submitter import known_organisations
from warehouse.entities import entities

_SHOWN = 5


def _listed(parts: Sequence[object], count: int) -> str:
    return "、".join(map(str, parts[:_SHOWN])) + ("等" if count > _SHOWN else "")


def filled_down(con: duckdb.DuckDBPyConnection, staging: Staging) -> list[Problem]:
    """For each column, which rows have taken its value from a row above."""
    match, columns = staging.match, staging.contract.all_columns()
    notes = []
    for name, position in match.targets.items():
        if not columns[name].fill_down:
            continue
        # Most files fill every cell, which the first look finds out.
        rows, count = con.execute(
            fill(
                """
                with blank as (select _row from cells where <<cell>> is null)
                select min(_row, <<shown>>), count(*)
                from conformed
                where
                    <<value>> is not null
                    and (select count(*) from blank) > 0
                    and _row in (select _row from blank)
                """,
                cell=f"c{position}",
                value=identifier(name),
                shown=str(_SHOWN),
            )
        ).fetchone() or ([], 0)
        if count:
            column = match.column_name(name)
            hint = (
                "；如果这些行不属于上面的机构，请填上机构后重新提交" if name == "org_name" else ""
            )
            message = (
                f"“{column}”有 {count} 行为空，按上面一行的值装载："
                f"第 {_listed(rows, count)} 行{hint}"
            )
            notes.append(Problem(None, column, None, "filled_down", message))
    return notes


def without_organisation(
    con: duckdb.DuckDBPyConnection, match: Match, *, has_lake: bool
) -> list[Problem]:
    """What follows for the counts where the table has no column of organisations."""
    column = match.contract.columns.get("org_name")
    if column is None or not column.aliases or "org_name" in match.targets:
        return []
    if column.constant or column.default or column.if_absent or column.fallback:
        return []
    named = f"“{column.aliases[0]}”"
    message = f"没有机构列（如{named}），这些行没有机构，只计入全行，不计入任何支行"
    sheet = match.table.sheet
    if sheet in known_organisations(con, has_lake=has_lake):
        message += f"；工作表名“{sheet}”是已知的机构，如各行都属于它，请在表中加上{named}一列"
    else:
        message += f"；如需按机构统计，请加上{named}一列"
    return [Problem(None, None, None, "no_organisation", message)]


def of_other_kinds(
    con: duckdb.DuckDBPyConnection, match: Match, *, has_lake: bool
) -> list[Problem]:
    """How many rows are of which kind that the contract does not take."""
    name = kind_column(match)
    if name is None:
        return []
    kind, _ = kinds(match)
    rows = con.execute(fill(_OTHER_KINDS, kind=kind)).fetchall()
    if not rows:
        return []
    column, title = match.column_name(name), match.contract.title_zh
    count = sum(number for _, number in rows)
    listed = _listed([f"“{one}”{number} 行" for one, number in rows], len(rows))
    is_all = count_rows(con, "cells") == count_rows(con, "ignored")
    left_out = "没有一行可以装载" if is_all else "没有装载"
    message = (
        f"有 {count} 行按“{column}”不属于{title}，{left_out}：{listed}；"
        f"如果其中有属于的，请改正它们的“{column}”后重新提交"
    )
    if held := _held_of_other_kinds(con, match) if has_lake else 0:
        message += f"；其中 {held} 行以前装载过，仍在计数，请核对"
    return [Problem(None, column, None, OTHER_KIND, message)]


_OTHER_KINDS = """
    select <<kind>>, count(*)
    from cells
    where _row in (select _row from ignored where rule_id = 'other_kind')
    group by all order by 2 desc, 1
"""


def _held_of_other_kinds(con: duckdb.DuckDBPyConnection, match: Match) -> int:
    """How many of these rows the lake holds from an earlier file, where one column is the key."""
    entity = entities()[match.contract.entity]
    keys = [name for name in entity.key if name != "source"]
    if len(keys) != 1 or keys[0] not in match.targets:
        return 0
    (held,) = con.execute(
        fill(
            """
            select count(*) from lake.core.<<entity>>
            where
                source = $source
                and <<key>> in (
                    select <<cell>> from cells
                    where _row in (select _row from ignored where rule_id = 'other_kind')
                )
            """,
            entity=identifier(entity.id),
            key=identifier(keys[0]),
            cell=f"c{match.targets[keys[0]]}",
        ),
        {"source": match.contract.source},
    ).fetchone() or (0,)
    return int(held)


# What rows that are left out are, and what else to say of them.
_LEFT_OUT = {
    "subtotal_row": (" Excel 分类汇总的行", ""),
    "sample_row": ("示例", "；如果是真实的数据，请删去“示例”字样后重新提交"),
    "instruction_row": ("填写要求", ""),
    "zero_row": ("写明没有数据的行", ""),
    "heading_row": ("分组标题", "；标题中的内容没有用于它下面的行，如需要请写进各行的列中"),
}


def left_out(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Which rows were ignored because they equal another, and which are no records."""
    notes = []
    if repeated := count_rows(con, "repeated"):
        first = con.execute(
            "select _row, first_row from repeated order by _row limit $shown", {"shown": _SHOWN}
        ).fetchall()
        rows = [f"第 {row} 行同第 {first_row} 行" for row, first_row in first]
        message = (
            f"有 {repeated} 行与前面的行在装载的各列完全相同，没有再装载："
            f"{_listed(rows, repeated)}；如果是不同的记录，请补上能区分它们的列"
            "（编号、时间或地点）后重新提交"
        )
        notes.append(Problem(None, None, None, "duplicate_row", message))
    return [*notes, *no_records(con)]


def no_records(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Which rows were ignored because they are no records: samples, headings, subtotals."""
    notes = []
    others = con.execute(
        "select rule_id, list(_row order by _row) from ignored group by rule_id order by rule_id"
    ).fetchall()
    for rule, numbers in others:
        if said := _LEFT_OUT.get(rule):
            message = (
                f"有 {len(numbers)} 行是{said[0]}，没有装载：第 "
                f"{_listed(numbers, len(numbers))} 行{said[1]}"
            )
            notes.append(Problem(None, None, None, rule, message))
    return notes
