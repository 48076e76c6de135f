"""Forms as branches fill them: samples, what to fill in, reports of nothing, headings among rows."""

import pytest

HEADER = ["投诉编号", "收到日期", "被投诉机构", "办结日期"]
ROW = ["T1", "2026-03-01", "城东支行", "2026-03-10"]


def _rules(result):
    return {p["rule"]: p["message"] for p in result["problems"]}


@pytest.mark.parametrize("first", ["示例", "（示例）T0", "样例1", "例："])
def test_a_sample_below_the_header_is_no_case(desk, first):
    sample = [first, "2026-01-01", "XX支行", "2026-01-05"]
    desk.drop_rows("台账.xlsx", [HEADER, sample, ROW])
    (result,) = desk.run()
    assert (result["rows"]["inserted"], result["rows"]["ignored"]) == (1, 1)
    assert _rules(result)["sample_row"].startswith("有 1 行是示例，没有装载：第 2 行")


def test_a_case_about_a_sample_is_a_case(desk):
    desk.drop_rows("台账.xlsx", [HEADER, ROW, ["样例支行T2", "2026-03-01", "示例支行", None]])
    (result,) = desk.run()
    assert result["rows"]["inserted"] == 2


def test_what_a_form_asks_for_is_no_case(desk):
    asked = ["必填，系统编号", "必填，格式YYYY-MM-DD", "下拉选择", "办结后填写"]
    rows = [HEADER, asked, ROW, ["填写说明：1.编号必填", None, None, None]]
    desk.drop_rows("台账.xlsx", rows)
    (result,) = desk.run()
    assert (result["rows"]["inserted"], result["rows"]["ignored"]) == (1, 2)
    assert _rules(result)["instruction_row"] == "有 1 行是填写要求，没有装载：第 2 行"


@pytest.mark.parametrize(
    "row",
    [
        ["本月无投诉"],
        ["无"],
        ["零报告"],
        ["2026年3月未发生客户投诉，零报告。"],
        ["1", "无", "无", "城东支行", "无"],
        ["1", "/", "/", "城东支行", "—"],
        [None, "本季度无监管转办投诉"],
    ],
)
def test_a_report_of_nothing_is_no_fault(desk, row):
    signed = ["填表人：张三"]
    desk.drop_rows("台账.xlsx", [["2026年3月投诉台账"], ["序号", *HEADER], row, signed])
    (result,) = desk.run()
    assert (result["status"], desk.exit_code, result["rows"]["ignored"]) == ("unchanged", 0, 2)
    assert result["zero_report"] is True
    assert _rules(result) == {
        "zero_report": "零报告：写明没有投诉台账的数据，没有行可以装载，文件不必修改"
    }
    assert list(desk.home.inbox.iterdir()) == []


def test_a_report_of_nothing_is_called_one(desk):
    desk.drop_rows("台账.xlsx", [["本月无投诉"], HEADER])
    assert "台账.xlsx  零报告（投诉台账）" in desk.say()
    desk.drop_rows("二月.xlsx", [HEADER, ROW])
    assert "zero_report" not in desk.run()[0]
    # One sheet has a case that is known, the other one none.
    desk.drop_sheets("三月.xlsx", {"一": [HEADER, ROW], "二": [["本月无投诉"], HEADER]})
    said = desk.say()
    assert "三月.xlsx  已装载" in said
    assert "工作表“二”（投诉台账）零报告：读入 0" in said


def test_a_title_may_say_that_there_is_nothing(desk):
    desk.drop_rows("台账.xlsx", [["本月无投诉"], HEADER])
    assert [r["status"] for r in desk.run()] == ["unchanged"]


def test_a_branch_without_a_case_stands_beside_those_that_have_some(desk):
    rows = [["序号", *HEADER], [1, *ROW], [2, "无", "无", "城西支行", "无"]]
    desk.drop_rows("台账.xlsx", rows)
    (result,) = desk.run()
    assert (result["rows"]["inserted"], result["rows"]["ignored"]) == (1, 1)
    assert _rules(result) == {"zero_row": "有 1 行是写明没有数据的行，没有装载：第 3 行"}


