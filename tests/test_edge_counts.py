"""Counts and denominators at their edges, worked by hand; the data date is 31 December 2024."""

import math

import pytest

from tests.edges import complaints, lake
from warehouse.compare import compare, movers
from warehouse.periods import parse_period
from warehouse.registry import indicators
from warehouse.scope import Scope

EVERYBODY = Scope.everything()
__all__ = ["lake"]

REPEATS = """
    case     | received_at | org_name | is_repeat
    first    | 2024-03-01  | 甲支行   | false
    again    | 2024-03-02  | 甲支行   | true
    once     | 2024-03-03  | 甲支行   |
    silent-1 | 2024-03-04  | 乙支行   |
    silent-2 | 2024-03-05  | 乙支行   |
"""
BREAK = """
    case | received_at | category   | decided_at
    b1   | 2022-03-01  | 信用卡     | 2022-03-02
    b2   | 2022-04-01  | 信用卡     | 2022-04-02
    b3   | 2022-05-01  | 债务催收   | 2022-05-02
    b4   | 2022-06-01  | 信用卡债务催收 | 2022-06-02
    b5   | 2022-07-01  | 借记卡盗刷 | 2022-07-02
    b6   | 2023-03-01  | 信用卡     | 2023-03-02
    b7   | 2023-04-01  | 信用卡     | 2023-04-02
    b8   | 2023-05-01  | 信用卡     | 2023-05-02
    b9   | 2023-06-01  | 信用卡使用和还款 | 2023-06-02
    b10  | 2023-07-01  | 借记卡     | 2023-07-02
"""
EXAMS = """
    exam_name | exam_date  | person_key | attendance | score | full_score | makeup_score
    上半年    | 2024-05-15 | p1         | 参考       | 59.9  | 100        | 95
    上半年    | 2024-05-15 | p2         | 参考       | 72    | 120        |
    上半年    | 2024-05-15 | p3         | 参考       | 108   | 120        |
    上半年    | 2024-05-15 | p4         | 缺考       |       | 100        | 88
    上半年    | 2024-05-15 | p5         | 免考       |       | 100        |
    下半年    | 2024-11-20 | p1         | 参考       | 100   | 100        |
"""
SECTIONS = """
    exam_name | exam_date  | person_key | section  | score | full_score
    上半年    | 2024-05-15 | p1         | 法律法规 | 30    | 40
    上半年    | 2024-05-15 | p2         | 法律法规 | 20    | 40
    上半年    | 2024-05-15 | p1         | 实务操作 | 55    |
    上半年    | 2024-05-15 | p2         | 实务操作 |       |
"""
REVIEWS = """
    review_id | submitted_date | opinion_date | launch_date | is_first_pass | issue_count | rectified_count
    r1        | 2024-03-01     | 2024-03-10   | 2024-03-09  | false         | 3           | 2
    r2        | 2024-03-02     | 2024-03-10   | 2024-03-10  | true          | 0           | 0
    r3        | 2024-03-03     |              | 2024-03-20  |               |             |
    r4        | 2024-03-04     | 2024-03-12   |             | true          | 1           |
"""
OPINIONS = """
    review_id | opinion_no | adoption
    r1        | 1          | 采纳
    r1        | 2          | 采纳
    r1        | 3          | 部分采纳
    r1        | 4          | 未采纳
    r4        | 1          | 采纳
    r4        | 2          | 待反馈
    r4        | 3          |
"""
OUTREACH = """
    event_key | start_at   | audience_count | staff_participation_count | leaflet_count
    e1        | 2024-03-15 | 200            | 5                         | 300
    e2        | 2024-03-16 | 200            | 5                         |
    e3        | 2024-03-17 |                | 2                         | 50
    e4        | 2024-06-01 |                |                           |
"""
LAUNCHES = """
    launch_id | launched_date | review_id | is_reviewed_stated
    l1        | 2024-03-01    | r1        |
    l2        | 2024-03-02    |           | true
    l3        | 2024-03-03    | r2        | false
    l4        | 2024-03-04    |           | false
    l5        | 2024-03-05    |           |
"""
VISITS = """
    inspection_id | org_name   | inspection_kind | inspected_date
    v1            | 甲一网点   | 内部检查        | 2024-02-01
    v1            | 甲二网点   | 内部检查        | 2024-02-01
    v2            | 甲一网点   | 飞行检查        | 2024-03-01
    v3            | 乙一网点   | 监管检查        | 2024-03-05
    v4            | 甲支行     | 内部检查        | 2024-03-06
"""
ISSUES = """
    inspection_id | org_name | issue_no | due_date   | rectified_date | rectification_status
    v1            | 甲一网点 | 1        | 2024-03-31 | 2024-03-31     | 已整改
    v1            | 甲一网点 | 2        | 2024-03-31 | 2024-04-01     | 已整改
    v1            | 甲二网点 | 1        | 2024-04-01 |                | 已整改
    v2            | 甲一网点 | 1        | 2024-12-31 |                | 整改中
    v2            | 甲一网点 | 2        | 2025-01-01 |                | 整改中
    v2            | 甲一网点 | 3        |            | 2024-03-20     | 已整改
    v3            | 乙一网点 | 1        | 2024-04-05 | 2024-04-05     |
"""
SALES = """
    recording_id | sold_date  | is_required | is_recorded | is_sampled | is_qualified
    s1           | 2024-03-01 | true        | true        | true       | true
    s2           | 2024-03-01 | true        | true        | true       | false
    s3           | 2024-03-01 | true        | false       |            |
    s4           | 2024-03-01 | true        |             |            |
    s5           | 2024-03-01 | false       | true        | true       | true
    s6           | 2024-03-01 | true        | true        | true       |
"""
CHECKS = """
    check_key | checked_date | is_executed
    c1        | 2024-03-01   | true
    c2        | 2024-03-01   | false
    c3        | 2024-03-01   |
"""
REGISTER = """
    org_name | org_level | parent_org_name | opened_date | closed_date
    分行     | 分行      |                 |             |
    甲支行   | 支行      | 分行            |             |
    乙支行   | 支行      | 分行            |             |
    甲一网点 | 网点      | 甲支行          |             |
    甲二网点 | 网点      | 甲支行          |             |
    乙一网点 | 网点      | 乙支行          |             |
"""


