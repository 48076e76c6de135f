"""Files of the inbox with odd names, and what is no file: said, and nobody else has to wait."""

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ingest.conftest import Desk
from tests.ingest.test_watch import Watcher, start, watching  # noqa: F401 - a fixture
from warehouse.lake_check.check import check
from warehouse.loading import waiting

LEDGER = "投诉编号,收到日期,业务类别\n{id},2026-03-05,贷款\n"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux only")


def drop_undecodable(desk: Desk) -> Path:
    path = desk.drop("tmp.csv", LEDGER.format(id="G1"))
    target = os.fsencode(desk.home.inbox) + b"/" + "二月台账.csv".encode("gbk")
    return path.rename(os.fsdecode(target))


def test_a_name_that_is_no_text_is_skipped_and_said(desk: Desk) -> None:
    path = drop_undecodable(desk)
    desk.drop("a.csv", LEDGER.format(id="A1"))
    desk.drop("Ａ后.csv", LEDGER.format(id="A2"))
    results = desk.run()
    assert [(one["file"], one["status"]) for one in results] == [
        ("a.csv", "loaded"),
        ("Ａ后.csv", "loaded"),
    ]
    assert desk.exit_code == 0
    assert "跳过 ����" in desk.stderr
    assert "请改名后再放入" in desk.stderr
    assert path.exists()
    assert waiting(desk.home) == []
    assert desk.run("--check", str(path)) == []
    assert "请改名后再放入" in desk.stderr


def test_a_pipe_is_skipped_and_said(desk: Desk) -> None:
    os.mkfifo(desk.home.inbox / "z.csv")
    desk.drop("a.csv", LEDGER.format(id="A1"))
    assert [(one["file"], one["status"]) for one in desk.run()] == [("a.csv", "loaded")]
    assert "跳过 z.csv：不是普通文件" in desk.stderr
    assert waiting(desk.home) == []


def test_the_watcher_says_once_that_a_name_is_no_text(
    desk: Desk,
    start: Callable[[], Watcher],  # noqa: F811
) -> None:
    drop_undecodable(desk)
    watcher = watching(start)
    desk.drop("z.csv", LEDGER.format(id="Z1"))
    watcher.until_done("z.csv", "loaded")
    assert watcher.said.count("请改名后再放入") == 1


@pytest.mark.parametrize("keeping", ["keep", "encrypt"])
def test_a_long_name_is_shortened_where_the_file_is_put(desk: Desk, keeping: str) -> None:
    (desk.home.root / "ingest" / "settings.yml").write_text(f"archive: {keeping}\n")
    desk.drop("a" * 251 + ".csv", LEDGER.format(id="L1"))
    desk.drop("长" * 83 + "1.csv", LEDGER.format(id="L2"))
    desk.drop("b" * 251 + ".csv", "甲,乙\n1,2\n")
    desk.drop("c.csv", LEDGER.format(id="C1"))
    results = desk.run()
    assert sorted(one["status"] for one in results) == ["loaded"] * 3 + ["refused"]
    assert desk.exit_code == 1
    assert list(desk.home.inbox.iterdir()) == []
    ending = ".csv" if keeping == "keep" else ".csv.aes"
    stored = [path.name for path in desk.home.archive.iterdir() if not path.name.startswith(".")]
    assert len(stored) == 3
    assert all(name.endswith(ending) for name in stored)
    assert any(name.startswith(f"{results[0]['sha256'][:12]}_aaa") for name in stored)
    returned = [path.name for path in desk.home.returned.glob("bbb*")]
    assert {name.lstrip("b") for name in returned} == {".csv", ".csv.report.json"}


def test_what_is_left_is_told_by_the_exit_code(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.drop("a.csv", LEDGER.format(id="A1"))
    desk.drop("b.csv", LEDGER.format(id="B1"))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("ingest.put_away.archive", full)
    assert len(desk.run()) == 1
    assert desk.exit_code == 3

    def too_long(*_: object) -> None:
        raise OSError(errno.ENAMETOOLONG, "File name too long")

    monkeypatch.setattr("ingest.put_away.archive", too_long)
    assert [one["status"] for one in desk.run()] == ["unchanged", "loaded"]
    assert desk.exit_code == 3


def test_links_are_skipped_and_said(desk: Desk) -> None:
    shared = desk.home.root / "shared.csv"
    shared.write_text(LEDGER.format(id="L1"), encoding="utf-8")
    desk.drop("z.csv", LEDGER.format(id="Z1"))
    (desk.home.inbox / "link.csv").symlink_to(shared)
    (desk.home.inbox / "gone.csv").symlink_to("gone")
    assert [(one["file"], one["status"]) for one in desk.run()] == [("z.csv", "loaded")]
    assert "跳过 link.csv：" in desk.stderr
    assert "跳过 gone.csv：" in desk.stderr
    assert len(list(desk.home.inbox.iterdir())) == 2
    assert shared.exists()


def test_an_archived_file_that_is_but_a_link_stops_nothing_and_is_named(desk: Desk) -> None:
    desk.load("a.csv", LEDGER.format(id="A1"))
    (stored,) = desk.home.archive.iterdir()
    desk.home.archive_journal.unlink()
    stored.unlink()
    stored.symlink_to("gone")
    assert desk.load("b.csv", LEDGER.format(id="B1"))["status"] == "loaded"
    found = {one.rule: one.where for one in check(desk.home).faults}
    assert found == {"not_archived": "a.csv"}


def test_a_file_that_is_named_after_a_person_is_told_and_found_by_its_masked_name(
    desk: Desk,
) -> None:
    header = ["序号", "投诉编号", "收到日期", "被投诉机构"]
    name = "客户欧阳靖宇 13846275931"
    desk.drop_rows(f"{name}.xlsx", [header, ["1", "T1", "2026-03-05", "城东支行"], ["合计", "99"]])
    desk.drop_rows(
        f"{name} 二.xlsx",
        [header, ["1", "T2", "2026-03-05", "城东支行"], ["2", "T3", "x", "甲"]],
    )
    said = desk.say()
    assert "退回单_客户某某 138****5931" in said
    reports = [path.read_text(encoding="utf-8") for path in desk.home.returned.glob("*.json")]
    assert [one for one in ("13846275931", "欧阳靖宇") if one in said + "".join(reports)] == []
    (loaded,) = desk.run("--confirm", "客户某某 138****5931.xlsx")
    assert (loaded["status"], loaded["rows"]["inserted"]) == ("loaded", 1)
