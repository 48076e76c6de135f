"""Values of the lake that a later delivery leaves blank: told, for a blank may be an oversight."""

import duckdb

from ingest.conform import Staging
from ingest.errors import Problem, without_persons
from ingest.sql import fill, identifier, names
from ingest.targets import table_columns
from warehouse.entities import entities

RULE = "values_blanked"
_SHOWN = 5


def blanked(con: duckdb.DuckDBPyConnection, staging: Staging) -> tuple[Problem, ...]:
    """Which columns of which rows were filled before and are blank now, in one note."""
    entity = entities()[staging.contract.entity]
    columns = [
        name
        for name in table_columns(entity.id)
        if name in staging.match.targets and name not in (*entity.key, *staging.kept)
    ]
    state = identifier(f"state_{entity.id}")
    updates = fill("select exists (select 1 from <<t>> where state = 'updated')", t=state)
    if not columns or con.execute(updates).fetchone() == (False,):
        return ()
    looks = (
        f"list_sort(list(state.source_row) filter "
        f"(held.{identifier(name)} is not null and staged.{identifier(name)} is null))"
        for name in columns
    )
    found = con.execute(
        fill(
            """
            select <<looks>>
            from <<state>> as state
            join <<stage>> as staged using (<<key>>)
            join lake.core.<<table>> as held using (<<key>>)
            where state.state = 'updated'
            """,
            looks=", ".join(looks),
            state=state,
            stage=identifier(f"stage_{entity.id}"),
            key=names(entity.key),
            table=identifier(entity.id),
        )
    ).fetchone()
    told = [
        f"“{staging.match.column_name(name)}”{len(rows)} 行（第 {_listed(rows)} 行）"
        for name, rows in zip(columns, found or (), strict=False)
        if rows
    ]
    if not told:
        return ()
    message = (
        f"有的行更新后清空了以前装载的内容：{'、'.join(told)}；"
        "如果不是有意清空（如重新办理），请补上后重新提交"
    )
    return without_persons([Problem(None, None, None, RULE, message)])


def _listed(rows: list[int]) -> str:
    return "、".join(map(str, rows[:_SHOWN])) + ("等" if len(rows) > _SHOWN else "")
