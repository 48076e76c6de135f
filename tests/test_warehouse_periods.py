"""Periods: their spellings, ends, names and neighbours."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.errors import QueryError
from warehouse.periods import (
    latest_complete_quarter,
    parse_period,
    periods_between,
    previous_period,
    same_period_last_year,
)


@pytest.mark.parametrize(
    ("text", "start", "end", "label", "previous", "last_year"),
    [
        ("2024", "2024-01-01", "2024-12-31", "2024年", "2023", "2023"),
        ("2024H1", "2024-01-01", "2024-06-30", "2024年上半年", "2023H2", "2023H1"),
        ("2024q1", "2024-01-01", "2024-03-31", "2024年第1季度", "2023Q4", "2023Q1"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024年2月", "2024-01", "2023-02"),
        (
            "2024-01-01..2024-03-31",
            "2024-01-01",
            "2024-03-31",
            "2024-01-01 至 2024-03-31",
            "2023-10-01..2023-12-31",
            "2023-01-01..2023-03-31",
        ),
        (
            "2024-02-10..2024-02-29",
            "2024-02-10",
            "2024-02-29",
            "2024-02-10 至 2024-02-29",
            "2024-01-21..2024-02-09",
            "2023-02-10..2023-02-28",
        ),
    ],
)
def test_a_period_knows_its_ends_name_and_neighbours(text, start, end, label, previous, last_year):
    period = parse_period(text)
    assert (period.start, period.end) == (date.fromisoformat(start), date.fromisoformat(end))
    assert period.label_zh == label
    assert previous_period(period).id == previous
    assert same_period_last_year(period).id == last_year


def test_all_has_no_ends_and_no_neighbours():
    period = parse_period("all")
    assert (period.start, period.end, period.label_zh) == (None, None, "全部期间")
    assert previous_period(period) is None
    assert same_period_last_year(period) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24",
        "2024Q5",
        "2024H3",
        "2024-13",
        "2024-02-30..2024-03-01",
        "2024-03-02..2024-03-01",
        "0000",
        "2024/03",
    ],
)
def test_a_wrong_period_is_refused_with_the_accepted_spellings(text):
    with pytest.raises(QueryError, match="2024Q1"):
        parse_period(text)


@given(st.dates(date(1902, 1, 1), date(2199, 12, 31)), st.integers(0, 900))
def test_the_previous_period_ends_the_day_before(start, length):
    end = date.fromordinal(start.toordinal() + length)
    period = parse_period(f"{start}..{end}")
    before = previous_period(period)
    assert before.end.toordinal() == start.toordinal() - 1
    if not period.is_whole_months:
        assert before.end - before.start == period.end - period.start


def test_the_picker_offers_quarters_months_half_years_years_and_all():
    offered = [p.id for p in periods_between(date(2024, 11, 3), date(2025, 2, 5))]
    assert offered == [
        "2025Q1",
        "2024Q4",
        "2025-02",
        "2025-01",
        "2024-12",
        "2024-11",
        "2025H1",
        "2024H2",
        "2025",
        "2024",
        "all",
    ]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2024-01-01", "2024-07-15", "2024Q2"),
        ("2024-01-01", "2024-06-30", "2024Q2"),
        ("2024-05-01", "2024-05-15", "2024Q2"),
    ],
)
def test_the_default_is_the_newest_whole_quarter(first, last, expected):
    found = latest_complete_quarter(date.fromisoformat(first), date.fromisoformat(last))
    assert found.id == expected
