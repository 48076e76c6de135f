"""Asks about rows to be overwritten that tell of another case, or of a later day."""

from collections.abc import Iterator

import duckdb

from ingest.confirmations import IdentityChanged, OlderDelivery
from ingest.errors import Problem, without_persons
from ingest.log import BatchRecord
from ingest.preview import Concern
from ingest.sql import fill, identifier, names
from ingest.staging import DESK
from ingest.targets import is_day
from warehouse.entities import entities

# What a case is called by, and how to keep two of them apart.
_NUMBERED = (
    "编号",
    "编号若由各机构、各系统各编各的，或每年从头编，请在文件的编号前加上机构、系统或年份，使其不重复",
)
_ADVICE = {"exam_result": ("考试名称", "若是另一场考试，请在考试名称中写明年份或期次")}

# Rows that these bytes themselves have brought are read anew, not overwritten.
_OVERWRITTEN = """
    from <<desk>>.main.<<state>> as state
    join <<desk>>.main.<<stage>> as staged using (<<key>>)
    join lake.core.<<table>> as held using (<<key>>)
    join lake.meta.batch as batch on held.batch_id = batch.batch_id
    where state.state = 'updated' and batch.file_sha256 <> $sha256
"""
_OTHER_CASES = """
    with overwritten as (
        select
            held.<<number>> as number,
            batch.file_name,
            state.source_row,
            <<old>> as old,
            <<new>> as new,
            <<changes>> >= 2 or <<far>> as is_other,
        <<overwritten>>
    )

    select
        count(*),
        count(*) filter (is_other),
        arg_min(number, source_row) filter (is_other),
        arg_min(file_name, source_row) filter (is_other),
        arg_min(old, source_row) filter (is_other),
        arg_min(new, source_row) filter (is_other),
    from overwritten
"""
_LATER_FILES = """
    select
        count(*),
        count(*) filter (is_later),
        arg_max(file_name, coverage_to) filter (is_later),
        max(coverage_to) filter (is_later),
    from (
        select
            batch.file_name,
            batch.coverage_to,
            batch.contract_id = $contract and coalesce(batch.coverage_to > $last, false)
                as is_later,
        <<overwritten>>
    )
"""


def identity_changed(
    before: duckdb.DuckDBPyConnection, record: BatchRecord, rule: IdentityChanged
) -> Iterator[Concern]:
    """Numbers under which the lake holds another case: numbered anew, or by somebody else."""
    told = rule.columns.get(record.entity)
    if told is None or not record.rows_updated:
        return
    found = before.execute(
        fill(
            _OTHER_CASES,
            overwritten=_overwritten(record.entity),
            # Behind the source stands what people call a case by; a person's key may follow.
            number=identifier(entities()[record.entity].key[1]),
            old=_said(record.entity, told, "held"),
            new=_said(record.entity, told, "staged"),
            changes=" + ".join(_differs(record.entity, column) for column in told),
            far=" or ".join(["false", *(_is_far(c) for c in told if is_day(record.entity, c))]),
        ),
        {"sha256": record.file_sha256, "days": rule.more_than_days},
    ).fetchone()
    updated, others, number, file, old, new = found or (0, 0, "", "", "", "")
    if others < max(rule.smallest_rows, updated * rule.smallest_pct / 100):
        return
    called, advice = _ADVICE.get(record.entity, _NUMBERED)
    yield _masked(
        "identity_changed",
        f"{called}相同，却像是另一件事：要更新的 {updated} 行中有 {others} 行与已装载的对不上，"
        f"例如{called}“{number}”，“{file}”中是 {old}，这一份是 {new}；"
        f"装载后原来的 {others} 件会被覆盖。{advice}；确属更正的，可以确认",
    )


def older_delivery(
    before: duckdb.DuckDBPyConnection, record: BatchRecord, rule: OlderDelivery, *, is_dated: bool
) -> Iterator[Concern]:
    """A file that says 截至 a day, though a file of a later day has brought its rows since."""
    # Without that word a file of old days may as well be a correction of them.
    if not is_dated or record.coverage_to is None or not record.rows_updated:
        return
    found = before.execute(
        fill(_LATER_FILES, overwritten=_overwritten(record.entity)),
        {
            "sha256": record.file_sha256,
            "contract": record.contract_id,
            "last": record.coverage_to,
        },
    ).fetchone()
    updated, later, file, day = found or (0, 0, "", None)
    if not later or later < min(rule.smallest_rows, updated):
        return
    yield _masked(
        "older_delivery",
        f"这一份截至 {record.coverage_to}，但要更新的 {updated} 行中有 {later} 行"
        f"已由较新的文件装载过（“{file}”，到 {day}），会被改回较早的内容；"
        "若是旧文件或旧副本，请从收件箱移走，确属更正的，可以确认",
    )


def _overwritten(entity: str) -> str:
    return fill(
        _OVERWRITTEN,
        desk=DESK,
        state=identifier(f"state_{entity}"),
        stage=identifier(f"stage_{entity}"),
        table=identifier(entity),
        key=names(entities()[entity].key),
    )


def _differs(entity: str, column: str) -> str:
    """SQL: 1 where both sides have a value and they differ, else 0.

    An organisation may be written with or without what stands around its name.
    """
    told = (
        "staged.<<c>>::date <> held.<<c>>::date"
        if is_day(entity, column)
        else "not contains(staged.<<c>>, held.<<c>>) and not contains(held.<<c>>, staged.<<c>>)"
    )
    return fill(f"coalesce({told}, false)::integer", c=identifier(column))


def _is_far(column: str) -> str:
    return fill(
        "coalesce(abs(staged.<<c>>::date - held.<<c>>::date) > $days, false)", c=identifier(column)
    )


def _said(entity: str, told: tuple[str, ...], side: str) -> str:
    """SQL: what one side says of a case, without times of day."""
    shown = [
        f"{side}.{identifier(column)}{'::date' if is_day(entity, column) else ''}"
        for column in told
    ]
    return f"concat_ws('、', {', '.join(shown)})"


def _masked(rule: str, message: str) -> Concern:
    (problem,) = without_persons([Problem(None, None, None, rule, message)])
    return Concern(rule, problem.message)
