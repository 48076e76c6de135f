"""SQL for the rows of child tables: sections out of columns, opinions and issues out of rows."""

import duckdb

from ingest.conform import Staging
from ingest.contract import Child
from ingest.source import section_name
from ingest.sql import fill, identifier, literal, names
from ingest.targets import table_columns
from warehouse.entities import entities

_NO_NUMBERS = "create or replace table child_number (_row bigint, number varchar)"
# A case of which the lake has no text is counted by the places of its rows, as when it first came.
_NUMBERS = """
    create or replace table child_number as
    with delivered as (
        select _row, <<key>>, <<number>> as number, <<text>> as text,
        from accepted
        where <<has_content>>
    ),
    held as (
        select <<key>>, <<number>> as number, <<text>> as text,
        from lake.core.<<table>>
        where (<<key>>) in (select (<<key>>) from delivered)
    ),
    cases as (
        select <<key>>, coalesce(max(try_cast(number as bigint)), 0) as highest,
        from (
            from held
            union all by name
            select <<key>>, number from delivered where number is not null
        )
        group by all
        having count(text) > 0
    ),
    free as (
        select
            *,
            row_number() over (
                partition by <<key>>, text order by try_cast(number as bigint), number
            ) as place,
        from held anti join delivered using (<<key>>, number)
    ),
    asked as (
        select
            * exclude (number),
            row_number() over (partition by <<key>>, text order by _row) as place,
        from delivered semi join cases using (<<key>>)
        where number is null
    ),
    matched as (
        select asked.*, free.number,
        from asked left join free on <<same>>
    )
    select
        _row,
        coalesce(
            number,
            (
                highest + row_number() over (partition by <<key>>, number is null order by _row)
            )::varchar
        ) as number,
    from matched join cases using (<<key>>)
"""


def unpivoted(staging: Staging, table: str, child: Child) -> str:
    """One row per section that has a value."""
    unpivot = child.unpivot
    columns = table_columns(table)
    own = {unpivot.name, unpivot.value, unpivot.full} if unpivot else set()
    shared = [name for name in columns if name not in own]
    parts = [
        fill(
            """
            select
                <<shared>>,
                <<section>> as <<name>>,
                <<value>> as <<value_name>>,
                <<full>> as <<full_name>>,
                _row as source_row,
            from accepted
            where <<value>> is not null
            """,
            shared=names(shared),
            section=literal(section.name),
            name=identifier(unpivot.name if unpivot else ""),
            value=identifier(section_name(index)),
            value_name=identifier(unpivot.value if unpivot else ""),
            full=section.full or "null",
            full_name=identifier((unpivot.full if unpivot else None) or "full_score"),
        )
        for index, section in staging.match.sections.items()
    ]
    if not parts:
        nothing = ", ".join(f"null::{kind} as {identifier(n)}" for n, kind in columns.items())
        parts = [f"select {nothing}, null::bigint as source_row where false"]  # noqa: S608
    return _typed(columns, " union all by name ".join(parts))


def row_children(staging: Staging, table: str, child: Child) -> str:
    """One row per file row with content, numbered by file, lake or place in the case."""
    columns = table_columns(table)
    key = entities()[staging.contract.entity].key
    rows = fill(
        """
        with numbered as (
            select
                <<shared>>,
                coalesce(
                    <<number>>,
                    child_number.number,
                    row_number() over (partition by <<key>> order by _row)::varchar
                ) as <<number>>,
                _row as source_row,
            from conformed left join child_number using (_row)
            where <<has_content>>
        )
        select * from numbered where source_row in (select _row from accepted)
        """,
        shared=names([name for name in columns if name != child.number]),
        number=identifier(child.number or ""),
        key=names(key),
        has_content=_has_content(child),
    )
    return _typed(columns, rows)


def _has_content(child: Child) -> str:
    texts = [f"{identifier(name)}::varchar" for name in child.columns if name != child.number]
    return f"coalesce({', '.join(texts)}, null) is not null"


def _typed(columns: dict[str, str], rows: str) -> str:
    typed = ", ".join(f"{identifier(n)}::{kind} as {identifier(n)}" for n, kind in columns.items())
    return fill("select <<typed>>, source_row from (<<rows>>)", rows=rows, typed=typed)


def number_children(con: duckdb.DuckDBPyConnection, staging: Staging, *, has_lake: bool) -> None:
    """Create `child_number`: the numbers by which the lake knows rows that come without one.

    A row is known by its text; a new one goes behind the highest number of its case.
    """
    con.execute(_NO_NUMBERS)
    if staging.contract.row_child is None or not has_lake:
        return
    table, child = staging.contract.row_child
    texts = [name for name, column in child.columns.items() if column.type == "free_text"]
    if not texts or texts[0] not in staging.match.targets:
        return
    key = entities()[staging.contract.entity].key
    same = [f"asked.{name} = free.{name}" for name in map(identifier, key)]
    same += ["asked.text is not distinct from free.text", "asked.place = free.place"]
    con.execute(
        fill(
            _NUMBERS,
            table=identifier(table),
            key=names(key),
            number=identifier(child.number or ""),
            text=identifier(texts[0]),
            has_content=_has_content(child),
            same=" and ".join(same),
        )
    )
