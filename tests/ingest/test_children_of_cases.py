"""Opinions and issues without a number are known again by their text, not by their place."""

from typing import Any

import pytest

from tests.ingest.conftest import Desk

REVIEW = ["项目编号", "送审日期", "结论", "审查意见", "是否采纳"]
INSPECTION = ["检查编号", "受检机构", "检查日期", "问题描述", "整改期限", "整改完成日期"]
A, B, C, D = "产品名称不清", "费率没有写明", "缺少风险提示", "字号过小，拨打13812345678"


def _reviewed(desk: Desk, name: str, *opinions: tuple[str | None, str]) -> dict[str, Any]:
    rows = [["SC-1", "2024-03-01", "同意", *opinion] for opinion in opinions]
    desk.drop_rows(name, [REVIEW, *rows])
    return dict(desk.run()[0]["rows"])


def _opinions(desk: Desk) -> list[tuple[Any, ...]]:
    return desk.ask(
        "select opinion_no, left(opinion_masked, 4), adoption from lake.core.review_opinion"
        " order by opinion_no::int"
    )


@pytest.fixture
def reviewed(desk: Desk) -> Desk:
    """A desk with one case of three opinions."""
    _reviewed(desk, "1.xlsx", (A, "采纳"), (B, "未采纳"), (C, "采纳"))
    return desk


def test_a_file_with_part_of_a_case_changes_that_part_alone(reviewed: Desk) -> None:
    rows = _reviewed(reviewed, "2.xlsx", (B, "采纳"))
    assert (rows["updated"], rows["inserted"]) == (1, 0)
    assert _opinions(reviewed) == [
        ("1", A[:4], "采纳"),
        ("2", B[:4], "采纳"),
        ("3", C[:4], "采纳"),
    ]


def test_another_order_of_the_rows_is_no_change(reviewed: Desk) -> None:
    before = _opinions(reviewed)
    rows = _reviewed(reviewed, "2.xlsx", (C, "采纳"), (A, "采纳"), (B, "未采纳"))
    assert rows["unchanged"] == 3
    assert _opinions(reviewed) == before


def test_a_new_text_goes_behind_the_last_number_and_is_known_by_its_masked_form(
    reviewed: Desk,
) -> None:
    rows = _reviewed(reviewed, "2.xlsx", (D, "采纳"), (C, "采纳"))
    assert (rows["inserted"], rows["unchanged"]) == (1, 1)
    assert [number for number, *_ in _opinions(reviewed)] == ["1", "2", "3", "4"]
    rows = _reviewed(reviewed, "3.xlsx", (A, "采纳"), (D, "采纳"))
    assert rows["unchanged"] == 2


def test_equal_texts_are_matched_in_order_and_blank_ones_among_themselves(desk: Desk) -> None:
    opinions: list[tuple[str | None, str]] = [(A, "采纳"), (None, "部分采纳"), (A, "未采纳")]
    _reviewed(desk, "1.xlsx", *opinions)
    rows = _reviewed(desk, "2.xlsx", *opinions, (B, "采纳"))
    assert (rows["unchanged"], rows["inserted"]) == (3, 1)
    rows = _reviewed(desk, "3.xlsx", (B, "采纳"), *opinions)
    assert rows["unchanged"] == 4


def test_rows_that_go_back_take_no_number_from_those_that_are_loaded(desk: Desk) -> None:
    bad = ["JC-1", "城东支行", "2024-03-01", A, "2024-03-31", "2024-02-01"]
    good = ["JC-1", "城东支行", "2024-03-01", A, "2024-03-31", "2024-03-20"]
    desk.drop_rows("1.xlsx", [INSPECTION, bad, good])
    assert desk.run()[0]["rows"]["inserted"] == 1
    desk.drop_rows("2.xlsx", [INSPECTION, bad, good, ["JC-2", *good[1:]]])
    rows = desk.run()[0]["rows"]
    assert (rows["unchanged"], rows["inserted"]) == (1, 1)


def test_a_list_of_the_rectified_issues_leaves_the_others(desk: Desk) -> None:
    start = ["JC-1", "城东支行", "2024-03-01"]
    issues = [[*start, text, "2024-03-31", None] for text in (A, B, C)]
    desk.drop_rows("1.xlsx", [INSPECTION, *issues])
    desk.run()
    desk.drop_rows("2.xlsx", [INSPECTION, [*start, C, "2024-03-31", "2024-03-20"]])
    desk.run()
    found = desk.ask(
        "select issue_no, issue_masked, rectified_date is not null"
        " from lake.core.inspection_issue order by 1"
    )
    assert found == [("1", A, False), ("2", B, False), ("3", C, True)]


def test_a_number_of_the_file_goes_before_the_text(reviewed: Desk) -> None:
    reviewed.drop_rows(
        "2.xlsx",
        [[*REVIEW, "意见序号"], ["SC-1", "2024-03-01", "同意", C, "未采纳", "2"]],
    )
    reviewed.run()
    assert _opinions(reviewed)[1:] == [("2", C[:4], "未采纳"), ("3", C[:4], "采纳")]
