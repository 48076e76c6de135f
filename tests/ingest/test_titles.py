"""A title tells what a ledger is whose columns are all too general, and nothing else."""

from typing import Any

import openpyxl
import pytest

from ingest.errors import Refused
from ingest.read.open import open_extract
from ingest.recognise import recognise

CASES = [
    "编号",
    "登记时间",
    "机构名称",
    "具体产品",
    "来源渠道",
    "处理情况",
    "办结时间",
    "客户满意度",
]
CASE = ["T1", "2026-03-05", "城东支行", "信用卡", "网点", "已办结", "2026-03-08", "满意"]
REVIEWS = ["编号", "提交日期", "产品名称", "申请部门", "结论"]
REVIEW = ["S1", "2026-03-05", "某产品", "零售部", "通过"]


def found_in(path, rows, sheet="Sheet1") -> str:
    book = openpyxl.Workbook()
    active: Any = book.active
    active.title = sheet
    for row in rows:
        active.append(row)
    book.save(path)
    (match,) = recognise(open_extract(path))
    return match.contract.id


@pytest.mark.parametrize(
    ("titles", "sheet"),
    [
        ([["投诉登记表"]], "Sheet1"),
        ([["2026年一季度投诉台账"], [], ["填报单位：城东支行", "单位：元"]], "Sheet1"),
        ([], "投诉登记"),
        ([["登记表"]], "客户投诉"),
    ],
)
def test_a_title_tells_a_ledger_of_general_columns(tmp_path, titles, sheet):
    assert found_in(tmp_path / "a.xlsx", [*titles, CASES, CASE], sheet) == "complaint_ledger"


def test_a_review_is_told_by_its_title_too(tmp_path):
    rows = [["消保审查登记表"], REVIEWS, REVIEW]
    assert found_in(tmp_path / "a.xlsx", rows) == "review_ledger"


@pytest.mark.parametrize(
    ("titles", "sheet"),
    [
        ([], "Sheet1"),
        ([["登记表"]], "Sheet1"),
        ([["咨询投诉来电登记"]], "Sheet1"),
        ([["咨询投诉登记表"]], "投诉"),
        ([["信访登记表（不含投诉）"]], "Sheet1"),
        ([["投诉登记表", "甲", "乙", "丙"]], "Sheet1"),
        ([["授信审查登记表"]], "Sheet1"),
    ],
)
def test_other_titles_do_not(tmp_path, titles, sheet):
    for header, row, title in [(CASES, CASE, "投诉台账"), (REVIEWS, REVIEW, "消保审查台账")]:
        with pytest.raises(Refused, match=f"列名太笼统，看不出是否为“{title}”；请使用更明确的列名"):
            found_in(tmp_path / "a.xlsx", [*titles, header, row], sheet)


def test_columns_of_its_own_go_before_the_title(tmp_path):
    header = ["编号", "检查日期", "受检机构", "检查类型", "发现问题", "登记时间", "状态"]
    row = ["J1", "2026-03-05", "城东支行", "自查", "公示不全", "2026-03-05", "未整改"]
    rows = [["投诉处理"], ["检查编号", *header[1:]], row]
    assert found_in(tmp_path / "a.xlsx", rows, "投诉") == "inspection_ledger"


def test_a_table_below_is_not_told_by_the_rows_of_the_one_above(tmp_path):
    path = tmp_path / "a.xlsx"
    events = [["机构", "活动名称", "活动日期", "受众人次"], ["城东支行", "投诉", "2026-03-05", 3]]
    assert found_in(path, [*events, [], CASES, CASE]) == "outreach_ledger"
