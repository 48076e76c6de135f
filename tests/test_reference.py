"""Every indicator comes out the same in SQL and in a second computation from the definitions."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reference import measures
from tests.reference.agreement import differences
from tests.reference.cells import TIMES
from tests.reference.lakes import Lake, lake_of, wild_lake
from tests.reference.measures import Coverage, Rate, Stock
from warehouse.home import Home
from warehouse.lake import open_reader, reading
from warehouse.periods import Period, parse_period, periods_between
from warehouse.registry import indicator, indicators
from warehouse.scope import Scope

EVERYBODY = Scope.everything()
IDS = tuple(indicators())
LAKES = ("demo", "wild")
NEVER_DELIVERED = "没有这个值"
FEW = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def lakes(demo_home):
    return {"demo": lake_of(demo_home), "wild": wild_lake()}


@st.composite
def periods(draw, lake: Lake) -> Period:
    """A month, quarter, half-year or year around the data, any span of days, or all of it."""
    around = periods_between(lake.first - timedelta(days=60), lake.last + timedelta(days=60))
    if draw(st.booleans()):
        return draw(st.sampled_from(around))
    days = st.dates(lake.first - timedelta(days=5), lake.last + timedelta(days=5))
    start, end = sorted((draw(days), draw(days)))
    return parse_period(f"{start}..{end}")


@st.composite
def questions(draw, indicator_id: str, lake: Lake):
    """A period, a cut, filters and a scope that the indicator can be asked with."""
    measure, allowed = measures(lake.frames)[indicator_id], indicator(indicator_id).dimensions
    at_an_end = isinstance(measure, Stock | Coverage | Rate)
    times = st.lists(st.sampled_from(list(TIMES)), max_size=1 if at_an_end else 2, unique=True)
    places = [name for name in allowed if name not in TIMES]
    by = draw(st.lists(st.sampled_from(places), max_size=2, unique=True)) + draw(times)
    where = {}
    for name in draw(st.lists(st.sampled_from(places), max_size=2, unique=True)):
        known = st.sampled_from([*lake.values[name], None, NEVER_DELIVERED])
        where[name] = draw(st.lists(known, min_size=1, max_size=4, unique=True))
    seen = st.frozensets(st.sampled_from([n for n in lake.values["sub_branch"] if n]), max_size=4)
    scope = Scope(draw(st.none() | seen))
    return {"period": draw(periods(lake)), "by": by, "where": where, "scope": scope}


def test_every_indicator_is_computed_a_second_time(lakes):
    made = measures(lakes["demo"].frames).keys()
    missing = [name for name in IDS if name not in made]
    assert missing == [], f"write down in tests/reference how these are made: {missing}"
    assert sorted(made) == sorted(IDS), "the reference makes indicators that are not registered"


@pytest.mark.parametrize("name", LAKES)
@pytest.mark.parametrize("indicator_id", IDS)
@FEW
@given(data=st.data())
def test_sql_and_the_definitions_agree_on_any_question(indicator_id, name, lakes, data):
    lake = lakes[name]
    asked = data.draw(questions(indicator_id, lake))
    assert differences(lake.cursor, lake.frames, indicator_id, **asked) == []


def test_sql_and_the_definitions_agree_on_every_cut(lakes):
    lake, span = lakes["demo"], parse_period("2025Q4")
    found = [
        difference
        for one in indicators().values()
        for dimension in one.dimensions
        for difference in differences(
            lake.cursor, lake.frames, one.id, span, by=[dimension], scope=EVERYBODY
        )
    ]
    assert found == []


def test_the_lake_itself_answers_as_its_copy_in_memory(demo_home, lakes):
    lake = lakes["demo"]
    with reading(open_reader(Home(demo_home))) as cursor:
        found = [
            difference
            for name in IDS
            for difference in differences(
                cursor, lake.frames, name, parse_period("2026Q1"), by=["sub_branch"],
                scope=EVERYBODY,
            )
        ]  # fmt: skip
    assert found == []
