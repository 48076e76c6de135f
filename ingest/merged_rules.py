"""Rules that name columns which a file lacks, judged by what the lake holds of its rows."""

from collections.abc import Collection

from ingest.check import Check
from ingest.conform import Staging
from ingest.contract import Rule
from ingest.sql import fill, identifier, names
from ingest.targets import table_columns
from warehouse.entities import entities

_HELD = "（仓库中已有的值）"


def merged_rule(
    staging: Staging, rule: Rule, failing: str, lacking: Collection[str]
) -> Check | None:
    """The rule over each row as it will stand in the lake; None where nothing told can break it.

    A file that brings only closing days must not close a case before the day it was received.
    """
    entity = entities()[staging.contract.entity]
    told = [name for name in (rule.column, *rule.needs) if name not in lacking]
    if not told or not set(lacking) <= table_columns(entity.id).keys():
        return None
    table = identifier(f"merged_{rule.id}")
    held = ", ".join(f"held.{identifier(name)} as {identifier(name)}" for name in lacking)
    first = fill(
        """
        create or replace table <<table>> as
        with merged as (
            select conformed.* replace (<<held>>), <<readable>>
            from conformed join lake.core.<<entity>> as held using (<<key>>)
        )
        select _row from merged where <<failing>>
        """,
        table=table,
        held=held,
        readable=", ".join(f"false as {identifier(f'bad_{name}')}" for name in lacking),
        entity=identifier(entity.id),
        key=names(entity.key),
        failing=failing,
    )
    message = rule.message
    if rule.column in lacking:
        message = message.replace("“{value}”", _HELD)
    else:
        columns = staging.contract.all_columns()
        missing = "、".join(columns[name].aliases[0] for name in lacking if columns[name].aliases)
        message += f"（文件没有“{missing}”，按仓库中已有的值核对）"
    return Check(
        rule.id, rule.severity, "rows", told[0], f"_row in (from {table})", message, first=first
    )
