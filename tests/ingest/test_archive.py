"""The archive of raw files: kept, encrypted or left out; its journal, and the way back."""

import errno
import hashlib
import json
import os
import shutil
import sqlite3
import stat
from pathlib import Path

import duckdb
import pytest

from ingest import archive
from ingest.archive_cipher import (
    SUFFIX,
    decrypt_file,
    encrypt_file,
    existing_archive_key,
    obtain_archive_key,
)
from ingest.errors import Fault
from tests.conftest import installed_at
from tests.ingest.conftest import Desk
from warehouse.home import Home
from warehouse.journal import Entry, append, read_journal
from warehouse.lake_check.check import check
from warehouse.sealed import digest_of, key_file

LEDGER = (
    "投诉编号,收到日期,业务类别,客户姓名\nA1,2024-03-05,贷款,王小明\nA2,2024-03-06,信用卡,李四\n"
)
PIECE = 1 << 20


def keep(desk: Desk, how: str) -> None:
    desk.home.inbox.mkdir(parents=True, exist_ok=True)
    (desk.home.root / "ingest" / "settings.yml").write_text(f"archive: {how}\n", encoding="utf-8")


def entries(desk: Desk) -> list[Entry]:
    return read_journal(desk.home.archive_journal).in_order()


@pytest.fixture
def sealed(tmp_path: Path) -> tuple[Path, bytes, Path]:
    """A file of two and a half pieces, the key, and the encrypted file."""
    plain = tmp_path / "a.bin"
    plain.write_bytes(os.urandom(PIECE * 5 // 2))
    key = obtain_archive_key(Home(tmp_path))
    target = tmp_path / f"a.bin{SUFFIX}"
    sha256 = hashlib.sha256(plain.read_bytes()).hexdigest()
    encrypt_file(plain, target, key=key, sha256=sha256)
    return plain, key, target


def test_encrypted_file_opens_as_it_was(sealed, tmp_path):
    plain, key, target = sealed
    decrypt_file(target, tmp_path / "out", key=key)
    assert (tmp_path / "out").read_bytes() == plain.read_bytes()
    assert digest_of(target) == hashlib.sha256(plain.read_bytes()).hexdigest()
    assert digest_of(plain) is None
    assert plain.read_bytes()[:64] not in target.read_bytes()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1])
def test_every_size_comes_back(tmp_path, size):
    plain = tmp_path / "a"
    plain.write_bytes(os.urandom(size))
    key = obtain_archive_key(Home(tmp_path))
    sha256 = hashlib.sha256(plain.read_bytes()).hexdigest()
    encrypt_file(plain, tmp_path / "b", key=key, sha256=sha256)
    decrypt_file(tmp_path / "b", tmp_path / "c", key=key)
    assert (tmp_path / "c").read_bytes() == plain.read_bytes()


HEADER = 8 + 16 + 32
SEALED_PIECE = PIECE + 16


def _without_last(data: bytes) -> bytes:
    return data[: HEADER + 2 * SEALED_PIECE]


def _swapped(data: bytes) -> bytes:
    head, first = data[:HEADER], data[HEADER : HEADER + SEALED_PIECE]
    second = data[HEADER + SEALED_PIECE : HEADER + 2 * SEALED_PIECE]
    return head + second + first + data[HEADER + 2 * SEALED_PIECE :]


@pytest.mark.parametrize(
    "harm",
    [
        _without_last,
        _swapped,
        lambda data: data[:-1],
        lambda data: data + b"x",
        lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:],
        lambda data: data[:10] + bytes([data[10] ^ 1]) + data[11:],
        lambda data: data[:HEADER],
    ],
)
def test_any_change_is_noticed_and_nothing_is_written(sealed, tmp_path, harm):
    _, key, target = sealed
    target.write_bytes(harm(target.read_bytes()))
    before = set(tmp_path.iterdir())
    with pytest.raises(Fault, match="无法解密"):
        decrypt_file(target, tmp_path / "out", key=key)
    assert set(tmp_path.iterdir()) == before


