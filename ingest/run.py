"""One run over many extracts: each ends loaded, unchanged or refused, whatever happens inside."""

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

from ingest.contract import contracts
from ingest.errors import IngestError, Refused, refuse
from ingest.files import Extract, archive, return_file, sha256_of
from ingest.person import existing_key, obtain_key, throwaway_key
from ingest.pipeline import CHANGING, Pipeline, known_batch
from ingest.recognise import Match
from ingest.report import write_return_report
from ingest.result import Result, RowCounts
from ingest.staging import open_desk
from ingest.untouched import untouched_lake
from warehouse.home import Home
from warehouse.lake import open_writer


@contextmanager
def _pipeline(home: Home, *, check_only: bool) -> Iterator[Pipeline]:
    today = date.today()  # noqa: DTZ011 - the branch's own calendar day
    if not check_only:
        with open_writer(home) as con:
            open_desk(con)
            yield Pipeline(con, has_lake=True, writes=True, today=today)
        return
    with untouched_lake(home) as (con, has_lake):
        open_desk(con)
        yield Pipeline(con, has_lake=has_lake, writes=False, today=today)


class Run:
    """Carries what several files of one run share."""

    def __init__(self, home: Home, pipeline: Pipeline) -> None:
        self.home = home
        self.pipeline = pipeline
        self.checked: dict[str, tuple[str, str, int]] = {}

    def load(self, extract: Extract) -> Result:
        """The outcome for one file, which is archived or returned accordingly."""
        result = Result(extract.path.name, None, None, None, "refused")
        try:
            result = replace(result, sha256=sha256_of(extract.path))
            result = self._outcome(extract, result)
        except Refused as refusal:
            result = self._refused(result, refusal)
        except (KeyboardInterrupt, SystemExit):
            raise
        # The Rust readers' panics are no Exceptions; whatever happens, the next file goes on.
        except BaseException as error:
            reason = refuse("unexpected", self._unexpected(extract, error))
            result = self._refused(result, reason)
        if self.pipeline.writes:
            self._put_away(extract, result)
        return result

    def _outcome(self, extract: Extract, result: Result) -> Result:
        sha256 = result.sha256 or ""
        known = self.checked.get(sha256)
        if known is None and self.pipeline.has_lake:
            known = known_batch(self.pipeline.con, sha256)
        if known is not None:
            contract_id, entity, read = known
            rows = RowCounts(read=read, unchanged=read)
            return replace(
                result, contract=contract_id, entity=entity, status="unchanged", rows=rows
            )
        match = self.pipeline.recognise(extract.path)
        contract = match.contract
        result = replace(result, contract=contract.id, entity=contract.entity)
        try:
            loaded = self.pipeline.run(
                extract.path, match, sha256=sha256, secret=self._secret(match)
            )
        except Refused as refusal:
            return self._refused(result, refusal)
        self.checked[sha256] = (contract.id, contract.entity, loaded.rows.read)
        return loaded

    def _secret(self, match: Match) -> str:
        if not any(c.type == "person_key" for c in match.contract.columns.values()):
            return ""
        if self.pipeline.writes:
            return obtain_key(self.home)
        return existing_key(self.home) or throwaway_key()

    def _refused(self, result: Result, refusal: Refused) -> Result:
        rows = RowCounts(
            read=refusal.returned + refusal.ignored,
            quarantined=refusal.returned,
            ignored=refusal.ignored,
        )
        return replace(result, status="refused", problems=refusal.problems, rows=rows)

    def _unexpected(self, extract: Extract, error: BaseException) -> str:
        if isinstance(error, IngestError):
            return str(error)
        if isinstance(error, PermissionError):
            return "没有读取该文件的权限"
        if not self.pipeline.writes:
            return f"处理时出现意外错误（{type(error).__name__}）"
        # Frames and the error's type only: messages of the engine may quote cells.
        frames = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
        now = datetime.now(UTC)
        folder = self.home.data / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        log = folder / f"ingest-{now:%Y%m%d-%H%M%S-%f}.log"
        log.write_text(
            f"{now.isoformat()}\n{extract.path.name}\n{type(error).__name__}\n{frames}",
            encoding="utf-8",
        )
        return f"处理时出现意外错误（{type(error).__name__}），整个文件退回；技术细节见 {log.name}"

    def _put_away(self, extract: Extract, result: Result) -> None:
        if any(problem.rule == CHANGING for problem in result.problems):
            return
        if result.status == "refused":
            place = return_file(self.home, extract)
            write_return_report(place, result, returned_at=datetime.now(UTC))
        else:
            archive(self.home, extract, result.sha256 or "")


def run_files(
    home: Home,
    extracts: list[Extract],
    *,
    check_only: bool,
    report: Callable[[Result], None],
) -> list[Result]:
    """Load every file in turn and report each as soon as it is done."""
    contracts()
    results: list[Result] = []
    # A lake that an older program wrote is brought up to date even when nothing came in.
    if not extracts and (check_only or not home.catalogue.exists()):
        return results
    with _pipeline(home, check_only=check_only) as pipeline:
        run = Run(home, pipeline)
        for extract in extracts:
            result = run.load(extract)
            report(result)
            results.append(result)
    return results
