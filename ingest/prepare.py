"""One table of an extract from cells to judged rows: staged, conformed, checked and split."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import duckdb

from ingest.check import Verdict, run_checks
from ingest.conform import Staging, conform
from ingest.correct import correct, log_corrected
from ingest.corrections import Correction
from ingest.drift import drift
from ingest.errors import Problem, Refused, reasons_first, refuse, without_persons
from ingest.form_rows import says_nothing
from ingest.ignore import check_total, find_ignored
from ingest.mask.labels import with_masked_names
from ingest.progress import enter
from ingest.recognise import Match
from ingest.repeats import find_duplicates
from ingest.resolve import resolve_ambiguous
from ingest.result import ZERO_REPORT
from ingest.returning.numbering import number_on
from ingest.returning.slip import SlipTable
from ingest.rules import checks_of
from ingest.shares import refuse_shares
from ingest.source import create_source
from ingest.split import create_accepted, split
from ingest.staging import count_rows
from ingest.told import filled_down, left_out, no_records, of_other_kinds, without_organisation
from ingest.units import without_unknown_units

# More bad rows than this are no slips: the file itself is wrong and goes back whole.
MOST_BAD_SHARE = 0.5
FEWEST_BAD_ROWS = 20
_SHOWN_QUARANTINED = 10_000
_SHOWN_WARNED = 1_000
NO_ROWS = "no_rows"


@dataclass(frozen=True)
class Prepared:
    """One table staged, checked and split, ready to be compared with the lake."""

    staging: Staging
    verdicts: list[Verdict]
    failed: dict[int, int]
    read: int
    quarantined: int
    ignored: int
    problems: tuple[Problem, ...]


def prepare(
    con: duckdb.DuckDBPyConnection,
    match: Match,
    *,
    secret: str,
    today: date,
    corrections: Sequence[Correction] = (),
    has_lake: bool = False,
    earlier_columns: Sequence[str] = (),
) -> Prepared:
    """Stage, conform, check and split one recognised table; raises Refused when it is no good."""
    enter("读取")
    match.stage(con)
    match = with_masked_names(match)
    enter("整理")
    match = without_unknown_units(resolve_ambiguous(con, match))
    find_ignored(con, match)
    read = count_rows(con, "cells")
    others = of_other_kinds(con, match, has_lake=has_lake)
    if read == count_rows(con, "ignored"):
        raise _without_rows(con, match, others)
    notes = [*match.notes, *others, *drift(match, earlier_columns), *check_total(con, match)]
    notes += without_organisation(con, match, has_lake=has_lake)
    corrected = correct(con, match, corrections, has_lake=has_lake)
    create_source(con, match)
    staging = conform(con, match, secret=secret)
    refuse_shares(con, staging)
    numbered = _numbered(staging)
    find_duplicates(con, match, numbered=numbered)
    notes += [*left_out(con), *filled_down(con, staging)]
    if numbered is not None and has_lake:
        number_on(con, match, numbered)
    enter("检查")
    verdicts = run_checks(con, checks_of(con, staging, today=today, has_lake=has_lake))
    failed = split(con, staging, verdicts)
    notes += log_corrected(con, corrected)
    create_accepted(con)
    prepared = Prepared(
        staging,
        verdicts,
        failed,
        read,
        count_rows(con, "quarantined"),
        count_rows(con, "ignored"),
        (*without_persons(notes), *_row_problems(con)),
    )
    _refuse_mostly_bad(prepared)
    return prepared


def _without_rows(con: duckdb.DuckDBPyConnection, match: Match, others: list[Problem]) -> Refused:
    """Why a table has no row of data: of other kinds, a report that there is nothing, or blank."""
    read = count_rows(con, "cells")
    if others:
        return Refused(others, ignored=read)
    (row,) = con.execute("select min(_row) from ignored where rule_id = 'zero_row'").fetchone() or (
        None,
    )
    if row is not None or any(says_nothing(c) for cells in match.preamble for c in cells if c):
        message = f"零报告：写明没有{match.contract.title_zh}的数据，没有行可以装载，文件不必修改"
        return Refused([Problem(row, None, None, ZERO_REPORT, message)], ignored=read)
    # What was left out may be what the file is about.
    left = [*no_records(con), *(note for note in match.notes if note.rule == "sheet_ignored")]
    said = [f"第 {match.header.row} 行的表头下面没有数据行", *(note.message for note in left)]
    return refuse(NO_ROWS, "；".join(said))


def _numbered(staging: Staging) -> str | None:
    columns = staging.contract.columns.items()
    return next((name for name, column in columns if column.number_repeats), None)


def _row_problems(con: duckdb.DuckDBPyConnection) -> list[Problem]:
    problems = []
    for disposition, most in (("quarantined", _SHOWN_QUARANTINED), ("warned", _SHOWN_WARNED)):
        rows = con.execute(
            """
            select _row, column_name, value_masked, rule_id, message
            from issues
            where disposition = $disposition
            order by _row, rowid
            limit $most
            """,
            {"disposition": disposition, "most": most},
        ).fetchall()
        is_returned = disposition == "quarantined"
        problems += [replace(Problem(*row), is_returned=is_returned) for row in rows]
        (total,) = con.execute(
            "select count(*) from issues where disposition = $disposition",
            {"disposition": disposition},
        ).fetchone() or (0,)
        if total > most:
            message = f"另有 {total - most} 条同类问题没有列出"
            more = Problem(None, None, None, "more_problems", message, is_returned=is_returned)
            problems.append(more)
    return problems


def _refuse_mostly_bad(prepared: Prepared) -> None:
    considered = prepared.read - prepared.ignored
    bad = prepared.quarantined
    if bad == considered:
        message = f"全部 {considered} 行都有问题，没有一行可以装载"
    elif isinstance(prepared.staging.match.table, SlipTable):
        # Of rows that were all wrong before, each that is right now is a gain.
        return
    elif bad >= FEWEST_BAD_ROWS and bad > considered * MOST_BAD_SHARE:
        message = f"{considered} 行中有 {bad} 行有问题，超过一半，整个文件退回"
    else:
        return
    whole = Problem(None, None, None, "too_many_bad_rows", message)
    raise Refused(
        [whole, *reasons_first(prepared.problems)],
        returned=considered,
        ignored=prepared.ignored,
    )
