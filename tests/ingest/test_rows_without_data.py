"""Rows that are no records: totals, notes, column numbers; and records that only look like them."""

import pytest

from ingest.header import is_numbering
from tests.ingest.conftest import Desk

COMPLAINTS = "投诉编号,收到日期,被投诉机构\nT1,2024-03-05,城东支行\n"
REVIEWS = "项目编号,送审项目名称,审查类型,送审日期,审查结论,审查意见\n"
REVIEW = "X1,甲产品,新产品立项,2024-03-05,同意,费率应列明\n"
ORGANISATIONS = "机构名称,机构层级,上级机构\n某某分行,分行,\n"
DENOMINATORS = "序号,机构,统计月份,营业网点数\n1,城东支行,2024-03,5\n2,城西支行,2024-03,6\n"
INSPECTIONS = "检查编号,受检机构,检查日期,问题描述,整改期限\nJ1,城东支行,2024-03-05,甲,2024-04-05\n"


@pytest.mark.parametrize(
    ("good", "text", "ignored"),
    [
        (
            1,
            COMPLAINTS
            + "统计时间,2024-04-02,消保部\n数据日期：,2024-03-31,\n报表日期,2024-04-01,\n"
            + "制表人：张三,2024-04-01,消保部\n",
            4,
        ),
        (
            1,
            REVIEWS
            + "①,②,③,,⑤,⑥\n"
            + REVIEW
            + "数据来源：OA系统导出,,,,,\n主管：      经办：,,,,,\n第 1 页 共 1 页,,,,,\n",
            4,
        ),
        (
            1,
            ORGANISATIONS
            + "共1家机构,,\n数据截至2024年3月31日,,\n数据来源：人力资源部,,\n第 1 页，共 1 页,,\n",
            4,
        ),
        (
            2,
            DENOMINATORS
            + "3,合计,2024-03,11\n,全行合计,2024-03,11\n,城区片小计,2024-03,11\n,合计（2家）,2024-03,11\n",
            4,
        ),
        (1, INSPECTIONS + ",城东支行小计,,1个问题,\n", 1),
        (
            2,
            "被投诉机构,投诉编号,收到日期\n城东支行,T1,2024-03-05\n城东支行小计,1,\n"
            "城西支行,T2,2024-03-05\n城西支行小计,,\n合计,2,\n",
            3,
        ),
    ],
)
def test_totals_and_notes_are_ignored(desk: Desk, good: int, text: str, ignored: int) -> None:
    result = desk.load("表.csv", text)
    assert result["status"] == "loaded"
    assert (result["rows"]["inserted"], result["rows"]["ignored"]) == (good, ignored)
    assert result["rows"]["quarantined"] == 0


SUBTOTALS = [
    ["被投诉机构", "收到日期", "投诉编号"],
    ["城东支行", "2026-03-05", "A1"],
    ["城东支行", "2026-03-06", "A3"],
    ["城东支行 汇总", None, 2],
    ["城西支行", "2026-03-05", "A4"],
    ["城西支行 计数", 1, None],
    ["城西支行 平均值", None, 1.5],
    ["总计数", 3, 3],
    ["总计", None, 3],
]


def test_the_subtotals_of_excel_are_no_cases(desk: Desk) -> None:
    desk.drop_rows("台账.xlsx", SUBTOTALS)
    (result,) = desk.run()
    assert result["status"] == "loaded"
    assert (result["rows"]["inserted"], result["rows"]["ignored"]) == (3, 5)
    assert "total_mismatch" not in {p["rule"] for p in result["problems"]}


@pytest.mark.parametrize(
    "row", ["T2,2026-03-05,城东支行 汇总", "T2,46086,城东支行 汇总", "1001,20260305,城东支行 计数"]
)
def test_a_name_that_ends_like_a_subtotal_in_a_row_of_its_own_is_data(desk: Desk, row: str) -> None:
    assert desk.load("台账.csv", COMPLAINTS + row + "\n")["rows"]["inserted"] == 2


def test_an_outreach_ledger_may_be_subtotalled(desk: Desk) -> None:
    text = (
        '机构,活动名称,活动日期,受众人次\n城东支行,进社区,2026-03-05,100\n城东支行 汇总,,,"1,200"\n'
        "城西支行,数据 汇总,2026-03-05,50\n城西支行 汇总,,,50\n总计,,,250\n"
    )
    rows = desk.load("宣传.csv", text)["rows"]
    assert (rows["inserted"], rows["ignored"], rows["quarantined"]) == (2, 3, 0)


def test_organisations_named_like_a_footer_are_loaded(desk: Desk) -> None:
    rows = "审批中心,部门,某某分行\n审核部,部门,某某分行\n联系电话中心,部门,某某分行\n"
    assert desk.load("机构.csv", ORGANISATIONS + rows)["rows"]["inserted"] == 4


def test_a_complaint_that_begins_like_a_footer_goes_back(desk: Desk) -> None:
    result = desk.load(
        "台账.csv",
        "投诉事项,投诉编号,收到日期,被投诉机构\n审批太慢,T1,2024-03-05,城东支行\n"
        "审核拖延要求赔偿,,2024-03-05,城东支行\n备注不清导致误解,,2024-03-06,城东支行\n",
    )
    assert (result["rows"]["inserted"], result["rows"]["quarantined"]) == (1, 2)


def test_a_row_of_an_identifier_alone_goes_back(desk: Desk) -> None:
    result = desk.load("审查.csv", REVIEWS + REVIEW + "以上数据仅供内部使用,,,,,\n")
    assert (result["rows"]["inserted"], result["rows"]["quarantined"]) == (1, 1)
    assert [(p["row"], p["rule"], p["message"]) for p in result["problems"]] == [
        (
            3,
            "only_identifier",
            "这一行除“项目编号”外没有任何内容，不能作为一条记录；如果是表注，请删除该行，否则请补全",
        )
    ]


def test_a_head_office_needs_no_more_than_its_name(desk: Desk) -> None:
    text = "机构名称,上级机构\n某某分行,\n城东支行,某某分行\n"
    assert desk.load("机构.csv", text)["rows"]["inserted"] == 2


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["1", "2", "3", "4"], True),
        (["甲", "乙", "1", "2", "③=①+②"], True),
        (["①", None, "③", "④"], True),
        (["(1)", "(2)", "(3)"], True),
        (["1", "城东支行", "3"], False),
        (["1", "2"], False),
        (["5", "6", "7"], False),
        (["1", "2", "2"], False),
        (["2024", "2025", "2026"], False),
    ],
)
def test_a_row_that_numbers_the_columns(row: list[str | None], expected: bool) -> None:
    assert is_numbering(row) is expected


@pytest.mark.parametrize("opinion", ["说明书第三条应修改", "备注：第三条应修改", "共3条应修改"])
def test_a_further_opinion_that_begins_like_a_footer_is_kept(desk: Desk, opinion: str) -> None:
    desk.load("审查.csv", REVIEWS + REVIEW + f",,,,,{opinion}\n")
    assert desk.ask("select count(*) from lake.core.review_opinion") == [(2,)]