@pytest.mark.parametrize(
    "row",
    [
        ["无锡T2", "2026-03-01", "城东支行", None],
        ["T2", "无", "城东支行", "无"],
        ["-", None, "城东支行", None, "客户来电投诉收费，已解释"],
    ],
)
def test_a_case_that_lacks_something_is_no_report_of_nothing(desk, row):
    desk.drop_rows("台账.xlsx", [[*HEADER, "备注"], ROW, row])
    (result,) = desk.run()
    assert result["rows"]["ignored"] == 0


def test_an_inspection_that_found_nothing_is_one(desk):
    header = ["检查编号", "受检机构", "检查日期", "问题描述", "整改期限"]
    rows = [
        ["J1", "城东支行", "2026-03-05", "甲", "2026-04-05"],
        ["J2", "城西支行", "2026-03-05", "无", "无"],
    ]
    desk.drop_rows("检查.xlsx", [header, *rows])
    (result,) = desk.run()
    assert (result["rows"]["inserted"], result["rows"]["ignored"]) == (2, 0)


def test_headings_of_groups_are_no_cases(desk):
    rows = [
        ["序号", *HEADER],
        ["一、城东支行"],
        [1, *ROW],
        ["（二）城西支行"],
        [2, "T2", "2026-03-02", "城西支行", None],
        ["合计", 2],
    ]
    desk.drop_rows("台账.xlsx", rows)
    (result,) = desk.run()
    assert (result["rows"]["inserted"], result["rows"]["ignored"]) == (2, 3)
    assert _rules(result) == {
        "heading_row": "有 2 行是分组标题，没有装载：第 2、4 行；"
        "标题中的内容没有用于它下面的行，如需要请写进各行的列中"
    }


def test_a_text_that_goes_on_in_the_next_row_is_no_heading(desk):
    header = [*HEADER, "投诉内容"]
    rows = [[*ROW, "（一）要求退费"], [*[None] * 4, "（二）要求道歉"]]
    desk.drop_rows("台账.xlsx", [header, *rows])
    (result,) = desk.run()
    assert (result["rows"]["inserted"], result["rows"]["quarantined"]) == (1, 1)


def test_sheets_of_samples_and_voided_rows_are_left_out_and_named(desk):
    sheets = {"台账": [HEADER, ROW]}
    for name in ("示例", "作废", "模板2"):
        sheets[name] = [HEADER, [name, "2026-03-01", "XX支行", None]]
    desk.drop_sheets("台账.xlsx", sheets)
    (result,) = desk.run()
    assert result["rows"]["inserted"] == 1
    assert [p["message"] for p in result["problems"]] == [
        f"工作表“{name}”没有装载：按名称它是示例、模板或作废的内容；如果需要装载，请改工作表的名称"
        for name in ("示例", "作废", "模板2")
    ]


def test_a_template_that_was_filled_in_is_the_data(desk):
    desk.drop_sheets("台账.xlsx", {"模板": [HEADER, ROW], "说明": [["1. 编号必填"]]})
    (result,) = desk.run()
    assert result["rows"]["inserted"] == 1
    assert _rules(result)["void_sheet_loaded"].startswith("工作表“模板”按名称是示例、模板或作废")


def test_a_refusal_for_want_of_rows_names_what_was_left_out(desk):
    desk.drop_sheets("1.xlsx", {"模板": [HEADER, ROW], "台账": [HEADER]})
    desk.drop_sheets("2.xlsx", {"台账": [HEADER, ["例", *ROW[1:]]]})
    first, second = desk.run()
    assert "工作表“模板”没有装载：按名称它是示例、模板或作废的内容" in _rules(first)["no_rows"]
    assert "；有 1 行是示例，没有装载：第 2 行；如果是真实的数据" in _rules(second)["no_rows"]


