"""One run over many extracts: each ends loaded, unchanged or refused, or waits where it is."""

import contextlib
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb

from ingest.archive_journal import complete_journal
from ingest.confirmations import confirmations
from ingest.contract import contracts
from ingest.corrections import read_corrections
from ingest.files import Extract, Found, shown_name, tidy
from ingest.held import forget_gone
from ingest.judging import Judging
from ingest.loader import Loader
from ingest.pipeline import Pipeline
from ingest.progress import Meter, View, enter, metered
from ingest.put_away import put_away
from ingest.result import Result
from ingest.settings import settings
from ingest.staging import open_desk
from ingest.untouched import throwaway_lake
from warehouse import maintenance
from warehouse.home import Home
from warehouse.lake import open_writer
from warehouse.swap import is_swapping

# A folder of hundreds of small files would slow down while it is loaded.
_TENDED_EVERY = 25


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


def load_one(loader: Loader, extract: Extract) -> Result:
    """Load one file and move it to where its outcome belongs; a check moves nothing."""
    result = loader.load(extract)
    if not loader.pipeline.writes or result.status == "failed":
        return result
    enter("归档")
    return put_away(loader, extract, result)


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
    # A lake that an older program wrote is brought up to date even when nothing came in, and one
    # that was being exchanged is put in its place.
    is_to_do = home.catalogue.exists() or is_swapping(home)
    if not found.extracts and (check_only or not is_to_do):
        _tell(found, listener)
        return results, ()
    today = date.today()  # noqa: DTZ011 - the branch's own calendar day
    with _pipeline(home, listener, check_only=check_only, today=today, judging=judging) as pipeline:
        # Another loader may have taken files away while this one waited for the lock.
        found = find()
        _tell(found, listener)
        loader = Loader(home, pipeline)
        meter = Meter(listener.views)
        with metered(meter), meter.watching(pipeline.con):
            for position, extract in enumerate(found.extracts, start=1):
                if listener.is_stopping():
                    break
                name = shown_name(extract.name)
                meter.start_file(name, position=position, files=len(found.extracts))
                result = load_one(loader, extract)
                meter.end_file()
                listener.report(result)
                results.append(result)
                if loader.is_stopped:
                    break
                if position % _TENDED_EVERY == 0:
                    _tend(pipeline, home)
            _tend(pipeline, home)
    return results, found.extracts[len(results) :]


def _tend(pipeline: Pipeline, home: Home) -> None:
    """Keep the lake's small files few; what cannot be merged now is merged after a later load."""
    if pipeline.writes:
        with contextlib.suppress(duckdb.Error, sqlite3.Error):
            maintenance.tend(pipeline.con, home)


def _tell(found: Found, listener: Listener) -> None:
    for name, reason in found.skipped:
        listener.skipped(shown_name(name), reason)
