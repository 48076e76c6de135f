"""Bases and facilities at the end of a period, worked by hand."""

import pytest

from tests.edges import lake

__all__ = ["lake"]
REGISTER = """
    org_name | org_level | parent_org_name | opened_date | closed_date
    分行     | 分行      |                 |             |
    甲支行   | 支行      | 分行            |             |
    乙支行   | 支行      | 分行            |             |
    甲一网点 | 网点      | 甲支行          |             |
    甲二网点 | 网点      | 甲支行          |             |
    乙一网点 | 网点      | 乙支行          |             |
"""
FACILITIES = """
    facility_key | org_name | facility_kind    | unit_count | started_date | ended_date
    f1           | 甲一网点 | 爱心窗口         | 3          | 2023-05-01   |
    f2           | 甲二网点 | 爱心窗口         | 1          | 2024-03-31   |
    f3           | 乙一网点 | 爱心窗口         | 1          | 2023-05-01   | 2024-03-31
    f4           | 乙一网点 | 适老化网点       | 1          | 2024-04-01   | 2025-03-01
    f5           | 甲一网点 | 无障碍智能柜员机 | 2          | 2024-01-01   |
    f6           | 甲二网点 | 无障碍智能柜员机 |            | 2024-01-01   |
"""


def test_a_facility_is_there_from_its_first_day_to_the_day_before_its_end(lake):
    ask = lake(organisation=REGISTER, service_facility=FACILITIES)
    windows = "care_window_outlets"
    assert ask.one(windows, "2023")[0] == 2
    assert ask.one(windows, "2024-01-01..2024-03-30")[0] == 2
    assert ask.one(windows, "2024Q1")[0] == 2
    assert ask.cells(windows, "2024Q1", ["sub_branch"]) == {("甲支行",): (2, 2, None)}
    for period in ("2024Q2", "2024", "all"):
        assert ask.one("elderly_friendly_outlets", period)[0] == 1
    assert ask.one("accessible_machines", "2024")[0] == 3


@pytest.mark.parametrize("data_date", ["2024-02-10", "2024-03-31"])
def test_what_is_to_end_after_the_data_date_is_still_there(lake, data_date):
    planned = """
        facility_key | org_name | facility_kind | started_date | ended_date
        f1           | 甲一网点 | 爱心窗口      | 2023-05-01   | 2024-02-20
    """
    ask = lake(("2023-01-01", data_date), service_facility=planned)
    there = 1 if data_date < "2024-02-20" else 0
    for period in ("all", "2024Q1", "2024", "2024-02-01..2024-02-29"):
        assert ask.one("care_window_outlets", period)[0] == there


ONE_A_YEAR = """
    org_name | period_start | period_end | outlet_count
    甲支行   | 2023-01-01   | 2023-12-31 | 4
    乙支行   | 2023-01-01   | 2023-12-31 | 6
"""
PER_OUTLET = "complaints_per_outlet"


def one_each_month(place):
    return [
        {
            "complaint_id": f"{place}{month}",
            "received_at": f"2024-{month:02d}-05",
            "org_name": place,
        }
        for month in range(1, 13)
    ]


def test_a_figure_of_the_end_of_the_year_serves_a_year_from_its_last_day(lake):
    ask = lake(
        organisation=REGISTER,
        organisation_denominator=ONE_A_YEAR,
        complaint=one_each_month("甲支行"),
    )
    assert ask.one(PER_OUTLET, "2024Q1") == (pytest.approx(0.3), 3, 10)
    assert ask.one(PER_OUTLET, "2024") == (pytest.approx(1.2), 12, 10)
    assert ask.one(PER_OUTLET, "2024-12-31..2024-12-31") == (0.0, 0, 10)
    later = ONE_A_YEAR.replace("2023-01-01", "2022-01-01").replace("2023-12-31", "2022-12-31")
    ask = lake(
        organisation=REGISTER, organisation_denominator=later, complaint=one_each_month("甲支行")
    )
    assert ask.one(PER_OUTLET, "2024Q1") == (None, 3, None)


def test_a_figure_of_the_whole_branch_is_no_figure_of_a_part(lake):
    ask = lake(
        organisation=REGISTER,
        organisation_denominator="""
            org_name | period_start | period_end | outlet_count
            分行     | 2024-03-01   | 2024-03-31 | 12
        """,
        complaint=one_each_month("分行") + one_each_month("甲支行"),
    )
    assert ask.one(PER_OUTLET, "2024Q1") == (0.5, 6, 12)
    assert ask.cells(PER_OUTLET, "2024Q1", ["sub_branch"])[("分行",)] == (None, 3, None)
    assert ask.cells(PER_OUTLET, "2024Q1", ["sub_branch"])[("甲支行",)] == (None, 3, None)
    assert ask.one(PER_OUTLET, "2024Q1", sub_branch="分行") == (None, 3, None)


def test_a_quarter_has_one_base_whether_asked_for_or_cut_out_of_its_year(lake):
    ask = lake(
        ("2024-01-01", "2024-05-10"),
        organisation_denominator="""
            org_name | period_start | period_end | outlet_count
            甲支行   | 2024-05-01   | 2024-05-31 | 2
            甲支行   | 2024-06-01   | 2024-06-30 | 4
        """,
        complaint=one_each_month("甲支行")[:5],
    )
    whole = ask.one(PER_OUTLET, "2024Q2")
    assert whole == (0.5, 2, 4)
    assert ask.cells(PER_OUTLET, "2024Q2", ["quarter"]) == {("2024Q2",): whole}
    assert ask.cells(PER_OUTLET, "2024", ["quarter"])[("2024Q2",)] == whole
    assert ask.cells(PER_OUTLET, "2024Q2", ["month"])[("2024-05",)] == (0.5, 1, 2)
