"""The full mark of an exam that stands in the header or in the title, not in a column."""

import pytest

EXAM = ["工号", "机构", "考试名称", "考试日期"]
ROW = ["A01", "城东支行", "消保", "2026-05-20"]


def marks(desk):
    return [
        (float(score), float(full))
        for score, full in desk.ask("select score, full_score from lake.core.exam_result")
    ]


@pytest.mark.parametrize(
    "name", ["成绩（满分120分）", "成绩(满分：120)", "得分\n（120分）", "总分(120分制)"]
)
def test_the_full_mark_in_the_header_of_the_score_is_its_full_mark(desk, name):
    desk.drop_rows("考试.xlsx", [[*EXAM, name], [*ROW, 110], ["A02", *ROW[1:], 72]])
    (result,) = desk.run()
    assert result["rows"]["inserted"] == 2
    assert sorted(marks(desk)) == [(72, 120), (110, 120)]


@pytest.mark.parametrize("title", ["消保考试成绩（满分150分）", "满分：150 分", "卷面满分为150分"])
def test_the_full_mark_in_the_title_is_that_of_the_scores(desk, title):
    desk.drop_rows("考试.xlsx", [[title], [*EXAM, "成绩"], [*ROW, 90]])
    desk.run()
    assert marks(desk) == [(90, 150)]


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
