"""Cells that say "as above", and rows that share a key for want of one."""

import pytest

from tests.ingest.conftest import Desk

HEADER = ["投诉编号", "收到日期", "被投诉机构", "业务类别", "具体产品", "处理情况"]
ROW = ["A1", "2026-03-05", "城东支行", "贷款", "房贷", "已解释"]


def _of(result, rule):
    return [(p["row"], p["column"], p["value"]) for p in result["problems"] if p["rule"] == rule]


@pytest.mark.parametrize("word", ["同上", "〃", '"', "″"])
@pytest.mark.parametrize("place", [2, 3, 4])
def test_a_cell_that_says_as_above_is_no_name(desk: Desk, word: str, place: int) -> None:
    row = ["A2", *ROW[1:]]
    row[place] = word
    desk.drop_rows("台账.xlsx", [HEADER, ROW, row])
    (result,) = desk.run()
    assert _of(result, "ditto") == [(3, HEADER[place], word)]
    assert (result["rows"]["inserted"], result["rows"]["quarantined"]) == (1, 1)


def test_blank_rows_below_do_not_take_it_for_a_name(desk: Desk) -> None:
    header = ["检查编号", "受检机构", "检查日期", "问题描述"]
    rows = [
        ["J1", "城东支行", "2026-03-05", "甲"],
        ["J2", "同上", "2026-03-06", "乙"],
        [None, None, None, "丙"],
    ]
    desk.drop_rows("检查.xlsx", [header, *rows])
    (result,) = desk.run()
    assert result["rows"]["quarantined"] == 2
    assert desk.ask("select org_name from lake.core.inspection") == [("城东支行",)]


@pytest.mark.parametrize(
    ("place", "text"), [(5, "同上"), (2, "同上街支行"), (4, "“快贷”"), (5, "〃")]
)
def test_texts_and_names_that_only_begin_so_are_loaded(desk: Desk, place: int, text: str) -> None:
    row = ["A2", *ROW[1:]]
    row[place] = text
    desk.drop_rows("台账.xlsx", [HEADER, ROW, row])
    (result,) = desk.run()
    assert (result["rows"]["inserted"], _of(result, "ditto")) == (2, [])


def test_rows_without_a_key_are_not_said_to_share_one(desk: Desk) -> None:
    header = ["考试名称", "考试日期", "工号", "机构", "成绩"]
    rows = [
        ["消保考试", "2026-03-15", "001", "城东支行", 80],
        ["消保考试", "2026-03-15", None, "城东支行", 90],
        ["消保考试", "2026-03-15", None, "城西支行", 70],
        ["消保考试", "2026-03-15", "002", "城东支行", 90],
        ["消保考试", "2026-03-15", "002", "城东支行", 91],
    ]
    desk.drop_rows("成绩.xlsx", [header, *rows])
    (result,) = desk.run()
    assert [row for row, *_ in _of(result, "required_person_key")] == [3, 4]
    assert [row for row, *_ in _of(result, "duplicate_key")] == [5, 6]
    assert not [p for p in result["problems"] if "{rows}" in p["message"]]


@pytest.mark.parametrize("remark", ["同上", '"', "〃"])
def test_a_remark_that_is_not_stored_may_say_as_above(desk: Desk, remark: str) -> None:
    desk.drop_rows("台账.xlsx", [[*HEADER, "备注"], [*ROW, "已回访"], ["A2", *ROW[1:], remark]])
    (result,) = desk.run()
    assert (result["rows"]["inserted"], _of(result, "ditto")) == (2, [])


def test_a_number_of_staff_that_says_as_above_is_nobody(desk: Desk) -> None:
    header = ["培训名称", "培训日期", "工号", "姓名", "机构"]
    rows = [
        ["消保培训", "2026-03-15", "001", "张三", "城东支行"],
        ["投诉培训", "2026-03-16", "同上", "同上", "城东支行"],
    ]
    desk.drop_rows("培训.xlsx", [header, *rows])
    (result,) = desk.run()
    assert [row for row, *_ in _of(result, "ditto")] == [3]
    assert (result["rows"]["inserted"], result["rows"]["quarantined"]) == (1, 1)
