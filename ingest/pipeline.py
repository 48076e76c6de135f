"""The way of one extract: read, recognise, conform, check, split, load."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from ingest.check import Verdict, run_checks
from ingest.conform import Staging, conform
from ingest.contract import contracts
from ingest.coverage import coverage
from ingest.errors import Problem, Refused, refuse
from ingest.files import sha256_of
from ingest.ignore import check_total, find_duplicates, find_ignored
from ingest.load import Counts, compare, merge, stage_tables
from ingest.log import BatchRecord, log_batch, log_checks, log_rows
from ingest.read.open import open_extract
from ingest.recognise import Match, recognise
from ingest.resolve import resolve_ambiguous, unknown_columns
from ingest.result import Result, RowCounts
from ingest.rules import checks_of
from ingest.source import create_source
from ingest.split import create_accepted, split
from ingest.staging import clear_staging, count_rows
from warehouse import marts

# More bad rows than this are no slips: the file itself is wrong and goes back whole.
MOST_BAD_SHARE = 0.5
FEWEST_BAD_ROWS = 20
_SHOWN_QUARANTINED = 10_000
_SHOWN_WARNED = 1_000
_DEMO_MARK = "演示数据"
AUTHOR = "ingest"
CHANGING = "changing"


@dataclass(frozen=True)
class Prepared:
    """One file staged, checked and split, ready to be compared with the lake."""

    staging: Staging
    verdicts: list[Verdict]
    failed: dict[int, int]
    read: int
    quarantined: int
    ignored: int
    problems: tuple[Problem, ...]


def known_batch(con: duckdb.DuckDBPyConnection, sha256: str) -> tuple[str, str, int] | None:
    """Contract, entity and rows of the batch that loaded these bytes under today's contract."""
    rows = con.execute(
        """
        select contract_id, contract_digest, entity, rows_read
        from lake.meta.batch
        where file_sha256 = $sha256
        order by loaded_at desc
        """,
        {"sha256": sha256},
    ).fetchall()
    for contract_id, digest, entity, read in rows:
        contract = contracts().get(contract_id)
        if contract is not None and contract.digest == digest:
            return contract_id, entity, read
    return None


def prepare(con: duckdb.DuckDBPyConnection, match: Match, *, secret: str, today: date) -> Prepared:
    """Stage, conform, check and split one recognised file; raises Refused when it is no good."""
    match.table.stage(con, header_row=match.header.row, width=len(match.header.columns))
    match = resolve_ambiguous(con, match)
    find_ignored(con, match)
    read = count_rows(con, "cells")
    if read == count_rows(con, "ignored"):
        message = f"第 {match.header.row} 行的表头下面没有数据行"
        raise refuse("no_rows", message)
    notes = [*match.notes, *unknown_columns(match), *check_total(con, match)]
    create_source(con, match)
    staging = conform(con, match, secret=secret)
    find_duplicates(con, match, numbered=_numbered(staging))
    verdicts = run_checks(con, checks_of(staging, today=today))
    failed = split(con, staging, verdicts)
    create_accepted(con)
    prepared = Prepared(
        staging,
        verdicts,
        failed,
        read,
        count_rows(con, "quarantined"),
        count_rows(con, "ignored"),
        (*notes, *_row_problems(con)),
    )
    _refuse_mostly_bad(prepared)
    return prepared


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
        problems += [Problem(*row) for row in rows]
        (total,) = con.execute(
            "select count(*) from issues where disposition = $disposition",
            {"disposition": disposition},
        ).fetchone() or (0,)
        if total > most:
            message = f"另有 {total - most} 条同类问题没有列出"
            problems.append(Problem(None, None, None, "more_problems", message))
    return problems


def _refuse_mostly_bad(prepared: Prepared) -> None:
    considered = prepared.read - prepared.ignored
    bad = prepared.quarantined
    if bad == considered:
        message = f"全部 {considered} 行都有问题，没有一行可以装载"
    elif bad >= FEWEST_BAD_ROWS and bad > considered * MOST_BAD_SHARE:
        message = f"{considered} 行中有 {bad} 行有问题，超过一半，整个文件退回"
    else:
        return
    raise Refused(
        [Problem(None, None, None, "too_many_bad_rows", message), *prepared.problems],
        returned=considered,
        ignored=prepared.ignored,
    )


