"""One run over many extracts: each ends loaded, unchanged or refused, or waits where it is."""

import contextlib
import errno
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from ingest.archive import archive
from ingest.archive_journal import complete_journal
from ingest.changed_since import changed_since
from ingest.confirmations import confirmations
from ingest.contract import contracts
from ingest.corrections import read_corrections
from ingest.errors import Fault, IngestError, Refused, refuse
from ingest.fault import fault_of
from ingest.files import (
    Extract,
    Found,
    claimed,
    place_to_return,
    return_file,
    shown_name,
    tidy,
)
from ingest.held import forget, forget_gone, note_held
from ingest.judging import Judging, reasons_to_wait
from ingest.person import existing_key, obtain_key, throwaway_key
from ingest.pipeline import CHANGING, Delivery, Pipeline, known_tables
from ingest.prepare import NO_ROWS
from ingest.progress import Meter, View, enter, metered
from ingest.recognise import Match
from ingest.report import write_return_report
from ingest.result import Result, RowCounts, TableResult
from ingest.returning.returns import Returns
from ingest.settings import settings
from ingest.staging import fit_engine, open_desk
from ingest.untouched import throwaway_lake
from warehouse.disk import sha256_of
from warehouse.home import Home
from warehouse.lake import open_writer

# The rule of a file that was loaded and could not be put into the archive.
NOT_ARCHIVED = "not_archived"
# These meet every other file, too, whichever they are reported for.
_OF_ALL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


@dataclass(frozen=True)
class Listener:
    """Whom a run tells what it does: each outcome, and why it stands still."""

    report: Callable[[Result], None]
    waiting: Callable[[], None] = lambda: None
    skipped: Callable[[str, str], None] = lambda _name, _reason: None
    views: Sequence[View] = ()
    is_stopping: Callable[[], bool] = lambda: False


@contextmanager
def _temporary_files_in(home: Home) -> Iterator[None]:
    """Libraries' temporary files go where the next run wipes what a killed one left."""
    before = tempfile.tempdir
    tempfile.tempdir = str(home.scratch)
    try:
        yield
    finally:
        tempfile.tempdir = before


@contextmanager
def _pipeline(
    home: Home, listener: Listener, *, check_only: bool, today: date, judging: Judging
) -> Iterator[Pipeline]:
    if not check_only:
        with open_writer(home, on_wait=listener.waiting) as con, _temporary_files_in(home):
            tidy(home)
            complete_journal(home, con)
            forget_gone(home)
            open_desk(con)
            yield Pipeline(
                con,
                has_lake=True,
                writes=True,
                today=today,
                corrections=read_corrections(home),
                judging=judging,
            )
        return
    with throwaway_lake(home) as con:
        open_desk(con)
        yield Pipeline(
            con,
            has_lake=True,
            writes=False,
            today=today,
            corrections=read_corrections(home),
            judging=judging,
        )


