"""Sub-branches beside their peers: ranks, medians, gaps and cases, worked by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables import fill_lake, parse_table
from warehouse import profile as profiling
from warehouse.cases import cases
from warehouse.errors import QueryError
from warehouse.gaps import Gap, gaps, gaps_of, measured
from warehouse.lake import open_reader, reading
from warehouse.peers import Place, across, comparable, members, peers, places
from warehouse.periods import parse_period
from warehouse.registry import indicator
from warehouse.scope import Scope
from warehouse.standing import Cell, Standing

QUARTER = ("2024-01-01", "2024-03-31")
TIMELY, COUNT = "complaint_timely_rate", "complaint_count"
REGISTER = """
    org_name | org_level | parent_org_name | opened_date | closed_date | display_order
    分行     | 分行      |                 |             |             | 1
    甲支行   | 支行      | 分行            |             |             | 2
    乙支行   | 支行      | 分行            |             |             | 3
    丙支行   | 支行      | 分行            |             |             | 4
    丁支行   | 支行      | 分行            |             |             | 5
    戊支行   | 支行      | 分行            |             |             | 6
    己支行   | 支行      | 分行            |             |             | 7
    庚支行   | 支行      | 分行            |             |             | 8
    辛支行   | 支行      | 分行            |             | 2023-12-31  | 9
    壬支行   | 支行      | 分行            | 2024-07-01  |             | 10
    甲一网点 | 网点      | 甲支行          |             |             |
"""
# How many complaints were decided in time and how many late. Rates: 甲 100, 乙 80, 丙 90, 丁 60,
# 戊 100; 己 has too few, 庚 none; a department and a blank take no part.
HANDLED = """
    org_name   | timely | late
    甲支行     | 8      | 0
    甲一网点   | 2      | 0
    乙支行     | 8      | 2
    丙支行     | 9      | 1
    丁支行     | 6      | 4
    戊支行     | 5      | 0
    己支行     | 4      | 0
    个人金融部 | 0      | 20
               | 0      | 20
