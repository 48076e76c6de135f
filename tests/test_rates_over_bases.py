"""Rates per outlet and customer, coverage of staff and outlets: hand-worked cases."""

import pytest

from tests.tables import fill_lake
from warehouse.errors import QueryError
from warehouse.indicators import compute
from warehouse.lake import open_reader, reading
from warehouse.periods import parse_period
from warehouse.scope import Scope

QUARTER = ("2026-01-01", "2026-03-31")
REGISTER = """
    org_name | org_level | parent_org_name | closed_date | display_order
    甲支行    | 支行       | 分行             |             | 1
    乙支行    | 支行       | 分行             |             | 2
    丙支行    | 支行       | 分行             | 2025-12-31  | 3
    甲一网点  | 网点       | 甲支行           |             |
    甲二网点  | 网点       | 甲支行           |             |
    分行      | 分行       |                 |             |
"""
BASE = """
    org_name | period_start | period_end | outlet_count | personal_customer_count | staff_count
    甲支行    | 2025-12-01   | 2025-12-31 | 9            | 90000                   | 9
    甲支行    | 2026-03-01   | 2026-03-31 | 4            | 20000                   | 4
    甲一网点  | 2026-03-01   | 2026-03-31 | 1            | 9000                    | 2
    乙支行    | 2026-01-01   | 2026-01-31 | 6            | 30000                   | 6
    丙支行    | 2025-11-01   | 2025-11-30 | 5            | 50000                   | 5
    分行      | 2026-03-01   | 2026-03-31 | 99           | 99000                   | 99
"""
COMPLAINTS = """
    complaint_id | received_at | org_name | category
    1            | 2026-01-05  | 甲一网点  | 贷款
    2            | 2026-02-05  | 甲支行    | 信用卡
    3            | 2026-03-05  | 分行      | 信用卡
"""
PER_OUTLET = "complaints_per_thousand_outlets"


@pytest.fixture
def ask(tmp_path):
    opened = []

    def at(coverage=QUARTER, **tables):
        home = fill_lake(tmp_path / str(len(opened)), coverage, **tables)
        hub = open_reader(home)
        context = reading(hub)
        cursor = context.__enter__()
        opened.append(context)

        def compute_one(indicator_id, period="2026Q1", *, scope=None, **options):
            found = compute(
                cursor, indicator_id, parse_period(period),
                scope=scope or Scope.everything(), **options,
            )  # fmt: skip
            if not options.get("by"):
                return found.row(0)
            names = options["by"]
            return {
                (row[0] if len(names) == 1 else row[: len(names)]): row[len(names) :]
                for row in found.rows()
            }

        return compute_one

    yield at
    for context in reversed(opened):
        context.__exit__(None, None, None)


def test_all_complaints_stand_over_all_outlets_at_the_end_of_the_period(ask):
    # 甲 4 in March, 乙 6 carried forward from January; 丙 closed; the branch's own row would count twice.
    answer = ask(
        organisation=REGISTER, organisation_denominator=BASE, complaint=COMPLAINTS
    )  # fmt: skip
    assert answer(PER_OUTLET) == (pytest.approx(300), 3, 10)
    assert answer("complaints_per_ten_million_customers") == (pytest.approx(600), 3, 50_000)
    assert answer("complaints_per_outlet") == (pytest.approx(0.3), 3, 10)


def test_a_sub_branch_without_complaints_has_a_rate_of_zero_and_the_branch_itself_none(ask):
    answer = ask(organisation=REGISTER, organisation_denominator=BASE, complaint=COMPLAINTS)
    assert answer(PER_OUTLET, by=["sub_branch"]) == {
        "甲支行": (500.0, 2, 4),
        "乙支行": (0.0, 0, 6),
        "分行": (None, 1, None),
    }


def test_every_month_has_the_base_of_its_own_end(ask):
    answer = ask(organisation=REGISTER, organisation_denominator=BASE, complaint=COMPLAINTS)
    assert answer(PER_OUTLET, by=["month"]) == {
        "2026-01": (pytest.approx(1000 / 15), 1, 15),
        "2026-02": (pytest.approx(1000 / 15), 1, 15),
        "2026-03": (pytest.approx(100), 1, 10),
    }


