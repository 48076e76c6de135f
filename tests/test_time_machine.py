"""Issued hand-outs stay reproducible, what moved since is told with its rows, snapshots are kept."""

import csv
import json
import shutil
from io import BytesIO, StringIO
from pathlib import Path

import polars as pl
import pytest
from docx import Document

from ingest.rebuild import rebuild
from tests.conftest import installed_at, load
from tests.tables import fill_lake
from warehouse import maintenance
from warehouse.__main__ import main
from warehouse.handouts import issued, word
from warehouse.handouts.issued import IssuedError
from warehouse.handouts.report import quarterly_report
from warehouse.handouts.restatements import moved_between, reproduced, restatements
from warehouse.home import Home
from warehouse.lake import open_reader, open_writer, reading, snapshot_id
from warehouse.lake_check.check import check
from warehouse.periods import parse_period
from warehouse.scope import Scope

HEADER = "投诉编号,收到日期,回复投诉人/作出处理决定日期,工单状态,业务类别\n"
QUARTER = "2025Q4"
EVERYTHING = Scope.everything()


def ledger(*rows: str) -> str:
    return HEADER + "".join(f"{row}\n" for row in rows)


def drop(root: Path, name: str, text: str) -> None:
    inbox = Home(root).inbox
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / name).write_text(text, encoding="utf-8")
    (line,) = load(root)
    assert json.loads(line)["status"] == "loaded", line


def newest(root: Path) -> int:
    with reading(open_reader(Home(root))) as cursor:
        return snapshot_id(cursor)


def run(root: Path, *arguments: str, capsys: pytest.CaptureFixture[str], code: int = 0) -> str:
    with installed_at(root):
        assert main(list(arguments)) == code
    held = capsys.readouterr()
    return held.out + held.err


def texts(content: bytes) -> list[str]:
    return [p.text for p in word.paragraphs(Document(BytesIO(content)))]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """Ten complaints, a report issued from them, then a correction of one row and a late file."""
    root = tmp_path_factory.mktemp("story")
    first = [f"A{n},2025-10-0{n},2025-10-1{n},已办结,贷款" for n in range(1, 9)]
    late = ["A9,2025-10-01,2025-11-30,已办结,贷款", "A10,2025-10-02,2025-10-09,已办结,信用卡"]
    drop(root, "台账.csv", ledger(*first, *late))
    target = root / "季报.docx"
    with installed_at(root):
        arguments = ["report", "--period", QUARTER, "--out", str(target), "--issue", "王 某"]
        assert main(arguments) == 0
    drop(root, "更正.csv", ledger("A9,2025-10-01,2025-10-11,已办结,贷款"))
    drop(root, "迟到.csv", ledger("B1,2025-12-01,2025-12-20,已办结,外汇"))
    return root, target.read_bytes()


def test_an_issued_report_is_registered_with_its_snapshot_and_numbers(story) -> None:
    root, content = story
    (one,) = issued.read(Home(root))
    assert one.number == 1
    assert one.by == "王 某"
    assert one.title == "1号 2025年第4季度季度报告"
    assert one.state.number < newest(root)
    import hashlib

    assert one.sha256 == hashlib.sha256(content).hexdigest()
    held = {s.indicator_id: s for s in one.stated if s.period.id == QUARTER and not s.where}
    assert held["complaint_count"].value == 10
    assert held["complaint_timely_rate"].value == 90


def test_it_is_reproduced_with_exactly_the_same_numbers(story) -> None:
    root, content = story
    (one,) = issued.read(Home(root))
    assert texts(reproduced(Home(root), one)) == texts(content)
    with reading(open_reader(Home(root))) as cursor:
        today = quarterly_report(cursor, parse_period(QUARTER), scope=EVERYTHING)
    assert texts(today.content) != texts(content)


def test_the_log_names_the_correction_and_the_late_file_with_their_rows(story) -> None:
    root, _content = story
    with reading(open_reader(Home(root))) as now:
        log = restatements(Home(root), now)
    held = log.filter(pl.col("period") == QUARTER).iter_rows(named=True)
    by_name = {row["indicator"]: row for row in held}
    timely = by_name["complaint_timely_rate"]
    assert (timely["before"], timely["after"]) == (90, pytest.approx(100 * 10 / 11))
    assert set(timely["files"].split("、")) == {"更正.csv", "迟到.csv"}
    assert "计法改变：更正.csv 第2行" in timely["places"]
    assert "A9" in timely["places"]
    assert "新计入：迟到.csv 第2行" in timely["places"]
    assert timely["rows"] == 2
    count = by_name["complaint_count"]
    assert (count["before"], count["after"], count["files"]) == (10, 11, "迟到.csv")
    assert count["issued"] == "1号 2025年第4季度季度报告"
    assert "exam_pass_rate" not in by_name
    # A median that did not move is no restatement.
    assert all(row["before"] != row["after"] for row in log.iter_rows(named=True))