"""


def complaints(handled: str, received: date = date(2024, 1, 10)) -> list[dict[str, object]]:
    """One complaint per timely and late one of the table: decided after 5 or after 20 days."""
    return [
        {
            "complaint_id": f"{row['org_name'] or '空白'}-{verdict}-{number:02d}",
            "org_name": row["org_name"],
            "category": "贷款" if number % 2 else "信用卡",
            "cause": "定价收费",
            "received_at": received.isoformat(),
            "decided_at": (received + timedelta(days=days)).isoformat(),
            "status": "已办结",
            "is_extension_approved": "false",
        }
        for row in parse_table(handled)
        for verdict, days in (("timely", 5), ("late", 20))
        for number in range(int(row[verdict] or 0))
    ]


@contextmanager
def opened(root: Path, **tables: object) -> Iterator[duckdb.DuckDBPyConnection]:
    hub = open_reader(fill_lake(root, QUARTER, **tables))
    with reading(hub) as cursor:
        yield cursor
    hub.close()


@pytest.fixture(scope="module")
def cursor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    root = tmp_path_factory.mktemp("peers")
    with opened(root, organisation=REGISTER, complaint=complaints(HANDLED)) as found:
        yield found


def compared(
    cursor: duckdb.DuckDBPyConnection, what: str = TIMELY, period: str = "2024Q1", **options: object
) -> dict[str, Place]:
    scope = options.pop("scope", Scope.everything())
    found = peers(cursor, what, parse_period(period), scope=scope, **options)
    return {place.sub_branch: place for place in places(found)}


def see(*names: str) -> Scope:
    return Scope(frozenset(names))


def test_ranks_run_from_the_best_and_ties_share_a_place(cursor) -> None:
    found = compared(cursor)
    ranks = {name: place.rank for name, place in found.items()}
    assert ranks == {
        "甲支行": 1,
        "戊支行": 1,
        "丙支行": 3,
        "乙支行": 4,
        "丁支行": 5,
        "己支行": None,
        "庚支行": None,
        "辛支行": None,
        "壬支行": None,
    }
    assert list(found)[:5] == ["甲支行", "戊支行", "丙支行", "乙支行", "丁支行"]
    assert {place.of for place in found.values()} == {5}


def test_the_median_of_an_odd_group_is_its_middle_and_gaps_are_measured_from_it(cursor) -> None:
    found = compared(cursor)
    # 60, 80, 90, 100, 100
    assert {place.median for place in found.values()} == {90.0}
    assert found["甲支行"].gap == pytest.approx(10.0)
    assert found["丁支行"].gap == pytest.approx(-30.0)
    # Distances to 90 are 30, 10, 0, 10, 10; their median is 10. Quartiles 80 and 100 say the same.
    assert found["丁支行"].distance == pytest.approx(-30 / (1.4826 * 10))
    assert found["庚支行"].gap is None


def test_the_median_of_an_even_group_lies_between_the_middle_two(cursor) -> None:
    seen = see("甲支行", "乙支行", "丙支行", "丁支行")
    found = compared(cursor, benchmark=seen)
    # 60, 80, 90, 100
    assert found["丁支行"].median == 85.0
    assert found["丁支行"].of == 4


def test_departments_and_blanks_are_neither_listed_nor_in_the_median(cursor) -> None:
    found = compared(cursor)
    assert "个人金融部" not in found
    assert "分行" not in found
    assert None not in found
    assert found["甲支行"].median == 90.0


def test_outlets_count_for_their_sub_branch(cursor) -> None:
    assert compared(cursor)["甲支行"].denominator == 10.0


def test_too_few_cases_are_listed_with_the_reason_but_not_ranked_nor_shown(cursor) -> None:
    place = compared(cursor)["己支行"]
    assert (place.value, place.denominator, place.is_ranked) == (None, 4.0, False)
    assert place.reason == "时限在期间内到期 4，少于 5 不比较"


def test_no_data_closed_and_not_yet_opened_say_so(cursor) -> None:
    found = compared(cursor)
    assert found["庚支行"].reason == "没有数据（时限在期间内到期 0）"
    assert found["辛支行"].reason == "2023-12-31 已撤并"
    assert found["壬支行"].reason == "2024-07-01 开业"


def test_where_less_is_better_the_fewest_come_first_and_nothing_is_a_true_zero(cursor) -> None:
    found = compared(cursor, COUNT)
    assert (found["庚支行"].value, found["庚支行"].rank) == (0.0, 1)
    assert found["己支行"].rank == 2
    # 0, 4, 5, 10, 10, 10, 10: four share the last place but three.
    assert {found[name].rank for name in ("甲支行", "乙支行", "丙支行", "丁支行")} == {4}
    assert found["甲支行"].median == 10.0
    assert found["己支行"].gap == pytest.approx(6.0)
    assert found["辛支行"].value is None


def test_without_a_good_side_nobody_is_ranked(cursor) -> None:
    found = compared(cursor, "complaint_ended_count")
    assert {place.rank for place in found.values()} == {None}
    assert found["甲支行"].reason == "不分好坏，不排名"
    assert found["甲支行"].median == 10.0
    assert found["甲支行"].gap is None


def test_a_narrow_scope_sees_its_own_rows_with_rank_and_median_of_the_group(cursor) -> None:
    found = compared(cursor, scope=see("乙支行"))
    assert list(found) == ["乙支行"]
    place = found["乙支行"]
    assert (place.rank, place.of, place.median) == (4, 5, 90.0)
    own = compared(cursor, scope=see("乙支行"), benchmark=see("乙支行", "丙支行"))["乙支行"]
    assert (own.rank, own.of, own.median) == (2, 2, 85.0)


def test_filters_narrow_the_cases_but_never_the_group(cursor) -> None:
    whole, part = compared(cursor, COUNT), compared(cursor, COUNT, where={"category": ["贷款"]})
    assert part["甲支行"].value == 4 + 1
    assert whole["甲支行"].value == 10
    for name in ("sub_branch", "org_name"):
        with pytest.raises(QueryError, match="总是与全部支行比"):
            compared(cursor, COUNT, where={name: ["甲支行"]})


def test_a_period_without_extracts_ranks_nobody(cursor) -> None:
    found = compared(cursor, COUNT, "2023Q3")
    assert {place.rank for place in found.values()} == {None}
    assert found["甲支行"].reason == "没有数据"


def test_without_an_organisation_table_every_organisation_takes_part(tmp_path: Path) -> None:
    with opened(tmp_path, complaint=complaints(HANDLED)) as cursor:
        names = [one.name for one in members(cursor)]
        assert "个人金融部" in names
        assert "甲一网点" in names
        assert compared(cursor)["个人金融部"].rank == len(compared(cursor)) - sum(
            not place.is_ranked for place in compared(cursor).values()
        )


def test_every_comparable_indicator_can_be_asked_for(cursor) -> None:
    for one in comparable():
        found = compared(cursor, one.id)
        assert set(found) == {member.name for member in members(cursor)}, one.id


def test_by_month_the_median_is_of_the_month_and_every_covered_month_is_there(cursor) -> None:
    period = parse_period("2024-01-01..2024-03-31")
    found = across(cursor, TIMELY, period, "month", scope=Scope.everything())
    assert found["month"].unique().sort().to_list() == ["2024-01", "2024-02", "2024-03"]
    january = found.filter(pl.col("month") == "2024-01")
    assert january["median"].unique().to_list() == [90.0]
    few = january.filter(pl.col("sub_branch") == "己支行").row(0, named=True)
    assert (few["value"], few["denominator"]) == (None, 4.0)
    counts = across(cursor, COUNT, period, "month", scope=see("庚支行"))
    assert counts.select("month", "value", "median").rows() == [
        ("2024-01", 0.0, 10.0),
        ("2024-02", 0.0, 0.0),
        ("2024-03", 0.0, 0.0),
    ]


values = st.dictionaries(
    st.text("甲乙丙丁戊己庚辛", min_size=1, max_size=3),
    st.floats(0, 100).map(lambda value: round(value, 3)),
    min_size=1,
    max_size=12,
)


@given(values, st.randoms())
def test_ranks_do_not_depend_on_the_order_and_the_median_lies_within(held, random) -> None:
    asked = indicator(TIMELY)
    cells = {name: Cell(value, value, 100.0) for name, value in held.items()}
    shuffled = list(cells.items())
    random.shuffle(shuffled)
    one, other = Standing.of_group(asked, cells), Standing.of_group(asked, dict(shuffled))
    assert one.ranks == other.ranks
    assert one.middle == other.middle == median(held.values())
    assert min(held.values()) <= one.middle <= max(held.values())
    best = max(held.values())
    assert {name for name, rank in one.ranks.items() if rank == 1} == {
        name for name, value in held.items() if value == best
    }
    for name, cell in cells.items():
        assert one.ranks[name] == 1 + sum(value > cell.value for value in held.values())
        assert (one.gap(cell) < 0) == (cell.value < one.middle)
        assert (one.distance(cell) < 0) == (one.gap(cell) < 0)


def test_a_group_of_equals_has_no_distance_and_one_that_differs_is_measured_by_the_mean() -> None:
    asked = indicator(TIMELY)
    same = {str(at): Cell(100.0, 10.0, 10.0) for at in range(5)}
    assert Standing.of_group(asked, same).distance(Cell(100.0, 10.0, 10.0)) == 0
    # Nine of ten share a value: neither MAD nor quartiles see any spread; the mean distance is 2.
    cells = {str(at): Cell(100.0, 10.0, 10.0) for at in range(9)} | {"后": Cell(80.0, 8.0, 10.0)}
    assert Standing.of_group(asked, cells).distance(cells["后"]) == pytest.approx(
        -20 / (1.2533 * 2)
    )


# Seven sub-branches near 90 %; 后 is far behind with many cases, 少 as far with five.
SPREAD = """
    org_name | timely | late
    一支行   | 96     | 4
    二支行   | 94     | 6
    三支行   | 92     | 8
    四支行   | 90     | 10
    五支行   | 88     | 12
    后支行   | 50     | 50
    少支行   | 4      | 1
