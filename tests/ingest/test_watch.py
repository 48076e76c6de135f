"""The watcher as a process of its own: real files, real signals, real faults."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from ingest.files import InboxLooks
from ingest.settling import FIRST_PAUSE_S, LONGEST_PAUSE_S, Patience, Settling
from tests.browser_fixtures import free_port
from tests.ingest.conftest import Desk
from warehouse import lake
from warehouse.loading import is_loading, is_watched, outcomes, waiting

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0


def ledger(*ids: str, category: str = "贷款") -> str:
    rows = "".join(f"{one},2024-03-05,{category}\n" for one in ids)
    return f"投诉编号,收到日期,业务类别\n{rows}"


class Watcher:
    """A running `python -m ingest --watch` and what it has said so far."""

    def __init__(self, desk: Desk, log: Path, program: Path = ROOT) -> None:
        self.desk = desk
        self.log = log
        with log.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ingest", "--watch", "--interval", "0.3"],
                cwd=program,
                env={
                    **os.environ,
                    "DASHBOARD_HOME": str(desk.home.root),
                    "PYTHONUTF8": "1",
                },
                stdout=said,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def until(self, is_true: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not is_true():
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, f"{what} never happened: {self.said}"
            time.sleep(0.1)

    def until_said(self, text: str) -> None:
        self.until(lambda: text in self.said, text)

    def until_done(self, name: str, status: str) -> None:
        self.until(
            lambda: any((o.file, o.status) == (name, status) for o in outcomes(self.desk.home)),
            f"{name} {status}",
        )

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE_S)


@pytest.fixture
def start(desk: Desk, tmp_path: Path) -> Iterator[Callable[[], Watcher]]:
    running: list[Watcher] = []

    def begin(program: Path = ROOT) -> Watcher:
        running.append(Watcher(desk, tmp_path / f"watch-{len(running)}.log", program))
        return running[-1]

    yield begin
    for watcher in running:
        watcher.process.kill()
        watcher.process.wait()


def watching(start: Callable[[], Watcher]) -> Watcher:
    watcher = start()
    watcher.until_said("正在值守收件箱")
    return watcher


def test_what_is_dropped_is_loaded_and_said_and_sigterm_ends_cleanly(
    desk: Desk, start: Callable[[], Watcher]
) -> None:
    watcher = watching(start)
    assert is_watched(desk.home)
    (desk.home.inbox / "空文件夹").mkdir()
    desk.drop("台账2.csv", ledger("A1", "A2"))
    desk.drop("台账10.csv", "甲,乙\n1,2\n")
    watcher.until_done("台账10.csv", "refused")
    watcher.until_done("台账2.csv", "loaded")
    assert watcher.said.index("台账2.csv  已装载") < watcher.said.index("台账10.csv  已退回")
    assert desk.ask("select complaint_id from lake.core.complaint order by 1") == [("A1",), ("A2",)]
    # One run takes both: the lock was taken once, and nothing is loaded twice.
    assert [(o.file, o.status) for o in outcomes(desk.home)] == [
        ("台账10.csv", "refused"),
        ("台账2.csv", "loaded"),
    ]
    assert watcher.end() == 0
    assert not is_watched(desk.home)
    assert not desk.home.progress.exists()
    assert "Traceback" not in watcher.said


def test_what_is_changed_in_contracts_and_code_lists_counts_at_once(
    desk: Desk, start: Callable[..., Watcher], tmp_path: Path
) -> None:
    program = tmp_path / "program"
    for name in ("ingest", "warehouse"):
        shutil.copytree(ROOT / name, program / name, ignore=shutil.ignore_patterns("__pycache__"))
    watcher = start(program)
    watcher.until_said("正在值守收件箱")
    unknown = ledger("A1").replace("投诉编号", "甲系统投诉主键")
    desk.drop("甲.csv", unknown)
    watcher.until_done("甲.csv", "refused")
    contract = program / "ingest" / "contracts" / "complaint_ledger.yml"
    told = contract.read_text(encoding="utf-8")
    contract.write_text("columns: [\n", encoding="utf-8")
    watcher.until_said("complaint_ledger.yml")
    assert told.count("[投诉编号, ") == 1
    told = told.replace("[投诉编号, ", "[投诉编号, 甲系统投诉主键, ")
    contract.write_text(told, encoding="utf-8")
    desk.drop("乙.csv", unknown)
    watcher.until_done("乙.csv", "loaded")
    with (program / "warehouse" / "codes" / "campaign.csv").open("a", encoding="utf-8") as codes:
        codes.write("99,,甲活动,甲活动,One more,,practice\n")
    asked = "select count(*) from lake.meta.code where name = '甲活动'"
    # A reader by other code lists would call this lake outdated.
    watcher.until(lambda: _asked_raw(desk, asked) == [(1,)], "the new code")
    assert watcher.end() == 0
    assert "Traceback" not in watcher.said


def _asked_raw(desk: Desk, statement: str) -> list[tuple[int]]:
    con = lake.connect(":memory:")
    lake.attach(con, desk.home, read_only=True)
    try:
        return con.execute(statement).fetchall()
    finally:
        con.close()


def test_a_file_that_keeps_growing_is_left_alone_and_holds_nobody_else(
    desk: Desk, start: Callable[[], Watcher]
) -> None:
    watcher = watching(start)
    growing = desk.drop("慢.csv", ledger("S0"))
    desk.drop("快.csv", ledger("F0"))
    written = 0
    while not any(o.file == "快.csv" for o in outcomes(desk.home)):
        assert written < 400, watcher.said
        written += 1
        with growing.open("a", encoding="utf-8") as file:
            file.write(f"S{written},2024-03-05,贷款\n")
        time.sleep(0.15)
    assert [o.file for o in outcomes(desk.home)] == ["快.csv"]
    watcher.until_done("慢.csv", "loaded")
    rows = desk.ask("select count(*) from lake.core.complaint where complaint_id like 'S%'")
    assert rows == [(written + 1,)]


def test_an_old_time_stamp_from_another_clock_does_not_pass_for_whole(desk: Desk) -> None:
    path = desk.drop("网络盘.csv", ledger("A1"))
    ten_years_ago = time.time() - 10 * 365 * 86400
    os.utime(path, (ten_years_ago, ten_years_ago))
    inbox = InboxLooks(desk.home)
    assert [e.path for e in inbox.find().extracts] == [path]
    path.write_text(ledger("A1", "A2"), encoding="utf-8")
    os.utime(path, (ten_years_ago, ten_years_ago))
    found = inbox.find()
    assert (found.extracts, found.skipped) == ([], [("网络盘.csv", "仍在写入")])
    assert [e.path for e in inbox.find().extracts] == [path]


def test_what_came_between_two_looks_is_looked_at_twice(desk: Desk) -> None:
    first = desk.drop("a.csv", ledger("A1"))
    inbox = InboxLooks(desk.home)
    inbox.find()
    second = desk.drop("b.csv", ledger("B1"))
    assert [e.path for e in inbox.find().extracts] == [first, second]


def test_settling_needs_two_equal_looks_and_more_after_growth() -> None:
    settling, path = Settling(), Path("a.csv")
    seen = []
    for size in (1, 1, 2, 2, 2, 2):
        settling.see({path: (size, 0)})
        seen.append(settling.is_calm(path))
    assert seen == [False, True, False, False, False, True]


def test_a_never_ending_stream_of_new_files_keeps_nobody_waiting_for_ever() -> None:
    settling = Settling()
    waited = 0
    for turn in range(20):
        settling.see({Path("whole.csv"): (1, 0), Path(f"new{turn}.csv"): (1, turn)})
        if not settling.is_worth_waiting():
            break
        waited += 1
    assert 0 < waited < 10


def test_pauses_grow_to_five_minutes_and_end_when_the_file_changes() -> None:
    now = [0.0]
    patience, path = Patience(lambda: now[0]), Path("a.csv")
    pauses = []
    for _ in range(8):
        assert patience.allows(path, (1, 1))
        patience.postpone(path, (1, 1))
        start = now[0]
        while not patience.allows(path, (1, 1)):
            now[0] += 1
        pauses.append(now[0] - start)
    assert pauses[0] == FIRST_PAUSE_S
    assert pauses[1] == 2 * FIRST_PAUSE_S
    assert pauses[-2:] == [LONGEST_PAUSE_S, LONGEST_PAUSE_S]
    patience.postpone(path, (1, 1))
    assert patience.allows(path, (2, 1))


def test_the_inbox_may_vanish_and_come_back(desk: Desk, start: Callable[[], Watcher]) -> None:
    watcher = watching(start)
    away = desk.home.inbox.with_name("away")
    desk.home.inbox.rename(away)
    watcher.until_said("收件箱现在读不了")
    time.sleep(1.5)
    assert watcher.said.count("收件箱现在读不了") == 1
    (away / "a.csv").write_text(ledger("A1"), encoding="utf-8")
    away.rename(desk.home.inbox)
    watcher.until_said("收件箱又可以读了")
    watcher.until_done("a.csv", "loaded")


def test_a_fault_of_ours_is_said_once_and_tried_again_later(
    desk: Desk, start: Callable[[], Watcher]
) -> None:
    watcher = watching(start)
    # Nobody can put a folder where a file lies: loading commits, archiving cannot.
    desk.home.scratch.mkdir(parents=True, exist_ok=True)
    desk.home.archive.rmdir()
    desk.home.archive.write_text("in the way")
    desk.drop("a.csv", ledger("A1"))
    watcher.until_said("过一会儿自动再试")
    # Two pauses of five and ten seconds.
    time.sleep(FIRST_PAUSE_S + 2)
    assert watcher.said.count("过一会儿自动再试") == 1
    assert (desk.home.inbox / "a.csv").exists()
    desk.home.archive.unlink()
    watcher.until(lambda: not (desk.home.inbox / "a.csv").exists(), "a.csv archived")
    assert desk.ask("select count(*) from lake.core.complaint") == [(1,)]


def test_a_second_watcher_waits_and_takes_over(desk: Desk, start: Callable[[], Watcher]) -> None:
    first = watching(start)
    second = start()
    second.until_said("已有另一个值守")
    desk.drop("a.csv", ledger("A1"))
    first.until_done("a.csv", "loaded")
    assert "a.csv" not in second.said
    assert first.end() == 0
    second.until_said("正在值守收件箱")
    desk.drop("b.csv", ledger("B1"))
    second.until_done("b.csv", "loaded")
    assert second.said.count("已有另一个值守") == 1


def test_a_killed_watcher_leaves_nothing_in_the_way(
    desk: Desk, start: Callable[[], Watcher]
) -> None:
    killed = watching(start)
    killed.process.kill()
    killed.process.wait()
    assert not is_watched(desk.home)
    assert not is_loading(desk.home)
    watcher = watching(start)
    desk.drop("a.csv", ledger("A1"))
    watcher.until_done("a.csv", "loaded")


def test_another_loader_at_work_is_waited_for(desk: Desk, start: Callable[[], Watcher]) -> None:
    watcher = watching(start)
    with FileLock(desk.home.writer_lock):
        desk.drop("a.csv", ledger("A1"))
        watcher.until_said("另一个装载正在进行")
        # Even now it ends as soon as it is told to.
        assert watcher.end(signal.SIGINT) == 0
    assert [one.name for one in waiting(desk.home)] == ["a.csv"]
    assert desk.run()[0]["status"] == "loaded"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_amid_a_load_lets_that_file_finish_and_leaves_the_rest(
    desk: Desk, start: Callable[[], Watcher], number: int
) -> None:
    watcher = watching(start)
    many = [f"A{n}" for n in range(150_000)]
    desk.home.inbox.mkdir(parents=True, exist_ok=True)
    for name, ids in (("1.csv", many), ("2.csv", ["B1"])):
        whole = desk.home.inbox / f".{name}"
        whole.write_text(ledger(*ids), encoding="utf-8")
    for name in ("1.csv", "2.csv"):
        (desk.home.inbox / f".{name}").rename(desk.home.inbox / name)
    watcher.until(desk.home.progress.exists, "progress")
    assert watcher.end(number) == 0
    assert [(o.file, o.status) for o in outcomes(desk.home)] == [("1.csv", "loaded")]
    assert [one.name for one in waiting(desk.home)] == ["2.csv"]
    assert desk.ask("select count(*) from lake.core.complaint") == [(150_000,)]


def test_many_loads_in_one_process_do_not_grow(desk: Desk, start: Callable[[], Watcher]) -> None:
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("memory is read from /proc, which this system does not have")
    watcher = watching(start)
    loaded = 0

    def load(count: int) -> int:
        nonlocal loaded
        for _ in range(count):
            loaded += 1
            desk.drop(f"{loaded}.csv", ledger(f"A{loaded}"))
        watcher.until(lambda: not waiting(desk.home) and not is_loading(desk.home), "all loaded")
        text = Path(f"/proc/{watcher.process.pid}/status").read_text()
        return int(text.split("VmRSS:")[1].split()[0])

    # The allocator takes some forty loads to settle; after that nothing may be left behind.
    warm = load(45)
    after = load(30)
    assert desk.ask("select count(*) from lake.core.complaint") == [(75,)]
    assert (after - warm) / 30 < 150, f"{warm} kB grew to {after} kB"


def test_what_was_said_last_is_kept_for_the_pages(desk: Desk) -> None:
    desk.load("a.csv", ledger("A1"))
    desk.load("b.csv", "甲,乙\n1,2\n")
    told = outcomes(desk.home)
    assert [(o.file, o.status, o.size) for o in told] == [
        ("b.csv", "refused", None),
        ("a.csv", "loaded", None),
    ]
    desk.home.outcomes.write_text("[{", encoding="utf-8")
    assert outcomes(desk.home) == []
    desk.load("c.csv", ledger("A2"))
    assert [o.file for o in outcomes(desk.home)] == ["c.csv"]
    assert json.loads(desk.home.outcomes.read_text(encoding="utf-8"))[0]["result"]["entity"]


@pytest.fixture
def made(desk: Desk, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path, int]]:
    """`make run` over an installation that holds one ledger, in a group of its own."""
    if shutil.which("make") is None:
        pytest.skip("make is not on this machine")
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    python = venv / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (venv / ".installed").touch()
    desk.load("first.csv", ledger("A1"))
    port = free_port()
    log = tmp_path / "make.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            ["make", "run", f"VENV={venv}", f"PORT={port}"],
            cwd=ROOT,
            env={**os.environ, "DASHBOARD_HOME": str(desk.home.root), "PYTHONUTF8": "1"},
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    yield process, log, port
    if members(process.pid):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def members(group: int) -> list[str]:
    """The commands of the processes of a group that are still alive."""
    found = subprocess.run(
        ["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 2) for line in found.stdout.splitlines()]
    return [row[2] for row in rows if row[0] == str(group) and not row[1].startswith("Z")]


def wait_for(is_true: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_true():
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.2)


def is_served(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def find(group: int, command: str) -> int:
    """Process id of the python of a group that runs this."""
    found = subprocess.run(
        ["ps", "-eo", "pgid=,pid=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 2) for line in found.stdout.splitlines()]
    [pid] = [
        int(pid)
        for pgid, pid, args in rows
        if pgid == str(group) and command in args and args.startswith(sys.executable)
    ]
    return pid


@pytest.mark.parametrize("end", ["ctrl-c", "term", "dashboard dies", "watcher dies"])
def test_make_run_ends_watcher_and_dashboard_together(
    desk: Desk, made: tuple[subprocess.Popen[bytes], Path, int], end: str
) -> None:
    process, log, port = made
    wait_for(lambda: is_served(port) and is_watched(desk.home), log)
    if end == "ctrl-c":
        desk.drop("a.csv", ledger("B1"))
        wait_for(lambda: any(one.file == "a.csv" for one in outcomes(desk.home)), log)
        os.killpg(process.pid, signal.SIGINT)
    elif end == "term":
        process.terminate()
    elif end == "dashboard dies":
        os.kill(find(process.pid, "streamlit run"), signal.SIGKILL)
    else:
        os.kill(find(process.pid, "ingest --watch"), signal.SIGKILL)
    process.wait(timeout=PATIENCE_S)
    wait_for(lambda: not members(process.pid), log)
    assert not is_served(port)
    assert not is_watched(desk.home)
    assert "Traceback" not in log.read_text(encoding="utf-8")