def test_repeats_merge_and_who_does_not_say_counts_as_no_repeat(lake):
    ask = lake(complaint=complaints(REPEATS))
    assert ask.one("complaint_count") == (5, 5, None)
    assert ask.one("merged_complaint_count") == (4, 4, 2)
    assert ask.one("repeat_rate") == (50.0, 1, 2)
    assert ask.one("merged_complaint_count", org_name="甲支行") == (2, 2, 2)
    assert ask.one("merged_complaint_count", org_name="乙支行") == (None, 2, 0)


def test_a_category_that_is_folded_into_another_is_gone_and_not_fallen(lake):
    ask = lake(complaint=complaints(BREAK))
    by = ["category_group"]
    before, after = (ask.cells("complaint_count", year, by) for year in ("2022", "2023"))
    assert before == {
        ("信用卡",): (2, 2, None),
        ("借记卡",): (1, 1, None),
        ("债务催收",): (2, 2, None),
    }
    assert after == {("信用卡",): (4, 4, None), ("借记卡",): (1, 1, None)}
    gone = {"category_group": ["债务催收"]}
    for rate in ("complaint_timely_rate", "complaint_closed_rate", "handling_days_median"):
        assert ask.cells(rate, "2023", where=gone)[()][0] is None
        change = compare(
            ask.cursor, rate, parse_period("2023"), "last_year", where=gone, scope=EVERYBODY
        )
        assert (change.current, change.delta, change.good) == (None, None, None)
    moved = movers(
        ask.cursor, "complaint_count", parse_period("2023"), "last_year", *by, scope=EVERYBODY
    )
    assert moved.rows() == [("信用卡", 4, 2, 2), ("债务催收", 0, 2, -2), ("借记卡", 1, 1, 0)]


def test_a_make_up_exam_counts_nowhere_and_who_is_exempt_is_not_expected(lake):
    ask = lake(exam_result=EXAMS, exam_section_score=SECTIONS)
    first = "2024Q2"
    assert ask.one("exam_enrolled_count", first) == (4, 4, None)
    assert ask.one("exam_participation_rate", first) == (75.0, 3, 4)
    assert ask.one("exam_pass_rate", first) == (pytest.approx(200 / 3), 2, 3)
    assert ask.one("exam_excellent_rate", first) == (pytest.approx(100 / 3), 1, 3)
    assert ask.one("exam_mean_score", first) == (pytest.approx(209.9 / 3), 209.9, 3)
    assert ask.one("exam_score_median", first) == (60.0, None, 3)
    assert ask.one("exam_pass_rate", "2024") == (75.0, 3, 4)
    assert ask.cells("exam_section_mean_score", first, ["section"]) == {
        ("实务操作",): (55.0, 55, 1),
        ("法律法规",): (62.5, 125, 2),
    }


def test_adoption_counts_opinions_of_which_a_review_may_have_several(lake):
    ask = lake(review=REVIEWS, review_opinion=OPINIONS)
    assert ask.one("review_count") == (4, 4, None)
    assert ask.one("opinion_count") == (7, 7, None)
    assert ask.one("opinion_adoption_rate") == (60.0, 3, 5)
    assert ask.one("review_first_pass_rate") == (pytest.approx(200 / 3), 2, 3)
    assert ask.one("review_rectified_rate") == (50.0, 2, 4)
    assert ask.one("review_launched_before_opinion_count") == (1, 1, None)


