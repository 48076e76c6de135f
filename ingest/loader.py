"""Takes one extract to its outcome: loaded, unchanged, refused, held, or failed for our fault."""

import contextlib
import traceback
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from ingest.changed_since import changed_since
from ingest.errors import Fault, IngestError, Refused, refuse
from ingest.fault import fault_of, is_about
from ingest.files import Extract, shown_name
from ingest.ignore import OTHER_KIND
from ingest.judging import reasons_to_wait
from ingest.known import Known, known_tables
from ingest.person import existing_key, obtain_key, throwaway_key
from ingest.pipeline import CHANGING, Delivery, Pipeline
from ingest.prepare import NO_ROWS
from ingest.recognise import Match
from ingest.result import ZERO_REPORT, Result, RowCounts, TableResult
from ingest.returning.returns import Returns
from ingest.staging import fit_engine, open_desk
from ingest.untouched import EXCHANGED, throwaway_lake
from warehouse.disk import sha256_of
from warehouse.fault import is_damage
from warehouse.home import Home
from warehouse.lake_files import which_lake


class Loader:
    """Takes one file after the other to its outcome; carries what the files of one run share."""

    def __init__(self, home: Home, pipeline: Pipeline) -> None:
        self.home = home
        self.pipeline = pipeline
        self.is_stopped = False
        self._lake = which_lake(home)
        self.returns: Returns | None = None

    def load(self, extract: Extract) -> Result:
        """The outcome for one file, which stays where it is."""
        # People name files after customers; what is kept and said calls them by the masked name.
        result = Result(shown_name(extract.path.name), None, None, None, "refused")
        self.returns = None
        try:
            result = replace(result, sha256=sha256_of(extract.path))
            if self.pipeline.writes:
                self.returns = Returns(self.home, extract.path.name, result.sha256 or "")
            result = self._outcome(extract, result)
        except Refused as refusal:
            result = _refused(result, refusal)
        except Fault as fault:
            return failed(result, str(fault))
        except (KeyboardInterrupt, SystemExit):
            raise
        # The Rust readers' panics are no Exceptions; whatever happens, the next file goes on.
        except BaseException as error:
            # The engine wraps a Ctrl-C that meets it at work; that is no fault of the file.
            if isinstance(error.__cause__, (KeyboardInterrupt, SystemExit)):
                raise error.__cause__ from None
            reason = fault_of(error)
            if is_damage(error) and which_lake(self.home) != self._lake:
                reason = EXCHANGED
            if reason is not None:
                self.is_stopped = not is_about(error, extract.path)
                self._log(extract, error)
                return failed(result, reason)
            message = self._unexpected(extract, error)
            result = _refused(result, refuse("unexpected", message))
        return result

    def _outcome(self, extract: Extract, result: Result) -> Result:
        con, sha256 = self.pipeline.con, result.sha256 or ""
        known, is_all = known_tables(con, sha256, self.pipeline.corrections)
        if not is_all:
            return self._tables(extract, result, known)
        notes = changed_since(con, sha256, result.file)
        if notes and self.pipeline.judging == "confirmed":
            # A person wants what these bytes say in place of what came after them.
            return self._tables(extract, result, ())
        again = result.of([table.result() for table in known])
        again = replace(again, problems=(*notes, *again.problems))
        if not notes or self.pipeline.writes:
            return again
        return self._with_preview(extract, again)

    def _with_preview(self, extract: Extract, again: Result) -> Result:
        """With what a confirmation would change, or why it would not; in a lake of its own."""
        fresh = Result(again.file, again.sha256, None, None, "refused")
        with throwaway_lake(self.home) as con:
            open_desk(con)
            trial = Loader(self.home, replace(self.pipeline, con=con))
            try:
                tried = trial._tables(extract, fresh, ())
            except Refused as refusal:
                tried = _refused(fresh, refusal)
        if tried.status == "refused":
            return replace(again, problems=(*again.problems, *tried.problems))
        return replace(again, preview=tried.preview)

    def _tables(self, extract: Extract, result: Result, known: Sequence[Known]) -> Result:
        """The outcome of every table that is not known already."""
        pipeline = self.pipeline
        fit_engine(pipeline.con, self.home, extract.path)
        matches = pipeline.recognise(extract.path)
        sha256 = result.sha256 or ""
        delivery = Delivery(extract.path, result.file, sha256, len(matches), self.returns)
        loaded = {(one.contract, one.sheet, one.header_row): one for one in known}
        if len(matches) > 1 and pipeline.writes and pipeline.judging == "holds":
            # One table may not be loaded where another one of the file has to wait.
            tried = result.of(self._on_trial(delivery, matches))
            if tried.status == "held":
                return _held(tried)
            pipeline = replace(pipeline, judging="nothing")
        tables: list[TableResult] = []
        for match in matches:
            place = (match.contract.id, match.table.sheet, match.header.row)
            if place in loaded and self.returns is not None:
                self.returns.add_loaded(pipeline.con, match)
            tables.append(
                loaded[place].result()
                if place in loaded
                else self._table(pipeline, delivery, match)
            )
        result = result.of(tables)
        return _held(result) if result.status == "held" and pipeline.writes else result

    def _on_trial(self, delivery: Delivery, matches: Sequence[Match]) -> list[TableResult]:
        """What becomes of a file's tables together, in a lake that is thrown away."""
        with throwaway_lake(self.home) as con:
            open_desk(con)
            fit_engine(con, self.home, delivery.path)
            trial = replace(self.pipeline, con=con, writes=False)
            alone = replace(delivery, returns=None)
            return [self._table(trial, alone, match) for match in matches]

    def _table(self, pipeline: Pipeline, delivery: Delivery, match: Match) -> TableResult:
        """The outcome for one table; a refused one among several does not stop the others."""
        try:
            return pipeline.run(delivery, match, secret=self._secret(match))
        except Refused as refusal:
            rules = {problem.rule for problem in refusal.problems}
            if rules == {CHANGING}:
                raise Fault(str(refusal)) from None
            # A form with a sheet for each month has empty ones; that is no fault of the others.
            is_blank = delivery.tables > 1 and rules in ({NO_ROWS}, {OTHER_KIND})
            # A report that there was nothing is a good one.
            is_blank |= rules == {ZERO_REPORT}
            return TableResult(
                match.contract.id,
                match.contract.entity,
                match.table.sheet,
                match.header.row,
                "unchanged" if is_blank else "refused",
                _returned(refusal),
                refusal.problems,
            )

    def _secret(self, match: Match) -> str:
        if not any(c.type == "person_key" for c in match.contract.columns.values()):
            return ""
        if self.pipeline.writes:
            return obtain_key(self.home)
        return existing_key(self.home) or throwaway_key()

    def _unexpected(self, extract: Extract, error: BaseException) -> str:
        if isinstance(error, IngestError):
            return str(error)
        if not self.pipeline.writes:
            return f"处理时出现意外错误（{type(error).__name__}）"
        log = self._log(extract, error)
        return f"处理时出现意外错误（{type(error).__name__}），整个文件退回；技术细节见 {log}"

    def _log(self, extract: Extract, error: BaseException) -> str:
        """Write the technical details where this computer lets us; gives the log's name."""
        if not self.pipeline.writes:
            return ""
        # Frames and the error's type only: messages of the engine may quote cells.
        frames = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
        now = datetime.now(UTC)
        log = self.home.logs / f"ingest-{now:%Y%m%d-%H%M%S-%f}.log"
        with contextlib.suppress(OSError):
            log.parent.mkdir(parents=True, exist_ok=True)
            log.write_text(
                f"{now.isoformat()}\n{shown_name(extract.path.name)}\n{type(error).__name__}\n{frames}",
                encoding="utf-8",
            )
        return log.name


def failed(result: Result, reason: str) -> Result:
    """The outcome of a file that lies where it lay because of this computer."""
    message = f"{reason}；文件留在原处，没有丢失任何数据，排除故障后再运行一次即可"
    problems = refuse("fault", message).problems
    return replace(result, status="failed", problems=problems, rows=RowCounts())


def _refused(result: Result, refusal: Refused) -> Result:
    rows = _returned(refusal)
    return replace(result, status="refused", problems=refusal.problems, rows=rows)


def _returned(refusal: Refused) -> RowCounts:
    return RowCounts(
        read=refusal.returned + refusal.ignored,
        quarantined=refusal.returned,
        ignored=refusal.ignored,
    )


def _held(result: Result) -> Result:
    """A file of which nothing is loaded until a person confirms it."""
    problems = reasons_to_wait(result.preview, result.file) if result.preview else ()
    return replace(
        result, status="held", rows=RowCounts(), problems=problems, snapshot=None, tables=()
    )
