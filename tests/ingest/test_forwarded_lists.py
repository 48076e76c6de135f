"""Lists of forwarded complaints: whose numbers and which days they tell."""

import pytest

HEADER = ["投诉编号", "收到日期", "被投诉机构", "办结日期"]
ROW = ["T1", "2026-03-01", "城东支行", "2026-03-10"]


def _rules(result):
    return {p["rule"]: p["message"] for p in result["problems"]}


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