def test_a_filter_on_a_category_narrows_the_complaints_and_not_the_outlets(ask):
    answer = ask(organisation=REGISTER, organisation_denominator=BASE, complaint=COMPLAINTS)
    assert answer(PER_OUTLET, where={"category": ["信用卡"]}) == (200.0, 2, 10)
    assert answer(PER_OUTLET, by=["category"]) == {
        "信用卡": (200.0, 2, 10),
        "贷款": (100.0, 1, 10),
    }
    assert answer(PER_OUTLET, where={"sub_branch": ["甲支行"]}) == (500.0, 2, 4)
    with pytest.raises(QueryError, match="org_name"):
        answer(PER_OUTLET, by=["org_name"])


def test_a_reader_of_one_sub_branch_gets_its_base_only(ask):
    answer = ask(organisation=REGISTER, organisation_denominator=BASE, complaint=COMPLAINTS)
    assert answer(PER_OUTLET, scope=Scope(frozenset(["乙支行"]))) == (0.0, 0, 6)


def test_no_rate_while_the_base_of_an_open_sub_branch_is_missing_or_stale(ask):
    without = "\n".join(line for line in BASE.splitlines() if "乙支行" not in line)
    stale = BASE.replace(
        "乙支行    | 2026-01-01   | 2026-01-31", "乙支行    | 2025-02-01   | 2025-02-28"
    )
    for base in (without, stale):
        answer = ask(organisation=REGISTER, organisation_denominator=base, complaint=COMPLAINTS)
        assert answer(PER_OUTLET) == (None, 3, None)
        assert answer(PER_OUTLET, by=["sub_branch"])["甲支行"] == (500.0, 2, 4)


def test_no_rate_without_any_base(ask):
    answer = ask(organisation=REGISTER, complaint=COMPLAINTS)
    assert answer(PER_OUTLET) == (None, 3, None)


def test_outlets_are_summed_where_a_sub_branch_has_no_row_and_the_whole_serves_alone(ask):
    outlets = """
        org_name | period_start | period_end | outlet_count
        甲一网点  | 2026-03-01   | 2026-03-31 | 1
        甲二网点  | 2026-03-01   | 2026-03-31 | 1
        乙支行    | 2026-03-01   | 2026-03-31 | 6
    """
    answer = ask(organisation=REGISTER, organisation_denominator=outlets, complaint=COMPLAINTS)
    assert answer(PER_OUTLET)[2] == 8
    whole = """
        org_name | period_start | period_end | outlet_count
        分行      | 2026-03-01   | 2026-03-31 | 99
    """
    answer = ask(organisation=REGISTER, organisation_denominator=whole, complaint=COMPLAINTS)
    assert answer(PER_OUTLET) == (pytest.approx(3000 / 99), 3, 99)
    assert answer(PER_OUTLET, by=["sub_branch"])["甲支行"] == (None, 2, None)


def test_a_person_trained_twice_is_one_person_and_two_attendances(ask):
    answer = ask(
        organisation=REGISTER,
        organisation_denominator=BASE,
        training_attendance="""
            training_name | held_date  | org_name | person_key | is_attended | is_new_staff | hours
            一季度         | 2026-01-10 | 甲支行    | p1         | true        | false        | 2
            一季度         | 2026-01-10 | 甲支行    | p2         | false       | false        | 2
            一季度         | 2026-01-10 | 乙支行    | p3         | true        | true         | 2
            专题           | 2026-02-10 | 甲一网点  | p1         | true        | false        | 1
        """,
    )
    assert answer("training_coverage") == (20.0, 2, 10)
    assert answer("training_coverage", by=["sub_branch"]) == {
        "甲支行": (25.0, 1, 4),
        "乙支行": (pytest.approx(100 / 6), 1, 6),
    }
    assert answer("training_attendance_count")[0] == 3
    assert answer("training_session_count")[0] == 2
    assert answer("training_session_count", by=["sub_branch"]) == {
        "甲支行": (2, 2, None),
        "乙支行": (1, 1, None),
    }
    assert answer("training_hours")[0] == 5


def test_a_period_without_training_is_a_coverage_of_zero_and_an_unknown_one_is_absent(ask):
    answer = ask(
        coverage=("2026-01-01", "2026-06-30"),
        organisation=REGISTER,
        organisation_denominator=BASE,
        training_attendance="""
            training_name | held_date  | org_name | person_key | is_attended
            一季度         | 2026-01-10 | 甲支行    | p1         | true
        """,
    )
    assert answer("training_coverage", "2026Q2") == (0.0, 0, 10)
    assert answer("training_coverage", "2027Q1")[0] is None
    assert answer("training_session_count", "2026Q2")[0] == 0
