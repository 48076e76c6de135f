"""Names of columns as forms write them: with stars, numbers, remarks in front and in two languages."""

import time

import pytest

from ingest.header import header_key, read_header
from tests.ingest.conftest import Desk

HEADER = ["投诉编号", "收到日期", "被投诉机构", "办结日期"]
ROW = ["T1", "2026-03-01", "城东支行", "2026-03-10"]


@pytest.mark.parametrize(
    "name",
    [
        "★被投诉机构",
        "※被投诉机构",
        "【必填】被投诉机构",
        "（必填）被投诉机构",
        "3.被投诉机构",
        "3、被投诉机构（必填）",
        "1.3 被投诉机构",
        "（3）被投诉机构",
        "被投诉机构\nOrganisation complained of",
        "被投诉机构 Branch",
        "Branch/被投诉机构",
    ],
)
def test_marks_numbers_and_english_are_no_part_of_a_name(name):
    (column,) = read_header([[name]], row=1, width=1).columns
    assert "被投诉机构" in column.keys


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Complaint ID", "complaint_id"),
        ("Timely response?", "timely_response"),
        ("Sub-product", "sub-product"),
        ("ontime", "On_Time"),
    ],
)
def test_systems_and_people_write_the_same_name(name, same):
    assert header_key(name) == header_key(same)


def test_signs_beside_other_writing_stay_part_of_a_name():
    assert header_key("投诉_编号") != header_key("投诉编号")


@pytest.mark.parametrize(
    "name",
    [
        *("投诉金额 USD", "OA 编号", "CRM/编号", "12378工单编号", "2024.1", "学时 minutes"),
        *("投诉金额 usd", "Amount in usd/投诉金额", "机构 Branch code", "考试 id"),
    ],
)
def test_what_changes_the_meaning_stays_part_of_the_name(name):
    (column,) = read_header([[name]], row=1, width=1).columns
    assert len(column.keys) == 1


@pytest.mark.parametrize(
    "names",
    [
        ["1.得分", "2.得分"],
        ["收到日期 Received date", "收到日期 Date of letter"],
        ["受理日期", "受理日期 Accepted date"],
    ],
)
def test_columns_that_numbers_or_english_tell_apart_are_not_called_alike(names):
    columns = read_header([names], row=1, width=2).columns
    assert not set(columns[0].keys).intersection(columns[1].keys)


@pytest.mark.parametrize(
    "text", ["单位" + " " * 3000 + "日期", "ab " * 2000 + "/客户" + " b" * 2000]
)
def test_a_long_cell_is_no_name_in_two_languages(text):
    start = time.perf_counter()
    read_header([[text]], row=1, width=1)
    assert time.perf_counter() - start < 1


def test_a_number_in_english_beside_a_number_is_the_same_again():
    (column,) = read_header([["投诉编号 Complaint ID"]], row=1, width=1).columns
    assert "投诉编号" in column.keys


def test_a_form_with_marked_and_numbered_headers_loads_every_column(desk):
    header = ["1.投诉编号*", "2.收到日期（必填）", "★被投诉机构", "4、办结日期 Closed Date"]
    desk.drop_rows("台账.xlsx", [header, ROW])
    (result,) = desk.run()
    assert result["problems"] == []
    assert desk.ask(
        "select complaint_id, org_name, closed_at::date::varchar from lake.core.complaint"
    ) == [("T1", "城东支行", "2026-03-10")]


def test_numbers_that_an_underscore_parts_are_not_joined():
    assert header_key("q1_1") != header_key("q11")


def test_parts_of_an_exam_keep_the_underscores_of_their_names(desk: Desk) -> None:
    desk.load(
        "考试.csv",
        "考试名称,考试日期,工号,成绩,section_1_1得分,section_11得分,q_1(50分),q1(50分)\n"
        "一季度,2024-03-20,10001,85,30,20,15,10\n",
    )
    sections = desk.ask("select section from lake.core.exam_section_score order by 1")
    assert [name for (name,) in sections] == ["q1", "q_1", "section_11", "section_1_1"]


def test_questionnaires_ask_for_what_a_column_is_called(desk: Desk) -> None:
    head = (
        "序号,提交答卷时间,1、您的姓名：,2、请输入您的工号：[填空题],3、您所在支行：,考试名称,总分"
    )
    desk.load("考试.csv", f"{head}\n1,2024/3/20 10:01:02,王小明,10001,城东支行,一季度,95\n")
    assert desk.ask("select org_name, score::int from lake.core.exam_result") == [("城东支行", 95)]
