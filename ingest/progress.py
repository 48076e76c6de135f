"""Shows how far a load has come: as a bar on the terminal, as a small file for the pages.

The main path only notes where it is; a thread of its own looks at the engine and draws.
"""

import contextlib
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol

import duckdb
from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from warehouse.loading import Progress, write_progress

Stage = Literal["识别", "读取", "整理", "检查", "比对", "写入", "归档"]
STAGES: tuple[Stage, ...] = ("识别", "读取", "整理", "检查", "比对", "写入", "归档")
_LOOK_EVERY_S = 0.3
# The engine only counts when its own bar is on; it must never print one.
_COUNTING = (
    "set enable_progress_bar = true",
    "set enable_progress_bar_print = false",
    "set progress_bar_time = 0",
)


class View(Protocol):
    """Where progress is shown."""

    def show(self, now: Progress) -> None:
        """Show where the load is."""

    def clear(self) -> None:
        """Take everything off the view."""


class ProgressFile:
    """A small file that pages read; it is there only while a load is running."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def show(self, now: Progress) -> None:
        """Replace the file; a disk that is full keeps nobody from loading."""
        with contextlib.suppress(OSError):
            write_progress(self.path, now)

    def clear(self) -> None:
        """Remove the file."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)


class ProgressBar:
    """One line on the terminal, gone when the file is done."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars: Bars | None = None
        self._task = TaskID(0)

    def show(self, now: Progress) -> None:
        """Draw the line anew."""
        if self._bars is None:
            self._bars = Bars(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.fields[share]}"),
                TimeElapsedColumn(),
                console=self._console,
                transient=True,
            )
            self._task = self._bars.add_task("", total=None, share="")
            self._bars.start()
        place = f"（第 {now.position}/{now.files} 个）" if now.files > 1 else ""
        self._bars.update(
            self._task,
            description=f"{now.file}{place} 第 {now.step}/{now.steps} 步 {now.stage}",
            completed=0 if now.fraction is None else now.fraction * 100,
            total=None if now.fraction is None else 100,
            share="" if now.fraction is None else f"{now.fraction:.0%}",
        )

    def clear(self) -> None:
        """Leave the terminal as it was."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = None


@dataclass(frozen=True)
class _Place:
    file: str
    position: int
    files: int
    stage: Stage
    fraction: float | None
    started_at: datetime


class Meter:
    """Where one run is; `views` are brought up to date a few times per second."""

    def __init__(self, views: Sequence[View]) -> None:
        self._views = views
        self._place: _Place | None = None
        self._con: duckdb.DuckDBPyConnection | None = None
        self._shown: Progress | None = None
        self._drawing = threading.Lock()

    def start_file(self, name: str, *, position: int, files: int) -> None:
        """The next file begins."""
        self._place = _Place(name, position, files, STAGES[0], None, datetime.now(UTC))

    def enter(self, stage: Stage) -> None:
        """The file comes to this stage."""
        if self._place is not None:
            self._place = replace(self._place, stage=stage, fraction=None)

    def advance(self, fraction: float) -> None:
        """So much of the present stage is done, 0 to 1."""
        if self._place is not None:
            self._place = replace(self._place, fraction=min(max(fraction, 0.0), 1.0))

    def end_file(self) -> None:
        """The file is done: whatever is printed next finds an empty line."""
        with self._drawing:
            self._place = self._shown = None
            for view in self._views:
                view.clear()

    @contextmanager
    def watching(self, con: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """Show the run on this connection until it ends, however it ends."""
        if not self._views:
            yield
            return
        for statement in _COUNTING:
            con.execute(statement)
        self._con = con
        done = threading.Event()
        thread = threading.Thread(target=self._show_until, args=(done,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
            self._con = None
            self.end_file()

    def _show_until(self, done: threading.Event) -> None:
        while not done.wait(_LOOK_EVERY_S):
            with self._drawing:
                now = self._now()
                if now is not None and now != self._shown:
                    self._shown = now
                    for view in self._views:
                        view.show(now)

    def _now(self) -> Progress | None:
        place = self._place
        if place is None:
            return None
        fraction = self._counted() if place.fraction is None else place.fraction
        return Progress(
            place.file,
            place.position,
            place.files,
            place.stage,
            STAGES.index(place.stage) + 1,
            len(STAGES),
            None if fraction is None else round(fraction, 2),
            place.started_at,
            os.getpid(),
        )

    def _counted(self) -> float | None:
        """How far the engine is with its present statement; None when it cannot say."""
        if self._con is None:
            return None
        try:
            percent = self._con.query_progress()
        except duckdb.Error:
            return None
        return None if percent < 0 else min(percent, 100.0) / 100


_SILENT = Meter(())
# The way down to the readers passes through interfaces that know nothing of progress.
_METER: ContextVar[Meter] = ContextVar("meter", default=_SILENT)


@contextmanager
def metered(meter: Meter) -> Iterator[None]:
    """What happens inside is shown by this meter."""
    token = _METER.set(meter)
    try:
        yield
    finally:
        _METER.reset(token)


def meter() -> Meter:
    """The meter of the present run; one that shows nothing when there is none."""
    return _METER.get()


def enter(stage: Stage) -> None:
    """The present file comes to this stage."""
    _METER.get().enter(stage)


def advance(fraction: float) -> None:
    """So much of the present stage is done, 0 to 1."""
    _METER.get().advance(fraction)
