"""Codes that an export has protected from Excel: ="0001" and '0001 are 0001, formulas stay."""

import csv
from pathlib import Path

import duckdb
import pytest

from ingest.read.protected import bared
from ingest.read.text import TextTable, open_text
from tests.ingest.conftest import Desk

HEADER = "投诉编号,收到日期,被投诉机构,投诉内容\n"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('="0001"', "0001"),
        (' ="0001 " ', "0001"),
        ('=""', None),
        ('="2026-03-05"', "2026-03-05"),
        ('="1"&"2"', '="1"&"2"'),
        ('="=A1+B2"', '="=A1+B2"'),
        ("=A1+B2", "=A1+B2"),
        ("0001", "0001"),
        (None, None),
    ],
)
def test_only_a_plain_text_loses_its_protection(cell: str | None, expected: str | None) -> None:
    assert bared(cell) == expected


def staged(table: TextTable, con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    """The rows that a reader has staged."""
    return con.execute("select * exclude (_row, _fault) from cells order by _row").fetchall()


def test_both_readers_agree(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = [['="0001"', "a"], ['=" "', '="1"&"2"'], ['="x "', 'a="b"'], ['="="', "=A1"]]
        csv.writer(file).writerows([["编号", "内容"], *rows])
    (table, *_) = open_text(path)
    assert table.stage_fast(con, header_row=1, width=2)
    fast = staged(table, con)
    con.execute("drop view cells")
    table.stage_exact(con, header_row=1, width=2)
    assert fast == staged(table, con)
    assert fast == [
        ("0001", "a"),
        (None, '="1"&"2"'),
        ("x", 'a="b"'),
        ('="="', "=A1"),
    ]


def test_protected_codes_are_loaded_bare(desk: Desk) -> None:
    result = desk.load(
        "台账.csv",
        HEADER
        + '="0001",="2026-03-05",城东支行,="无理收费"\n'
        + "'0002,2026-03-05,城东支行,'引文\n"
        + "T3,2026-03-05,城东支行,=A1+B2\n",
    )
    assert result["status"] == "loaded"
    stored = (
        "select complaint_id, received_at::date::varchar, content_masked from lake.core.complaint"
    )
    assert desk.ask(f"{stored} order by 1") == [
        ("0001", "2026-03-05", "无理收费"),
        ("0002", "2026-03-05", "'引文"),
        ("T3", "2026-03-05", "=A1+B2"),
    ]


def test_a_protected_header_is_a_header(desk: Desk) -> None:
    text = '="投诉编号",="收到日期",="被投诉机构"\n="0001",="2026-03-05",="城东支行"\n'
    assert desk.load("台账.csv", text)["rows"]["inserted"] == 1


@pytest.mark.parametrize("cell", ["=A1+B2", "'待补", "'0001'", '="1"&"2"'])
def test_formulas_and_texts_go_back(desk: Desk, cell: str) -> None:
    result = desk.load(
        "台账.csv", HEADER + f"{cell},2026-03-05,城东支行,甲\nT2,2026-03-05,城东支行,乙\n"
    )
    assert [p["rule"] for p in result["problems"] if p["row"] == 2] == ["identifier_rewritten"]


def test_an_employee_is_the_same_with_and_without_the_apostrophe(desk: Desk) -> None:
    text = "培训名称,培训日期,工号\n甲,2026-03-05,'10001\n乙,2026-03-06,10001\n"
    desk.load("培训.csv", text)
    people = "select count(distinct person_key) from lake.core.training_attendance"
    assert desk.ask(people) == [(1,)]


def test_an_export_that_protects_every_cell_is_read_as_it_is_meant(desk: Desk) -> None:
    header = "投诉编号,收到日期,被投诉机构,状态,是否监管转办,延期天数,投诉金额(元),投诉内容\n"
    cells = ["'0001", "'2026-05-01", "'城东支行", "'处理中", "'是", "'5", '"\'1,200.50"', "'不满'"]
    rows = (",".join([number, *cells[1:]]) + "\n" for number in ("'0001", "'0002"))
    result = desk.load("台账.csv", header + "".join(rows))
    assert not result["problems"]
    kept = (
        "complaint_id, received_at::date::varchar, org_name, status, is_forwarded, extension_days,"
        " claim_amount_yuan::double, content_masked"
    )
    assert desk.ask(f"select {kept} from lake.core.complaint order by 1") == [
        (number, "2026-05-01", "城东支行", "处理中", True, 5, 1200.5, "'不满'")
        for number in ("0001", "0002")
    ]


def test_a_single_apostrophe_among_plain_cells_is_a_slip_that_goes_back(desk: Desk) -> None:
    rows = "T1,2026-05-01,5\nT2,2026-05-02,'5\nT3,'2026-05-03,5\n"
    result = desk.load("台账.csv", "投诉编号,收到日期,延期天数\n" + rows)
    assert [(p["row"], p["column"]) for p in result["problems"]] == [
        (3, "延期天数"),
        (4, "收到日期"),
    ]
    assert desk.ask("select complaint_id from lake.core.complaint") == [("T1",)]


def test_an_empty_protected_cell_is_a_blank_and_a_protected_filler_is_named(desk: Desk) -> None:
    result = desk.load(
        "a.csv",
        "投诉编号,收到日期,办结日期,业务类别\n'T1,'2026-03-05,',贷款\n'T2,'2026-03-05,'9999-12-31,贷款\n",
    )
    assert result["rows"]["inserted"] == 2
    assert [(p["row"], p["rule"]) for p in result["problems"]] == [(3, "filler_date")]
    assert desk.ask("select distinct closed_at from lake.core.complaint") == [(None,)]
