"""Rules judged by what will stand in the lake, where a row does not say all that they ask for."""

import re
from collections.abc import Collection
from dataclasses import replace

from ingest.check import Check
from ingest.conform import Staging
from ingest.contract import Rule
from ingest.sql import fill, identifier
from ingest.targets import table_columns
from warehouse.entities import entities

_HELD = "（仓库中已有的值）"
_MERGED = """
    create or replace table <<table>> as
    with unsaid as (select * from conformed where not (<<said>>)),
    merged as (
        select staged.* replace (<<merged>>)
        from unsaid as staged join lake.core.<<entity>> as held on <<key>>
    )
    select _row, coalesce(<<failing>>, false) as is_failing from merged
"""


def lacking_columns(
    staging: Staging, rule: Rule, failing: str, lacking: Collection[str]
) -> Check | None:
    """The rule where the file lacks some of its columns; None where nothing told can break it.

    A file that brings only closing days must not close a case before the day it was received.
    """
    told = [name for name in (rule.column, *rule.needs) if name not in lacking]
    if not told or not set(lacking) <= table_columns(staging.contract.entity).keys():
        return None
    columns = staging.contract.all_columns()
    message = rule.message
    if rule.column in lacking:
        message = message.replace("“{value}”", _HELD)
    else:
        missing = "、".join(columns[name].aliases[0] for name in lacking if columns[name].aliases)
        message += f"（文件没有“{missing}”，按仓库中已有的值核对）"
    check = Check(
        rule.id,
        rule.severity,
        "rows",
        staging.contract.staged_name(told[0]),
        failing="false",
        message=message,
    )
    merged = {name: f"held.{identifier(name)}" for name in lacking}
    return _merged(staging, check, failing, merged, said="false")


def unsaid_cells(staging: Staging, check: Check) -> Check:
    """The check where rows may leave a column unsaid whose value in the lake then stays."""
    unsaid = [n for n in staging.kept if re.search(rf"\b{n}\b", check.failing)]
    if check.kind != "rows" or not unsaid:
        return check
    merged = {
        name: f"case when staged.said_{name} then staged.{name} else {staging.kept[name]} end"
        for name in unsaid
    }
    said = " and ".join(f"said_{name}" for name in unsaid)
    return _merged(staging, check, check.failing, merged, said=said)


def _merged(
    staging: Staging, check: Check, failing: str, merged: dict[str, str], *, said: str
) -> Check:
    """The check with rows that are in the lake, and do not say all, judged as merged."""
    entity = entities()[staging.contract.entity]
    table = identifier(f"merged_{check.rule_id}")
    first = fill(
        _MERGED,
        table=table,
        said=said,
        merged=", ".join(f"{sql} as {identifier(name)}" for name, sql in merged.items()),
        entity=identifier(entity.id),
        key=" and ".join(f"staged.{identifier(k)} = held.{identifier(k)}" for k in entity.key),
        failing=failing,
    )
    return replace(
        check,
        first=first,
        failing=(
            f"case when _row in (select _row from {table}) "
            f"then _row in (select _row from {table} where is_failing) else {check.failing} end"
        ),
    )
