"""Organisations that are told level by level: the lowest one that is filled counts."""

import pytest

HEADER = ["投诉编号", "收到日期", "被投诉机构", "办结日期"]
ROW = ["T1", "2026-03-01", "城东支行", "2026-03-10"]


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
