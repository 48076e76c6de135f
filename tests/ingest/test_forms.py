"""Forms as branches fill them: marked headers, samples, reports of nothing, headings among rows."""

import time

import pytest

from ingest.header import read_header

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


def _organisations(desk):
    return dict(desk.ask("select complaint_id, org_name from lake.core.complaint"))


@pytest.mark.parametrize("names", [["分行", "支行", "网点"], ["一级机构", "二级机构", "三级机构"]])
def test_the_lowest_level_that_is_filled_is_the_organisation(desk, names):
    header = ["投诉编号", "收到日期", *names, "办结日期"]
    rows = [
        ["T1", "2026-03-01", "某市分行", "城东支行", "城东分理处", "2026-03-10"],
        ["T2", "2026-03-01", "某市分行", "城西支行", None, "2026-03-10"],
        ["T3", "2026-03-01", "某市分行", "/", "—", "2026-03-10"],
    ]
    desk.drop_rows("台账.xlsx", [header, *rows])
    desk.wants_organisations = True
    (result,) = desk.run()
    assert [p["message"] for p in result["problems"]] == [
        f"机构取自“{names[2]}”，为空的行依次取“{names[1]}”、“{names[0]}”"
    ]
    assert _organisations(desk) == {"T1": "城东分理处", "T2": "城西支行", "T3": "某市分行"}


def test_a_level_beside_the_organisation_itself_does_not_stand_in_for_it(desk):
    header = ["投诉编号", "收到日期", "支行", "被投诉机构"]
    desk.drop_rows("台账.xlsx", [header, ["T1", "2026-03-01", "城东支行", None]])
    desk.run()
    assert _organisations(desk) == {"T1": None}


@pytest.mark.parametrize("cells", [["001", "00102"], ["某市分行", "3"]])
def test_codes_and_numbers_of_outlets_are_no_levels(desk, cells):
    header = ["投诉编号", "收到日期", "一级机构", "二级机构"]
    desk.drop_rows("台账.xlsx", [header, ["T1", "2026-03-01", *cells]])
    desk.run()
    assert _organisations(desk) == {"T1": None}


def test_a_total_in_any_level_is_no_organisation(desk):
    header = ["收到日期", "投诉编号", "支行", "网点"]
    rows = [["2026-03-01", "T1", "城东支行", None], ["2026-03-01", "T2", "城东支行小计", None]]
    desk.drop_rows("台账.xlsx", [header, *rows])
    desk.run()
    assert _organisations(desk) == {"T1": "城东支行"}


def test_who_submits_is_told_by_all_levels(desk):
    header = ["投诉编号", "收到日期", "支行", "网点"]
    rows = [["T1", "2026-03-01", "城东支行", "城东分理处"], ["T2", "2026-03-01", "城西支行", None]]
    desk.drop_rows("台账.xlsx", [header, *rows])
    desk.run()
    assert desk.ask("select submitted_by from lake.meta.batch") == [("未注明（投诉台账）",)]


def test_what_a_level_tells_is_masked_like_the_organisation_itself(desk):
    header = ["投诉编号", "收到日期", "支行", "网点"]
    desk.drop_rows("台账.xlsx", [header, ["T1", "2026-03-01", "城东支行13812345678", None]])
    desk.run()
    assert "13812345678" not in _organisations(desk)["T1"]


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
    assert _rules(result) == {
        "zero_report": "零报告：写明没有投诉台账的数据，没有行可以装载，文件不必修改"
    }
    assert list(desk.home.inbox.iterdir()) == []


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
    ("title", "name"),
    [("12378转办投诉清单", "转办时间"), ("2026年3月明细", "接收转办日期"), ("", "监管转办日期")],
)
def test_a_list_of_forwarded_cases_starts_its_clock_with_the_forwarding(desk, title, name):
    header = ["序号", "投诉编号", name, "被投诉机构", "办结日期"]
    desk.drop_rows("清单.xlsx", [[title], header, [1, *ROW[:1], "2026-03-02", *ROW[2:]]])
    (result,) = desk.run()
    assert _rules(result) == {
        "column_stands_in": f"没有“收到日期”列，按“{name}”装载；如果另有收到日期，请加上这一列后重新提交"
    }
    asked = "select complaint_id, received_at::date::varchar, forwarded_at::date::varchar"
    assert desk.ask(f"{asked} from lake.core.complaint") == [("T1", "2026-03-02", "2026-03-02")]


