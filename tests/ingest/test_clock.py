"""A computer's clock that was set back changes nothing about the order of loads."""

from datetime import datetime, timedelta, tzinfo

import pytest

import ingest.pipeline
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


def test_a_rebuild_ends_as_the_loads_did(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.load("台账1.csv", OLD)
    monkeypatch.setattr(ingest.pipeline, "datetime", _SetBack)
    desk.load("台账2.csv", NEW)
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
