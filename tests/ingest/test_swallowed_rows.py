"""A quote without its partner makes one cell of several rows: no row is lost without a word."""

from pathlib import Path

import duckdb
import pytest

from ingest.errors import Refused
from ingest.read.text import FAST_FROM_BYTES, open_text
from tests.ingest.conftest import Desk

HEADER = "投诉编号,收到日期,被投诉机构,投诉内容,业务类别,回复日期"


def row(number: int, content: str = "年费", unit: str = "甲支行") -> str:
    """One line of a ledger."""
    return f"TS2024{number:03},2024-03-{number % 28 + 1:02},{unit},{content},贷款,2024-04-09"


def ledger(*rows: str) -> str:
    """A ledger of these rows."""
    return "\n".join((HEADER, *rows)) + "\n"


def span(number: int, column: str, first: int, last: int) -> tuple[int, list[str]]:
    """What must be said of a row: its number, the column, where the quote opens and closes."""
    return number, [f"{column} 列", f"第 {first} 行文字", f"第 {last} 行", f"{last - first + 1} 行"]


SWALLOWED = {
    "closed three rows below": (
        [row(1), row(2, '"卡费'), row(3), row(4), row(5, '卡费"'), row(6)],
        span(3, "D", 3, 6),
    ),
    "closed in the next row": ([row(1), row(2, '"卡费'), row(3, '卡费"')], span(3, "D", 3, 4)),
    "in the first column": (
        [row(1), f'"{row(2)}', f'{row(3)[:9]}"{row(3)[9:]}', row(4)],
        span(3, "A", 3, 4),
    ),
    "in the last column": (
        [row(1), row(2).replace(",2024-04", ',"2024-04'), row(3), f'{row(4)}"', row(5)],
        span(3, "F", 3, 5),
    ),
    "commas in a row between": (
        [row(1, '"卡费'), row(2, "年费,利息"), row(3), row(4, '卡费"')],
        span(2, "D", 2, 5),
    ),
    "a row with other commas around": (
        [row(1, '"年费,利息'), row(2), row(3, '又,"'), row(4)],
        span(2, "D", 2, 4),
    ),
    "blank cells": (
        [row(1, '"卡费'), row(2, "", ""), row(3, '"'), row(4)],
        span(2, "D", 2, 4),
    ),
}


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", SWALLOWED)
def test_a_row_that_holds_others_goes_back(desk: Desk, name: str, line_end: str) -> None:
    rows, (number, said) = SWALLOWED[name]
    result = desk.load("台账.csv", ledger(*rows).replace("\n", line_end))
    problems = [p for p in result["problems"] if p["rule"] == "row_shape"]
    assert [p["row"] for p in problems] == [number]
    assert all(text in problems[0]["message"] for text in said), problems[0]["message"]
    assert result["rows"]["quarantined"] == 1


@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
def test_with_any_delimiter(desk: Desk, delimiter: str) -> None:
    text = ledger(row(1), row(2, '"卡费'), row(3), row(4, '"'), row(5)).replace(",", delimiter)
    result = desk.load("台账.csv", text)
    assert [(p["row"], p["rule"]) for p in result["problems"]] == [(3, "row_shape")]
    assert result["rows"]["inserted"] == 2


TEXTS = {
    "commas in the middle": "经过:\n来电,未接,又打,仍未接\n请回复,谢谢",
    "as many commas as columns": "经过:\na, b, c, d, e, f\n请回复",
    "a list": "问题:\n1,服务差\n2,态度差,拖延\n3,没有回复",
    "days": "经过:\n2024-03-01,来电\n2024-03-02,又来电,未接\n2024-03-03,投诉",
    "a blank line": "经过\n\n\n请回复",
    "quotes": '他说""不行"",\n""请走"",我不走',
    "ends with a comma": "一,\n二,\n三,",
    "numbers": "1,2,3\n4,5,6\n7,8,9",
}


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize("name", TEXTS)
def test_texts_of_several_lines_load(desk: Desk, name: str, *, is_large: bool) -> None:
    others = [row(number % 900 + 3) for number in range(900)]
    filler = "客户反映。" * (100 if is_large else 1)
    rows = [row(1, f'"{TEXTS[name]}"'), row(2), *(one.replace("年费", filler) for one in others)]
    text = ledger(*rows)
    assert (len(text.encode()) > FAST_FROM_BYTES) == is_large
    result = desk.load("台账.csv", text)
    assert [p for p in result["problems"] if p["rule"] == "row_shape"] == []
    assert result["rows"]["quarantined"] == 0
    assert result["rows"]["inserted"] == len(rows)


