"""The way of one extract: read, recognise, prepare each table, compare it with the lake, commit."""

import contextlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import duckdb

from ingest.blanked import blanked
from ingest.clock import clock_notes, next_moment
from ingest.concerns import Loading
from ingest.corrections import Corrections
from ingest.coverage import coverage, is_dated
from ingest.drift import column_names, previous_columns
from ingest.errors import Problem, Refused, refuse
from ingest.ignore import stated_totals
from ingest.judging import Held, Judging, judge
from ingest.load import Counts, compare, merge, stage_tables
from ingest.log import BatchRecord, log_batch, log_checks, log_confirmed, log_rows
from ingest.prepare import Prepared, prepare
from ingest.preview import Preview
from ingest.progress import enter
from ingest.read.open import open_extract
from ingest.recognise import Match, recognise
from ingest.result import RowCounts, TableResult
from ingest.returning.mark import is_slip
from ingest.returning.replay import log_replayed, replay_coverage, roots, settle, slip_of
from ingest.returning.returns import Returns
from ingest.returning.slip import recognise_slip
from ingest.siblings import return_contradictions
from ingest.staging import clear_staging
from ingest.submitter import submitter
from ingest.vanished import rows_gone
from warehouse import marts
from warehouse.disk import sha256_of

_DEMO_MARK = "演示数据"
AUTHOR = "ingest"
CHANGING = "changing"


@dataclass(frozen=True)
class Delivery:
    """The file that a table came in: what every batch of it records."""

    path: Path
    name: str
    sha256: str
    tables: int
    # What goes back of it; nothing is gathered where nothing is written.
    returns: Returns | None = None


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
    cells = (cell or "" for row in match.preamble for cell in row)
    return _DEMO_MARK in path.name or any(_DEMO_MARK in cell for cell in cells)


