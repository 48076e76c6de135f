"""Compares accepted rows with the lake and merges what is new or different."""

from dataclasses import dataclass

import duckdb

from ingest.children import number_children, row_children, unpivoted
from ingest.conform import Staging
from ingest.sql import fill, identifier, names
from ingest.targets import LINEAGE, table_columns
from warehouse.entities import entities


@dataclass(frozen=True)
class Counts:
    """How many file rows bring something new, something different or nothing."""

    inserted: int
    updated: int
    unchanged: int


def table_keys(staging: Staging) -> dict[str, tuple[str, ...]]:
    """The tables that the file goes into, main table first, with their keys."""
    entity = entities()[staging.contract.entity]
    children = {name: entity.children[name] for name in staging.contract.children}
    return {entity.id: entity.key, **children}


def stage_tables(con: duckdb.DuckDBPyConnection, staging: Staging) -> None:
    """Create view `stage_<table>` (business columns, source_row) for each table."""
    number_children(con, staging, has_lake=False)
    for table, key in table_keys(staging).items():
        child = staging.contract.children.get(table)
        if child is None:
            body = _main(staging, table, key)
        elif child.unpivot is not None:
            body = unpivoted(staging, table, child)
        else:
            body = row_children(staging, table, child)
        con.execute(
            fill(
                "create or replace view <<view>> as <<body>>",
                view=identifier(f"stage_{table}"),
                body=body,
            )
        )


def _main(staging: Staging, table: str, key: tuple[str, ...]) -> str:
    # The first row of a case stands for it; where every row is a case, all are first.
    first = "qualify row_number() over (partition by <<key>> order by _row) = 1"
    return fill(
        "select <<columns>>, _row as source_row from accepted <<first>>",
        first=fill(first, key=names(key)) if staging.contract.row_child else "",
        columns=names([*table_columns(table), *_said(staging, table)]),
    )


def _told(staging: Staging, table: str) -> list[str]:
    """The columns of a table that the file says something on, its key included."""
    child = staging.contract.children.get(table)
    own: set[str | None] = {child.number} if child else set()
    if child and child.unpivot:
        own |= {child.unpivot.name, child.unpivot.value, child.unpivot.full}
    return [name for name in table_columns(table) if name in staging.told or name in own]


def _said(staging: Staging, table: str) -> list[str]:
    """The staged flags that tell for which rows the file itself says a column."""
    return [f"said_{name}" for name in staging.kept] if table == staging.contract.entity else []


def _written(staging: Staging, table: str) -> dict[str, str]:
    """What an update writes into each column told, over `staged` and `held`."""
    written = {name: f"staged.{identifier(name)}" for name in _told(staging, table)}
    child = staging.contract.children.get(table)
    if child is None:
        for name, kept in staging.kept.items():
            is_said = f"staged.{identifier(f'said_{name}')}"
            written[name] = f"case when {is_said} then {written[name]} else {kept} end"
    elif child.unpivot and child.unpivot.full:
        full = identifier(child.unpivot.full)
        written[child.unpivot.full] = f"coalesce(staged.{full}, held.{full})"
    return written


def compare(con: duckdb.DuckDBPyConnection, staging: Staging, *, has_lake: bool) -> Counts:
    """Create `state_<table>` for each table, `changed` and, of it, `updated`.

    Gives the counts by file row.
    """
    number_children(con, staging, has_lake=has_lake)
    for table, key in table_keys(staging).items():
        _compare_table(con, table, key, written=_written(staging, table), has_lake=has_lake)
    key = entities()[staging.contract.entity].key
    children = list(staging.contract.children)
    main = identifier(f"state_{staging.contract.entity}")
    changed = [main, *(identifier(f"state_{child}") for child in children)]
    for name, wanted in (("changed", "('inserted', 'updated')"), ("updated", "('updated')")):
        keys = "select concat_ws(':', <<key>>) as row_key from <<t>> where state in <<wanted>>"
        rows = [fill(keys, key=names(key), t=table, wanted=wanted) for table in changed]
        con.execute(
            fill(
                "create or replace table <<name>> as <<rows>>", name=name, rows=" union ".join(rows)
            )
        )
    if not children:
        return _counts(con, fill("select state from <<main>>", main=main))
    states = [
        fill("select _row, state from accepted join <<m>> using (<<k>>)", m=main, k=names(key))
    ]
    states += [f"select source_row as _row, state from {table}" for table in changed[1:]]  # noqa: S608
    per_row = """
        select case max(case state when 'inserted' then 2 when 'updated' then 1 else 0 end)
            when 2 then 'inserted' when 1 then 'updated' else 'unchanged' end as state
        from (<<states>>) group by _row
    """
    return _counts(con, fill(per_row, states=" union all ".join(states)))


