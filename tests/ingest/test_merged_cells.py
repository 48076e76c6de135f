"""Cells merged over several data rows: every row has the value, and the report says so."""

import random
from pathlib import Path

import openpyxl
import pytest

from ingest.read.open import open_extract
from ingest.read.xls_scan import xls_facts
from ingest.recognise import recognise
from tests.ingest.conftest import Desk

GOOD = Path(__file__).parents[1] / "data" / "good"

HEADER = ["投诉编号", "收到日期", "被投诉机构", "投诉金额(元)"]
ROWS = [
    ["T1", "2024-03-05", "城东支行", 100],
    ["T2", "2024-03-06", None, 200],
    ["T3", "2024-03-07", "城西支行", 300],
    ["T4", "2024-03-08", None, None],
    ["T5", "2024-03-09", None, 500],
]
FILLED = [
    ("T1", "城东支行", 100.0),
    ("T2", "城东支行", 200.0),
    ("T3", "城西支行", 300.0),
    ("T4", "城西支行", 300.0),
    ("T5", None, 500.0),
]
STORED = (
    "select complaint_id, org_name, claim_amount_yuan::double from lake.core.complaint order by 1"
)


def saved(path, *, merged, rows=ROWS, right=0, down=0):
    """A ledger with these cells merged, moved to the right and down."""
    book = openpyxl.Workbook()
    for number, row in enumerate([HEADER, *rows], start=down + 1):
        for column, value in enumerate(row, start=right + 1):
            book.active.cell(number, column, value)
    for ref in merged:
        book.active.merge_cells(ref)
    book.save(path)
    return path


def notes(result):
    return [
        (p["row"], p["column"], p["message"])
        for p in result["problems"]
        if p["rule"] == "merged_filled"
    ]


@pytest.mark.parametrize(
    ("right", "down", "merged"),
    [
        (0, 0, ["C2:C3", "C4:C5", "D4:D5"]),
        (2, 0, ["E2:E3", "E4:E5", "F4:F5"]),
        (1, 3, ["D5:D6", "D7:D8", "E7:E8"]),
    ],
)
def test_merged_cells_hold_for_each_of_their_rows(desk: Desk, right, down, merged) -> None:
    desk.home.inbox.mkdir(parents=True, exist_ok=True)
    saved(desk.home.inbox / "a.xlsx", merged=merged, right=right, down=down)
    (result,) = desk.run()
    assert desk.ask(STORED) == FILLED
    words = "属于纵向合并的单元格，已按首行的值填充；如果是金额或数量，会被重复计算，请核对"
    assert notes(result) == [
        (down + 3, "被投诉机构", f"“被投诉机构”有 2 个空单元格{words}"),
        (down + 5, "投诉金额(元)", f"“投诉金额(元)”有 1 个空单元格{words}"),
    ]


def test_headers_wide_cells_and_rows_without_data_stay_as_they_are(tmp_path):
    rows = [["投诉编号", None, None, None], *ROWS[:2], [None] * 4, ROWS[2], ROWS[3]]
    path = saved(tmp_path / "a.xlsx", rows=rows, merged=["B1:B2", "C3:C5", "C6:D7"])
    (found,) = recognise(open_extract(path))
    assert [(p.rule, p.row, p.column) for p in found.notes] == [("merged_filled", 4, "被投诉机构")]


def test_sheet_without_merged_data_says_nothing(tmp_path):
    path = saved(tmp_path / "a.xlsx", merged=["F2:F3", "C900000:C900001"])
    assert recognise(open_extract(path))[0].notes == []


def page(rows: str) -> bytes:
    """A web page with these rows in a table inside a layout table."""
    head = "".join(f"<th>{name}</th>" for name in HEADER)
    inner = f"<table><tr></tr><tr>{head}</tr>{rows}</table>"
    return f"<html><table><tr><td>{inner}</td></tr></table></html>".encode()


def test_cells_of_web_pages_reach_down(desk: Desk) -> None:
    rows = (
        "<tr><td>T1</td><td>2024-03-05</td><td rowspan=2>城东支行</td><td>100</td></tr>"
        "<tr><td>T2</td><td>2024-03-06</td><td>200</td></tr>"
        "<tr><td>T3</td><td>2024-03-07</td><td rowspan=2>城西支行</td><td rowspan=2>300</td></tr>"
        "<tr><td>T4</td><td>2024-03-08</td></tr>"
        "<tr><td>T5</td><td>2024-03-09</td><td></td><td rowspan=9>500</td></tr>"
    )
    result = desk.load("台账.xls", page(rows))
    assert desk.ask(STORED) == FILLED
    assert [(row, column) for row, column, _ in notes(result)] == [
        (3, "被投诉机构"),
        (5, "投诉金额(元)"),
    ]


def cell(value: str, **attributes: str) -> str:
    """A cell of an XML spreadsheet."""
    given = "".join(f' ss:{name}="{text}"' for name, text in attributes.items())
    return f'<Cell{given}><Data ss:Type="String">{value}</Data></Cell>'


def test_cells_of_xml_spreadsheets_reach_down(desk: Desk) -> None:
    rows = (
        "".join(cell(name) for name in HEADER),
        cell("T1") + cell("2024-03-05") + cell("城东支行", MergeDown="1") + cell("100"),
        cell("T2") + cell("2024-03-06") + cell("200", Index="4"),
        cell("T3")
        + cell("2024-03-07")
        + cell("城西支行", MergeDown="1")
        + cell("300", MergeDown="1"),
        cell("T4") + cell("2024-03-08"),
        cell("T5") + cell("2024-03-09") + cell("500", Index="4", MergeDown="0"),
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    result = desk.load(
        "台账.xls",
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="台账">'
        f"<Table>{''.join(f'<Row>{row}</Row>' for row in rows)}</Table></Worksheet></Workbook>",
    )
    assert desk.ask(STORED) == FILLED
    assert [row for row, _, _ in notes(result)] == [3, 5]


def test_old_workbooks_tell_merged_cells_and_hidden_rows(desk: Desk) -> None:
    result = desk.load("台账.xls", (GOOD / "merged.xls").read_bytes())
    assert desk.ask(STORED) == FILLED
    assert [(row, column) for row, column, _ in notes(result)] == [
        (6, "被投诉机构"),
        (8, "投诉金额(元)"),
    ]
    assert [p["message"] for p in result["problems"] if p["rule"] == "hidden_rows"] == [
        "含 1 个隐藏行（被筛选或隐藏），已一并装载"
    ]


@pytest.mark.parametrize("name", ["merged.xls", "ledger.xls"])
def test_old_workbooks_that_are_cut_or_changed_say_nothing(name):
    data = (GOOD / name).read_bytes()
    assert xls_facts(data)
    for at in range(0, len(data), 61):
        xls_facts(data[:at])
        xls_facts(data[:at] + b"\xff\xff\xff\xff" + data[at + 4 :])


def test_no_damage_of_an_old_workbook_gets_past_the_look_for_its_merged_cells():
    data = (GOOD / "merged.xls").read_bytes()
    drawn = random.Random(1)
    for _ in range(2000):
        damaged = bytearray(data)
        for _ in range(drawn.randint(1, 40)):
            damaged[drawn.randrange(drawn.choice((600, 2000, len(data))))] = drawn.randrange(256)
        assert isinstance(xls_facts(bytes(damaged)), dict)
