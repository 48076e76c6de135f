"""Blank cells that repeat what stands above them, but only within one case."""

import pytest

from tests.ingest.conftest import Desk

TRAININGS = (
    "培训名称,培训主题,培训形式,培训日期,工号\n"
    "新员工消保培训,投诉处理,现场,2024-03-05,10001\n"
    ",,,,10002\n"
    "新员工消保培训,,,,10003\n"
    "反洗钱讲座,,,2024-04-05,10004\n"
)


def test_a_training_takes_nothing_from_the_one_before(desk: Desk) -> None:
    result = desk.load("培训.csv", TRAININGS)
    assert [p for p in result["problems"] if p["row"] == 5] == []
    assert desk.ask(
        "select training_name, training_topic, training_form, held_date::varchar, count(*)"
        " from lake.core.training_attendance group by all order by 4"
    ) == [
        ("新员工消保培训", "投诉处理", "现场", "2024-03-05", 3),
        ("反洗钱讲座", None, None, "2024-04-05", 1),
    ]


def test_an_exam_without_a_date_has_none(desk: Desk) -> None:
    text = "考试名称,考试日期,工号,成绩\n一季度,2024-03-20,10001,85\n,,10002,86\n二季度,,10001,95\n"
    desk.load("考试.csv", text)
    assert desk.ask(
        "select exam_name, exam_date::varchar, count(*) from lake.core.exam_result"
        " group by all order by 1"
    ) == [("一季度", "2024-03-20", 2), ("二季度", None, 1)]


def test_a_case_of_the_same_name_further_down_starts_afresh(desk: Desk) -> None:
    text = "考试名称,考试日期,工号,成绩\n甲,2024-03-20,10001,85\n乙,2024-04-20,10001,86\n甲,,10002,95\n"
    desk.load("考试.csv", text)
    assert desk.ask("select count(*) from lake.core.exam_result where exam_date is null") == [(1,)]


@pytest.mark.parametrize(
    ("text", "good"),
    [
        (
            "制度名称,检查事项,受检机构,检查日期,执行情况\n甲办法,一,城东支行,2024-03-05,已执行\n"
            ",二,,,已执行\n乙办法,一,城西支行,,未执行\n丙办法,一,,2024-03-05,未执行\n",
            2,
        ),
        # The organisation groups the rules that it was checked for.
        (
            "受检机构,制度名称,检查事项,检查日期,执行情况\n城东支行,甲办法,一,2024-03-05,已执行\n"
            ",乙办法,一,2024-03-06,已执行\n",
            2,
        ),
    ],
)
def test_a_check_takes_organisation_and_day_from_its_own_rule(
    desk: Desk, text: str, good: int
) -> None:
    result = desk.load("执行.csv", text)
    rows = result["rows"]
    assert (rows["inserted"], rows["quarantined"]) == (good, rows["read"] - good)


def test_a_month_holds_for_the_organisations_below(desk: Desk) -> None:
    text = "机构,统计月份,营业网点数\n城东支行,2024-03,5\n城西支行,,6\n"
    assert desk.load("基数.csv", text)["rows"]["inserted"] == 2


def test_a_message_shows_the_value_that_was_filled_in(desk: Desk) -> None:
    text = "培训名称,培训形式,培训日期,工号\n甲,未知形式,2024-03-05,10001\n,,,10002\n"
    problems = desk.load("培训.csv", text)["problems"]
    assert [(p["row"], p["message"]) for p in problems if p["rule"] == "code_unknown"] == [
        (row, "“培训形式”的值“未知形式”不在代码表中，已按原名装载") for row in (2, 3)
    ]
