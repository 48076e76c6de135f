"""Intervals, tails and control limits against published values, and by what must always hold."""

from math import comb, exp, lgamma, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse import chance

COUNTS = st.integers(1, 400).flatmap(lambda cases: st.tuples(st.integers(0, cases), st.just(cases)))


@pytest.mark.parametrize(
    ("hits", "cases", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_equals_the_published_intervals(hits, cases, low, high):
    found = chance.wilson(hits, cases)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10.
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0000),
        ((10, 10, 0, 10), 0.6075, 1.0000),
    ],
)
def test_a_difference_equals_the_published_intervals(counts, low, high):
    found = chance.difference(*counts, confidence=0.95)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(COUNTS, st.sampled_from([0.8, 0.95, 0.99, 0.999]))
def test_an_interval_holds_the_rate_and_stays_within_0_and_1(counts, confidence):
    hits, cases = counts
    found = chance.wilson(hits, cases, confidence=confidence)
    assert 0 <= found.low <= hits / cases <= found.high <= 1
    wider = chance.wilson(hits, cases, confidence=0.9999)
    assert wider.low <= found.low
    assert wider.high >= found.high


@given(COUNTS, st.integers(2, 50))
def test_more_cases_with_the_same_rate_narrow_the_interval(counts, times):
    hits, cases = counts
    few, many = chance.wilson(hits, cases), chance.wilson(hits * times, cases * times)
    assert many.high - many.low < few.high - few.low


@given(COUNTS, COUNTS)
def test_a_difference_changes_its_sign_with_its_sides(one, other):
    there = chance.difference(*one, *other)
    back = chance.difference(*other, *one)
    assert there.low == pytest.approx(-back.high, abs=1e-12)
    assert there.high == pytest.approx(-back.low, abs=1e-12)
    assert there.low <= one[0] / one[1] - other[0] / other[1] + 1e-12


def test_what_is_no_rate_is_refused():
    for hits, cases in ((1, 0), (-1, 5), (6, 5)):
        with pytest.raises(ValueError, match="hits"):
            chance.wilson(hits, cases)


def pmf(hits: int, cases: int, rate: float) -> float:
    return comb(cases, hits) * rate**hits * (1 - rate) ** (cases - hits)


@pytest.mark.parametrize("cases", [10, 30, 100])
def test_the_interval_covers_the_truth_as_often_as_it_says(cases):
    rates = [step / 200 for step in range(2, 199)]
    reaches = [chance.wilson(hits, cases) for hits in range(cases + 1)]
    covered = [
        sum(
            pmf(hits, cases, rate)
            for hits, reach in enumerate(reaches)
            if reach.low <= rate <= reach.high
        )
        for rate in rates
    ]
    assert 0.945 < sum(covered) / len(covered) < 0.965
    assert min(covered) > 0.83


@given(COUNTS, st.floats(0.001, 0.999))
def test_a_tail_is_the_sum_of_its_chances(counts, rate):
    hits, cases = counts
    exact = sum(pmf(one, cases, rate) for one in range(hits + 1))
    assert chance.at_most(hits, cases, rate) == pytest.approx(exact, rel=1e-9, abs=1e-15)


def test_a_tail_of_very_many_cases_is_exact_too():
    # As scipy 1.17 has it for a million cases.
    assert chance.at_most(979_600, 1_000_000, 0.98) == pytest.approx(0.0022172190, rel=1e-5)
    assert chance.at_most(3, 10, 0.0) == 1
    assert chance.at_most(3, 10, 1.0) == 0
    assert chance.at_most(10, 10, 1.0) == 1


@settings(deadline=None)
@given(
    st.integers(1, 150),
    st.sampled_from([0.5, 0.7, 0.9, 0.95, 0.98]),
    st.booleans(),
    st.sampled_from([0.95, 0.99]),
)
def test_who_just_meets_the_target_is_seldom_called_worse(cases, share, is_high_good, confidence):
    target = share if is_high_good else 1 - share
    alarms = sum(
        pmf(hits, cases, target)
        for hits in range(cases + 1)
        if chance.misses_beyond_chance(
            hits, cases, target, is_high_good=is_high_good, confidence=confidence
        )
    )
    assert alarms <= (1 - confidence) / 2 + 1e-12


def test_wilson_alone_would_cry_wolf():
    assert chance.wilson(29, 32, confidence=0.99).high < 0.98
    assert chance.chance_of_missing(29, 32, 0.98, is_high_good=True) == pytest.approx(
        1 - sum(pmf(late, 32, 0.02) for late in range(3)), rel=1e-9
    )
    assert not chance.misses_beyond_chance(29, 32, 0.98, is_high_good=True, confidence=0.99)
    assert chance.misses_beyond_chance(26, 32, 0.98, is_high_good=True, confidence=0.99)


def test_where_every_case_is_a_duty_one_miss_is_no_chance():
    assert chance.misses_beyond_chance(9, 10, 1.0, is_high_good=True, confidence=0.95)
    assert not chance.misses_beyond_chance(10, 10, 1.0, is_high_good=True, confidence=0.95)


def test_of_38_cases_a_rate_below_target_may_be_chance():
    assert not chance.misses_beyond_chance(36, 38, 0.98, is_high_good=True, confidence=0.95)
    assert chance.chance_of_missing(36, 38, 0.98, is_high_good=True) == pytest.approx(
        0.17602, abs=1e-5
    )


def _poisson_interval(count):
    """The exact (Garwood) 95 % interval of the mean behind a count, from the tail under test."""
    tail = 0.025
    low = 0.0 if count == 0 else _mean_with_tail(count, tail)
    return chance.Interval(low, _mean_with_tail(count + 1, 1 - tail))