def _counts(prepared: Prepared, counts: Counts) -> RowCounts:
    return RowCounts(
        read=prepared.read,
        inserted=counts.inserted,
        updated=counts.updated,
        unchanged=counts.unchanged,
        quarantined=prepared.quarantined,
        ignored=prepared.ignored,
    )


def _is_demo(path: Path, match: Match) -> bool:
    above = match.table.head[: match.header.row - match.header.levels]
    return _DEMO_MARK in path.name or any(_DEMO_MARK in (c or "") for row in above for c in row)


@dataclass(frozen=True)
class Pipeline:
    """Takes files to one connection's lake; without `writes` it only says what would happen."""

    con: duckdb.DuckDBPyConnection
    has_lake: bool
    writes: bool
    today: date

    def recognise(self, path: Path) -> Match:
        """The contract that the file fits; raises Refused."""
        clear_staging(self.con)
        return recognise(open_extract(path))

    def run(self, path: Path, match: Match, *, sha256: str, secret: str) -> Result:
        """Load one recognised file, or only check it; raises Refused."""
        prepared = prepare(self.con, match, secret=secret, today=self.today)
        if sha256_of(path) != sha256:
            message = "文件在读取时被改动，请等文件写完后再运行一次"
            raise refuse(CHANGING, message)
        stage_tables(self.con, prepared.staging)
        counts = compare(self.con, prepared.staging, has_lake=self.has_lake)
        rows = _counts(prepared, counts)
        snapshot = None
        if self.writes:
            snapshot = self._commit(path, prepared, sha256=sha256, rows=rows)
        contract = match.contract
        return Result(
            path.name,
            sha256,
            contract.id,
            contract.entity,
            "loaded",
            rows,
            prepared.problems,
            snapshot,
        )

    def _record(
        self, path: Path, prepared: Prepared, *, sha256: str, rows: RowCounts
    ) -> BatchRecord:
        match, contract = prepared.staging.match, prepared.staging.contract
        first, last = coverage(self.con, prepared.staging, today=self.today)
        loaded_at = datetime.now(UTC)
        return BatchRecord(
            batch_id=f"{loaded_at:%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:8]}",
            file_name=path.name,
            file_sha256=sha256,
            file_bytes=path.stat().st_size,
            contract_id=contract.id,
            contract_digest=contract.digest,
            entity=contract.entity,
            source=contract.source,
            sheet=match.table.sheet,
            header_row=match.header.row,
            encoding=match.table.encoding,
            is_demo=_is_demo(path, match),
            rows_read=rows.read,
            rows_inserted=rows.inserted,
            rows_updated=rows.updated,
            rows_unchanged=rows.unchanged,
            rows_quarantined=rows.quarantined,
            rows_ignored=rows.ignored,
            coverage_from=first,
            coverage_to=last,
            loaded_at=loaded_at,
        )

    def _commit(self, path: Path, prepared: Prepared, *, sha256: str, rows: RowCounts) -> int:
        """Data, batch record, check results and marts as one commit; gives its snapshot."""
        con, staging = self.con, prepared.staging
        entity = staging.contract.entity
        record = self._record(path, prepared, sha256=sha256, rows=rows)
        con.execute("begin transaction")
        try:
            before = marts.affected_months(con, entity, "changed")
            merge(con, staging, batch_id=record.batch_id, sheet=record.sheet)
            log_batch(con, record)
            log_checks(
                con,
                record.batch_id,
                prepared.verdicts,
                counts=prepared.failed,
                checked=prepared.read - prepared.ignored,
            )
            log_rows(con, record.batch_id, record.sheet)
            after = marts.affected_months(con, entity, "changed")
            marts.refresh(con, entity, before | after)
            message = f"{path.name}：新增 {rows.inserted}，更新 {rows.updated}"
            con.execute(
                "call lake.set_commit_message($author, $message)",
                {"author": AUTHOR, "message": message},
            )
            con.execute("commit")
        except BaseException:
            con.execute("rollback")
            raise
        (snapshot,) = con.execute("select id from lake.current_snapshot()").fetchone() or (0,)
        return int(snapshot)