class Run:
    """Carries what several files of one run share."""

    def __init__(self, home: Home, pipeline: Pipeline) -> None:
        self.home = home
        self.pipeline = pipeline
        self.is_stopped = False
        self.returns: Returns | None = None

    def load(self, extract: Extract) -> Result:
        """The outcome for one file, which is archived or returned accordingly."""
        # People name files after customers; what is kept and said calls them by the masked name.
        result = Result(shown_name(extract.path.name), None, None, None, "refused")
        self.returns = None
        try:
            result = replace(result, sha256=sha256_of(extract.path))
            if self.pipeline.writes:
                self.returns = Returns(self.home, extract.path.name, result.sha256 or "")
            result = self._outcome(extract, result)
        except Refused as refusal:
            result = self._refused(result, refusal)
        except Fault as fault:
            return self._failed(result, str(fault))
        except (KeyboardInterrupt, SystemExit):
            raise
        # The Rust readers' panics are no Exceptions; whatever happens, the next file goes on.
        except BaseException as error:
            # The engine wraps a Ctrl-C that meets it at work; that is no fault of the file.
            if isinstance(error.__cause__, (KeyboardInterrupt, SystemExit)):
                raise error.__cause__ from None
            reason = fault_of(error)
            if reason is not None:
                self.is_stopped = not _is_about(error, extract)
                self._log(extract, error)
                return self._failed(result, reason)
            message = self._unexpected(extract, error)
            result = self._refused(result, refuse("unexpected", message))
        if self.pipeline.writes:
            enter("归档")
            result = self.put_away(extract, result)
        return result

    def _outcome(self, extract: Extract, result: Result) -> Result:
        sha256 = result.sha256 or ""
        known, is_all = known_tables(self.pipeline.con, sha256, self.pipeline.corrections)
        if is_all:
            notes = changed_since(self.pipeline.con, sha256, result.file)
            if not notes or self.pipeline.judging != "confirmed":
                again = result.of([table.result() for table in known])
                return replace(again, problems=notes)
            # A person wants what these bytes say in place of what came after them.
            known = []
        fit_engine(self.pipeline.con, self.home, extract.path)
        matches = self.pipeline.recognise(extract.path)
        delivery = Delivery(extract.path, result.file, sha256, len(matches), self.returns)
        loaded = {(one.contract, one.sheet, one.header_row): one for one in known}
        pipeline = self.pipeline
        if len(matches) > 1 and pipeline.writes and pipeline.judging == "holds":
            # One table may not be loaded where another one of the file has to wait.
            tried = result.of(self._on_trial(delivery, matches))
            if tried.status == "held":
                return _held(tried)
            pipeline = replace(pipeline, judging="nothing")
        tables: list[TableResult] = []
        for match in matches:
            place = (match.contract.id, match.table.sheet, match.header.row)
            result = replace(result, contract=match.contract.id, entity=match.contract.entity)
            if place in loaded and self.returns is not None:
                self.returns.add_loaded(self.pipeline.con, match)
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
            is_blank = delivery.tables > 1 and rules == {NO_ROWS}
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

    def _refused(self, result: Result, refusal: Refused) -> Result:
        rows = _returned(refusal)
        return replace(result, status="refused", problems=refusal.problems, rows=rows)

    def _failed(self, result: Result, reason: str) -> Result:
        message = f"{reason}；文件留在原处，没有丢失任何数据，排除故障后再运行一次即可"
        problems = refuse("fault", message).problems
        return replace(result, status="failed", problems=problems, rows=RowCounts())

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

    def put_away(self, extract: Extract, result: Result) -> Result:
        """Move the file to where its outcome belongs; a file that cannot move stays and says so."""
        try:
            if result.status == "held":
                return self._keep_waiting(extract, result)
            if self.returns is not None:
                result = self.returns.finish(self.pipeline.con, extract.path, result)
            if result.status == "refused":
                with claimed(extract, result.sha256 or "") as mine:
                    self._return(mine, result)
            else:
                archive(self.home, self.pipeline.con, extract, result.sha256 or "")
        except Fault as fault:
            message = str(fault) if result.status == "refused" else f"数据已装载；{fault}"
            problems = (*result.problems, *refuse(NOT_ARCHIVED, message).problems)
            return replace(result, problems=problems)
        except OSError as error:
            self.is_stopped = not _is_about(error, extract)
            if result.status in ("refused", "held"):
                return self._failed(result, fault_of(error) or "")
            message = f"数据已装载，但文件没有移入归档：{fault_of(error)}；下次运行时会自动移走"
            problems = (*result.problems, *refuse(NOT_ARCHIVED, message).problems)
            return replace(result, problems=problems)
        if extract.in_inbox:
            forget(self.home, result.sha256 or "")
        return result

    def _return(self, extract: Extract, result: Result) -> None:
        """Move the file among the returned ones; its report goes there first."""
        place = place_to_return(self.home, extract)
        write_return_report(
            place,
            result,
            returned_at=datetime.now(UTC),
            facts=self.returns.facts() if self.returns else {},
        )
        return_file(extract, place)

    def _keep_waiting(self, extract: Extract, result: Result) -> Result:
        """Leave the file where it is, with a note for those who confirm it."""
        if extract.in_inbox and result.preview is not None:
            now = datetime.now(UTC)
            note_held(self.home, extract.path, result.sha256 or "", result.preview, held_at=now)
        return result


def _is_about(error: BaseException, extract: Extract) -> bool:
    """Whether this very file cannot be read or put away, so that others may still load."""
    if not isinstance(error, OSError):
        return False
    is_named = str(error.filename) == str(extract.path)
    return error.errno == errno.ENAMETOOLONG or (is_named and error.errno not in _OF_ALL)


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


def run_files(
    home: Home,
    find: Callable[[], Found],
    listener: Listener,
    *,
    check_only: bool,
    judging: Judging = "holds",
) -> tuple[list[Result], Sequence[Extract]]:
    """Load every file that `find` finds and report each as soon as it is done.

    Gives the outcomes, and the files that were left because this computer is at fault.
    """
    contracts()
    # A typo in the settings is said before anything is loaded.
    settings(home)
    read_corrections(home)
    confirmations()
    results: list[Result] = []
    found = find()
    # A lake that an older program wrote is brought up to date even when nothing came in.
    if not found.extracts and (check_only or not home.catalogue.exists()):
        _tell(found, listener)
        return results, ()
    today = date.today()  # noqa: DTZ011 - the branch's own calendar day
    with _pipeline(home, listener, check_only=check_only, today=today, judging=judging) as pipeline:
        # Another loader may have taken files away while this one waited for the lock.
        found = find()
        _tell(found, listener)
        run = Run(home, pipeline)
        meter = Meter(listener.views)
        with metered(meter), meter.watching(pipeline.con):
            for position, extract in enumerate(found.extracts, start=1):
                if listener.is_stopping():
                    break
                name = shown_name(extract.name)
                meter.start_file(name, position=position, files=len(found.extracts))
                result = run.load(extract)
                meter.end_file()
                listener.report(result)
                results.append(result)
                if run.is_stopped:
                    break
    return results, found.extracts[len(results) :]


def _tell(found: Found, listener: Listener) -> None:
    for name, reason in found.skipped:
        listener.skipped(shown_name(name), reason)
