"""Files of the inbox with odd names, and what is no file: said, and nobody else has to wait."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ingest.conftest import Desk
from tests.ingest.test_watch import Watcher, start, watching  # noqa: F401 - a fixture
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


def test_the_watcher_says_once_that_a_name_is_no_text(
    desk: Desk,
    start: Callable[[], Watcher],  # noqa: F811
) -> None:
    drop_undecodable(desk)
    watcher = watching(start)
    desk.drop("z.csv", LEDGER.format(id="Z1"))
    watcher.until_done("z.csv", "loaded")
    assert watcher.said.count("请改名后再放入") == 1