def _counts(con: duckdb.DuckDBPyConnection, states: str) -> Counts:
    rows = con.execute(
        fill("select state, count(*) from (<<s>>) group by all", s=states)
    ).fetchall()
    found = dict(rows)
    return Counts(*(found.get(state, 0) for state in ("inserted", "updated", "unchanged")))


def _compare_table(
    con: duckdb.DuckDBPyConnection,
    table: str,
    key: tuple[str, ...],
    *,
    written: dict[str, str],
    has_lake: bool,
) -> None:
    found, same, join = "false", "false", ""
    if has_lake:
        found = "held.batch_id is not null"
        content = [
            f"{new} is not distinct from held.{identifier(name)}"
            for name, new in written.items()
            if name not in key
        ]
        same = " and ".join(content) or "true"
        join = fill(
            "left join lake.core.<<table>> as held using (<<key>>)",
            table=identifier(table),
            key=names(key),
        )
    con.execute(
        fill(
            """
            create or replace table <<state>> as
            select
                <<key>>,
                staged.source_row,
                case
                    when not (<<found>>) then 'inserted'
                    when <<same>> then 'unchanged'
                    else 'updated'
                end as state,
            from <<stage>> as staged <<join>>
            """,
            state=identifier(f"state_{table}"),
            key=names(key, prefix="staged."),
            found=found,
            same=same,
            stage=identifier(f"stage_{table}"),
            join=join,
        )
    )


def merge(
    con: duckdb.DuckDBPyConnection, staging: Staging, *, batch_id: str, sheet: str | None
) -> None:
    """Write new and different rows into the lake, inside the caller's transaction."""
    for table, key in table_keys(staging).items():
        rows = con.execute(
            fill("select state, count(*) from <<t>> group by all", t=identifier(f"state_{table}"))
        ).fetchall()
        states = dict(rows)
        if states.keys() <= {"unchanged"}:
            continue
        is_update = "updated" in states
        business = list(table_columns(table))
        columns = [*business, *LINEAGE]
        only = "" if states.keys() == {"inserted"} else _changed_only(table, key)
        source = fill(
            """
            select <<business>>, $batch_id as batch_id, $sheet as source_sheet, source_row
            from <<stage>> <<only>>
            """,
            business=names([*business, *(_said(staging, table) if is_update else ())]),
            stage=identifier(f"stage_{table}"),
            only=only,
        )
        statement = _MERGE if is_update else _INSERT
        written = _written(staging, table) | {c: f"staged.{c}" for c in LINEAGE}
        con.execute(
            fill(
                statement,
                table=identifier(table),
                columns=names(columns),
                source=source,
                on=" and ".join(f"held.{identifier(k)} = staged.{identifier(k)}" for k in key),
                assignments=", ".join(
                    f"{identifier(name)} = {new}"
                    for name, new in written.items()
                    if name not in key
                ),
                values=names(columns, prefix="staged."),
            ),
            {"batch_id": batch_id, "sheet": sheet},
        )


def _changed_only(table: str, key: tuple[str, ...]) -> str:
    return fill(
        "where (<<key>>) in (select (<<key>>) from <<state>> where state <> 'unchanged')",
        key=names(key),
        state=identifier(f"state_{table}"),
    )


_INSERT = "insert into lake.core.<<table>> (<<columns>>) <<source>>"
_MERGE = """
    merge into lake.core.<<table>> as held
    using (<<source>>) as staged on <<on>>
    when matched then update set <<assignments>>
    when not matched then insert (<<columns>>) values (<<values>>)
"""