def _mean_with_tail(count, tail):
    """The mean at which so many cases or more have this chance."""
    low, high = 0.0, count + 20 * count**0.5 + 20
    while high - low > 1e-10 * high:
        middle = (low + high) / 2
        if chance.count_at_least(count, middle) < tail:
            low = middle
        else:
            high = middle
    return (low + high) / 2


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # Garwood's exact limits as in the usual tables (Fisher and Yates; Pearson and Hartley 40).
    [
        (0, 0.0, 3.689),
        (1, 0.025, 5.572),
        (5, 1.623, 11.668),
        (10, 4.795, 18.390),
        (100, 81.364, 121.627),
    ],
)
def test_poisson_limits_equal_the_tables(count, low, high):
    found = _poisson_interval(count)
    assert (round(found.low, 3), round(found.high, 3)) == (low, high)


@pytest.mark.parametrize("centre", [0.3, 2.0, 7.5, 31.0])
def test_poisson_limits_cover_the_truth_at_least_as_often_as_they_say(centre):
    chances = [exp(n * log(centre) - centre - lgamma(n + 1)) for n in range(120)]
    covered = sum(
        odds
        for n, odds in enumerate(chances)
        if _poisson_interval(n).low <= centre <= _poisson_interval(n).high
    )
    assert covered >= 0.95


@given(st.integers(0, 300), st.floats(0.05, 200), st.sampled_from([1.0, 1.3, 4.0, 25.0]))
def test_the_chance_of_so_many_falls_with_the_count(count, centre, dispersion):
    one = chance.count_at_least(count, centre, dispersion=dispersion)
    more = chance.count_at_least(count + 1, centre, dispersion=dispersion)
    assert 0 <= more <= one <= 1
    spread = chance.count_at_least(count, centre, dispersion=dispersion * 2)
    # Nearer than that the heavier tail of a small mean is not above the lighter one yet.
    if count > centre + 3 * (dispersion * centre) ** 0.5 + 3 + dispersion:
        assert spread >= one


@pytest.mark.parametrize(
    ("centre", "dispersion", "warning", "control"),
    # scipy.stats.poisson.ppf and nbinom.ppf at 0.975 and 0.99865.
    [(0.042, 1, 1, 1), (3.2, 1, 7, 10), (20, 2, 34, 43), (370, 1, 408, 429), (370, 5, 458, 511), (1e5, 3, 101_076, 101_650)],
)  # fmt: skip
def test_limits_are_the_quantiles_of_their_distribution(centre, dispersion, warning, control):
    assert chance.highest_usual(centre, dispersion, confidence=0.975) == warning
    assert chance.highest_usual(centre, dispersion, confidence=0.99865) == control


@given(st.lists(st.integers(0, 200), min_size=6, max_size=24))
def test_a_usual_month_exceeds_the_control_limit_as_seldom_as_it_says(history):
    found = chance.limits(history, warning=0.975, control=0.99865)
    assert 0 <= found.warning <= found.control
    above = chance.count_at_least(found.control + 1, found.centre, dispersion=found.dispersion)
    assert above <= 1 - 0.99865 + 1e-12
    if found.control > 0:
        at = chance.count_at_least(found.control, found.centre, dispersion=found.dispersion)
        assert at > 1 - 0.99865 - 1e-12


def test_one_wave_in_the_history_hardly_lifts_the_limit():
    quiet = [20, 22, 18, 21, 19, 20, 23, 17, 20, 21, 19, 20]
    wave = [*quiet[:5], 80, *quiet[6:]]
    assert chance.usual(quiet) == (20.0, 1.0)
    assert chance.usual(wave)[0] == 20.0
    assert chance.limits(quiet, warning=0.975, control=0.99865).control == 35
    assert chance.limits(wave, warning=0.975, control=0.99865).control <= 36


def test_a_wave_does_not_lift_the_limit_over_itself():
    four_months = [5, 4, 7, 5, 6, 4, 5, 6, 36, 64, 85, 67]
    found = chance.limits(four_months, warning=0.975, control=0.99865)
    # The median of the year is 6; a mean would be 25 and would call 40 cases usual.
    assert found.centre == 6
    assert found.control < 20


def test_counts_that_spread_more_than_poisson_get_wider_limits():
    swinging = [100, 150, 90, 160, 110, 140, 95, 155, 105, 145, 100, 150]
    centre, dispersion = chance.usual(swinging)
    assert centre == 125
    # Of the steps 30, 40, 45, 45, 50, 50, 50, 50, 60, 60, 70 the sixth is 50: sigma 52, not 11.
    assert dispersion == pytest.approx((50 / 0.954) ** 2 / 125)
    limit = chance.limits(swinging, warning=0.975, control=0.99865).control
    assert chance.highest_usual(125, 1, confidence=0.99865) == 160
    assert limit > 250


def test_no_case_in_a_year_is_no_proof_of_none():
    assert chance.usual([0] * 12)[0] == pytest.approx(0.5 / 12)
    assert chance.limits([0] * 12, warning=0.975, control=0.99865).control == 1
    with pytest.raises(ValueError, match="history"):
        chance.limits([], warning=0.9, control=0.99)


def test_a_run_of_three_worse_months_is_no_rarity():
    # Of the 24 orders that four different values may come in, one only rises.
    assert chance.chance_of_run(3) == 1 / 24


def test_the_interval_of_a_median_is_that_of_its_place():
    # 100 cases: the 95 % interval of the median runs from the 40th to the 60th of them.
    found = chance.quantile_shares(0.5, 100, confidence=0.95)
    assert (round(found.low, 3), round(found.high, 3)) == (0.404, 0.596)