def test_the_commands_say_so(story, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root, content = story
    listed = json.loads(run(root, "issued", "--format", "json", capsys=capsys))
    assert [row["number"] for row in listed] == [1]
    text = run(root, "restatements", "--format", "csv", capsys=capsys)
    rows = list(csv.DictReader(StringIO(text.lstrip("\ufeff"))))
    assert {"complaint_count", "complaint_timely_rate"} <= {row["indicator"] for row in rows}
    (one,) = issued.read(Home(root))
    arguments = ("moved", "--from", str(one.state.number), "--period", QUARTER, "--format", "json")
    held = json.loads(run(root, *arguments, capsys=capsys))
    assert {row["indicator"] for row in held} >= {"complaint_count", "complaint_timely_rate"}
    target = tmp_path / "重出.docx"
    said = run(root, "reproduce", "1", "--out", str(target), capsys=capsys)
    assert "1号 2025年第4季度季度报告，快照 #" in said
    assert texts(target.read_bytes()) == texts(content)
    said = run(root, "reproduce", "7", "--out", str(target), capsys=capsys, code=2)
    assert "没有 7 号已发布的材料；已登记的：1" in said


def test_after_a_rebuild_no_other_state_passes_for_the_issued_one(
    story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The new lake counts its snapshots anew: the same number then means something else."""
    root = shutil.copytree(story[0], tmp_path / "home")
    assert rebuild(Home(root), partial=False, say=print)
    capsys.readouterr()
    (one,) = issued.read(Home(root))
    assert newest(root) >= one.state.number
    target = str(tmp_path / "重出.docx")
    said = run(root, "reproduce", "1", "--out", target, capsys=capsys, code=1)
    assert f"快照 #{one.state.number}" in said
    assert "备份里还有它" in said
    with reading(open_reader(Home(root))) as now:
        found = restatements(Home(root), now)
    assert set(found["files"]) == {"当时的快照已不在，查不到原因"}
    assert "complaint_count" in set(found["indicator"])


def test_between_two_equal_snapshots_nothing_moved(story) -> None:
    root, _content = story
    found = moved_between(Home(root), newest(root), None, QUARTER, scope=EVERYTHING)
    assert found.is_empty()


def test_a_row_that_left_the_period_is_told(tmp_path: Path) -> None:
    drop(
        tmp_path,
        "一.csv",
        ledger("A1,2025-10-01,2025-10-02,已办结,贷款", "A2,2025-10-02,,处理中,贷款"),
    )
    first = newest(tmp_path)
    drop(tmp_path, "二.csv", ledger("A2,2025-09-02,,处理中,贷款"))
    found = moved_between(Home(tmp_path), first, None, QUARTER, scope=EVERYTHING)
    (count,) = found.filter(pl.col("indicator") == "complaint_count").iter_rows(named=True)
    assert (count["before"], count["after"], count["rows"]) == (2, 1, 1)
    assert count["places"].startswith("不再计入：二.csv 第2行")


def test_a_line_that_cannot_be_read_is_named_and_nothing_is_forgotten(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.data.mkdir(parents=True)
    home.issued.write_text('{"number": 1, "ki', encoding="utf-8")
    with pytest.raises(IssuedError, match="第 1 行无法识别"):
        issued.read(home)


def test_a_report_without_a_name_is_not_registered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = fill_lake(tmp_path / "lake", complaint="complaint_id | received_at\n1 | 2025-10-01")
    arguments = ("report", "--period", QUARTER, "--out", str(tmp_path / "a.docx"), "--issue", " ")
    assert "须写明由谁发布" in run(home.root, *arguments, capsys=capsys, code=2)
    assert issued.read(home) == []


def test_retention_drops_old_snapshots_but_never_an_issued_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 5):
        drop(tmp_path, f"{number}.csv", ledger(f"A{number},2025-10-01,2025-10-02,已办结,贷款"))
    home = Home(tmp_path)
    with installed_at(tmp_path):
        held = newest(tmp_path)
        assert (
            main(
                ["report", "--period", QUARTER, "--out", str(tmp_path / "a.docx"), "--issue", "甲"]
            )
            == 0
        )
    drop(tmp_path, "5.csv", ledger("A5,2025-10-01,2025-10-02,已办结,贷款"))
    drop(tmp_path, "6.csv", ledger("A1,2025-10-01,2025-11-22,已办结,贷款"))
    last = newest(tmp_path)
    (one,) = issued.read(home)
    assert one.state.number == held
    before = texts(reproduced(home, one))
    with open_writer(home) as con:
        # All of them are old enough.
        con.execute("set TimeZone = 'UTC'")
        monkeypatch.setattr(
            maintenance, "retention", lambda: maintenance.Retention(id="s", keep_days=1)
        )
        assert maintenance.expire(con, 1, issued={held}) == 0
        rows = con.execute("select snapshot_id from lake.snapshots()").fetchall()
        every = {number for (number,) in rows}
        wanted = every - {held, last}
        con.execute("call ducklake_expire_snapshots('lake', versions => $v)", {"v": sorted(wanted)})
        said = maintenance.compact(con, issued={held})
        rows = con.execute("select snapshot_id from lake.snapshots()").fetchall()
    assert {held, last} <= {number for (number,) in rows}
    assert "快照" in said
    assert texts(reproduced(home, one)) == before
    assert check(home).is_clean


def test_old_snapshots_are_found_by_their_age(tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    for number in range(1, 4):
        drop(tmp_path, f"{number}.csv", ledger(f"A{number},2025-10-01,2025-10-02,已办结,贷款"))
    home = Home(tmp_path)
    last = newest(tmp_path)
    with closing(sqlite3.connect(home.catalogue)) as catalogue:
        catalogue.execute(
            "update ducklake_snapshot set snapshot_time = '2020-01-01 00:00:00+00' where snapshot_id < ?",
            [last],
        )
        catalogue.commit()
    with open_writer(home) as con:
        dropped = maintenance.expire(con, 30, issued={last - 1})
        rows = con.execute("select snapshot_id from lake.snapshots() order by 1").fetchall()
    left = [number for (number,) in rows]
    assert dropped == last + 1 - len(left) > 0
    assert last in left
    assert last - 1 in left
    with reading(open_reader(home, snapshot=last - 1)) as cursor:
        assert cursor.execute("select count(*) from lake.core.complaint").fetchone()
    assert check(home).is_clean