def test_another_key_does_not_open_it(sealed, tmp_path):
    _, _, target = sealed
    with pytest.raises(Fault, match="密钥不对"):
        decrypt_file(target, tmp_path / "out", key=b"x" * 32)


def test_two_encryptions_of_one_file_differ(sealed, tmp_path):
    plain, key, target = sealed
    sha256 = hashlib.sha256(plain.read_bytes()).hexdigest()
    encrypt_file(plain, tmp_path / "again", key=key, sha256=sha256)
    assert (tmp_path / "again").read_bytes()[HEADER:] != target.read_bytes()[HEADER:]


def test_encrypted_archive_holds_no_raw_byte_and_opens_by_command(desk, tmp_path, capsys):
    keep(desk, "encrypt")
    desk.load("台账.csv", LEDGER)
    (stored,) = desk.home.archive.iterdir()
    assert stored.name.endswith(f"_台账.csv{SUFFIX}")
    assert "王小明".encode() not in stored.read_bytes()
    assert stat.S_IMODE(key_file(desk.home).stat().st_mode) == 0o600
    assert not list(desk.home.inbox.iterdir())
    out = tmp_path / "out.csv"
    with installed_at(desk.home.root):
        assert archive.main(["open", str(stored), str(out)]) == 0
        assert out.read_text(encoding="utf-8") == LEDGER
        assert archive.main(["open", str(stored), str(out)]) == 1
    assert "不会覆盖" in capsys.readouterr().err
    (entry,) = entries(desk)
    assert (entry.keeping, entry.stored) == ("encrypt", stored.name)


def test_lost_key_is_said_plainly(desk, tmp_path, capsys):
    keep(desk, "encrypt")
    desk.load("台账.csv", LEDGER)
    key_file(desk.home).unlink()
    (stored,) = desk.home.archive.iterdir()
    with installed_at(desk.home.root):
        assert archive.main(["open", str(stored), str(tmp_path / "out")]) == 1
    assert "请从备份恢复密钥" in capsys.readouterr().err


def test_no_second_key_is_made_while_files_lie_under_the_lost_one(desk):
    keep(desk, "encrypt")
    desk.load("一.csv", LEDGER)
    lost = key_file(desk.home).rename(desk.home.root / "lost")
    result = desk.load("二.csv", LEDGER.replace("A1", "B1"))
    assert "archive_key.secret 不见了" in result["problems"][-1]["message"]
    assert not key_file(desk.home).exists()
    assert [path.name for path in desk.home.inbox.iterdir()] == ["二.csv"]
    lost.rename(key_file(desk.home))
    desk.run()
    assert not list(desk.home.inbox.iterdir())
    assert len(list(desk.home.archive.iterdir())) == 2


def test_switched_off_archive_keeps_nothing_but_the_note(desk):
    keep(desk, "off")
    assert desk.load("台账.csv", LEDGER)["status"] == "loaded"
    assert list(desk.home.archive.iterdir()) == []
    assert list(desk.home.inbox.iterdir()) == []
    (entry,) = entries(desk)
    assert (entry.keeping, entry.stored, entry.file) == ("off", None, "台账.csv")
    assert desk.ask("select count(*) from lake.core.complaint") == [(2,)]


def test_a_typo_in_the_settings_is_said_before_anything_is_loaded(desk):
    keep(desk, "offf")
    path = desk.drop("台账.csv", LEDGER)
    desk.run()
    assert desk.exit_code == 1
    assert "keep、encrypt 或 off" in desk.stderr
    assert path.exists()
    assert desk.ask("select count(*) from lake.meta.batch") == [(0,)]


def test_a_key_that_the_settings_do_not_know_is_named(desk):
    (desk.home.root / "ingest" / "settings.yml").write_text("archve: keep\n", encoding="utf-8")
    desk.drop("台账.csv", LEDGER)
    desk.run()
    assert desk.exit_code == 1
    assert "“archve”不对，只有 archive 一项" in desk.stderr


def test_switched_off_archive_leaves_a_refused_file_to_its_owner(desk):
    keep(desk, "off")
    desk.load("坏.csv", "甲,乙\n1,2\n")
    assert (desk.home.returned / "坏.csv").exists()


