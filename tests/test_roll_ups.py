"""Parts make up their whole: by place, by time and by every other cut."""

import pytest

from tests.edges import Asked
from tests.reference.lakes import lake_of, wild_lake
from warehouse.registry import TIME_DIMENSIONS, indicators

ADDITIVE = [one for one in indicators().values() if one.kind in ("count", "sum", "ratio", "mean")]
OVER_BASE = [one for one in indicators().values() if one.kind == "rate"]
STOCKS = [one for one in indicators().values() if one.kind == "stock"]
DIFFERENT = [one for one in indicators().values() if one.kind in ("distinct", "coverage")]
# Of the percentiles only the median keeps between those of its parts when neighbours are averaged.
MEDIANS = [one for one in indicators().values() if one.quantile == 0.5]
PERIODS = {"demo": "2025H2", "wild": "2024H1"}


def named(ones):
    return pytest.mark.parametrize("one", ones, ids=[one.id for one in ones])


@pytest.fixture(params=list(PERIODS))
def asked(request, demo_home):
    lake = wild_lake() if request.param == "wild" else lake_of(demo_home)
    return Asked(lake.cursor), PERIODS[request.param]


def total(cells, place):
    """Sum of the numerators (1) or denominators (2) of cells."""
    return pytest.approx(sum(figures[place] or 0 for figures in cells.values()), rel=1e-9)


@named(ADDITIVE)
def test_sums_of_the_parts_are_those_of_the_whole(one, asked):
    ask, period = asked
    _, numerator, denominator = ask.cells(one.id, period)[()]
    for name in one.dimensions:
        parts = ask.cells(one.id, period, (name,))
        assert (numerator or 0) == total(parts, 1), name
        assert (denominator or 0) == total(parts, 2), name


@named(ADDITIVE)
def test_outlets_make_up_their_sub_branch_and_months_their_quarter(one, asked):
    ask, period = asked
    for whole, part in (("sub_branch", "org_name"), ("quarter", "month")):
        if part in one.dimensions:
            fine = ask.cells(one.id, period, (whole, part))
            for (name,), (_, numerator, denominator) in ask.cells(one.id, period, (whole,)).items():
                own = {cell: figures for cell, figures in fine.items() if cell[0] == name}
                assert (numerator or 0) == total(own, 1), name
                assert (denominator or 0) == total(own, 2), name


@named(OVER_BASE)
def test_rates_of_categories_share_a_base_and_add_up(one, asked):
    ask, period = asked
    value, numerator, base = ask.cells(one.id, period)[()]
    parts = ask.cells(one.id, period, ("category",))
    assert numerator == total(parts, 1)
    assert {figures[2] for figures in parts.values()} == {base}
    assert (value or 0) == total(parts, 0)
    if base is not None:
        assert base == total(ask.cells(one.id, period, ("sub_branch",)), 2)


@named(STOCKS)
def test_a_quarter_ends_with_its_last_month_and_parts_add_up(one, asked):
    ask, period = asked
    [(value, _, _)] = ask.cells(one.id, period).values()
    months = ask.cells(one.id, period, ("month",))
    quarters = ask.cells(one.id, period, ("quarter",))
    last = {f"{month[:4]}Q{(int(month[5:]) + 2) // 3}": month for (month,) in sorted(months)}
    assert {quarter: months[month,] for quarter, month in last.items()} == {
        quarter: figures for (quarter,), figures in quarters.items()
    }
    if months:
        assert months[max(months)][0] == value
    for name in set(one.dimensions) - set(TIME_DIMENSIONS):
        assert (value or 0) == total(ask.cells(one.id, period, (name,)), 0), name


@named(DIFFERENT)
def test_different_ones_are_at_least_those_of_any_part_and_at_most_all_together(one, asked):
    ask, period = asked
    number = ask.cells(one.id, period)[()][1] or 0
    for name in one.dimensions:
        parts = [figures[1] or 0 for figures in ask.cells(one.id, period, (name,)).values()]
        assert max(parts, default=0) <= number <= sum(parts), name


@named(MEDIANS)
def test_a_median_lies_between_those_of_its_parts(one, asked):
    ask, period = asked
    value, _, cases = ask.cells(one.id, period)[()]
    for name in one.dimensions:
        parts = ask.cells(one.id, period, (name,))
        values = [figures[0] for figures in parts.values()]
        assert min(values) - 1e-9 <= value <= max(values) + 1e-9, name
        assert cases == total(parts, 2), name
