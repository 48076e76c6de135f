"""`python -m warehouse rebuild`: the same numbers from the archive alone."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.rebuild import main, rebuild
from tests.conftest import installed_at, load
from tests.kill import state
from tests.kill_files import write_extracts
from warehouse.home import REPOSITORY, Home
from warehouse.lake import holding_lock, open_reader, open_writer, reading
from warehouse.lake_check.check import check
from warehouse.sealed import key_file
from warehouse.swap import staged


def load_all(root: Path, how: str) -> None:
    write_extracts(Home(root).inbox)
    (root / "ingest" / "settings.yml").write_text(f"archive: {how}\n", encoding="utf-8")
    load(root)
    # Loaded after the others, though its name comes before theirs.
    (Home(root).inbox / "00_迟到.csv").write_text(
        "投诉编号,收到日期,业务类别\nT00160,2024-05-01,理财\n", encoding="utf-8"
    )
    load(root)
    Home(root).acknowledgements.write_text("who,what\n", encoding="utf-8")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with a plain archive."""
    root = tmp_path_factory.mktemp("kept")
    load_all(root, "keep")
    return root


@pytest.fixture
def home(kept: Path, tmp_path: Path) -> Home:
    """A copy of it."""
    shutil.copytree(kept, tmp_path / "home")
    return Home(tmp_path / "home")


def moments(home: Home) -> list[tuple]:
    with reading(open_reader(home)) as cursor:
        return cursor.execute(
            "select file_name, sheet, date_trunc('day', loaded_at) from lake.meta.batch order by all"
        ).fetchall()


def test_command_rebuilds_the_same_numbers_and_keeps_the_old_lake(home):
    before, when = state(home), moments(home)
    done = subprocess.run(
        [sys.executable, "-m", "warehouse", "rebuild"],
        cwd=REPOSITORY,
        env={"DASHBOARD_HOME": str(home.root), "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "全部一致" in done.stdout
    assert "今天的合约、规则与更正" in done.stdout
    assert "磁盘剩余" in done.stdout
    assert state(home) == before
    assert moments(home) == when
    assert check(home).found == []
    assert home.acknowledgements.read_text(encoding="utf-8") == "who,what\n"
    assert len(list(home.data.parent.glob("data.before-rebuild-*"))) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_command_that_is_told_to_end_ends_with_all_its_work(home, number):
    before = state(home)
    running = subprocess.Popen(
        [sys.executable, "-m", "warehouse", "rebuild"],
        cwd=REPOSITORY,
        env={"DASHBOARD_HOME": str(home.root), "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    while running.poll() is None and "[1/" not in running.stdout.readline():
        pass
    running.send_signal(number)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "已中断" in said
    assert "Traceback" not in said
    with holding_lock(home, timeout_s=0):
        assert not staged(home).exists()
    assert state(home) == before
    assert not list(home.data.parent.glob("data.before-rebuild-*"))


def test_destroyed_lake_comes_back_from_archive_and_journal(home):
    before = state(home)
    for path in (home.catalogue, *home.data.glob("catalogue.sqlite-*")):
        path.unlink(missing_ok=True)
    shutil.rmtree(home.lake_files)
    said: list[str] = []
    assert rebuild(home, partial=False, say=said.append)
    assert state(home) == before
    assert check(home).found == []


def test_encrypted_archive_rebuilds_too(tmp_path):
    load_all(tmp_path, "encrypt")
    home = Home(tmp_path)
    before = state(home)
    with installed_at(tmp_path):
        assert main([]) == 0
    assert state(home) == before
    assert check(home).found == []


def test_files_that_are_not_kept_are_named_and_stop_it(tmp_path, capsys):
    load_all(tmp_path, "off")
    home = Home(tmp_path)
    before = state(home)
    with installed_at(tmp_path):
        assert main([]) == 1
    said = capsys.readouterr()
    assert "01_投诉台账.csv：按设置没有保留原始文件" in said.out
    assert "--partial" in said.err
    assert state(home) == before


def test_file_under_another_key_is_named_and_given_up_only_if_asked(tmp_path, capsys):
    home = Home(tmp_path)
    home.inbox.mkdir(parents=True)
    (tmp_path / "ingest" / "settings.yml").write_text("archive: encrypt\n", encoding="utf-8")
    for number, name in enumerate(("旧.csv", "新.csv")):
        (home.inbox / name).write_text(f"投诉编号,收到日期\nT{number},2024-05-01\n", "utf-8")
        load(tmp_path)
        key = key_file(home)
        if name == "旧.csv":
            # As an installation whose key was lost and made anew.
            (closed,) = home.archive.iterdir()
            closed.rename(tmp_path / closed.name)
            key.unlink()
    (tmp_path / closed.name).rename(closed)
    (fault,) = check(home).faults
    assert (fault.rule, fault.where) == ("archive_closed", closed.name)
    with installed_at(tmp_path):
        assert main([]) == 1
        said = capsys.readouterr()
        assert "旧.csv：现有的密钥" in said.out
        assert "--partial" in said.err
        assert main(["--partial"]) == 0
    with reading(open_reader(home)) as cursor:
        names = cursor.execute("select file_name from lake.meta.batch").fetchall()
    assert names == [("新.csv",)]


def test_files_given_up_because_they_were_not_kept_are_only_a_note(tmp_path):
    home = Home(tmp_path)
    home.inbox.mkdir(parents=True)
    settings = tmp_path / "ingest" / "settings.yml"
    for number, how in enumerate(("off", "keep")):
        settings.write_text(f"archive: {how}\n", encoding="utf-8")
        (home.inbox / f"{how}.csv").write_text(
            f"投诉编号,收到日期\nT{number},2024-05-01\n", "utf-8"
        )
        load(tmp_path)
    assert rebuild(home, partial=True, say=lambda _: None)
    assert [(one.kind, one.rule, one.where) for one in check(home).found] == [
        ("note", "given_up", "off.csv")
    ]


def test_lost_file_stops_it_unless_the_rest_will_do(home, capsys):
    (lost,) = home.archive.glob("*_02_投诉台账.csv")
    lost.unlink()
    before = state(home)
    with installed_at(home.root):
        assert main([]) == 1
        assert "不见了" in capsys.readouterr().out
        assert state(home) == before
        assert main(["--partial"]) == 0
    assert "原有" in capsys.readouterr().out
    with reading(open_reader(home)) as cursor:
        names = cursor.execute("select file_name from lake.meta.batch").fetchall()
    assert ("02_投诉台账.csv",) not in names
    assert ("01_投诉台账.csv",) in names


def test_changed_rows_are_told(home, capsys):
    with open_writer(home) as con:
        con.execute("delete from lake.core.complaint where complaint_id = 'T00001'")
    with installed_at(home.root):
        assert main([]) == 0
    assert "core.complaint：原有 0 行不再相同，新有 1 行" in capsys.readouterr().out
    assert check(home).found == []


def test_second_rebuild_removes_the_lake_that_the_first_one_kept(home):
    assert rebuild(home, partial=False, say=lambda _: None)
    (first,) = home.data.parent.glob("data.before-rebuild-*")
    (first / "mark").touch()
    assert rebuild(home, partial=False, say=lambda _: None)
    (second,) = home.data.parent.glob("data.before-rebuild-*")
    assert not (second / "mark").exists()