def test_file_outside_the_inbox_is_never_deleted(desk, tmp_path):
    keep(desk, "off")
    own = tmp_path / "own.csv"
    own.write_text(LEDGER, encoding="utf-8")
    desk.run(str(own))
    assert own.read_text(encoding="utf-8") == LEDGER


def test_journal_tells_order_day_and_digest(desk):
    first = desk.load("b.csv", LEDGER)
    second = desk.load("a.csv", LEDGER.replace("信用卡", "借记卡"))
    told = entries(desk)
    assert [entry.file for entry in told] == ["b.csv", "a.csv"]
    assert [entry.sha256 for entry in told] == [first["sha256"], second["sha256"]]
    for entry in told:
        stored = desk.home.archive / (entry.stored or "")
        assert hashlib.sha256(stored.read_bytes()).hexdigest() == entry.sha256
    moments = desk.ask("select max(loaded_at) from lake.meta.batch group by file_sha256 order by 1")
    assert [entry.moment for entry in told] == [moment for (moment,) in moments]


def test_lost_journal_is_written_anew_from_the_batches(desk):
    desk.load("b.csv", LEDGER)
    desk.load("a.csv", LEDGER.replace("信用卡", "借记卡"))
    before = entries(desk)
    desk.home.archive_journal.unlink()
    desk.load("c.csv", LEDGER.replace("A1", "C1"))
    assert entries(desk)[:2] == before
    assert len(entries(desk)) == 3


def test_torn_last_line_costs_only_itself(desk):
    desk.load("b.csv", LEDGER)
    desk.load("a.csv", LEDGER.replace("信用卡", "借记卡"))
    before = entries(desk)
    journal = desk.home.archive_journal
    journal.write_bytes(journal.read_bytes()[:-40])
    torn = read_journal(journal)
    assert torn.in_order() == before[:1]
    assert torn.damaged_lines == (2,)
    desk.load("c.csv", LEDGER.replace("A1", "C1"))
    assert entries(desk)[:2] == before
    assert len(entries(desk)) == 3


def test_same_file_again_makes_no_second_entry(desk):
    desk.load("b.csv", LEDGER)
    before = desk.home.archive_journal.read_bytes()
    assert desk.load("b.csv", LEDGER)["status"] == "unchanged"
    assert desk.home.archive_journal.read_bytes() == before


def test_last_entry_on_a_file_counts(tmp_path):
    path = tmp_path / "journal.jsonl"
    one = Entry("2026-01-01T00:00:00+00:00", "a", "x", 1, ("c",), "keep", "x_a", "x")
    other = Entry("2026-01-02T00:00:00+00:00", "a", "x", 1, ("c",), "off", None, None)
    append(path, [one])
    append(path, [other])
    assert read_journal(path).entries == {"x": other}
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2
    json.loads(path.read_text(encoding="utf-8").splitlines()[0])


def test_apply_encrypts_what_is_there_and_turns_back(desk, capsys):
    desk.load("台账.csv", LEDGER)
    keep(desk, "encrypt")
    with installed_at(desk.home.root):
        assert archive.main(["apply"]) == 0
        (stored,) = desk.home.archive.iterdir()
        assert digest_of(stored)
        assert entries(desk)[0].stored == stored.name
        keep(desk, "keep")
        assert archive.main(["apply"]) == 0
        assert archive.main(["apply"]) == 0
    (stored,) = desk.home.archive.iterdir()
    assert stored.read_text(encoding="utf-8") == LEDGER
    assert entries(desk)[0].stored == stored.name
    assert "没有改动" in capsys.readouterr().out


