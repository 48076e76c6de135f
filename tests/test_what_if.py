"""What turns a missed threshold: by hand, by the definition of the smallest, and from a ledger."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables import fill_lake
from warehouse import what_if
from warehouse.due_soon import Ahead, ahead, due_soon
from warehouse.errors import QueryError
from warehouse.home import Home
from warehouse.indicators import compute
from warehouse.lake import open_reader, reading
from warehouse.periods import parse_period
from warehouse.scope import Scope
from warehouse.what_if import fewest_added, fewest_converted, fewest_of, share, what_ifs

EVERYTHING = Scope.everything()
TIMELY = "complaint_timely_rate"
COUNTS = st.integers(1, 2000).flatmap(
    lambda cases: st.tuples(st.integers(0, cases), st.just(cases))
)
TARGETS = st.integers(1, 999).map(lambda step: Fraction(step, 1000))


@pytest.mark.parametrize(
    ("hits", "cases", "threshold", "added", "converted"),
    [
        # 45 of 46 on time is 97.8 %; 49 of 50 is 98 % to the dot.
        (45, 46, 98, 4, 1),
        (170, 175, 98, 75, 2),
        (98, 100, 98, 0, 0),
        (97, 100, 98, 50, 1),
        (0, 1, 98, 49, 1),
        # 99.9 % as a float is a little less or more; the written number counts.
        (999, 1000, 99.9, 0, 0),
        (998, 1000, 99.9, 1000, 1),
        (9, 10, 100, None, 1),
        (10, 10, 100, 0, 0),
    ],
)
def test_the_fewest_cases_by_hand(hits, cases, threshold, added, converted):
    assert fewest_added(hits, cases, share(threshold), True) == added
    assert fewest_converted(hits, cases, share(threshold), True) == converted


@pytest.mark.parametrize(
    ("bad", "cases", "threshold", "added", "converted"),
    # 79 repeats of 1,170 cases, at most 5 %: 58 of 1,170 is met, so is 79 of 1,580.
    [(79, 1170, 5, 410, 21), (5, 100, 5, 0, 0), (1, 10, 0, None, 1), (0, 10, 0, 0, 0)],
)
def test_where_fewer_is_better_the_sides_change(bad, cases, threshold, added, converted):
    assert fewest_added(bad, cases, share(threshold), False) == added
    assert fewest_converted(bad, cases, share(threshold), False) == converted


@given(COUNTS, TARGETS)
def test_so_many_more_meet_the_target_and_one_less_does_not(counts, target):
    hits, cases = counts
    needed = fewest_added(hits, cases, target, True)
    assert Fraction(hits + needed, cases + needed) >= target
    if needed:
        assert Fraction(hits + needed - 1, cases + needed - 1) < target
    fewer = fewest_added(hits, cases, target, False)
    assert Fraction(hits, cases + fewer) <= target
    if fewer:
        assert Fraction(hits, cases + fewer - 1) > target


@given(COUNTS, TARGETS, st.booleans())
def test_so_many_converted_meet_the_target_and_one_less_does_not(counts, target, is_high_good):
    hits, cases = counts
    needed = fewest_converted(hits, cases, target, is_high_good)

    def is_met(converted: int) -> bool:
        if is_high_good:
            return Fraction(hits + converted, cases) >= target
        return Fraction(hits - converted, cases) <= target

    assert is_met(needed)
    assert needed == 0 or not is_met(needed - 1)


@given(COUNTS, TARGETS, st.integers(0, 300), st.booleans())
def test_so_many_of_those_due_meet_the_target_and_one_less_does_not(
    counts, target, due, is_high_good
):
    hits, cases = counts
    needed = fewest_of(hits, cases, target, due, is_high_good)

    def is_met(good: int) -> bool:
        if is_high_good:
            return Fraction(hits + good, cases + due) >= target
        return Fraction(hits + due - good, cases + due) <= target

    assert is_met(needed) or needed > due
    assert needed == 0 or not is_met(needed - 1)
    if needed > due:
        assert not is_met(due)


# 城东支行: four decided in time, one late with no extension, one late without a word on one.
# On 16 June: A and B are due within a week, C within the month, D later; E is decided, F withdrawn.
LEDGER = """
    complaint_id | received_at | decided_at | withdrawn_at | is_extension_approved | org_name | category | status
    T1           | 2024-05-20  | 2024-05-25 |              |       | 城东支行 | 借记卡 | 已办结
    T2           | 2024-05-20  | 2024-05-25 |              |       | 城东支行 | 借记卡 | 已办结
    T3           | 2024-05-21  | 2024-05-25 |              |       | 城东支行 | 信用卡 | 已办结
    T4           | 2024-05-22  | 2024-05-25 |              |       | 城东支行 | 信用卡 | 已办结
    L1           | 2024-05-20  | 2024-06-10 |              | false | 城东支行 | 借记卡 | 已办结
    L2           | 2024-05-21  | 2024-06-10 |              |       | 城东支行 | 借记卡 | 已办结
    S1           | 2024-05-20  | 2024-05-22 |              |       | 城西支行 | 借记卡 | 已办结
    A            | 2024-06-02  |            |              |       | 城东支行 | 信用卡 | 处理中
    B            | 2024-06-08  |            |              |       | 城西支行 | 借记卡 | 处理中
    C            | 2024-06-14  |            |              |       | 城东支行 | 借记卡 | 处理中
    D            | 2024-06-16  |            |              |       | 城东支行 | 借记卡 | 处理中
    E            | 2024-06-09  | 2024-06-12 |              |       | 城东支行 | 借记卡 | 已办结
    F            | 2024-06-09  |            | 2024-06-11   |       | 城东支行 | 借记卡 | 已撤诉
    G            | 2024-06-01  |            |              |       | 城东支行 | 借记卡 | 处理中
    H            | 2024-06-05  |            |              | true  | 城东支行 | 借记卡 | 处理中
    J            | 2024-06-05  |            |              |       | 城东支行 | 借记卡 | 不予受理
