"""Lays the corrections of ingest/corrections.yml over the cells of one table, and logs them."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from ingest.corrections import DISPOSITION, FILE, Correction
from ingest.errors import Fault, Problem
from ingest.mask import HIDDEN, masked
from ingest.match import Match
from ingest.parse import timestamp
from ingest.sql import fill, literal

_DATES = ("timestamp", "date")


def _cell(match: Match, name: str) -> str:
    """SQL for a cell; of an organisation that is told by levels, for the first that is filled."""
    return f"coalesce({', '.join(f'c{place}' for place in match.places(name))}, null)"


def _is(match: Match, name: str, wanted: str) -> str:
    """SQL that is true where a cell says what the entry says; a date may be written otherwise."""
    cell = _cell(match, name)
    column = match.contract.all_columns()[name]
    same = f"{cell} = {literal(wanted)}"
    if column.type not in _DATES:
        return f"({same})"
    read = timestamp(cell, formats=column.formats, excel_1904=match.contract.excel_1904)
    return f"({same} or {read} = try_cast({literal(wanted)} as timestamp))"


def _rows(con: duckdb.DuckDBPyConnection, match: Match, where: dict[str, str]) -> list[int]:
    statement = fill(
        """
        select _row from cells
        where <<condition>> and _row not in (select _row from ignored)
        order by _row
        """,
        condition=" and ".join(_is(match, name, value) for name, value in where.items()),
    )
    return [row for (row,) in con.execute(statement).fetchall()]


def _was_used(con: duckdb.DuckDBPyConnection, entry: Correction) -> bool:
    row = con.execute(
        "select 1 from lake.meta.row_issue where rule_id = $rule limit 1", {"rule": entry.rule_id}
    ).fetchone()
    return row is not None


def _stale(entry: Correction) -> Fault:
    message = (
        f"更正表 ingest/{FILE} 中的一条不再相符：{entry.title}；以前的装载用过它，"
        "这次同一编号的行已不是原来的内容（来源可能已经修正）。请核对后删去或改写该条（"
        f"{entry.by}，{entry.on}）"
    )
    return Fault(message)


@dataclass(frozen=True)
class Applied:
    """What one entry changed: rows, and what is said of each."""

    entry: Correction
    rows: tuple[int, ...]


def correct(
    con: duckdb.DuckDBPyConnection,
    match: Match,
    entries: Sequence[Correction],
    *,
    has_lake: bool,
) -> list[Applied]:
    """Put the cells right that the entries name.

    Raises Fault when an entry that was of use before no longer fits the row it names.
    """
    applied: list[Applied] = []
    for entry in entries:
        names = {*entry.where, *entry.set}
        if not names <= match.targets.keys():
            continue
        rows = _rows(con, match, entry.where)
        if rows:
            applied.append(Applied(entry, tuple(rows)))
        elif has_lake and _rows(con, match, entry.key()) and _was_used(con, entry):
            raise _stale(entry)
    if applied:
        _refuse_contradictions(applied)
        _note_changes(con, match, applied)
        _rewrite(con, match, applied)
    return applied


def _refuse_contradictions(applied: Sequence[Applied]) -> None:
    """Raise Fault where two entries, whose `where` differ, meet in one cell."""
    seen: dict[tuple[int, str], Correction] = {}
    for one in applied:
        for cell in ((row, name) for row in one.rows for name in one.entry.set):
            other = seen.setdefault(cell, one.entry)
            if other is not one.entry:
                message = (
                    f"更正表 ingest/{FILE} 中有两条改同一个单元格（第 {cell[0]} 行的 {cell[1]}）："
                    f"{other.title} 与 {one.entry.title}；请核对后只留下一条"
                )
                raise Fault(message)


def _note_changes(con: duckdb.DuckDBPyConnection, match: Match, applied: Sequence[Applied]) -> None:
    """Create `stage_corrected`: for each changed cell the masked words that are logged."""
    con.execute(
        """
        create or replace table stage_corrected (
            _row bigint, rule_id varchar, column_name varchar, value_masked varchar,
            message varchar
        )
        """
    )
    for one in applied:
        for name, new in one.entry.set.items():
            cell = _cell(match, name)
            is_kept_back = match.contract.all_columns()[name].type in ("person_key", "free_text")
            old = literal(HIDDEN) if is_kept_back else f"left({masked(cell)}, 200)"
            con.execute(
                fill(
                    """
                    insert into stage_corrected
                    select
                        _row, $rule, $column, <<old>>,
                        '“' || $column || '”按更正表由“' || coalesce(<<old>>, '') || '”改为“'
                        || coalesce(<<new>>, '') || '”：' || $reason,
                    from cells
                    where _row in (select unnest($rows::bigint[]))
                    """,
                    old=old,
                    new=literal(HIDDEN) if is_kept_back else masked("$new::varchar"),
                ),
                {
                    "rule": one.entry.rule_id,
                    "column": match.column_name(name),
                    "reason": f"{one.entry.reason}（{one.entry.by}，{one.entry.on}）",
                    "rows": list(one.rows),
                    **({} if is_kept_back else {"new": new}),
                },
            )


def _rewrite(con: duckdb.DuckDBPyConnection, match: Match, applied: Sequence[Applied]) -> None:
    """Lay the new values over `cells`; what was delivered stays beneath."""
    replaced: dict[int, list[str]] = {}
    for one in applied:
        rows = ", ".join(str(row) for row in one.rows)
        for name, new in one.entry.set.items():
            value = "null" if new is None or not new.strip() else literal(new)
            first, *others = match.places(name)
            replaced.setdefault(first, []).append(f"when _row in ({rows}) then {value}")
            for place in others:
                replaced.setdefault(place, []).append(f"when _row in ({rows}) then null")
    (kind,) = con.execute(
        """
        select coalesce(max(table_type), 'VIEW') from information_schema.tables
        where table_name = 'cells' and table_catalog = current_database()
        """
    ).fetchone() or ("VIEW",)
    what = "view" if kind == "VIEW" else "table"
    con.execute(fill("alter <<what>> cells rename to stage_delivered", what=what))
    columns = ", ".join(
        f"case {' '.join(whens)} else c{i} end as c{i}" for i, whens in replaced.items()
    )
    con.execute(
        fill("create view cells as select * replace (<<c>>) from stage_delivered", c=columns)
    )


def log_corrected(con: duckdb.DuckDBPyConnection, applied: Sequence[Applied]) -> list[Problem]:
    """Add every changed cell to `issues`; gives one line for each entry that was of use."""
    if not applied:
        return []
    con.execute(
        f"insert into issues select _row, '{DISPOSITION}', rule_id, column_name, "  # noqa: S608
        "value_masked, message from stage_corrected"
    )
    return [
        Problem(
            one.rows[0] if len(one.rows) == 1 else None,
            None,
            None,
            DISPOSITION,
            f"按更正表改正了 {len(one.rows)} 行：{one.entry.contract}，{one.entry.reason}"
            f"（{one.entry.by}，{one.entry.on}）",
        )
        for one in applied
    ]
