"""The same bytes again: what later files changed of them is said, and loaded anew when confirmed."""

import pytest

import ingest.put_away
from tests.ingest.conftest import Desk

HEADER = "投诉编号,收到日期,业务类别\n"
FIRST, SECOND = (
    HEADER + "".join(f"A{n},2026-03-{1 + n:02},{kind}\n" for n in range(3))
    for kind in ("贷款", "信用卡")
)


def kinds(desk: Desk) -> list[tuple[str, int]]:
    return desk.ask("select category, count(*) from lake.core.complaint group by 1 order by 1")


def test_rows_that_later_files_changed_are_named_and_loaded_anew_when_confirmed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.load("a.csv", FIRST)
    assert desk.load("a.csv", FIRST)["problems"] == []
    desk.load("b.csv", SECOND)
    again = desk.load("a.csv", FIRST)
    assert (again["status"], again["rows"]["unchanged"], desk.exit_code) == ("unchanged", 3, 0)
    (note,) = again["problems"]
    assert note["rule"] == "changed_since"
    assert "有 3 行后来被“b.csv”改过" in note["message"]
    assert "python -m ingest --confirm a.csv" in note["message"]
    assert kinds(desk) == [("信用卡", 3)]
    path = desk.drop("a.csv", FIRST)
    (checked,) = desk.run("--check", str(path))
    assert checked["problems"] == [note]
    # No headline of the overview is cut by category, and so none would change.
    assert checked["preview"] == {"changes": [], "concerns": []}
    with monkeypatch.context() as patch:

        def killed(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(ingest.put_away, "archive", killed)
        desk.say("--confirm", "a.csv")
    assert kinds(desk) == [("贷款", 3)]
    # What was committed before the kill is not loaded a third time.
    (rerun,) = desk.run("--confirm", str(path))
    assert (rerun["status"], rerun["problems"]) == ("unchanged", [])
    assert not path.exists()
    assert desk.ask("select count(*) from lake.meta.batch") == [(3,)]
    stale = desk.load("b.csv", SECOND)
    assert (stale["status"], stale["problems"][0]["rule"]) == ("unchanged", "changed_since")


def test_a_check_shows_what_a_confirmation_would_change(desk: Desk) -> None:
    rows = "".join(f"A{n},2026-0{1 + n % 6}-03,{{0}}-0{1 + n % 6}-{{1}}\n" for n in range(30))
    header = "投诉编号,收到日期,办结日期\n"
    desk.load("a.csv", header + rows.format(2026, "10"))
    desk.load("b.csv", header + rows.format(2026, "28"))
    path = desk.drop("a.csv", header + rows.format(2026, "10"))
    (checked,) = desk.run("--check", str(path))
    assert checked["status"] == "unchanged"
    assert checked["rows"]["unchanged"] == 30
    (first, second) = [
        one for one in checked["preview"]["changes"] if one["indicator"] == "complaint_timely_rate"
    ]
    assert (first["before"], first["after"]) == (0, 100)
    assert second["period"] == "2026Q2"
    assert "以这一份为准的话，将使" in desk.say("--check", str(path))
    assert desk.ask("select distinct extract(day from closed_at) from lake.core.complaint") == [
        (28,)
    ]
