"""Splits the staged rows: which are returned, which load with a warning, and every reason why."""

from collections.abc import Sequence

import duckdb

from ingest.check import Check, Verdict
from ingest.conform import Staging
from ingest.date_readings import name_readings
from ingest.mask import HIDDEN, masked
from ingest.source import filled_columns
from ingest.sql import fill, identifier, literal, names
from warehouse.entities import entities

_ISSUES = """
    create or replace table issues (
        _row bigint, disposition varchar, rule_id varchar, column_name varchar,
        value_masked varchar, message varchar
    )
"""
_OTHER_ROWS_SHOWN = 5


def _hidden(staging: Staging, name: str) -> bool:
    columns = staging.contract.all_columns()
    person = {
        staging.contract.staged_name(part)
        for column in columns.values()
        if column.type == "person_key"
        for part in column.of
    }
    column = columns.get(staging.contract.staged_name(name))
    kept_back = column is not None and column.type in ("person_key", "free_text")
    position = staging.match.targets.get(name)
    return kept_back or name in person or position in staging.match.personal


def _position(staging: Staging, name: str) -> int | None:
    if name.startswith("section_"):
        return int(name.removeprefix("section_"))
    return staging.match.targets.get(name)


def _file_faults(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """
        insert into issues
        select _row, 'quarantined', 'row_shape', null, null, _fault
        from cells
        where _fault is not null and _row not in (select _row from ignored)
        """
    )


def _failures(con: duckdb.DuckDBPyConnection, staging: Staging, check: Check) -> None:
    position = _position(staging, check.column)
    column = staging.match.header.columns[position].name if position is not None else None
    value, filled = "null", ""
    if position is not None:
        cell = f"cells.c{position}"
        if check.column in filled_columns(staging.match):
            # A blank cell stands for the one above it, so that is the value to show.
            cell = f"coalesce({cell}, source.{identifier(f'r_{check.column}')})"
            filled = "join source using (_row)"
        value = (
            f"case when {cell} is not null then {literal(HIDDEN)} end"
            if _hidden(staging, check.column)
            else f"left({masked(cell)}, 200)"
        )
    con.execute(
        fill(
            """
            insert into issues
            with failing as (select _row from conformed where <<failing>>),
            valued as (
                select _row, <<value>> as value_masked
                from failing join cells using (_row) <<filled>>
            )
            select
                _row, $disposition, $rule_id, $column_name, value_masked,
                replace($message, '{value}', coalesce(value_masked, '')),
            from valued
            """,
            failing=check.failing,
            value=value,
            filled=filled,
        ),
        {
            "disposition": "quarantined" if check.severity == "error" else "warned",
            "rule_id": check.rule_id,
            "column_name": column,
            "message": check.message,
        },
    )


def _name_other_rows(con: duckdb.DuckDBPyConnection, staging: Staging, check: Check) -> None:
    """Say in each message which other rows share the key."""
    key = [name for name in entities()[staging.contract.entity].key if name != "source"]
    con.execute(
        fill(
            """
            create or replace table sharing as
            with failing as (
                select _row, <<key>>,
                from conformed
                where _row in (select _row from issues where rule_id = $rule_id)
            ),
            grouped as (
                select <<key>>, list(_row order by _row) as rows from failing group by <<key>>
            )
            select
                failing._row,
                list_filter(grouped.rows, lambda r: r <> failing._row) as others,
            from failing join grouped using (<<key>>)
            """,
            key=names(key),
        ),
        {"rule_id": check.rule_id},
    )
    con.execute(
        """
        update issues
        set message = replace(
            message,
            '{rows}',
            array_to_string(others[:$shown], '、')
            || case when len(others) > $shown then '等' else '' end
        )
        from sharing
        where issues._row = sharing._row and issues.rule_id = $rule_id
        """,
        {"rule_id": check.rule_id, "shown": _OTHER_ROWS_SHOWN},
    )


def split(
    con: duckdb.DuckDBPyConnection, staging: Staging, verdicts: Sequence[Verdict]
) -> dict[int, int]:
    """Fill `issues` and `quarantined`; gives the number of failing rows per check.

    All failing rows are found, by the same predicate that the verdict came from.
    """
    con.execute(_ISSUES)
    _file_faults(con)
    counts: dict[int, int] = {}
    for index, verdict in enumerate(verdicts):
        if verdict.is_success:
            counts[index] = 0
            continue
        before = _count(con)
        _failures(con, staging, verdict.check)
        counts[index] = _count(con) - before
        if verdict.check.names_other_rows:
            _name_other_rows(con, staging, verdict.check)
    name_readings(con)
    con.execute(
        """
        create or replace table quarantined as
        select distinct _row from issues where disposition = 'quarantined'
        """
    )
    con.execute(
        """
        delete from issues
        where disposition = 'warned' and _row in (select _row from quarantined)
        """
    )
    return counts


def _count(con: duckdb.DuckDBPyConnection) -> int:
    (rows,) = con.execute("select count(*) from issues").fetchone() or (0,)
    return int(rows)


def create_accepted(con: duckdb.DuckDBPyConnection) -> None:
    """Create view `accepted`: the rows that go into the lake."""
    (bad,) = con.execute("select count(*) from quarantined").fetchone() or (0,)
    where = "where _row not in (select _row from quarantined)" if bad else ""
    con.execute(fill("create or replace view accepted as select * from conformed <<w>>", w=where))
