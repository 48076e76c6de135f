"""The full mark of an exam that stands in the header or in the title, not in a column."""

import openpyxl
import pytest

EXAM = ["工号", "机构", "考试名称", "考试日期"]
ROW = ["A01", "城东支行", "消保", "2026-05-20"]


def marks(desk):
    return [
        (float(score), float(full))
        for score, full in desk.ask("select score, full_score from lake.core.exam_result")
    ]


@pytest.mark.parametrize(
    "name",
    [
        "成绩（满分120分）",
        "成绩(满分：120)",
        "得分\n（120分）",
        "总分(120分制)",
        "成绩(满分120分)(必填)",
        "成绩（必填）（120分）*",
        "成绩(满分120分,及格72分)",
    ],
)
def test_the_full_mark_in_the_header_of_the_score_is_its_full_mark(desk, name):
    desk.drop_rows("考试.xlsx", [[*EXAM, name], [*ROW, 110], ["A02", *ROW[1:], 72]])
    (result,) = desk.run()
    assert result["rows"]["inserted"] == 2
    assert sorted(marks(desk)) == [(72, 120), (110, 120)]


@pytest.mark.parametrize("name", ["成绩(2024)", "成绩(1)", "成绩(100)", "成绩(及格60分)"])
def test_other_numbers_behind_the_name_of_the_score_are_no_full_mark(desk, name):
    desk.drop_rows("考试.xlsx", [[*EXAM, name], [*ROW, 85]])
    desk.run()
    assert marks(desk) == [(85, 100)]


@pytest.mark.parametrize("name", ["成绩(120)", "成绩(满分120分)(折算满分100分)"])
def test_a_full_mark_in_the_header_that_is_not_certain_refuses(desk, name):
    desk.drop_rows("考试.xlsx", [[*EXAM, name], [*ROW, 85]])
    (result,) = desk.run()
    assert [problem["rule"] for problem in result["problems"]] == ["full_mark_unclear"]
    assert f"列“{name}”" in result["problems"][0]["message"]
    desk.drop_rows("考试2.xlsx", [[*EXAM, name, "满分"], [*ROW, 85, 120]])
    desk.run()
    assert marks(desk) == [(85, 120)]


@pytest.mark.parametrize(
    "title", ["参考50人，满分3人，及格45人", "满分率5%", "满分12.5%", "满分3名"]
)
def test_how_many_had_all_points_is_no_full_mark(desk, title):
    desk.drop_rows("考试.xlsx", [[title], [*EXAM, "成绩"], [*ROW, 85]])
    desk.run()
    assert marks(desk) == [(85, 100)]


@pytest.mark.parametrize(
    "title",
    [
        "总分100分，其中案例分析满分40分",
        "总分100分，单选题40分，满分40分",
        "案例分析满分40分",
        "第一部分（满分40分）",
        "本次考试共两部分，其中：满分40分",
    ],
)
def test_a_title_that_may_speak_of_a_part_is_refused(desk, title):
    desk.drop_rows("考试.xlsx", [[title], [*EXAM, "成绩"], [*ROW, 35]])
    (result,) = desk.run()
    assert [problem["rule"] for problem in result["problems"]] == ["full_mark_unclear"]
    assert "请加上“满分”一列" in result["problems"][0]["message"]


@pytest.mark.parametrize(
    "title",
    [
        "消保考试成绩（满分150分）",
        "满分：150 分",
        "卷面满分为150分",
        "2026年消保知识考试满分150分，其中单选60分、多选90分",
        "总分150分（满分150）",
        "参考50人，满分150，及格90",
        "总分150分",
        "消保考试成绩（总分：150分）",
        "2026年消保知识考试总分150分，90分及格",
    ],
)
def test_the_full_mark_in_the_title_is_that_of_the_scores(desk, title):
    desk.drop_rows("考试.xlsx", [[title], [*EXAM, "成绩"], [*ROW, 90]])
    desk.run()
    assert marks(desk) == [(90, 150)]


@pytest.mark.parametrize(
    "title",
    [
        "参考20人，总分1700分",
        "总分1700分，平均分85分",
        "总分排名前120分",
        "总分：85",
        "考试总分850分",
    ],
)
def test_what_many_had_together_is_no_full_mark(desk, title):
    desk.drop_rows("考试.xlsx", [[title], [*EXAM, "成绩"], [*ROW, 85]])
    desk.run()
    assert marks(desk) == [(85, 100)]


def test_marks_that_are_all_shares_of_the_full_mark_refuse_the_file(desk):
    rows = [[*EXAM, "成绩"], [*ROW, 0.85], ["A02", *ROW[1:], 1], ["A03", *ROW[1:], 0.9]]
    desk.drop_rows("考试.xlsx", rows)
    (result,) = desk.run()
    assert [p["message"] for p in result["problems"]] == [
        "列“成绩”的分数都不超过 1（如 0.85），像是百分比去掉了百分号，满分却是 100，没有猜测；"
        "请写成分数，如 85，或 85%"
    ]


def test_one_mark_below_one_is_loaded_and_named(desk):
    desk.drop_rows("考试.xlsx", [[*EXAM, "成绩"], [*ROW, 85], ["A02", *ROW[1:], 0.5]])
    (result,) = desk.run()
    assert sorted(marks(desk)) == [(0.5, 100), (85, 100)]
    assert [(p["row"], p["rule"]) for p in result["problems"]] == [(3, "score_is_no_share")]


def test_marks_of_an_exam_with_few_points_may_be_small(desk):
    rows = [[*EXAM, "成绩", "满分"], [*ROW, 0.5, 1], ["A02", *ROW[1:], 0.8, 1]]
    desk.drop_rows("考试.xlsx", rows)
    desk.run()
    assert sorted(marks(desk)) == [(0.5, 1), (0.8, 1)]


