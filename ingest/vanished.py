"""Rows of an earlier delivery that a later one of the same whole lacks: they stay, but named."""

from dataclasses import dataclass
from datetime import date

import duckdb

from ingest.contract import Contract
from ingest.coverage import coverage
from ingest.errors import Problem, without_persons
from ingest.ignore import OTHER_KIND
from ingest.prepare import Prepared
from ingest.returning.slip import SlipTable
from ingest.series import series_of
from ingest.sql import fill, identifier, names
from ingest.submitter import submitter
from warehouse.entities import entities

RULE = "rows_gone"
# Of so few rows nobody can tell that the later file is the same whole.
_FEWEST = 5
_SHARE_FOUND = 0.8
_SHOWN = 5

_EARLIER = """
    select batch_id, file_name, sheet, submitted_by
    from lake.meta.batch
    where
        contract_id = $contract
        and file_sha256 <> $sha256
        and file_tables = 1
        and coverage_from >= $first
        and coverage_to <= $last
    order by loaded_at desc
"""
_GONE = """
    with held as (
        select <<key>>, <<number>> as number
        from lake.core.<<table>>
        where
            batch_id in (select unnest($batches))
            -- A row whose number cannot be read may be any of them.
            and not exists (
                select 1 from conformed
                where <<number>> is null or regexp_matches(<<number>>, '[0-9][Ee][+]')
            )
    )

    select
        count(*) - count(gone.number),
        count(gone.number),
        (list(gone.number order by gone.number) filter (gone.number is not null))[:<<shown>>],
    from held
    left join (select * from held anti join conformed using (<<key>>)) as gone using (<<key>>)
"""


@dataclass(frozen=True)
class _Series:
    """The earlier deliveries that a later one covers: their batches, and the newest file."""

    batches: list[str]
    file: str


def rows_gone(
    con: duckdb.DuckDBPyConnection, prepared: Prepared, *, file: str, sha256: str, today: date
) -> list[Problem]:
    """A note on the cases that earlier deliveries of the series brought and this one lacks."""
    match, contract = prepared.staging.match, prepared.staging.contract
    number = _number(contract)
    is_part = isinstance(match.table, SlipTable) or contract.inventory
    if number is None or is_part or number not in match.targets or _has_other_kinds(con):
        return []
    series = _series(con, prepared, file=file, sha256=sha256, today=today)
    if not series.batches:
        return []
    entity = entities()[contract.entity]
    found, gone, numbers = con.execute(
        fill(
            _GONE,
            table=identifier(entity.id),
            key=names(entity.key),
            number=identifier(number),
            shown=str(_SHOWN),
        ),
        {"batches": series.batches},
    ).fetchone() or (0, 0, [])
    if not gone or found + gone < _FEWEST or found < (found + gone) * _SHARE_FOUND:
        return []
    column = match.column_name(number)
    shown = "、".join(f"“{one}”" for one in numbers) + ("等" if gone > _SHOWN else "")
    message = (
        f"以前的“{series.file}”等同一系列的文件装载过的 {gone} 件，这一份里没有，"
        f"仍留在仓库中计数：{column}{shown}；如果是漏了，请补上后重新提交；确实不应计入的，"
        f"请在 ingest/corrections.yml 中各写一条把 {number} 改为 null 的更正，"
        "再运行 python -m warehouse rebuild"
    )
    return list(without_persons([Problem(None, column, None, RULE, message)]))


def _number(contract: Contract) -> str | None:
    """The column that identifies a case by what the source itself wrote; None without one."""
    key = [name for name in entities()[contract.entity].key if name != "source"]
    if len(key) != 1 or contract.columns[key[0]].type != "identifier":
        return None
    return key[0]


def _has_other_kinds(con: duckdb.DuckDBPyConnection) -> bool:
    asked = "select exists (select 1 from ignored where rule_id = $rule)"
    (found,) = con.execute(asked, {"rule": OTHER_KIND}).fetchone() or (False,)
    return bool(found)


def _series(
    con: duckdb.DuckDBPyConnection, prepared: Prepared, *, file: str, sha256: str, today: date
) -> _Series:
    """The earlier deliveries of the same name and unit, of days that this one covers as well."""
    match = prepared.staging.match
    first, last = coverage(con, prepared.staging, today=today)
    if first is None or last is None:
        return _Series([], "")
    given = {"contract": match.contract.id, "sha256": sha256, "first": first, "last": last}
    own = (series_of(file), series_of(match.table.sheet))
    rows = [
        row
        for row in con.execute(_EARLIER, given).fetchall()
        if (series_of(row[1]), series_of(row[2])) == own
    ]
    unit = submitter(con, match, file=file, has_lake=True) if rows else ""
    same = [row for row in rows if row[3] == unit]
    return _Series([row[0] for row in same], same[0][1] if same else "")
