"""Totals and averages among the marks of an exam are no sections."""

import pytest

from tests.ingest.conftest import Desk

HEAD = "考试名称,考试日期,工号,"


def _loaded(desk: Desk) -> tuple[list, list]:
    results = desk.ask("select attendance, score::double from lake.core.exam_result")
    sections = desk.ask(
        "select section, score::double from lake.core.exam_section_score order by 2"
    )
    return results, sections


def test_totals_and_averages_are_no_sections(desk: Desk) -> None:
    desk.load(
        "考试.csv",
        f"{HEAD}成绩,法律法规得分,产品知识得分,合计得分,平均得分,总得分\n"
        "一季度,2024-03-20,10001,85,40,45,85,42.5,85\n",
    )
    assert _loaded(desk) == ([("参考", 85.0)], [("法律法规", 40.0), ("产品知识", 45.0)])


def test_a_total_with_its_full_mark_is_the_score(desk: Desk) -> None:
    desk.load(
        "考试.csv",
        f"{HEAD}法律法规板块(40分),产品知识板块(60分),总得分(100分)\n一季度,2024-03-20,10001,30,45,75\n",
    )
    assert _loaded(desk) == ([("参考", 75.0)], [("法律法规", 30.0), ("产品知识", 45.0)])


def test_a_sitting_without_any_score_goes_back(desk: Desk) -> None:
    result = desk.load(
        "考试.csv",
        f"{HEAD}法律法规板块(40分)\n一季度,2024-03-20,10001,30\n一季度,2024-03-20,10002,\n",
    )
    assert result["rows"]["quarantined"] == 1
    assert [(p["row"], p["rule"], p["message"]) for p in result["problems"]] == [
        (3, "attendance_known", "成绩为空；请填分数、缺考或免考")
    ]


HEADER = ["考试名称", "考试日期", "工号", "姓名", "机构", "成绩"]
MARKS = [["消保考试", "2026-03-15", f"00{i}", "张三", "城东支行", 80 + i] for i in (1, 2)]


@pytest.mark.parametrize(
    "row",
    [
        ["平均分", None, None, None, None, 81.5],
        ["最高分：", None, None, None, None, 82],
        ["及格率", None, None, None, None, "100%"],
        [None, None, None, None, "平均", 81.5],
        ["参考人数", 2],
    ],
)
def test_means_below_the_marks_are_no_sittings(desk: Desk, row: list[object]) -> None:
    desk.drop_rows("成绩.xlsx", [HEADER, *MARKS, row])
    (result,) = desk.run()
    assert (result["rows"]["inserted"], result["rows"]["ignored"]) == (2, 1)
    assert result["problems"] == []


@pytest.mark.parametrize(
    "row",
    [
        ["平均", "2026-03-15", "003", "李四", "城东支行", 81],
        ["合格率专题考试", "2026-03-15", "003", "李四", "城东支行", 81],
        ["消保考试", "2026-03-15", "003", "平均", "城东支行", 81],
    ],
)
def test_a_sitting_of_somebody_is_none(desk: Desk, row: list[object]) -> None:
    desk.drop_rows("成绩.xlsx", [HEADER, *MARKS, row])
    (result,) = desk.run()
    assert result["rows"]["inserted"] == 3


def test_a_sitting_without_a_number_of_staff_goes_back(desk: Desk) -> None:
    row = ["合格率专题考试", "2026-03-15", None, "李四", "城东支行", 81]
    desk.drop_rows("成绩.xlsx", [HEADER, *MARKS, row])
    (result,) = desk.run()
    assert (result["rows"]["inserted"], result["rows"]["quarantined"]) == (2, 1)


@pytest.mark.parametrize("text", ["平均每天等候半小时", "合格率低于九成", "平均分：不足八十"])
def test_a_text_that_begins_like_a_mean_is_no_footer(desk: Desk, text: str) -> None:
    header = ["投诉编号", "收到日期", "被投诉机构", "投诉内容"]
    rows = [["A1", "2026-03-05", "城东支行", "客户称"], [None, None, None, text]]
    desk.drop_rows("台账.xlsx", [header, *rows])
    (result,) = desk.run()
    assert (result["rows"]["quarantined"], result["rows"]["ignored"]) == (1, 0)


def test_an_issue_that_begins_like_a_mean_is_loaded(desk: Desk) -> None:
    header = ["问题描述", "检查编号", "受检机构", "检查日期"]
    rows = [
        ["甲", "J1", "城东支行", "2026-03-05"],
        ["合格率：低于九成", None, "城东支行", "2026-03-05"],
    ]
    desk.drop_rows("检查.xlsx", [header, *rows])
    (result,) = desk.run()
    assert (result["rows"]["inserted"], result["rows"]["ignored"]) == (2, 0)


def test_who_was_not_there_has_no_mark_in_any_section(desk: Desk) -> None:
    result = desk.load(
        "考试.csv",
        f"{HEAD}法律法规板块(40分),产品知识板块(60分),总得分\n"
        "一季度,2024-03-20,10001,缺考,缺考,缺考\n"
        "一季度,2024-03-20,10002,免考,免考,免考\n"
        "一季度,2024-03-20,10003,38,缺考,38\n",
    )
    assert result["rows"]["inserted"] == 3
    results, sections = _loaded(desk)
    assert sorted(results, key=str) == [("免考", None), ("参考", 38.0), ("缺考", None)]
    assert sections == [("法律法规", 38.0)]


def test_the_subtotal_of_a_branch_below_the_running_numbers_is_no_record(desk: Desk) -> None:
    result = desk.load(
        "考试.csv",
        "序号,考试名称,考试日期,工号,成绩\n1,一季度,2024-03-20,10001,85\n"
        "城东支行小计,,,,85\n2小计,一季度,2024-03-20,10002,85\n",
    )
    rows = result["rows"]
    assert (rows["inserted"], rows["ignored"], rows["quarantined"]) == (2, 1, 0)


def test_the_time_of_an_exam_may_be_told_with_its_end(desk: Desk) -> None:
    desk.load("考试.csv", "考试名称,考试时间,工号,成绩\n一季度,2024-03-20 09:00-11:00,10001,85\n")
    assert desk.ask("select exam_date::varchar from lake.core.exam_result") == [("2024-03-20",)]
