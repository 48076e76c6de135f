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
