"""The command that writes the demo data: same bytes every time, and never over real data."""

import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from ingest.demo import __main__ as command
from ingest.demo import story
from ingest.demo.timeline import Timeline
from tests.demo_files import (
    moment,
    path_of,
    records,
    written_demo,
)
from warehouse.home import Home
from warehouse.lake import open_writer

REPOSITORY = Path(__file__).parent.parent
ONE_BATCH = """
    insert into lake.meta.batch by name
    select
        'b1' as batch_id, 'f.csv' as file_name, 'x' as file_sha256, 1 as file_bytes,
        'c' as contract_id, 'd' as contract_digest, 'complaint' as entity, 's' as source,
        false as is_demo, 0 as rows_read, 0 as rows_inserted, 0 as rows_updated,
        0 as rows_unchanged, 0 as rows_quarantined, 0 as rows_ignored, now() as loaded_at,
"""


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    return written_demo(tmp_path_factory)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_HOME", str(tmp_path))
    return Home(tmp_path.resolve())


def test_same_seed_and_end_give_the_same_bytes_in_another_process(demo, tmp_path):
    subprocess.run(
        [sys.executable, "-m", "ingest.demo", "--out", str(tmp_path)],
        check=True,
        capture_output=True,
        cwd=REPOSITORY,
        env={"PYTHONHASHSEED": "4711", "PYTHONUTF8": "1"},
    )
    first = {path.name: path.read_bytes() for path in demo.iterdir()}
    second = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_if_empty_writes_into_an_empty_installation_and_says_how_to_remove(demo, home, capsys):
    with open_writer(home):
        pass
    (home.inbox / ".gitkeep").touch()
    assert command.main(["--if-empty", "--seed", "1", "--end", "2025-02-28"]) == 0
    said = capsys.readouterr().out
    written = sorted(home.inbox.glob("演示数据_*"))
    assert f"已写入演示数据 {len(written)} 个文件到 {home.inbox}" in said
    assert all(path.name in said for path in written)
    assert "如何清除" in said
    # The archive puts a digest before a name, and the journal would miss the files.
    assert "文件名含“演示数据_”的文件" in said
    assert str(home.archive_journal) in said
    assert str(home.data) in said
    assert {path.name for path in home.inbox.iterdir()} == {
        ".gitkeep",
        *(path.name for path in written),
    }
    check_another_seed_and_end(demo, home.inbox)


def check_another_seed_and_end(demo, folder):
    assert path_of(folder, "投诉台账_2024年.xlsx").exists()
    newest = records(path_of(folder, "投诉台账_2025年1-2月.csv"), 3)
    assert max(moment(row["收到日期"]) for row in newest) < datetime(2025, 3, 1)
    register = "机构表.xlsx"
    assert path_of(folder, register).read_bytes() != path_of(demo, register).read_bytes()


def test_if_empty_leaves_an_inbox_with_a_file_alone(home, capsys):
    home.make_folders()
    (home.inbox / "投诉台账.xlsx").touch()
    assert command.main(["--if-empty"]) == 0
    assert "没有写入演示数据" in capsys.readouterr().out
    assert [path.name for path in home.inbox.iterdir()] == ["投诉台账.xlsx"]


def test_if_empty_leaves_a_lake_with_a_batch_alone(home, capsys):
    with open_writer(home) as con:
        con.execute(ONE_BATCH)
    assert command.main(["--if-empty"]) == 0
    assert "已经有装载过的数据" in capsys.readouterr().out
    assert list(home.inbox.iterdir()) == []


def test_a_wrong_end_is_refused_with_the_form_to_use(capsys):
    with pytest.raises(SystemExit):
        command.main(["--end", "2026-02-30"])
    assert "“2026-02-30”不是日期" in capsys.readouterr().err


def test_an_unwritable_folder_is_reported_without_a_traceback(tmp_path, capsys):
    (tmp_path / "file").touch()
    assert command.main(["--out", str(tmp_path / "file")]) == 1
    assert "没有写成演示数据" in capsys.readouterr().err


@pytest.mark.parametrize("end", [date(2027, 1, 1), date(2025, 12, 31), date(2024, 2, 29)])
def test_the_calendar_always_holds_thirty_months_up_to_the_end(end):
    timeline = Timeline(end)
    assert len(timeline.months) == story.MONTH_COUNT
    assert timeline.days(story.MONTH_COUNT - 1)[-1] == end
    assert timeline.index_of(timeline.months[7]) == 7
    assert all(
        later - timedelta(1) == timeline.last_day(n) for n, later in enumerate(timeline.months[1:])
    )
