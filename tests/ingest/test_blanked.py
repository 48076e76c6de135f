"""What a later delivery or a remark takes back is told: blanks over values, voided cases."""

import pytest

from tests.ingest.conftest import Desk

HEADER = ["投诉编号", "收到日期", "办结日期", "被投诉机构", "业务类别", "备注"]
FIRST = [
    ["A1", "2026-03-05", "2026-03-09", "城东支行", "贷款", None],
    ["A2", "2026-03-06", None, "城东支行", "贷款", None],
]


def _said(result, rule):
    return [p["message"] for p in result["problems"] if p["rule"] == rule]


def test_blanks_over_values_are_told_by_column_and_row(desk: Desk) -> None:
    desk.drop_rows("三月.xlsx", [HEADER, *FIRST])
    (result,) = desk.run()
    assert _said(result, "values_blanked") == []
    again = [
        ["A1", "2026-03-05", None, None, "贷款", None],
        ["A2", "2026-03-06", "2026-04-01", "城西支行", None, None],
    ]
    desk.drop_rows("四月.xlsx", [HEADER, *again])
    (checked,) = desk.run("--check", str(desk.home.inbox / "四月.xlsx"))
    (result,) = desk.run()
    assert (
        _said(result, "values_blanked")
        == _said(checked, "values_blanked")
        == [
            "有的行更新后清空了以前装载的内容：“办结日期”1 行（第 2 行）、"
            "“被投诉机构”1 行（第 2 行）、“业务类别”1 行（第 3 行）；"
            "如果不是有意清空（如重新办理），请补上后重新提交"
        ]
    )
    # The later delivery holds all the same.
    assert desk.ask("select closed_at, org_name from lake.core.complaint order by 1 nulls first")[
        0
    ] == (None, None)


def test_changes_and_columns_that_a_file_lacks_blank_nothing(desk: Desk) -> None:
    desk.drop_rows("三月.xlsx", [HEADER, *FIRST])
    desk.run()
    rows = [["A1", "2026-03-05", "2026-03-10"], ["A2", "2026-03-06", "2026-04-01"]]
    desk.drop_rows("四月.xlsx", [HEADER[:3], *rows])
    (result,) = desk.run()
    assert (result["rows"]["updated"], _said(result, "values_blanked")) == (2, [])


@pytest.mark.parametrize("remark", ["作废", "此件已作废", "重复录入，作废", "（非投诉）", "已核减"])
def test_a_case_that_its_remark_takes_back_is_told(desk: Desk, remark: str) -> None:
    desk.drop_rows("台账.xlsx", [HEADER, FIRST[0], [*FIRST[1][:5], remark]])
    (result,) = desk.run()
    assert result["rows"]["inserted"] == 2
    assert _said(result, "void_by_remark") == [
        f"备注为“{remark}”，仍按投诉装载并计数；如果不应计入，请删除该行后重新提交"
    ]


@pytest.mark.parametrize(
    "remark", ["客户称旧卡作废后仍扣费", "卡已作废", "未作废", "客户已撤诉", "无", "已办结"]
)
def test_other_remarks_say_nothing(desk: Desk, remark: str) -> None:
    desk.drop_rows("台账.xlsx", [HEADER, FIRST[0], [*FIRST[1][:5], remark]])
    (result,) = desk.run()
    assert (result["rows"]["inserted"], result["problems"]) == (2, [])


OPEN = "状态为“{}”，却填有办结日期，按已办结统计；如果已重新办理，请清空办结日期，否则请改正状态"


@pytest.mark.parametrize(
    ("status", "closed", "is_told"),
    [
        ("处理中", "2026-03-09", True),
        ("办理中", "2026-03-09", True),
        ("处理中", None, False),
        ("处理中", "未办结", False),
        ("已办结", "2026-03-09", False),
    ],
)
def test_an_open_case_with_a_closing_day_is_told(
    desk: Desk, status: str, closed: str | None, is_told: bool
) -> None:
    header = ["投诉编号", "收到日期", "办结日期", "状态"]
    desk.drop_rows("台账.xlsx", [header, ["A1", "2026-03-05", closed, status]])
    (result,) = desk.run()
    assert result["rows"]["inserted"] == 1
    assert _said(result, "open_status_has_no_end") == [OPEN.format(status)] * is_told


def test_closing_days_without_a_status_are_no_contradiction(desk: Desk) -> None:
    header = ["投诉编号", "收到日期", "办结日期", "状态"]
    desk.drop_rows("台账.xlsx", [header, ["A1", "2026-03-05", None, "处理中"]])
    desk.run()
    desk.drop_rows("办结.xlsx", [header[:3], ["A1", "2026-03-05", "2026-03-09"]])
    (result,) = desk.run()
    assert (result["rows"]["updated"], result["problems"]) == (1, [])


def test_a_second_column_of_remarks_is_not_said_to_be_left_out(desk: Desk) -> None:
    desk.drop_rows("台账.xlsx", [[*HEADER, "备注"], [*FIRST[0][:5], "已回访", "客户来电"]])
    (result,) = desk.run()
    assert (result["rows"]["inserted"], result["problems"]) == (1, [])