"""
SPREAD_REGISTER = "org_name | org_level\n" + "\n".join(
    f"{row['org_name']} | 支行" for row in parse_table(SPREAD)
)


@pytest.fixture(scope="module")
def spread(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    root = tmp_path_factory.mktemp("spread")
    tables = {"organisation": SPREAD_REGISTER, "complaint": complaints(SPREAD)}
    with opened(root, **tables) as found:
        yield found


def found_gaps(cursor: duckdb.DuckDBPyConnection, name: str) -> list[Gap]:
    return gaps(cursor, name, parse_period("2024Q1"), scope=Scope.everything())


def test_a_gap_beyond_chance_is_found_and_told_only_once(spread) -> None:
    found = found_gaps(spread, "后支行")
    ids = [one.indicator_id for one in found]
    assert TIMELY in ids
    # Median, mean and P90 of the same days, and the same limits counted from receipt, are one.
    assert sum(what.startswith("handling_days") for what in ids) == 1
    assert sum(what.startswith("complaint_timely_rate") for what in ids) == 1
    assert [one.distance for one in found] == sorted(one.distance for one in found)
    timely = next(one for one in found if one.indicator_id == TIMELY)
    # 96, 94, 92, 90, 88, 80, 50: median 90, distances 6 4 2 0 2 10 40, their median 4; quartiles 84
    # and 93, which reach further than 1.4826 × 4.
    assert timely.place.median == 90.0
    assert timely.distance == pytest.approx(-40 / (0.7413 * 9))
    assert timely.place.is_beyond_chance is True


def test_what_may_be_chance_is_no_gap(spread) -> None:
    place = compared(spread)["少支行"]
    assert place.gap == pytest.approx(-10.0)
    assert place.distance < -1
    assert place.is_beyond_chance is False
    assert TIMELY not in [one.indicator_id for one in found_gaps(spread, "少支行")]


def test_what_the_group_differs_by_anyway_is_no_gap(spread) -> None:
    place = compared(spread)["五支行"]
    assert -1 < place.distance < 0
    assert TIMELY not in [one.indicator_id for one in found_gaps(spread, "五支行")]


def test_counts_that_grow_with_size_are_no_gaps() -> None:
    assert {one.kind for one in measured()} & {"count", "sum", "stock", "distinct"} == set()
    assert all(one.direction != "none" for one in measured())
    behind = Place("甲", 5.0, 5.0, None, 2, 2, 1.0, -4.0, -9.0, None, True, "")
    assert [one.indicator_id for one in gaps_of({"repeat_rate": behind})] == ["repeat_rate"]


def test_a_gap_outside_the_scope_or_the_group_is_refused(spread) -> None:
    with pytest.raises(QueryError, match="不在可见范围内"):
        gaps(spread, "后支行", parse_period("2024Q1"), scope=see("一支行"))
    with pytest.raises(QueryError, match="没有名为“个金部”的支行"):
        found_gaps(spread, "个金部")


def test_the_cases_behind_a_gap_are_the_ones_that_miss(spread) -> None:
    held = {one.indicator_id: one for one in found_gaps(spread, "后支行")}
    period, everything, own = parse_period("2024Q1"), Scope.everything(), ("后支行",)
    late = cases(spread, held[TIMELY], own, period, scope=everything)["后支行"]
    ids = late.frame["complaint_id"].to_list()
    assert len(ids) == 50
    assert all(one.startswith("后支行-late") for one in ids)
    days = next(one for what, one in held.items() if what.startswith("handling_days"))
    slow = cases(spread, days, own, period, scope=everything)["后支行"]
    assert slow.value_unit == "天"
    assert set(slow.frame["own_value"]) == {20.0}
    part = cases(spread, held[TIMELY], own, period, where={"category": ["贷款"]}, scope=everything)[
        "后支行"
    ]
    assert len(part.frame) == 25


BASES = """
    org_name | period_start | period_end | outlet_count | personal_customer_count | staff_count
    甲支行   | 2023-12-01   | 2023-12-31 | 9            | 90000                   | 9
    甲支行   | 2024-03-01   | 2024-03-31 | 4            | 20000                   | 40
    甲支行   | 2024-04-01   | 2024-04-30 | 5            | 30000                   | 50
