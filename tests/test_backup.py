"""`backup` and `restore`: everything but the keys, verified, and the old one kept aside."""

import json
import shutil
import threading
import time
from pathlib import Path

import pytest

from tests.conftest import installed_at, load
from tests.kill import state
from tests.kill_files import write_extracts
from warehouse import swap
from warehouse.__main__ import main
from warehouse.backup import KEYS, MANIFEST, backup, restore
from warehouse.errors import BackupError
from warehouse.home import Home
from warehouse.lake import holding_lock, open_reader, open_writer, reading
from warehouse.lake_check.check import check


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation that loaded a little of everything."""
    root = tmp_path_factory.mktemp("sound")
    write_extracts(Home(root).inbox)
    load(root)
    Home(root).acknowledgements.write_text("who,what\n", encoding="utf-8")
    return root


@pytest.fixture
def home(sound: Path, tmp_path: Path) -> Home:
    """A copy of it."""
    shutil.copytree(sound, tmp_path / "home")
    return Home(tmp_path / "home")


def test_restored_installation_equals_the_backed_up_one(home, tmp_path, capsys):
    other = Home(tmp_path / "other")
    with installed_at(home.root):
        assert main(["backup", str(tmp_path / "b")]) == 0
    said = capsys.readouterr().out
    assert "没有密钥" in said
    assert "person_key.secret" in said
    with installed_at(other.root):
        assert main(["restore", str(tmp_path / "b")]) == 0
    said = capsys.readouterr().out
    assert "python -m warehouse check" in said
    # Nothing was there before.
    assert "移到" not in said
    assert not list(other.root.glob("before-restore-*"))
    assert check(other).found == []
    before, after = state(home), state(other)
    assert after.tables == before.tables
    assert after.files["archive"] == before.files["archive"]
    assert other.acknowledgements.read_text(encoding="utf-8") == "who,what\n"
    assert other.archive_journal.read_bytes() == home.archive_journal.read_bytes()


def test_keys_go_along_only_when_asked_for(home, tmp_path):
    backup(home, tmp_path / "without", with_keys=False)
    said = backup(home, tmp_path / "with", with_keys=True)
    secret = (home.root / KEYS[0]).read_bytes()
    assert not [p for p in (tmp_path / "without").rglob("*") if p.suffix == ".secret"]
    assert secret not in b"".join(
        p.read_bytes() for p in (tmp_path / "without").rglob("*") if p.is_file()
    )
    assert (tmp_path / "with" / KEYS[0]).read_bytes() == secret
    assert "备份里有密钥" in said


def test_backup_never_writes_over_something(home, tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "mine").write_text("x")
    with pytest.raises(BackupError, match="已有内容"):
        backup(home, tmp_path / "b", with_keys=False)
    with pytest.raises(BackupError, match="之内"):
        backup(home, home.data / "b", with_keys=False)
    assert [p.name for p in (tmp_path / "b").iterdir()] == ["mine"]


def test_damaged_lake_is_not_backed_up(home, tmp_path):
    path = sorted(home.lake_files.rglob("*.parquet"))[0]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(BackupError, match="已损坏"):
        backup(home, tmp_path / "b", with_keys=False)
    assert not (tmp_path / "b").exists()
    assert not list(tmp_path.glob(".b*"))


def test_backup_waits_for_a_writer(home, tmp_path):
    told = threading.Event()
    order = []

    def back_up():
        backup(home, tmp_path / "b", with_keys=False, on_wait=told.set)
        order.append("backup")

    with holding_lock(home):
        thread = threading.Thread(target=back_up)
        thread.start()
        assert told.wait(20)
        time.sleep(0.2)
        order.append("writer")
    thread.join(60)
    assert order == ["writer", "backup"]


@pytest.mark.parametrize("harm", ["flip", "lose", "manifest"])
def test_damaged_backup_is_refused_before_anything_is_touched(home, tmp_path, harm):
    backup(home, tmp_path / "b", with_keys=False)
    victim = sorted((tmp_path / "b").rglob("*.parquet"))[0]
    if harm == "flip":
        victim.write_bytes(victim.read_bytes()[:-1] + b"X")
    elif harm == "lose":
        victim.unlink()
    else:
        (tmp_path / "b" / MANIFEST).unlink()
    before = state(home)
    with pytest.raises(BackupError, match="备份"):
        restore(home, tmp_path / "b", force=True)
    assert state(home) == before


def test_manifest_may_not_lead_out_of_the_backup(home, tmp_path):
    backup(home, tmp_path / "b", with_keys=False)
    manifest = json.loads((tmp_path / "b" / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"]["../../evil"] = {"bytes": 1, "sha256": "x"}
    (tmp_path / "b" / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(BackupError, match="evil"):
        restore(home, tmp_path / "b", force=True)


def test_restore_keeps_what_was_there_aside(home, tmp_path):
    backup(home, tmp_path / "b", with_keys=False)
    before = state(home)
    with open_writer(home) as con:
        con.execute("delete from lake.core.complaint")
    with pytest.raises(BackupError, match="--force"):
        restore(home, tmp_path / "b", force=False)
    said = restore(home, tmp_path / "b", force=True)
    assert state(home) == before
    assert check(home).found == []
    (aside,) = home.root.glob("before-restore-*")
    assert str(aside) in said
    with reading(open_reader(Home(aside))) as cursor:
        assert cursor.execute("select count(*) from lake.core.complaint").fetchone() == (0,)
    # The key that was here stays here, for the backup has none.
    assert (home.root / KEYS[0]).exists()


@pytest.mark.parametrize("moves", [0, 1, 3, 5, 6, 8])
def test_restore_killed_while_it_changes_folders_is_finished_by_the_next(
    home, tmp_path, monkeypatch, moves
):
    backup(home, tmp_path / "b", with_keys=False)
    before = state(home)
    with open_writer(home) as con:
        con.execute("delete from lake.core.complaint")
    real, done = shutil.move, []

    class Killed(BaseException):
        pass

    def move(source, target):
        if len(done) == moves:
            raise Killed
        done.append(source)
        return real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(swap.shutil, "move", move)
        with pytest.raises(Killed):
            restore(home, tmp_path / "b", force=True)
    with holding_lock(home):
        pass
    assert state(home) == before
    assert not swap.staged(home).exists()
    assert check(home).found == []


def test_half_a_restore_of_a_killed_command_is_removed_by_the_next(home):
    archived = swap.staged(home) / "ingest" / "archive" / "1.csv"
    archived.parent.mkdir(parents=True)
    archived.write_text("投诉编号\n", encoding="utf-8")
    with holding_lock(home):
        pass
    assert not swap.staged(home).exists()
    assert check(home).found == []