@pytest.mark.parametrize("delimiter", [",", "\t"])
@pytest.mark.parametrize("rows", [2, 3, 5])
def test_large_files_are_looked_at_as_well(tmp_path: Path, rows: int, delimiter: str) -> None:
    lines = [row(number % 900, "客户反映。" * 20) for number in range(8_000)]
    lines[100] = row(100, '"卡费')
    lines[99 + rows] = row(99 + rows, '卡费"')
    path = tmp_path / "台账.csv"
    path.write_text(ledger(*lines).replace(",", delimiter), encoding="utf-8")
    assert path.stat().st_size > FAST_FROM_BYTES
    with duckdb.connect(":memory:") as con:
        open_text(path)[0].stage(con, header_row=1, width=6)
        found = con.execute("select _row from cells where _fault is not null").fetchall()
    assert found == [(102,)]


def test_a_header_that_holds_rows_refuses_the_file(desk: Desk) -> None:
    header = HEADER.replace("投诉内容", '"投诉内容')
    text = "\n".join((header, row(1), row(2, '卡费"'), row(3))) + "\n"
    result = desk.load("台账.csv", text)
    assert result["status"] == "refused"
    text = "\n".join((f'{HEADER},"备注', f"{row(1)},好", f'{row(2)},好"', f"{row(3)},好")) + "\n"
    result = desk.load("台账二.csv", text)
    assert (result["status"], result["problems"][0]["row"]) == ("refused", 1)
    assert "G 列" in result["problems"][0]["message"]


def test_a_header_of_several_lines_is_one(desk: Desk) -> None:
    text = ledger(row(1)).replace("投诉内容", '"投诉\n内容"')
    assert desk.load("台账.csv", text)["rows"]["inserted"] == 1


def test_a_stray_quote_far_below_tells_how_many_lines_it_took(desk: Desk) -> None:
    rows = [row(1), row(2, '"卡费'), row(3), row(4), row(5, '"年费"'), row(6)]
    result = desk.load("台账.csv", ledger(*rows))
    (problem,) = result["problems"]
    assert (problem["row"], result["rows"]["inserted"]) == (3, 2)
    assert "第 3 至 6 行文字" in problem["message"]


def test_a_record_of_several_lines_with_another_width_says_so(desk: Desk) -> None:
    rows = [row(1), row(2, '"卡费'), row(3), row(4, "卡费", '甲支行"'), row(5)]
    result = desk.load("台账.csv", ledger(*rows))
    (problem,) = result["problems"]
    assert (problem["row"], result["rows"]["inserted"]) == (3, 2)
    assert "第 3 至 5 行文字" in problem["message"]


def test_a_quote_that_never_closes_refuses_the_file(tmp_path: Path) -> None:
    path = tmp_path / "台账.csv"
    path.write_text(ledger(row(1), row(2, '"卡费'), row(3), row(4)), encoding="utf-8")
    with duckdb.connect(":memory:") as con, pytest.raises(Refused) as refusal:
        open_text(path)[0].stage(con, header_row=1, width=6)
    assert refusal.value.problems[0].row == 3


def test_what_is_said_quotes_no_cell(desk: Desk) -> None:
    rows = [row(1), row(2, '"张三 13900001234'), row(3), row(4, '李四 13900001235"')]
    said = str(desk.load("台账.csv", ledger(*rows))["problems"])
    assert "张三" not in said
    assert "1390000" not in said