"""
TODAY = date(2024, 6, 16)
JUNE = parse_period("2024-06")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    root = tmp_path_factory.mktemp("what-if")
    return fill_lake(root, ("2024-01-01", str(TODAY)), complaint=LEDGER)


def test_missed_cases_that_lack_evidence_can_still_be_made_good(home: Home):
    with reading(open_reader(home)) as cursor:
        found = what_ifs(cursor, TIMELY, JUNE, threshold=80, by=("sub_branch",), scope=EVERYTHING)
    # T1 to T4 of T1 to T4, L1, L2 and G, which was due on the day itself: 4 of 7.
    east = found[("城东支行",)]
    assert (east.numerator, east.denominator, east.misses) == (4, 7, 3)
    assert (east.converting, east.convertible, east.can_convert) == (2, 1, False)
    assert east.adding == 8
    assert found[("城西支行",)].is_met
    assert ("港湾支行",) not in found


def test_the_cases_due_within_a_week_come_with_their_file_and_row(home: Home):
    with reading(open_reader(home)) as cursor:
        found = due_soon(cursor, TODAY, scope=EVERYTHING)
        cards = due_soon(cursor, TODAY, where={"category_group": ["信用卡"]}, scope=EVERYTHING)
        west = due_soon(cursor, TODAY, scope=Scope(frozenset(["城西支行"])))
    # H has an extension to 30 days; G was due on the day itself and is late already.
    assert found["complaint_id"].to_list() == ["A", "B"]
    assert found["due_date"].to_list() == [date(2024, 6, 17), date(2024, 6, 23)]
    assert found["days_left"].to_list() == [1, 7]
    assert found["file_name"].to_list() == ["complaint.csv"] * 2
    assert cards["complaint_id"].to_list() == ["A"]
    assert west["complaint_id"].to_list() == ["B"]


def test_what_is_decided_already_counts_when_its_time_limit_ends(home: Home):
    with reading(open_reader(home)) as cursor:
        held = ahead(cursor, TODAY, date(2024, 6, 30), by=("sub_branch",), scope=EVERYTHING)
        [east] = what_ifs(
            cursor, TIMELY, JUNE, threshold=80, where={"sub_branch": ["城东支行"]}, scope=EVERYTHING
        ).values()
    assert held[("城东支行",)] == Ahead(decided=1, lost=0, open=2, soon=1)
    assert held[("城西支行",)] == Ahead(decided=0, lost=0, open=1, soon=1)
    sure = what_if.counted_on(east, good=1, bad=0)
    assert (sure.numerator, sure.denominator) == (5, 8)
    # 8 of 10 would do, and two are still open besides the five: not enough.
    assert sure.needed_of(2) is None
    assert sure.needed_of(10) == 10


def test_the_forecast_is_what_the_ledger_shows_when_the_month_is_over(tmp_path: Path):
    # The same ledger two weeks on: A and C decided in time, nothing else has changed.
    later = LEDGER.replace(
        "A            | 2024-06-02  |            |", "A            | 2024-06-02  | 2024-06-17 |"
    ).replace(
        "C            | 2024-06-14  |            |", "C            | 2024-06-14  | 2024-06-20 |"
    )
    home = fill_lake(tmp_path, ("2024-01-01", "2024-06-30"), complaint=later)
    with reading(open_reader(home)) as cursor:
        found = compute(cursor, TIMELY, JUNE, where={"sub_branch": ["城东支行"]}, scope=EVERYTHING)
    assert found.select("numerator", "denominator").row(0) == (5 + 2, 8 + 2)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 6, 16), 1, "2024-06"),
        (date(2024, 6, 30), 1, "2024-07"),
        (date(2024, 6, 16), 3, "2024-04-01..2024-06-30"),
        (date(2024, 1, 31), 3, "2023-12-01..2024-02-29"),
        (date(2024, 12, 31), 12, "2024-02-01..2025-01-31"),
    ],
)
def test_the_running_months_are_those_of_the_day_after_the_data(day, months, expected):
    assert what_if.running_window(day, months).id == expected


def test_the_pace_so_far_says_how_many_more_to_expect(home: Home):
    with reading(open_reader(home)) as cursor:
        [held] = what_ifs(cursor, TIMELY, JUNE, threshold=80, scope=EVERYTHING).values()
    # 8 cases in 16 of 30 days.
    assert what_if.likely_further(held, JUNE, TODAY) == 7
    assert what_if.likely_further(held, JUNE, date(2024, 6, 30)) == 0
    assert what_if.likely_further(held, JUNE, date(2024, 5, 31)) == 0


def test_what_is_no_ratio_has_no_such_cases(home: Home):
    with reading(open_reader(home)) as cursor, pytest.raises(QueryError, match="不是比率"):
        what_ifs(cursor, "complaint_count", JUNE, threshold=80, scope=EVERYTHING)


def test_every_way_names_what_exists():
    assert what_if.way_of(TIMELY).convertible == "complaint_needs_evidence_count"
    assert what_if.way_of("forwarded_share").adding_zh is None
    assert set(what_if.ways()) >= {TIMELY, "satisfaction_rate", "review_rectified_rate"}
