"""Rows that an earlier delivery of the same whole had and the later one lacks."""

import pytest

from warehouse.__main__ import main as warehouse_main

HEADER = "投诉编号,收到日期,被投诉机构\n"


def _ledger(numbers, *, unit="城东支行", day=5):
    days = {number: min(number, day) for number in numbers}
    rows = "".join(f"T{n:02},2026-03-{days[n]:02},{unit}\n" for n in numbers)
    return f"填报单位：{unit},统计期间：2026年3月1日至2026年3月31日,\n{HEADER}{rows}"


def _gone(result):
    return [p["message"] for p in result["problems"] if p["rule"] == "rows_gone"]


def test_cases_that_a_later_delivery_of_the_whole_lacks_are_named(desk):
    desk.load("投诉台账202603.csv", _ledger(range(1, 11)))
    result = desk.load("投诉台账202603更正.csv", _ledger(range(1, 11)))
    assert _gone(result) == []
    result = desk.load("投诉台账202603-2.csv", _ledger([*range(1, 9), 10, 11]))
    assert _gone(result) == [
        "以前的“投诉台账202603.csv”等同一系列的文件装载过的 1 件，这一份里没有，仍留在仓库中计数："
        "投诉编号“T09”；如果是漏了，请补上后重新提交；确实不应计入的，"
        "请在 ingest/corrections.yml 中各写一条把 complaint_id 改为 null 的更正，"
        "再运行 python -m warehouse rebuild"
    ]
    assert desk.ask("select count(*) from lake.core.complaint") == [(11,)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        # A few rows are corrections; another name or unit is another delivery.
        ("投诉台账202603-2.csv", _ledger([1, 2, 3])),
        ("城西投诉202603.csv", _ledger(range(1, 10))),
        ("投诉台账202603-2.csv", _ledger(range(1, 10), unit="城西支行")),
        # A row that goes back is in the file.
        ("投诉台账202603-2.csv", _ledger(range(1, 10)) + "T10,不详,城东支行\n"),
        ("投诉台账202603-2.csv", _ledger(range(1, 10)) + "4.4E+17,2026-03-05,城东支行\n"),
    ],
)
def test_what_is_no_later_delivery_of_the_whole_says_nothing(desk, name, content):
    desk.load("投诉台账202603.csv", _ledger(range(1, 11)))
    assert _gone(desk.load(name, content)) == []


def test_the_remedy_takes_the_case_out(desk, monkeypatch):
    desk.load("投诉台账202603.csv", _ledger(range(1, 11)))
    desk.load("投诉台账202603-2.csv", _ledger(range(1, 10)))
    (desk.home.root / "ingest").mkdir(exist_ok=True)
    (desk.home.root / "ingest" / "corrections.yml").write_text(
        "- contract: complaint_ledger\n  where: {complaint_id: T10}\n"
        "  set: {complaint_id: null}\n  reason: 误报\n  by: 消保部\n  on: 2026-04-01\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("DASHBOARD_HOME", str(desk.home.root))
    assert warehouse_main(["rebuild"]) == 0
    assert desk.ask("select count(*) from lake.core.complaint") == [(9,)]