def test_two_exams_of_one_name_are_told_apart_by_their_name(desk):
    header = ["工号", "考试名称", "考试日期", "成绩"]
    book = openpyxl.Workbook()
    for day, score in (("2026-03-01", 85), ("2026-06-01", 90)):
        sheet = book.create_sheet(day)
        sheet.append(header)
        sheet.append(["A01", "消保", day, score])
    desk.home.inbox.mkdir(parents=True, exist_ok=True)
    book.save(desk.home.inbox / "考试.xlsx")
    (result,) = desk.run()
    (message,) = [p["message"] for p in result["problems"] if p["row"]]
    assert message == (
        "与工作表“2026-03-01”第 2 行的工号和考试名称相同但内容不同，无法判断以哪一行为准；"
        "若是另一场考试，请在考试名称中写明年份或期次"
    )


def test_a_cell_or_a_column_goes_before_what_the_title_says(desk):
    rows = [["满分150分"], [*EXAM, "成绩"], [*ROW, "90/120"]]
    desk.drop_rows("甲.xlsx", rows)
    rows = [["满分150分"], [*EXAM, "成绩", "满分"], ["A02", *ROW[1:], 80, 110]]
    desk.drop_rows("乙.xlsx", rows)
    desk.run()
    assert sorted(marks(desk)) == [(80, 110), (90, 120)]


def test_a_title_with_several_full_marks_is_refused(desk):
    title = "单选题满分40分，多选题满分60分"
    desk.drop_rows("考试.xlsx", [[title], [*EXAM, "成绩"], [*ROW, 90]])
    (result,) = desk.run()
    assert result["status"] == "refused"
    assert "请加上“满分”一列" in result["problems"][0]["message"]


def test_several_full_marks_in_the_title_do_no_harm_where_a_column_says_it(desk):
    title = "单选题满分40分，多选题满分60分"
    desk.drop_rows("考试.xlsx", [[title], [*EXAM, "成绩", "满分"], [*ROW, 90, 100]])
    desk.run()
    assert marks(desk) == [(90, 100)]


def test_a_percentage_is_no_mark_where_the_full_mark_is_another(desk):
    desk.drop_rows("考试.xlsx", [[*EXAM, "成绩", "满分"], [*ROW, "85%", "120分"]])
    desk.drop_rows("考试2.xlsx", [["满分120分"], [*EXAM, "成绩"], [*ROW, "85%"]])
    assert [result["status"] for result in desk.run()] == ["refused", "refused"]


def test_a_part_of_the_exam_states_its_full_mark_with_its_unit(desk):
    header = [*EXAM, "成绩", "法规板块(40分)(必填)", "实务板块(2024)", "备注(2)", "说明(3)"]
    desk.drop_rows("考试.xlsx", [header, [*ROW, 90, 35, 50, 1, 1]])
    desk.run()
    found = desk.ask("select section, full_score::int from lake.core.exam_section_score")
    assert sorted(found) == [("实务", None), ("法规", 40)]


def test_a_total_beside_the_mark_is_the_mark_or_the_full_mark_or_unclear(desk):
    head, exam = "考试名称,考试日期,工号,得分,总分", "一季度,2024-03-20"
    result = desk.load(
        "考试.csv",
        f"{head}\n{exam},1,85,100\n{exam},2,85,85\n{exam},3,85,120\n{exam},4,缺考,缺考\n",
    )
    rules = [(p["rule"], p["row"]) for p in result["problems"]]
    assert rules == [("total_is_score_or_full", 4)]
    assert result["rows"]["inserted"] == 3


def test_a_total_of_many_decimals_is_the_mark_that_is_rounded(desk):
    head, exam = "考试名称,考试日期,工号,得分,总分", "一季度,2024-03-20"
    result = desk.load(
        "考试.csv",
        f"{head}\n{exam},1,83.3333333,83.3333333\n{exam},2,66.66666667,66.66666666666667\n",
    )
    assert result["problems"] == []
    assert result["rows"]["inserted"] == 2


@pytest.mark.parametrize("name", ["首考成绩", "总成绩", "考试得分"])
def test_a_total_beside_another_name_of_the_mark_is_not_the_mark(desk, name):
    head, exam = f"考试名称,考试日期,工号,总分,{name}", "一季度,2024-03-20"
    desk.load("考试.csv", f"{head}\n{exam},1,100,85\n")
    assert marks(desk) == [(85, 100)]


@pytest.mark.parametrize("name", ["成绩（分）", "得分(必填)", "成绩(满分100分)"])
def test_full_marks_are_not_loaded_as_marks(desk, name):
    head, exam = f"考试名称,考试日期,工号,{name},总分", "一季度,2024-03-20"
    rows = f"{exam},1,85,100\n{exam},2,100,100\n"
    problems = desk.load("考试.csv", f"{head}\n{rows}")["problems"]
    assert [(p["rule"], p["row"]) for p in problems if p["row"]] == [("total_is_full", 2)]
    assert marks(desk) == [(100, 100)]


def test_marks_of_parts_beside_the_total_load(desk):
    head, exam = "考试名称,考试日期,工号,得分(客观题),得分(主观题),总分", "一季度,2024-03-20"
    desk.load("考试.csv", f"{head}\n{exam},1,40,45,85\n")
    assert marks(desk) == [(85, 100)]


def test_a_total_may_be_the_mark_of_the_second_time(desk):
    head, exam = "考试名称,考试日期,工号,首考成绩,补考成绩,总分", "一季度,2024-03-20"
    result = desk.load("考试.csv", f"{head}\n{exam},1,50,80,80\n{exam},2,90,,90\n")
    assert result["problems"] == []
    assert sorted(marks(desk)) == [(50, 100), (90, 100)]
