"""Known source errors are corrected by configuration, logged, and never silently out of date."""

import contextlib
import io

import pytest

from ingest import corrections
from tests.conftest import installed_at
from tests.ingest.conftest import Desk

ENTRY = """
- contract: complaint_ledger
  where: {complaint_id: A1, received_at: 2062-01-03}
  set: {received_at: 2026-01-03}
  reason: 年份录错
  by: 消保部
  on: 2026-11-01
"""
WRONG = "投诉编号,收到日期\nA1,2062/1/3\nA2,2026-01-04\n"
RIGHT = "投诉编号,收到日期\nA1,2026-01-03\nA2,2026-01-05\n"


def configure(desk: Desk, text: str) -> None:
    """Write the installation's file of corrections."""
    path = desk.home.root / "ingest" / corrections.FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def listed(desk: Desk) -> tuple[int, str]:
    """What `python -m ingest.corrections` says, with its exit code."""
    out = io.StringIO()
    with installed_at(desk.home.root), contextlib.redirect_stdout(out):
        return corrections.main(), out.getvalue()


def test_entry_corrects_the_cell_however_the_date_is_written_and_is_logged(desk: Desk) -> None:
    configure(desk, ENTRY)
    result = desk.load("台账.csv", WRONG)
    assert result["rows"]["inserted"] == 2
    assert [p["rule"] for p in result["problems"]] == ["corrected"]
    received = desk.ask(
        "select received_at::date::varchar from lake.core.complaint where complaint_id = 'A1'"
    )
    assert received == [("2026-01-03",)]
    (issue,) = desk.ask(
        "select source_row, disposition, column_name, value_masked, message from lake.meta.row_issue"
    )
    assert issue == (
        2,
        "corrected",
        "收到日期",
        "2062/1/3",
        "“收到日期”按更正表由“2062/1/3”改为“2026-01-03”：年份录错（消保部，2026-11-01）",
    )
    assert listed(desk) == (0, listed(desk)[1])
    assert "用过 1 次" in listed(desk)[1]


def test_repaired_source_stops_the_file_and_names_the_entry(desk: Desk) -> None:
    configure(desk, ENTRY)
    desk.load("一月.csv", WRONG)
    result = desk.load("二月.csv", RIGHT)
    assert result["status"] == "failed"
    assert desk.exit_code == 3
    assert (
        "complaint_ledger（complaint_id: A1，received_at: 2062-01-03）"
        in (result["problems"][0]["message"])
    )
    assert [path.name for path in desk.home.inbox.iterdir()] == ["二月.csv"]
    configure(desk, "[]\n")
    (again,) = desk.run()
    assert again["status"] == "loaded"


def test_entry_that_was_never_of_use_stops_nothing_but_is_listed(desk: Desk) -> None:
    configure(desk, ENTRY)
    assert desk.load("台账.csv", RIGHT)["status"] == "loaded"
    code, text = listed(desk)
    assert code == 1
    assert "从未与任何一行相符" in text


def test_new_entry_makes_the_same_bytes_loadable_again(desk: Desk) -> None:
    first = desk.load("台账.csv", WRONG)
    assert first["rows"]["quarantined"] == 1
    assert desk.load("台账.csv", WRONG)["status"] == "unchanged"
    configure(desk, ENTRY)
    second = desk.load("台账.csv", WRONG)
    assert second["status"] == "loaded"
    assert second["rows"] | {"inserted": 1, "unchanged": 1, "quarantined": 0} == second["rows"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("complaint_ledger", "nothing", "第 1 条:contract：没有名为“nothing”的合约"),
        (
            "received_at: 2026-01-03",
            "receive: 1",
            "第 1 条:set.receive：合约 complaint_ledger 没有此列",
        ),
        ("complaint_id: A1, ", "", "第 1 条:where：须含认定一行的列（complaint_id）"),
        ("  by: 消保部\n", "", "第 1 条:by：缺少这一项"),
        ("  by: 消保部\n", "  by: 消保部\n  who: 我\n", "第 1 条:who：没有这一项，请检查拼写"),
        ("set: {received_at: 2026-01-03}", "set: {received_at: 2062-01-03}", "没有改动"),
    ],
)
def test_typo_stops_the_run_before_anything_is_loaded(
    desk: Desk, old: str, new: str, said: str
) -> None:
    configure(desk, ENTRY.replace(old, new))
    desk.drop("台账.csv", WRONG)
    desk.run()
    assert desk.exit_code == 1
    assert f"corrections.yml:{said}" in desk.stderr or said in desk.stderr
    assert [path.name for path in desk.home.inbox.iterdir()] == ["台账.csv"]


OTHER = ENTRY.replace("set: {received_at: 2026-01-03}", "set: {received_at: 2026-01-04}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ENTRY + OTHER, "第 2 条:set.received_at：第 1 条也改同一行的这一列"),
        (ENTRY.replace("2062-01-03", "2062-01-33"), "请加引号"),
    ],
)
def test_what_cannot_be_meant_stops_the_run(desk: Desk, text: str, said: str) -> None:
    configure(desk, text)
    desk.drop("台账.csv", WRONG)
    desk.run()
    assert desk.exit_code == 1
    assert said in desk.stderr


def test_entries_that_meet_in_one_cell_stop_the_file(desk: Desk) -> None:
    configure(desk, ENTRY + OTHER.replace(", received_at: 2062-01-03}", "}"))
    result = desk.load("台账.csv", WRONG)
    assert result["status"] == "failed"
    assert "两条改同一个单元格" in result["problems"][0]["message"]
    assert [path.name for path in desk.home.inbox.iterdir()] == ["台账.csv"]


@pytest.mark.parametrize(("new", "expected"), [("城西支行", "城西支行"), ("null", None)])
def test_an_organisation_that_is_told_by_levels_is_corrected_as_a_whole(desk, new, expected):
    entry = ENTRY.replace("received_at: 2062-01-03", "org_name: 城东支行")
    configure(desk, entry.replace("received_at: 2026-01-03", f"org_name: {new}"))
    desk.load("台账.csv", "投诉编号,收到日期,支行,网点\nA1,2026-01-03,城东支行,\n")
    assert desk.ask("select org_name from lake.core.complaint") == [(expected,)]
