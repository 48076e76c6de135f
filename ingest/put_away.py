"""Moves a file to where its outcome belongs: among the archived, the returned, or it waits."""

from dataclasses import replace
from datetime import UTC, datetime

from ingest.archive import archive
from ingest.errors import Fault, refuse
from ingest.fault import fault_of, is_about
from ingest.files import Extract, claimed, place_to_return, return_file
from ingest.held import forget, note_held
from ingest.loader import Loader, failed
from ingest.report import write_return_report
from ingest.result import Result
from warehouse.home import Home

# The rule of a file that was loaded and could not be put into the archive.
NOT_ARCHIVED = "not_archived"


def put_away(loader: Loader, extract: Extract, result: Result) -> Result:
    """The outcome after the move; a file that cannot move stays and says so."""
    home, con, returns = loader.home, loader.pipeline.con, loader.returns
    try:
        if result.status == "held":
            _keep_waiting(home, extract, result)
            return result
        if returns is not None:
            result = returns.finish(con, extract.path, result)
        if result.status == "refused":
            with claimed(extract, result.sha256 or "") as mine:
                _return(loader, mine, result)
        else:
            archive(home, con, extract, result.sha256 or "")
    except Fault as fault:
        return _not_moved(
            result, str(fault) if result.status == "refused" else f"数据已装载；{fault}"
        )
    except OSError as error:
        loader.is_stopped = not is_about(error, extract.path)
        if result.status in ("refused", "held"):
            return failed(result, fault_of(error) or "")
        return _not_moved(
            result,
            f"数据已装载，但文件没有移入归档：{fault_of(error)}；下次运行时会自动移走",
        )
    if extract.in_inbox:
        forget(home, result.sha256 or "")
    return result


def _not_moved(result: Result, message: str) -> Result:
    problems = (*result.problems, *refuse(NOT_ARCHIVED, message).problems)
    return replace(result, problems=problems)


def _return(loader: Loader, extract: Extract, result: Result) -> None:
    """Move the file among the returned ones; its report goes there first."""
    place = place_to_return(loader.home, extract)
    write_return_report(
        place,
        result,
        returned_at=datetime.now(UTC),
        facts=loader.returns.facts() if loader.returns else {},
    )
    return_file(extract, place)


def _keep_waiting(home: Home, extract: Extract, result: Result) -> None:
    """Leave the file where it is, with a note for those who confirm it."""
    if extract.in_inbox and result.preview is not None:
        now = datetime.now(UTC)
        note_held(home, extract.path, result.sha256 or "", result.preview, held_at=now)
