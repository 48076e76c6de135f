"""Forms as branches fill them: marked headers, samples, reports of nothing, headings among rows."""

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


@pytest.mark.parametrize("name", ["投诉金额 USD", "OA 编号", "CRM/编号", "12378工单编号", "2024.1"])
def test_what_changes_the_meaning_stays_part_of_the_name(name):
    (column,) = read_header([[name]], row=1, width=1).columns
    assert len(column.keys) == 1


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


def test_what_a_level_tells_is_masked_like_the_organisation_itself(desk):
    header = ["投诉编号", "收到日期", "支行", "网点"]
    desk.drop_rows("台账.xlsx", [header, ["T1", "2026-03-01", "城东支行13812345678", None]])
    desk.run()
    assert "13812345678" not in _organisations(desk)["T1"]
