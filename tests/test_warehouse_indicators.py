"""Indicators worked by hand: the rows stand in the test, so does the expected number."""

import json
from datetime import date

import polars as pl
import pytest

from tests.tables import fill_lake
from warehouse import detail, indicators
from warehouse.__main__ import main
from warehouse.compare import compare, movers
from warehouse.errors import QueryError
from warehouse.lake import open_reader, reading
from warehouse.periods import parse_period
from warehouse.scope import Scope

ORGANISATIONS = """
    org_name   | org_level | parent_org_name | display_order
    江州银行   | 总行      |                 | 1
    滨海分行   | 分行      | 江州银行        | 2
    城东支行   | 支行      | 滨海分行        | 3
    城西支行   | 支行      | 滨海分行        | 4
    朝阳路网点 | 网点      | 城东支行        | 5
"""

# Data date 2024-03-31. Limits in brackets.
COMPLAINTS = """
    complaint_id | org_name   | category | cause    | received_at | decided_at | closed_at  | withdrawn_at | status | is_extension_approved | extension_days | is_forwarded | forwarded_at | is_repeat | satisfaction
    on-day-15    | 朝阳路网点 | 信用卡   | 定价收费 | 2024-01-01  | 2024-01-16 |            |              | 已办结 | false                 |                |              |              | false     | 满意
    on-day-16    | 朝阳路网点 | 信用卡   | 定价收费 | 2024-01-01  | 2024-01-17 |            |              | 已办结 | false                 |                |              |              | true      | 不满意
    no-evidence  | 城东支行   | 借记卡   | 合同条款 | 2024-01-01  | 2024-01-20 |            |              | 已办结 |                       |                |              |              |           | 无法联系/未评价
    extended     | 城东支行   | 借记卡   | 合同条款 | 2024-01-01  | 2024-01-31 |            |              | 已办结 | true                  | 15             |              |              | false     | 基本满意
    over-60      | 城西支行   | 贷款     | 合同条款 | 2024-01-01  | 2024-03-05 |            |              | 已办结 | true                  | 90             |              |              | false     |
    withdrawn    | 城西支行   | 贷款     | 合同条款 | 2024-01-01  |            |            | 2024-01-10   | 已撤诉 |                       |                |              |              | false     |
    forwarded    | 城西支行   | 贷款     | 合同条款 | 2024-01-01  | 2024-01-25 |            |              | 已办结 | false                 |                | true         | 2024-01-11   | false     |
    closed-only  | 城西支行   | 新业务   | 合同条款 | 2024-01-05  |            | 2024-01-05 |              | 已办结 | false                 |                |              |              | false     |
    open-late    | 城西支行   | 新业务   |          | 2024-02-01  |            |            |              | 处理中 | false                 |                |              |              | false     |
    open-young   | 城西支行   |          |          | 2024-03-25  |            |            |              | 处理中 | false                 |                |              |              | false     |
    refused      | 城西支行   | 贷款     | 合同条款 | 2024-02-01  |            |            |              | 不予受理 |                     |                |              |              | false     |
    no-status    | 城西支行   | 贷款     | 合同条款 | 2024-02-01  |            |            |              | 未提供 |                       |                |              |              | false     |
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    home = fill_lake(
        tmp_path_factory.mktemp("lake"),
        coverage=("2024-01-01", "2024-03-31"),
        organisation=ORGANISATIONS,
        complaint=COMPLAINTS,
    )
    return open_reader(home)


@pytest.fixture
def cursor(hub):
    with reading(hub) as found:
        yield found


def figures(cursor, indicator_id, period="2024Q1", **options):
    found = indicators.compute(
        cursor, indicator_id, parse_period(period), scope=Scope.everything(), **options
    )
    return [tuple(row) for row in found.rows()]


def test_timeliness_follows_each_case_own_limit(cursor):
    # Due in the quarter: all but withdrawn, refused, no-status and open-young (due 9 April).
    # In time: on-day-15, extended (30), forwarded (day 14 of its own clock), closed-only.
    assert figures(cursor, "complaint_timely_rate") == [(50.0, 4.0, 8.0)]
    behind = detail.rows(
        cursor, "complaint_timely_rate", parse_period("2024Q1"), scope=Scope.everything()
    )
    timely = behind.filter(pl.col("numerator") == 1)["complaint_id"].to_list()
    assert timely == ["closed-only", "extended", "forwarded", "on-day-15"]
    assert behind.height == 8


def test_sixteen_to_sixty_days_without_extension_record_needs_evidence(cursor):
    behind = detail.rows(
        cursor, "complaint_needs_evidence_count", parse_period("2024Q1"), scope=Scope.everything()
    )
    assert behind["complaint_id"].to_list() == ["no-evidence"]


def test_an_extension_never_reaches_beyond_sixty_days(cursor):
    # over-60: 90 days granted, limit 60 = 1 March, decided on 5 March.
    assert figures(cursor, "complaint_timely_rate", "2024-03") == [(0.0, 0.0, 1.0)]


def test_a_limit_counts_in_the_month_in_which_it_ended(cursor):
    # Received in January, due on 16 January or later; open-late falls due on 16 February.
    assert figures(cursor, "complaint_timely_rate", "2024-02") == [(0.0, 0.0, 1.0)]


def test_closing_rate_leaves_out_refused_and_unknown(cursor):
    # 12 cases, minus refused and no-status; open are open-late and open-young; withdrawn is closed.
    assert figures(cursor, "complaint_closed_rate") == [(80.0, 8.0, 10.0)]


def test_open_complaints_are_a_stock_at_the_end_of_each_month(cursor):
    assert figures(cursor, "open_complaint_count", by=["month"]) == [
        ("2024-01", 1.0, 1.0, None),  # over-60 was open until 5 March
        ("2024-02", 2.0, 2.0, None),
        ("2024-03", 2.0, 2.0, None),
    ]
    behind = detail.rows(
        cursor, "open_complaint_count", parse_period("2024Q1"), scope=Scope.everything()
    )
    assert behind["complaint_id"].to_list() == ["open-late", "open-young"]


def test_handling_days_count_calendar_days_and_same_day_is_zero(cursor):
    # Days: zero, nine (withdrawn), 15, 16, 19, 24, 30 and 64.
    assert figures(cursor, "handling_days_mean", "all") == [(22.125, 177.0, 8.0)]
    assert figures(cursor, "handling_days_median", "all") == [(17.5, None, 8.0)]
    [(p90, _, n)] = figures(cursor, "handling_days_p90", "all")
    assert (pytest.approx(p90), n) == (30 + 0.3 * 34, 8.0)


def test_unrated_and_unknown_are_in_no_denominator(cursor):
    assert figures(cursor, "satisfaction_rate") == [(pytest.approx(200 / 3), 2.0, 3.0)]
    assert figures(cursor, "repeat_rate") == [(pytest.approx(100 / 11), 1.0, 11.0)]
    assert figures(cursor, "first_contact_resolution_rate") == [(None, 0.0, 0.0)]


def test_outlets_roll_up_to_their_sub_branch(cursor):
    assert figures(cursor, "complaint_count", by=["sub_branch"]) == [
        ("城东支行", 4.0, 4.0, None),
        ("城西支行", 8.0, 8.0, None),
    ]


def test_an_unmapped_value_is_its_own_row_and_a_blank_is_one_too(cursor):
    assert figures(cursor, "complaint_count", by=["category_group"]) == [
        ("信用卡", 2.0, 2.0, None),
        ("借记卡", 2.0, 2.0, None),
        ("新业务", 2.0, 2.0, None),
        ("贷款", 5.0, 5.0, None),
        (None, 1.0, 1.0, None),
    ]


def test_nothing_found_is_zero_inside_the_coverage_and_absent_outside(cursor):
    where = {"category": ["国库"]}
    assert figures(cursor, "complaint_count", where=where) == [(0.0, 0.0, None)]
    assert figures(cursor, "complaint_count", "2023Q1") == [(None, None, None)]
    assert figures(cursor, "complaint_timely_rate", "2023Q1") == [(None, None, None)]
    assert figures(cursor, "open_complaint_count", "2023Q1") == [(None, None, None)]
    assert figures(cursor, "exam_pass_rate") == [(None, None, None)]


@pytest.mark.parametrize(
    "indicator_id",
    ["complaint_count", "complaint_timely_rate", "handling_days_median", "open_complaint_count"],
)
@pytest.mark.parametrize("by", [[], ["sub_branch"], ["category", "month"]])
def test_marts_and_rows_give_the_same_numbers(cursor, indicator_id, by):
    whole = figures(cursor, indicator_id, "2024Q1", by=by)
    wide = figures(cursor, indicator_id, "2024Q1", by=by, where={"source": ["test"]})
    assert whole == wide


def test_a_scope_hides_the_other_sub_branches(cursor):
    scope = Scope(frozenset({"城东支行"}))
    found = indicators.compute(
        cursor, "complaint_count", parse_period("all"), by=["sub_branch"], scope=scope
    )
    assert found["sub_branch"].to_list() == ["城东支行"]
    behind = detail.rows(cursor, "complaint_count", parse_period("all"), scope=scope)
    assert set(behind["org_name"]) == {"城东支行", "朝阳路网点"}
    nothing = detail.rows(cursor, "complaint_count", parse_period("all"), scope=Scope(frozenset()))
    assert nothing.height == 0


def test_open_cases_by_age_add_up_to_the_stock(cursor):
    ages = detail.open_ageing(cursor, parse_period("2024Q1").end, scope=Scope.everything()).sort(
        "age_band"
    )
    assert ages.rows() == [("0–7 天", 1.0), ("31–60 天", 1.0)]


def test_a_comparison_counts_in_percent_and_rates_in_points(cursor):
    count = compare(
        cursor, "complaint_count", parse_period("2024-02"), "previous", scope=Scope.everything()
    )
    assert (count.current, count.base, count.delta, count.delta_unit, count.good) == (
        3.0,
        8.0,
        -62.5,
        "%",
        True,
    )
    rate = compare(
        cursor,
        "complaint_timely_rate",
        parse_period("2024-02"),
        "previous",
        scope=Scope.everything(),
    )
    assert rate.delta_unit == "百分点"
    assert rate.delta == pytest.approx(0 - 100 * 4 / 6)
    assert rate.good is False


def test_movers_list_values_that_appear_or_vanish(cursor):
    found = movers(
        cursor,
        "complaint_count",
        parse_period("2024-02"),
        "previous",
        "category_group",
        scope=Scope.everything(),
    )
    assert found.rows() == [
        ("信用卡", 0.0, 2.0, -2.0),
        ("借记卡", 0.0, 2.0, -2.0),
        ("贷款", 2.0, 3.0, -1.0),
        ("新业务", 1.0, 1.0, 0.0),
    ]


def test_wrong_names_are_refused_with_the_right_ones(cursor):
    with pytest.raises(QueryError, match="complaint_count"):
        figures(cursor, "complaint_cont")
    with pytest.raises(QueryError, match="sub_branch"):
        figures(cursor, "complaint_count", by=["section"])


def test_filter_values_are_never_sql(cursor):
    where = {"category": ["信用卡'] or true --", "'); drop table x; --"]}
    assert figures(cursor, "complaint_count", where=where) == [(0.0, 0.0, None)]


def test_the_command_line_answers_in_json(hub, capsys, monkeypatch, tmp_path_factory):
    home = fill_lake(
        tmp_path_factory.mktemp("cli"),
        coverage=("2024-01-01", "2024-03-31"),
        complaint=COMPLAINTS,
    )
    monkeypatch.setenv("DASHBOARD_HOME", str(home.root))
    arguments = "indicator complaint_count --period 2024Q1 --by category month --format json"
    assert main([*arguments.split(), "--where", "category=信用卡", "category="]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "indicator": "complaint_count",
        "unit": "件",
        "period": "2024Q1",
        "rows": [
            {
                "category": "信用卡",
                "month": "2024-01",
                "value": 2,
                "numerator": 2,
                "denominator": None,
            },
            {"category": None, "month": "2024-03", "value": 1, "numerator": 1, "denominator": None},
        ],
    }
    assert main(["rows", "complaint_count", "--where", "category=信用卡", "--format", "csv"]) == 0
    assert capsys.readouterr().out.count("complaint.csv") == 2
    assert main(["indicator", "no_such"]) == 2
    assert main(["indicator", "complaint_count", "--period", "soon"]) == 2
    monkeypatch.setenv("DASHBOARD_HOME", str(tmp_path_factory.mktemp("nothing")))
    assert main(["indicator", "complaint_count"]) == 1
    assert "python -m ingest" in capsys.readouterr().err


def test_where_the_source_states_timeliness_its_word_counts_and_a_blank_is_neither(tmp_path):
    home = fill_lake(
        tmp_path,
        coverage=("2024-01-01", "2024-12-31"),
        complaint="""
            complaint_id | received_at | status | states_timeliness | is_timely_stated
            yes          | 2024-01-01  | 处理中 | true              | true
            no           | 2024-01-01  | 已办结 | true              | false
            no-unknown   | 2024-01-01  | Late   | true              | false
            blank        | 2024-01-01  | 处理中 | true              |
        """,
    )
    with reading(open_reader(home)) as cursor:
        assert figures(cursor, "complaint_timely_rate") == [(pytest.approx(100 / 3), 1.0, 3.0)]


def test_a_source_without_ending_dates_has_no_open_or_ended_count(tmp_path):
    home = fill_lake(
        tmp_path,
        coverage=("2024-01-01", "2024-12-31"),
        complaint="""
            complaint_id | received_at | status | dates_endings
            closed       | 2024-01-01  | 已办结 | false
            open         | 2024-01-01  | 处理中 | false
        """,
    )
    with reading(open_reader(home)) as cursor:
        assert figures(cursor, "complaint_closed_rate") == [(50.0, 1.0, 2.0)]
        assert figures(cursor, "complaint_ended_count") == [(None, None, None)]
        assert figures(cursor, "open_complaint_count") == [(None, None, None)]
        ages = detail.open_ageing(cursor, date(2024, 3, 31), scope=Scope.everything())
        assert ages.height == 0


def test_a_source_whose_cases_are_all_open_counts_them_and_none_ended(tmp_path):
    home = fill_lake(
        tmp_path,
        coverage=("2024-01-01", "2024-12-31"),
        complaint="""
            complaint_id | received_at | status
            open         | 2024-01-01  | 处理中
        """,
    )
    with reading(open_reader(home)) as cursor:
        assert figures(cursor, "open_complaint_count") == [(1.0, 1.0, None)]
        assert figures(cursor, "complaint_ended_count") == [(None, None, None)]