"""


def surveyed(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> profiling.Survey:
    span = parse_period("2024Q1")
    return profiling.survey(cursor, span, span, scope=scope)


@pytest.fixture(scope="module")
def based(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    root = tmp_path_factory.mktemp("based")
    tables = {
        "organisation": REGISTER,
        "organisation_denominator": BASES,
        "complaint": complaints(HANDLED),
    }
    with opened(root, **tables) as found:
        yield found


def test_a_profile_says_the_same_as_the_ranking(based) -> None:
    held = profiling.profile(based, surveyed(based, Scope.everything()), "乙支行")
    assert held.places[TIMELY] == compared(based)["乙支行"]
    assert held.base is None
    course = held.courses[TIMELY].row(0, named=True)
    assert (course["month"], course["value"], course["median"]) == ("2024-01", 80.0, 90.0)


def test_the_base_is_the_newest_of_the_period(based) -> None:
    held = profiling.profile(based, surveyed(based, Scope.everything()), "甲支行")
    assert held.base == profiling.Base(4, 20000, 40, date(2024, 3, 1))


def test_the_mix_is_put_beside_the_share_in_the_whole_group(based) -> None:
    held = profiling.profile(based, surveyed(based, see("乙支行")), "乙支行")
    by_category = {row[0]: row[1:] for row in held.mixes["category_group"].iter_rows()}
    # 乙: numbers 0 to 7 and 0 to 1, so five of each; the department's forty are not in the group.
    rows = [
        row for row in complaints(HANDLED) if str(row["org_name"]).startswith(tuple("甲乙丙丁戊己"))
    ]
    loans = sum(row["category"] == "贷款" for row in rows)
    assert by_category["贷款"] == pytest.approx((5.0, 50.0, 100 * loans / len(rows)))


def test_a_narrow_scope_opens_no_other_profile(based) -> None:
    held = surveyed(based, see("乙支行"))
    assert held.names == ["乙支行"]
    for frame in (*held.places.values(), *held.courses.values(), *held.mixes.values()):
        assert set(frame["sub_branch"]) <= {"乙支行"}
    with pytest.raises(QueryError, match="不在可见范围内"):
        profiling.profile(based, held, "甲支行")