def test_person_times_add_up_although_people_are_the_same(lake):
    ask = lake(outreach_event=OUTREACH)
    assert ask.one("outreach_event_count", "2024Q1") == (3, 3, None)
    assert ask.one("outreach_audience", "2024Q1") == (400, 400, 2)
    assert ask.one("outreach_audience", "2024Q2") == (None, 0, 0)
    assert ask.one("outreach_audience", "2024Q3") == (0, 0, None)
    assert ask.one("outreach_staff_participation", "2024Q1") == (12, 12, 3)
    assert ask.one("outreach_leaflets", "2024Q1") == (350, 350, 3)
    assert {one.unit for one in indicators().values() if one.id == "outreach_audience"} == {"人次"}


def test_a_launch_is_reviewed_by_number_or_by_word(lake):
    ask = lake(product_launch=LAUNCHES)
    assert ask.one("review_coverage") == (60.0, 3, 5)


def test_issues_fall_due_by_their_limit_and_outlets_are_inspected_once(lake):
    ask = lake(
        organisation=REGISTER,
        organisation_denominator="""
            org_name | period_start | period_end | outlet_count
            甲支行   | 2024-03-01   | 2024-03-31 | 4
            乙支行   | 2024-03-01   | 2024-03-31 | 1
        """,
        inspection=VISITS,
        inspection_issue=ISSUES,
    )
    assert ask.one("inspection_count", "2024Q1") == (5, 5, None)
    assert ask.one("inspection_issue_count", "2024Q1") == (7, 7, None)
    assert ask.one("inspection_coverage", "2024Q1") == (40.0, 2, 5)
    assert ask.cells("inspection_coverage", "2024Q1", ["sub_branch"]) == {
        ("乙支行",): (0.0, 0, 1),
        ("甲支行",): (50.0, 2, 4),
    }
    assert ask.one("issue_rectified_rate", "2024Q1") == (100.0, 2, 2)
    assert ask.one("issue_on_time_rate", "2024Q1") == (50.0, 1, 2)
    assert ask.one("issue_rectified_rate", "2024Q2") == (100.0, 2, 2)
    assert ask.one("issue_on_time_rate", "2024Q2") == (50.0, 1, 2)
    assert ask.one("regulatory_rectified_rate", "2024Q2") == (100.0, 1, 1)
    assert ask.one("internal_rectified_rate", "2024Q2") == (100.0, 1, 1)
    assert ask.one("issue_rectified_rate", "2024Q4") == (0.0, 0, 1)
    assert ask.one("issue_rectified_rate", "all") == (80.0, 4, 5)


def test_what_is_not_told_of_a_sale_or_a_policy_is_neither_yes_nor_no(lake):
    ask = lake(double_recording=SALES, policy_check=CHECKS)
    assert ask.one("double_recording_coverage") == (75.0, 3, 4)
    assert ask.one("double_recording_qualified_rate") == (pytest.approx(200 / 3), 2, 3)
    assert ask.one("policy_execution_rate") == (50.0, 1, 2)


NOBODY = {
    "complaint": "complaint_id | received_at | status\n x | 2024-02-01 | 不予受理",
    "exam_result": "exam_name | exam_date | person_key | attendance\n 上半年 | 2024-02-01 | p1 | 免考",
    "exam_section_score": "exam_name | exam_date | person_key | section\n 上半年 | 2024-02-01 | p1 | 法律",
    "review": "review_id | submitted_date | issue_count\n r1 | 2024-02-01 | 0",
    "review_opinion": "review_id | opinion_no\n r1 | 1",
    "product_launch": "launch_id | launched_date\n l1 | 2024-07-01",
    "inspection": "inspection_id | org_name | inspected_date\n v1 | 甲支行 | 2024-02-01",
    "inspection_issue": "inspection_id | org_name | issue_no\n v1 | 甲支行 | 1",
    "double_recording": "recording_id | sold_date | is_required\n s1 | 2024-02-01 | false",
    "policy_check": "check_key | checked_date\n c1 | 2024-02-01",
    "training_attendance": "training_name | held_date | person_key\n 新规 | 2024-02-01 | p1",
    "outreach_event": "event_key | start_at\n e1 | 2024-02-01",
    "organisation_denominator": "org_name | period_start | period_end | outlet_count\n 甲支行 | 2024-01-01 | 2024-12-31 | 0",
}


def test_nobody_to_divide_by_is_no_value_neither_zero_nor_infinite(lake):
    ask = lake(**NOBODY)
    divided = ("ratio", "mean", "percentile", "rate", "coverage")
    for one in indicators().values():
        if one.kind in divided:
            for value, _, denominator in (
                ask.one(one.id, "2024H1"),
                *ask.cells(one.id, "2024H1", ["sub_branch"]).values(),
            ):
                assert value is None, one.id
                assert not denominator, one.id
                assert denominator is None or math.isfinite(denominator), one.id