def test_the_number_of_the_forwarding_is_not_the_case_s_own(desk):
    header = ["转办编号", "监管转办日期", "被投诉机构", "办结日期"]
    desk.drop_rows("清单.xlsx", [header, ROW])
    (result,) = desk.run()
    assert _rules(result)["missing_column"].startswith("未知的文件格式：最接近的是“投诉台账”")
    header = ["编号", "转办编号", "投诉日期", "被投诉机构"]
    rows = [["T1", "Z1", "2026-03-01", "城东支行"], ["T2", None, "2026-03-02", "城东支行"]]
    desk.drop_rows("台账.xlsx", [header, *rows])
    desk.run()
    assert desk.ask("select complaint_id from lake.core.complaint order by all") == [
        ("T1",),
        ("T2",),
    ]


def test_a_register_that_only_counts_its_rows_is_told_to_number_its_cases(desk):
    header = ["序号", "投诉时间", "客户姓名", "联系电话", "投诉内容", "处理结果"]
    row = [1, "2026-03-01", "张三", "13912345678", "反映排队时间长", "已解释"]
    desk.drop_rows("登记本.xlsx", [["客户投诉登记本"], header, row])
    (result,) = desk.run()
    assert _rules(result)["missing_column"].endswith(
        "“序号”在每份文件里都重新排，不能当编号：请加上一列各件始终不变的编号"
    )


@pytest.mark.parametrize(
    ("title", "sheet"),
    [("", "1"), ("各部门收到转办单清单", "1"), ("", "非监管转办"), ("本支行个人行转办清单", "1")],
)
def test_cases_that_may_be_sent_on_inside_have_no_day_of_receipt(desk, title, sheet):
    header = ["投诉编号", "转办日期", "被投诉机构", "办结日期"]
    desk.drop_rows("台账.xlsx", [[title], header, ROW], sheet=sheet)
    (result,) = desk.run()
    assert result["status"] == "refused"
    assert _rules(result)["missing_column"].endswith(
        "“转办日期”不能确定是不是监管转办的日期：如果是，请把列名改为“监管转办日期”"
    )


@pytest.mark.parametrize(
    ("title", "day"), [("监管来文转办登记", "转办日期"), ("信访举报转办登记", "收到日期")]
)
def test_what_is_forwarded_need_be_no_complaint(desk, title, day):
    header = ["序号", "编号", day, "承办部门", "办结日期"]
    desk.drop_rows("登记.xlsx", [[title], header, [1, "Z1", "2026-03-01", "办公室", None]])
    (result,) = desk.run()
    assert (result["status"], list(_rules(result))) == ("refused", ["unknown_layout"])


def test_a_day_that_stands_in_overwrites_no_day_of_receipt(desk):
    asked = "select received_at::date::varchar, forwarded_at::date::varchar"
    forwarded = ["投诉编号", "监管转办日期", "被投诉机构"]
    desk.drop_rows("清单.xlsx", [forwarded, ["T2", "2026-03-03", "城东支行"]])
    desk.drop_rows("台账.xlsx", [HEADER, ROW])
    desk.run()
    rows = [[n, "2026-03-09", "城东支行"] for n in ("T1", "T2")]
    desk.drop_rows("清单2.xlsx", [forwarded, *rows])
    desk.run()
    assert desk.ask(f"{asked} from lake.core.complaint order by complaint_id") == [
        ("2026-03-01", "2026-03-09"),
        ("2026-03-09", "2026-03-09"),
    ]


def test_a_day_of_acceptance_goes_before_that_of_the_forwarding(desk):
    header = ["投诉编号", "受理日期", "监管转办日期", "被投诉机构"]
    desk.drop_rows("台账.xlsx", [header, ["T1", "2026-03-01", "2026-03-05", "城东支行"]])
    desk.run()
    assert desk.ask("select received_at::date::varchar from lake.core.complaint") == [
        ("2026-03-01",)
    ]


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
