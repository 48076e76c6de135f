"""A disk that fills up or turns read-only, two loaders at once, a reader during compaction."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.conftest import Desk
from tests.kill import state
from tests.kill_files import write_extracts
from tests.tables import install
from warehouse.home import REPOSITORY, Home
from warehouse.journal import read_journal
from warehouse.lake import open_reader, open_writer, reading
from warehouse.lake_check.check import check
from warehouse.lake_files import retired_files
from warehouse.maintenance import compact

FEW = ("01_投诉台账.csv", "03_审查台账.xlsx", "06_看不懂.csv", "07_部分退回.csv")
DISK_BYTES = 12_000_000


def fill_inbox(home: Home, folder: Path) -> None:
    # Workbooks carry the time at which they were written: all installations get the same ones.
    if not folder.exists():
        write_extracts(folder)
    home.inbox.mkdir(parents=True, exist_ok=True)
    for name in FEW:
        shutil.copyfile(folder / name, home.inbox / name)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """An installation that loaded the same files and met no trouble."""
    folder = tmp_path_factory.mktemp("undisturbed")
    desk = Desk(install(folder / "home"))
    fill_inbox(desk.home, folder / "files")
    desk.run()
    assert desk.exit_code == 1
    assert check(desk.home).found == []
    return desk.home


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with little room."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False).returncode:
        pytest.skip("no right to mount a small disk here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def on_small_disk(place: Path, tmp_path: Path, undisturbed: Home) -> Desk:
    desk = Desk(install(place / "home"))
    key = undisturbed.root / "ingest" / "person_key.secret"
    if key.exists():
        (desk.home.root / "ingest").mkdir(exist_ok=True)
        shutil.copy2(key, desk.home.root / "ingest")
    fill_inbox(desk.home, undisturbed.root.parent / "files")
    return desk


def fill_up(place: Path, *, left: int) -> Path:
    ballast = place / "ballast"
    free = os.statvfs(place).f_bavail * os.statvfs(place).f_frsize
    with ballast.open("wb") as file:
        file.write(b"x" * max(free - left, 0))
    return ballast


def places_of(home: Home, name: str) -> list[Path]:
    folders = (home.inbox, home.archive, home.returned)
    return [p for folder in folders for p in folder.glob(f"*{name}") if "退回单" not in p.name]


@pytest.mark.parametrize("left", [0, 60_000, 250_000, 900_000])
def test_full_disk_loses_nothing_and_the_next_run_ends_as_ever(
    small_disk, tmp_path, undisturbed, left
):
    desk = on_small_disk(small_disk, tmp_path, undisturbed)
    ballast = fill_up(small_disk, left=left)
    said = desk.say()
    assert desk.exit_code in (1, 3)
    assert "Traceback" not in said + desk.stderr
    if left == 0:
        assert desk.exit_code == 3
        assert "磁盘" in said + desk.stderr
    for name in FEW:
        assert len(places_of(desk.home, name)) == 1
        # Only a file that nobody can read goes back to its owner.
        if name != "06_看不懂.csv":
            assert not (desk.home.returned / name).exists()
    ballast.unlink()
    desk.run()
    assert state(desk.home).differences(state(undisturbed)) == []
    assert check(desk.home).found == []


@pytest.mark.parametrize("step", ["archive", "append"])
def test_disk_that_fills_up_after_the_commit_is_healed(
    small_disk, tmp_path, undisturbed, monkeypatch, step
):
    import ingest.archive_journal
    import ingest.put_away

    desk = on_small_disk(small_disk, tmp_path, undisturbed)
    owner = ingest.put_away if step == "archive" else ingest.archive_journal
    real = getattr(owner, step)
    ballasts = []

    def late(*given):
        if step == "append" and not given[1]:
            return real(*given)
        ballasts.append(fill_up(small_disk, left=0))
        return real(*given)

    with monkeypatch.context() as patch:
        patch.setattr(owner, step, late)
        said = desk.say()
    assert ballasts
    if step == "append":
        assert "数据已装载，但文件没有移入归档：磁盘已满" in said
        assert desk.exit_code != 2
    ballasts[0].unlink()
    desk.run()
    assert state(desk.home).differences(state(undisturbed)) == []
    assert check(desk.home).found == []
    assert len(read_journal(desk.home.archive_journal).entries) == 3


def test_read_only_disk_loses_nothing(small_disk, tmp_path, undisturbed):
    desk = on_small_disk(small_disk, tmp_path, undisturbed)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    said = desk.say()
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert desk.exit_code == 3
    assert "只读" in said + desk.stderr
    assert sorted(path.name for path in desk.home.inbox.iterdir()) == sorted(FEW)
    desk.run()
    assert state(desk.home).differences(state(undisturbed)) == []
    assert check(desk.home).found == []


def test_two_loaders_at_once_load_each_file_once(tmp_path, undisturbed):
    desk = on_small_disk(tmp_path, tmp_path, undisturbed)
    environment = {**os.environ, "DASHBOARD_HOME": str(desk.home.root)}
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "ingest", "--json"],
            cwd=REPOSITORY,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    outputs = [loader.communicate(timeout=300) for loader in both]
    lines = [line for out, _ in outputs for line in out.splitlines() if line.startswith("{")]
    assert len(lines) == len(FEW)
    assert not any("Traceback" in err for _, err in outputs)
    assert sorted(loader.returncode for loader in both) == [0, 1]
    assert state(desk.home).differences(state(undisturbed)) == []
    assert check(desk.home).found == []


def test_reader_of_an_old_snapshot_is_not_harmed_by_compaction(tmp_path):
    home = install(tmp_path)
    with open_writer(home) as con:
        for number in range(4):
            con.execute(
                "insert into lake.core.complaint (source, complaint_id, batch_id, source_row)"
                " select 'w', $1 || '-' || range, 'b', range from range(200)",
                [str(number)],
            )
    hub = open_reader(home)
    with reading(hub) as cursor:
        assert cursor.execute("select count(*) from lake.core.complaint").fetchone() == (800,)
        with open_writer(home) as con:
            con.execute("delete from lake.core.complaint where complaint_id like '0-%'")
            files = set(home.lake_files.rglob("*.parquet"))
            compact(con)
            compact(con)
        retired = {home.lake_files / path for path in retired_files(home.catalogue)}
        assert retired
        assert retired <= files <= set(home.lake_files.rglob("*.parquet"))
        assert cursor.execute(
            "select count(distinct complaint_id) from lake.core.complaint"
        ).fetchone() == (800,)
    with reading(hub) as cursor:
        assert cursor.execute("select count(*) from lake.core.complaint").fetchone() == (600,)


def test_files_merged_long_ago_are_deleted_and_every_snapshot_stays(tmp_path):
    import sqlite3
    from contextlib import closing

    home = install(tmp_path)
    with open_writer(home) as con:
        for number in range(4):
            con.execute(
                "insert into lake.core.complaint (source, complaint_id, batch_id, source_row)"
                " select 'w', $1 || '-' || range, 'b', range from range(200)",
                [str(number)],
            )
        (version,) = con.execute("select id from lake.current_snapshot()").fetchone() or (0,)
        compact(con)
    with closing(sqlite3.connect(home.catalogue)) as con, con:
        con.execute(
            "update ducklake_files_scheduled_for_deletion"
            " set schedule_start = '2020-01-01 00:00:00+00'"
        )
    retired = {home.lake_files / path for path in retired_files(home.catalogue)}
    with open_writer(home) as con:
        assert f"删除了 {len(retired)} 个" in compact(con)
        assert con.execute(
            f"select count(*) from lake.core.complaint at (version => {version - 1})"
        ).fetchone() == (600,)
    assert not retired & set(home.lake_files.rglob("*.parquet"))