@dataclass(frozen=True)
class Pipeline:
    """Takes files to one connection's lake; without `writes` that lake is thrown away."""

    con: duckdb.DuckDBPyConnection
    has_lake: bool
    writes: bool
    today: date
    # A rebuild gives each batch the moment of its first load.
    moment: datetime | None = None
    corrections: Corrections = Corrections()
    judging: Judging = "nothing"

    def recognise(self, path: Path) -> list[Match]:
        """The contract that each table of the file fits; raises Refused when none does."""
        clear_staging(self.con)
        tables = open_extract(path)
        return recognise_slip(tables) if is_slip(tables) else recognise(tables)

    def run(self, delivery: Delivery, match: Match, *, secret: str) -> TableResult:
        """Load one recognised table, or only check it; raises Refused."""
        clear_staging(self.con)
        prepared = self._prepare(delivery, match, secret=secret)
        if sha256_of(delivery.path) != delivery.sha256:
            message = "文件在读取时被改动，请等文件写完后再运行一次"
            raise refuse(CHANGING, message)
        enter("比对")
        stage_tables(self.con, prepared.staging)
        counts = compare(self.con, prepared.staging, has_lake=self.has_lake)
        if self.has_lake and delivery.tables > 1:
            contradicted = return_contradictions(self.con, prepared, sha256=delivery.sha256)
            if contradicted is not prepared:
                prepared = contradicted
                counts = compare(self.con, prepared.staging, has_lake=True)
        for slip in slip_of(match):
            if self.has_lake:
                prepared, is_changed = settle(self.con, prepared, slip)
                if is_changed:
                    counts = compare(self.con, prepared.staging, has_lake=True)
        notes = self._notes(delivery, prepared)
        prepared = replace(prepared, problems=(*prepared.problems, *notes))
        rows = _counts(prepared, counts)
        contract = match.contract
        outcome = TableResult(
            contract.id, contract.entity, match.table.sheet, match.header.row, "held"
        )
        try:
            snapshot, preview = self._commit(delivery, prepared, rows=rows)
        except Held as held:
            return replace(outcome, preview=held.preview)
        asks = bool(preview.concerns) and self.judging == "holds"
        return replace(
            outcome,
            status="held" if asks else "loaded",
            rows=rows,
            problems=prepared.problems,
            snapshot=snapshot if self.writes else None,
            preview=preview if preview.concerns or not self.writes else None,
        )

    def _notes(self, delivery: Delivery, prepared: Prepared) -> Sequence[Problem]:
        """What the clock and the lake make of a table; a rebuild said it at the first load."""
        if self.moment:
            return ()
        found = clock_notes(self.con)
        if not self.has_lake:
            return found
        gone, blanks = self._gone(delivery, prepared), blanked(self.con, prepared.staging)
        return (*found, *gone, *blanks)

    def _gone(self, delivery: Delivery, prepared: Prepared) -> Sequence[Problem]:
        """What earlier deliveries brought and this one, which covers them, does not."""
        if delivery.tables > 1:
            return ()
        return rows_gone(
            self.con,
            prepared,
            file=delivery.name,
            sha256=delivery.sha256,
            today=self.today,
        )

    def _prepare(self, delivery: Delivery, match: Match, *, secret: str) -> Prepared:
        earlier = previous_columns(self.con, match, delivery.name) if self.has_lake else []
        try:
            return prepare(
                self.con,
                match,
                secret=secret,
                today=self.today,
                corrections=self.corrections.of(match.contract),
                has_lake=self.has_lake,
                earlier_columns=earlier,
            )
        except Refused as refusal:
            if delivery.returns is not None:
                delivery.returns.add_refused(self.con, match, refusal, has_lake=self.has_lake)
            raise

    def _return(self, delivery: Delivery, prepared: Prepared, *, rows: RowCounts) -> None:
        """Write what goes back before the commit, for after it a rerun calls the file unchanged."""
        if delivery.returns is None:
            return
        match = prepared.staging.match
        delivery.returns.count(rows)
        if rows.quarantined:
            delivery.returns.add(self.con, match, is_whole=False, has_lake=self.has_lake)
        if delivery.returns.is_dirty:
            delivery.returns.write()

    def _record(self, delivery: Delivery, prepared: Prepared, *, rows: RowCounts) -> BatchRecord:
        match, contract = prepared.staging.match, prepared.staging.contract
        first, last = coverage(self.con, prepared.staging, today=self.today)
        replays = slip_of(match)
        replayed = [root for slip in replays for root in roots(self.con, slip)]
        for slip in replays:
            first, last = replay_coverage(self.con, slip, (first, last))
        stated = {number for _, number, _ in stated_totals(self.con, match)}
        loaded_at = self.moment or next_moment(self.con)
        return BatchRecord(
            batch_id=f"{loaded_at:%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:8]}",
            file_name=delivery.name,
            file_sha256=delivery.sha256,
            file_bytes=delivery.path.stat().st_size,
            contract_id=contract.id,
            contract_digest=self.corrections.digest(contract),
            entity=contract.entity,
            source=contract.source,
            sheet=match.table.sheet,
            header_row=match.header.row,
            encoding=match.table.encoding,
            is_demo=_is_demo(delivery.path, match),
            rows_read=rows.read,
            rows_inserted=rows.inserted,
            rows_updated=rows.updated,
            rows_unchanged=rows.unchanged,
            rows_quarantined=rows.quarantined,
            rows_ignored=rows.ignored,
            coverage_from=first,
            coverage_to=last,
            loaded_at=loaded_at,
            file_tables=delivery.tables,
            column_names=json.dumps(column_names(match), ensure_ascii=False),
            submitted_by=submitter(
                self.con, match, file=delivery.path.name, has_lake=self.has_lake
            ),
            replays_batch_id=replayed[0].batch_id if replayed else None,
            replays_sha256=replays[0].mark.sha256 if replays else None,
            rows_stated=stated.pop() if len(stated) == 1 else None,
        )

    def _commit(
        self, delivery: Delivery, prepared: Prepared, *, rows: RowCounts
    ) -> tuple[int, Preview]:
        """Data, batch record, check results and marts as one commit; gives its snapshot.

        Raises Held, with nothing written, when a person has to look first.
        """
        con, staging = self.con, prepared.staging
        entity = staging.contract.entity
        enter("写入")
        record = self._record(delivery, prepared, rows=rows)
        con.execute("begin transaction")
        try:
            # What is new stood nowhere before.
            before = marts.affected_months(con, entity, "updated")
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
            for slip in slip_of(staging.match):
                log_replayed(con, staging, slip, batch_id=record.batch_id)
            after = marts.affected_months(con, entity, "changed")
            marts.refresh(con, entity, before | after)
            dated = is_dated(staging.match.preamble)
            preview = self._judge(Loading(record, prepared.problems, before | after, dated))
            self._return(delivery, prepared, rows=rows)
            message = f"{delivery.name}：新增 {rows.inserted}，更新 {rows.updated}"
            con.execute(
                "call lake.set_commit_message($author, $message)",
                {"author": AUTHOR, "message": message},
            )
            con.execute("commit")
        except BaseException:
            # After a fatal error of the engine there is nothing left to roll back.
            with contextlib.suppress(duckdb.Error):
                con.execute("rollback")
            raise
        (snapshot,) = con.execute("select id from lake.current_snapshot()").fetchone() or (0,)
        return int(snapshot), preview

    def _judge(self, loading: Loading) -> Preview:
        """What the open transaction changes; raises Held when a load has to wait."""
        record = loading.record
        is_new = record.rows_inserted + record.rows_updated > 0
        if self.judging == "nothing" or (self.writes and not is_new):
            return Preview()
        preview = judge(self.con, loading, shows_all=not self.writes)
        if preview.concerns and self.judging == "confirmed":
            log_confirmed(self.con, record.batch_id, [c.rule for c in preview.concerns])
        elif preview.concerns and self.writes:
            raise Held(preview)
        return preview
