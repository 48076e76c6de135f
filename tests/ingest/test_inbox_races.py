"""Files of the inbox that others replace or take away just while they are put away."""

from collections.abc import Callable

import pytest

import ingest.archive
import ingest.put_away
from tests.conftest import installed_at
from tests.ingest.conftest import Desk
from warehouse.lake_check.check import check

LEDGER = "投诉编号,收到日期,业务类别\n{id},2026-03-05,贷款\n"


def meanwhile(
    monkeypatch: pytest.MonkeyPatch, module: object, name: str, act: Callable[[], object]
) -> None:
    """Have something happen just before the first call of a function."""
    original, done = getattr(module, name), []

    def changed(*args: object, **named: object) -> object:
        if not done:
            done.append(act())
        return original(*args, **named)

    monkeypatch.setattr(module, name, changed)


@pytest.mark.parametrize("keeping", ["keep", "encrypt", "off"])
def test_what_comes_under_the_name_while_a_file_is_put_away_is_loaded_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, keeping: str
) -> None:
    (desk.home.root / "ingest" / "settings.yml").write_text(f"archive: {keeping}\n")
    path = desk.drop("a.csv", LEDGER.format(id="A1"))
    meanwhile(
        monkeypatch,
        ingest.archive,
        "note_loaded" if keeping == "off" else "put" if keeping == "keep" else "_store_encrypted",
        lambda: path.write_text(LEDGER.format(id="NEW"), encoding="utf-8"),
    )
    desk.run()
    assert [one.name for one in desk.home.inbox.iterdir()] == ["a.csv"]
    desk.run()
    assert desk.ask("select count(*) from lake.core.complaint") == [(2,)]
    assert list(desk.home.inbox.iterdir()) == []
    with installed_at(desk.home.root):
        assert check(desk.home).faults == []


def test_a_changed_file_stays_and_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.drop("a.csv", LEDGER.format(id="A1"))
    desk.drop("b.csv", LEDGER.format(id="B1"))
    meanwhile(
        monkeypatch, ingest.put_away, "archive", lambda: path.write_text(LEDGER.format(id="NEW"))
    )
    first, second = desk.run()
    assert "改动后的内容还没有装载" in first["problems"][-1]["message"]
    assert (second["status"], desk.exit_code) == ("loaded", 3)
    assert "NEW" in path.read_text()
    assert [one["rows"]["inserted"] for one in desk.run()] == [1]


def test_a_vanished_file_is_said_and_the_next_ones_go_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.drop("a.csv", LEDGER.format(id="A1"))
    desk.drop("b.csv", LEDGER.format(id="B1"))
    meanwhile(monkeypatch, ingest.put_away, "archive", path.unlink)
    first, second = desk.run()
    message = first["problems"][-1]["message"]
    assert "消失" in message
    assert "自动移走" not in message
    assert (second["status"], desk.exit_code) == ("loaded", 3)


def test_a_refused_file_that_was_replaced_is_not_returned(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.drop("a.csv", "甲,乙\n1,2\n")
    meanwhile(
        monkeypatch, ingest.put_away, "claimed", lambda: path.write_text(LEDGER.format(id="NEW"))
    )
    desk.run()
    assert path.exists()
    assert [one["status"] for one in desk.run()] == ["loaded"]


def test_what_a_killed_run_left_under_a_name_of_ours_gets_its_own_back(desk: Desk) -> None:
    desk.load("a.csv", LEDGER.format(id="A1"))
    desk.drop(".b.csv.moving", LEDGER.format(id="B1"))
    desk.drop("b.csv", LEDGER.format(id="B2"))
    assert [one["file"] for one in desk.run()] == ["b.csv", "b-2.csv"]
    assert desk.ask("select count(*) from lake.core.complaint") == [(3,)]
