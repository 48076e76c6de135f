"""python -m ingest --watch: loads what is put into the inbox as soon as it is whole."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from filelock import FileLock, Timeout

from ingest import confirmations, contract
from ingest.errors import IngestError
from ingest.fault import fault_of
from ingest.files import Extract, Found, Look, list_inbox, looks, shown_name
from ingest.gx_imports import import_great_expectations
from ingest.result import Result
from ingest.run import Listener, run_files
from ingest.settling import Patience, Settling
from warehouse.errors import WarehouseError
from warehouse.held import held_files
from warehouse.home import Home
from warehouse.loading import FOLDER, is_passed_over, signature
from warehouse.renewal import Renewal
from warehouse.signals import ONE_REQUEST_S, ending_signals

INTERVAL_S = 1.0
_LOCK_PATIENCE_S = 0.5


class _BusyError(Exception):
    """Somebody else is loading at this moment."""


def _not_now() -> None:
    # Waiting for the lock would be deaf to the signal that ends the watch; the next look will do.
    raise _BusyError


class Watch:
    """Looks into the inbox again and again until it is told to stop."""

    def __init__(
        self,
        home: Home,
        listener: Listener,
        say: Callable[[str], None],
        *,
        interval_s: float = INTERVAL_S,
    ) -> None:
        self.home = home
        self.stop = threading.Event()
        self._say = say
        self._interval_s = interval_s
        self._report = listener.report
        self._listener = replace(
            listener,
            report=self._report_once,
            waiting=_not_now,
            is_stopping=self.stop.is_set,
        )
        self._settling = Settling()
        self._patience = Patience()
        self._is_behind = False
        self._renewal = Renewal(contract.FOLDER, confirmations.FILE)
        # What was said about which file; what is no file has a name that no file can have.
        self._told: dict[str, str] = {}

    def run(self) -> None:
        """Watch until `stop` is set; another watcher of the same inbox goes first."""
        warming = threading.Thread(target=_import_slow_ones, daemon=True)
        warming.start()
        with self._alone():
            if self.stop.is_set():
                return
            with contextlib.suppress(OSError):
                self.home.inbox.mkdir(parents=True, exist_ok=True)
            # A lake that an older program wrote is brought up to date before anything comes in.
            self._load([])
            self._say(f"正在值守收件箱 {self.home.inbox}，放入的文件会自动装载；按 Ctrl-C 结束")
            while not self.stop.wait(self._interval_s):
                self._take_in_changes()
                ready = self._look()
                if ready:
                    warming.join()
                    self._load(ready)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the right to watch; waits for it as long as somebody else has it."""
        lock = FileLock(self.home.watcher_lock)
        while not self.stop.is_set():
            try:
                self.home.data.mkdir(parents=True, exist_ok=True)
                lock.acquire(timeout=_LOCK_PATIENCE_S)
                break
            except Timeout:
                self._tell("/watch", "已有另一个值守在看同一个收件箱；先等着，它结束后自动接手")
            except OSError as error:
                self._tell("/watch", f"{fault_of(error)}；故障排除后自动开始值守")
            self.stop.wait(self._interval_s)
        try:
            yield
        finally:
            lock.release()

    def _take_in_changes(self) -> None:
        """Load by today's contracts and code lists; the lake is brought to them at once."""
        if self._renewal.is_due():
            self._say("合约、代码表或口径的文件有改动，从现在起按新的装载")
            self._told.pop("/run", None)
            self._patience = Patience()
            self._is_behind = True
        if self._is_behind:
            self._is_behind = not self._load([])

    def _look(self) -> list[tuple[Extract, Look]]:
        """The files that are to be loaded now; none while others are still coming."""
        try:
            found = self._list()
        except OSError as error:
            self._tell("/inbox", f"收件箱现在读不了：{fault_of(error)}；能读时自动继续")
            self._settling.forget()
            return []
        if self._told.pop("/inbox", None):
            self._say("收件箱又可以读了，继续值守")
        for name, reason in found.skipped:
            if not is_passed_over(name):
                advice = "，请把其中的文件直接放进收件箱" if reason == FOLDER else ""
                self._tell(name, f"跳过 {shown_name(name)}：{reason}{advice}")
        now = looks(found.extracts)
        self._settling.see(now)
        self._patience.keep_only(list(now))
        seen = {name for name, _ in found.skipped} | {shown_name(path.name) for path in now}
        self._forget_told(seen)
        # These wait for a person; whoever confirms or changes them takes them off this list.
        held = {one.file for one in held_files(self.home)}
        due = [
            (extract, now[extract.path])
            for extract in found.extracts
            if extract.path in now
            and self._settling.is_calm(extract.path)
            and extract.path.name not in held
            and self._patience.allows(extract.path, now[extract.path])
        ]
        return [] if due and self._settling.is_worth_waiting() else due

    def _list(self) -> Found:
        if not self.home.inbox.is_dir():
            raise FileNotFoundError(2, "文件夹不在了", str(self.home.inbox))
        return list_inbox(self.home)

    def _load(self, ready: Sequence[tuple[Extract, Look]]) -> bool:
        """One run over these files; whatever goes wrong, the watch goes on. False for not now."""

        def find() -> Found:
            same = [one for one, look in ready if signature(one.path) == look]
            return Found(same, [])

        try:
            results, left = run_files(self.home, find, self._listener, check_only=False)
        except _BusyError:
            self._tell("/busy", "另一个装载正在进行，等它结束后继续")
            return False
        except (IngestError, WarehouseError) as error:
            self._put_off(ready, str(error))
        # The watch outlives what a single run may not; the files lie where they lay.
        except Exception as error:
            self._put_off(ready, fault_of(error) or f"出现意外错误（{type(error).__name__}）")
        else:
            self._told.pop("/run", None)
            self._told.pop("/busy", None)
            self._take_note({one.path: look for one, look in ready}, results, left)
        return True

    def _take_note(
        self, ready: Mapping[Path, Look], results: Sequence[Result], left: Sequence[Extract]
    ) -> None:
        """Decide when the files that still lie in the inbox are tried again."""
        tried, untried = {one.file for one in results}, {one.path for one in left}
        for path, look in ready.items():
            is_due = shown_name(path.name) in tried or path in untried
            if is_due and signature(path) == look:
                self._patience.postpone(path, look)

    def _put_off(self, ready: Sequence[tuple[Extract, Look]], reason: str) -> None:
        for extract, look in ready:
            self._patience.postpone(extract.path, look)
        self._tell("/run", f"{reason}；文件都留在收件箱，过一会儿自动再试")

    def _report_once(self, result: Result) -> None:
        """Report each outcome; one that repeats itself while the file lies there only once."""
        if result.status == "failed":
            text = "；".join(problem.message for problem in result.problems)
            if self._told.get(result.file) == text:
                return
            self._told[result.file] = text
            self._report(result)
            self._say(f"{result.file}：过一会儿自动再试")
            return
        self._told.pop(result.file, None)
        self._report(result)

    def _tell(self, about: str, text: str) -> None:
        """Say it once, until something else is said about the same thing."""
        if self._told.get(about) != text:
            self._told[about] = text
            self._say(text)

    def _forget_told(self, names: set[str]) -> None:
        kept = names | {"/watch", "/busy", "/run"}
        self._told = {about: text for about, text in self._told.items() if about in kept}


def _import_slow_ones() -> None:
    """Import while nothing has come in yet what takes seconds."""
    # Whoever really needs it meets the same error and says so.
    with contextlib.suppress(Exception):
        import_great_expectations()


@contextmanager
def ending_on_signals(stop: threading.Event) -> Iterator[None]:
    """The first Ctrl-C, SIGTERM or closed terminal lets the present file finish, a later one not.

    Ending at once is safe too: what was not committed never happened.
    """
    asked_at: list[float] = []

    def end(number: int, _frame: FrameType | None) -> None:
        stop.set()
        asked_at.append(time.monotonic())
        if asked_at[-1] - asked_at[0] > ONE_REQUEST_S:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)

    before = {one: signal.signal(one, end) for one in ending_signals()}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
