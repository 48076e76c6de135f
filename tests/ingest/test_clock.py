"""A computer's clock that was set back changes nothing about the order of loads."""

from datetime import datetime, timedelta, tzinfo

import pytest

import ingest.clock
from ingest.rebuild import main as rebuild_main
from tests.conftest import installed_at
from tests.ingest.conftest import Desk

OLD = "投诉编号,收到日期,业务类别\nA1,2024-03-05,贷款\n"
NEW = OLD.replace("贷款", "信用卡")


class _SetBack(datetime):
    """A clock that goes eight hours behind, as after a start of another system."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) - timedelta(hours=8)


class _FarAhead(datetime):
    """A clock that was set to a year that has not come yet."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + timedelta(days=2000)


def test_a_rebuild_ends_as_the_loads_did(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.load("台账1.csv", OLD)
    monkeypatch.setattr(ingest.clock, "datetime", _SetBack)
    result = desk.load("台账2.csv", NEW)
    # Some hours may be a clock that was put right.
    assert "clock" not in {problem["rule"] for problem in result["problems"]}
    monkeypatch.undo()
    asked = "select category from lake.core.complaint"
    assert desk.ask(asked) == [("信用卡",)]
    assert desk.ask("select file_name from lake.meta.batch order by loaded_at") == [
        ("台账1.csv",),
        ("台账2.csv",),
    ]
    with installed_at(desk.home.root):
        assert rebuild_main([]) == 0
    assert desk.ask(asked) == [("信用卡",)]


def test_a_load_that_cannot_be_dated_truly_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest.clock, "datetime", _FarAhead)
    first = desk.load("台账1.csv", OLD)
    monkeypatch.undo()
    assert "clock" not in {problem["rule"] for problem in first["problems"]}
    second = desk.load("台账2.csv", NEW)
    assert second["status"] == "loaded"
    (said,) = [p["message"] for p in second["problems"] if p["rule"] == "clock"]
    assert f"{datetime.now().astimezone() + timedelta(days=2000):%Y-%m-%d}" in said
    assert desk.ask("select file_name from lake.meta.batch order by loaded_at") == [
        ("台账1.csv",),
        ("台账2.csv",),
    ]
