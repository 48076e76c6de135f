"""Totals and averages among the marks of an exam are no sections."""

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
