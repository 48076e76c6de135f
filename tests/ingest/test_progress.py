"""Progress of a real load: stages in order, fractions that are known, nothing left behind."""

import io
import json
import time
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from ingest.progress import STAGES, Meter, ProgressBar, ProgressFile, View, advance, enter, metered
from ingest.read.text import TextTable, open_text
from tests.ingest.conftest import Desk
from warehouse.loading import Progress, read_progress


class Seen:
    """A view that keeps what it was shown."""

    def __init__(self) -> None:
        self.shown: list[Progress] = []
        self.cleared = 0

    def show(self, now: Progress) -> None:
        self.shown.append(now)

    def clear(self) -> None:
        self.cleared += 1


def ledger(rows: int) -> str:
    lines = "".join(f"A{n},2024-03-05,贷款,{'很长的说明' * 8}\n" for n in range(rows))
    return f"投诉编号,收到日期,业务类别,投诉内容\n{lines}"


def wait_for(view: Seen, count: int) -> None:
    deadline = time.monotonic() + 10
    while len(view.shown) < count:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_long_load_goes_through_its_stages_in_order(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.progress._LOOK_EVERY_S", 0.02)
    seen = Seen()
    show = ProgressFile.show

    def spy(self: ProgressFile, now: Progress) -> None:
        show(self, now)
        # What a page would read at this very moment.
        found = read_progress(self.path)
        assert found == now
        seen.show(now)

    monkeypatch.setattr(ProgressFile, "show", spy)
    desk.drop("台账.csv", ledger(60_000))
    [result] = desk.run()
    assert result["rows"]["read"] == 60_000
    steps = [one.step for one in seen.shown]
    assert steps == sorted(steps)
    assert {one.stage for one in seen.shown} >= {"整理", "比对", "写入"}
    assert {one.file for one in seen.shown} == {"台账.csv"}
    fractions = [one.fraction for one in seen.shown if one.fraction is not None]
    assert fractions
    assert all(0 <= one <= 1 for one in fractions)
    assert not desk.home.progress.exists()
    assert list(desk.home.data.glob(".progress*")) == []


def test_the_exact_reader_counts_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(ledger(100_000), encoding="utf-8")
    table: TextTable = open_text(path)[0]
    meter = Meter([])
    fractions: list[float] = []
    meter.advance = fractions.append  # type: ignore[method-assign]
    con = duckdb.connect()
    with metered(meter):
        table.stage_exact(con, header_row=1, width=4)
    con.close()
    assert len(fractions) == 5
    assert fractions == sorted(fractions)
    assert 0.1 < fractions[0] < 0.4
    assert fractions[-1] == 1.0


def test_the_engine_tells_how_far_a_statement_is() -> None:
    seen = Seen()
    con = duckdb.connect()
    con.execute("set threads = 1")
    meter = Meter([seen])
    with meter.watching(con):
        meter.start_file("a.csv", position=1, files=1)
        meter.enter("整理")
        con.execute(
            "create table t as select md5(i::varchar) as h from range(4000000) as numbers(i)"
        )
        con.execute("select count(distinct md5(h)) from t")
    con.close()
    known = [one.fraction for one in seen.shown if one.fraction is not None]
    assert len(set(known)) >= 2
    assert seen.cleared >= 1


def test_nothing_is_drawn_after_the_file_is_done() -> None:
    seen = Seen()
    con = duckdb.connect()
    meter = Meter([seen])
    with metered(meter), meter.watching(con):
        meter.start_file("a.csv", position=1, files=2)
        enter("读取")
        advance(0.25)
        wait_for(seen, 1)
        meter.end_file()
        shown = len(seen.shown)
        time.sleep(0.7)
        assert len(seen.shown) == shown
    con.close()
    now = seen.shown[-1]
    assert (now.file, now.position, now.files, now.stage) == ("a.csv", 1, 2, "读取")
    assert (now.step, now.steps, now.fraction) == (2, len(STAGES), 0.25)


def test_a_view_is_cleared_even_when_the_run_ends_with_an_error() -> None:
    seen = Seen()
    con = duckdb.connect()
    meter = Meter([seen])

    def fail() -> None:
        with meter.watching(con):
            meter.start_file("a.csv", position=1, files=1)
            raise MemoryError

    with pytest.raises(MemoryError):
        fail()
    con.close()
    assert seen.cleared == 1


def test_a_full_disk_keeps_progress_from_nobody_else(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    view: View = ProgressFile(in_the_way / "progress.json")
    seen = Seen()
    con = duckdb.connect()
    meter = Meter([view, seen])
    with meter.watching(con):
        meter.start_file("a.csv", position=1, files=1)
        wait_for(seen, 1)
    con.close()


def test_the_bar_names_file_stage_and_share_and_leaves_the_terminal_clean() -> None:
    screen = io.StringIO()
    bar = ProgressBar(Console(file=screen, force_terminal=True, width=120))
    seen = Seen()
    con = duckdb.connect()
    meter = Meter([bar, seen])
    with meter.watching(con):
        meter.start_file("台账[1].csv", position=1, files=3)
        meter.enter("读取")
        meter.advance(0.5)
        wait_for(seen, 1)
        time.sleep(0.3)
    con.close()
    text = screen.getvalue()
    assert "台账[1].csv（第 1/3 个） 第 2/7 步 读取" in text
    assert "50%" in text
    # The line is wiped and the cursor is shown again.
    assert text.rstrip().endswith(("\x1b[2K", "\x1b[?25h"))


def test_no_bar_where_nobody_looks(desk: Desk) -> None:
    desk.drop("a.csv", ledger(3))
    text = desk.say()
    assert "\x1b" not in text + desk.stderr
    assert "步" not in text + desk.stderr


def test_a_broken_progress_file_is_no_progress(tmp_path: Path) -> None:
    path = tmp_path / "progress.json"
    for content in ("", "{", "[]", json.dumps({"file": "a"}), json.dumps({"started_at": "x"})):
        path.write_text(content, encoding="utf-8")
        assert read_progress(path) is None