def test_apply_passes_over_what_is_no_file(desk, capsys):
    desk.load("台账.csv", LEDGER)
    (desk.home.archive / "子文件夹").mkdir()
    (desk.home.archive / "a_链接.csv").symlink_to("不在了")
    keep(desk, "encrypt")
    with installed_at(desk.home.root):
        assert archive.main(["apply"]) == 0
    assert "已加密 1 个归档文件" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (sqlite3.OperationalError("database is locked"), 1, "锁住"),
        (duckdb.Error('"PRAGMA": database disk image is malformed'), 1, "warehouse check"),
        (OSError(errno.ENOSPC, "no space"), 1, "磁盘已满"),
        (KeyboardInterrupt(), 130, "已中断"),
    ],
)
def test_apply_that_cannot_go_on_says_why(desk, capsys, monkeypatch, error, code, said):
    desk.load("台账.csv", LEDGER)
    keep(desk, "encrypt")

    def fail(*_arguments, **_options):
        raise error

    monkeypatch.setattr(archive, "note_loaded", fail)
    with installed_at(desk.home.root):
        assert archive.main(["apply"]) == code
    told = capsys.readouterr().err
    assert said in told
    assert "没有丢失任何文件" in told
    monkeypatch.undo()
    with installed_at(desk.home.root):
        assert archive.main(["apply"]) == 0
    assert check(desk.home).is_clean


def test_opening_into_a_folder_that_is_not_there_names_it(desk, tmp_path, capsys):
    keep(desk, "encrypt")
    desk.load("台账.csv", LEDGER)
    (stored,) = desk.home.archive.iterdir()
    with installed_at(desk.home.root):
        assert archive.main(["open", str(stored), str(tmp_path / "没有" / "a.csv")]) == 1
    assert f"目标文件夹 {tmp_path / '没有'} 不存在" in capsys.readouterr().err


def test_file_that_changes_after_its_commit_stays_and_is_loaded_next(desk, monkeypatch):
    import ingest.put_away

    path = desk.drop("a.csv", LEDGER)
    real = ingest.put_away.archive

    def late(*given):
        path.write_text(LEDGER + "A3,2024-03-07,贷款,王五\n", encoding="utf-8")
        real(*given)

    with monkeypatch.context() as patch:
        patch.setattr(ingest.put_away, "archive", late)
        (result,) = desk.run()
    assert any("改动" in problem["message"] for problem in result["problems"])
    assert path.exists()
    (result,) = desk.run()
    assert result["rows"]["inserted"] == 1
    assert not path.exists()


def test_half_written_copies_are_gone_after_the_next_run(desk):
    desk.load("b.csv", LEDGER)
    for folder in (desk.home.archive, desk.home.returned):
        (folder / ".x.csv.part").write_text("half")
    (desk.home.data / ".progress.json.abc").write_text("half")
    desk.load("c.csv", LEDGER.replace("A1", "C1"))
    left = [p for p in desk.home.root.rglob(".*") if p.is_file()]
    assert left == []
    shutil.rmtree(desk.home.data)


@pytest.mark.parametrize("how", ["keep", "encrypt"])
def test_the_archive_keeps_no_name_of_a_person(desk: Desk, how: str) -> None:
    keep(desk, how)
    loaded = desk.load("投诉-张三先生-13900001234.csv", LEDGER)
    (stored,) = desk.home.archive.iterdir()
    said = stored.name + desk.home.archive_journal.read_text("utf-8")
    assert "13900001234" not in said
    assert "张三" not in said
    assert "*" not in stored.name
    (entry,) = entries(desk)
    assert (entry.stored, entry.sha256) == (stored.name, loaded["sha256"])
    again = desk.load("投诉-张三先生-13900001234.csv", LEDGER)
    assert again["rows"]["inserted"] == 0
    assert [one.name for one in desk.home.archive.iterdir()] == [stored.name]


@pytest.mark.parametrize("how", ["keep", "encrypt"])
def test_a_harmed_archived_file_is_replaced_when_the_original_comes_again(desk, tmp_path, how):
    keep(desk, how)
    desk.load("台账.csv", LEDGER)
    (kept,) = desk.home.archive.iterdir()
    content = bytearray(kept.read_bytes())
    content[-1] ^= 1
    kept.write_bytes(content)
    assert not check(desk.home).is_clean
    desk.load("台账.csv", LEDGER)
    assert check(desk.home).is_clean
    place = desk.home.archive / (entries(desk)[0].stored or "")
    if how == "encrypt":
        decrypt_file(place, tmp_path / "out", key=existing_archive_key(desk.home))
        place = tmp_path / "out"
    assert place.read_bytes() == LEDGER.encode()