@pytest.mark.parametrize(
    ("title", "header", "wanted"),
    [
        ("2026年一季度消保知识考试成绩表", ["机构", "工号", "成绩"], "考试名称"),
        ("培训名称：消保专题", ["序号", "工号", "部门", "学时", "培训日期"], "培训名称"),
    ],
)
def test_what_stands_in_the_title_alone_is_asked_for_as_a_column(desk, title, header, wanted):
    desk.drop_rows("表.xlsx", [[title], header, ["1"] * len(header)])
    (result,) = desk.run()
    assert _rules(result)["missing_column"].endswith(
        f"表头上方的“{title}”不能代替这一列：请在表中加上“{wanted}”一列，每一行都写上"
    )


def test_a_topic_is_the_name_of_a_training_that_has_no_other(desk):
    header = ["培训主题", "培训日期", "工号"]
    desk.drop_rows("培训.xlsx", [header, ["投诉处理", "2026-03-05", "A01"]])
    desk.run()
    asked = "select training_name, training_topic from lake.core.training_attendance"
    assert desk.ask(asked) == [("投诉处理", "投诉处理")]


def test_names_that_systems_give_the_end_of_a_case_are_known(desk):
    header = ["工单号", "受理时间", "涉及网点", "处理状态", "完成时间"]
    desk.drop_rows("工单.xlsx", [header, ["T1", "2026-03-01", "城东支行", "已完结", "2026-03-10"]])
    desk.run()
    asked = "select status, closed_at::date::varchar from lake.core.complaint"
    assert desk.ask(asked) == [("已办结", "2026-03-10")]


def test_who_was_not_there_has_no_mark(desk):
    header = ["工号", "考试名称", "考试日期", "成绩"]
    desk.drop_rows("考试.xlsx", [header, ["A01", "消保", "2026-03-05", "未考"]])
    desk.run()
    assert desk.ask("select attendance, score from lake.core.exam_result") == [("缺考", None)]


def test_a_row_of_units_below_the_header_is_no_case_unless_it_changes_numbers(desk):
    header = [*HEADER, "投诉金额"]
    desk.drop_rows("1.xlsx", [header, [None, "年月日", None, "年月日", "元"], [*ROW, 100]])
    desk.drop_rows("2.xlsx", [header, [None, "年月日", None, "年月日", "万元"], [*ROW, 1]])
    first, second = desk.run()
    assert _rules(first) == {"instruction_row": "有 1 行是填写要求，没有装载：第 2 行"}
    assert (second["status"], list(_rules(second))) == ("refused", ["unit_unclear"])


@pytest.mark.parametrize("unit", ["万元", "选填，单位：万元", "选填（万元）"])
def test_a_unit_among_what_a_form_asks_for_is_not_passed_over(desk, unit):
    asked = ["必填", "必填", "下拉选择", "选填", unit]
    desk.drop_rows("台账.xlsx", [[*HEADER, "投诉金额"], asked, [*ROW, 5]])
    (result,) = desk.run()
    assert (result["status"], list(_rules(result))) == ("refused", ["unit_unclear"])


@pytest.mark.parametrize("day", ["2026-03-01", "20260301", "2026年3月1日"])
def test_a_case_about_what_a_form_asks_for_is_a_case(desk, day):
    texts = ["必填项太多", "必填信息过多，超过1万元的也要填"]
    header = ["投诉编号", "收到日期", "投诉主题", "投诉内容"]
    desk.drop_rows("台账.xlsx", [header, ["T1", day, *texts]])
    (result,) = desk.run()
    assert result["rows"]["inserted"] == 1


def test_a_case_that_was_voided_is_named(desk):
    desk.drop_rows("台账.xlsx", [[*HEADER, "状态"], [*ROW, "作废"]])
    (result,) = desk.run()
    assert _rules(result)["may_be_void"] == (
        "状态为“作废”，仍按投诉装载并计数；如果不应计入，请删除该行后重新提交"
    )
