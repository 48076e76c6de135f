"""Tracing: cells worked by hand, false alarms counted by simulation, and the wave of the demo."""

from datetime import date, timedelta
from fractions import Fraction
from math import comb, exp, factorial
from pathlib import Path
from random import Random

import polars as pl
import pytest

from tests.tables import fill_lake
from warehouse import tracing
from warehouse.coverage import Coverage
from warehouse.excess import FALSE_SHARE, assessed, corrected, usual_range
from warehouse.home import Home
from warehouse.lake import open_reader, reading
from warehouse.periods import parse_period
from warehouse.scope import Scope

EVERYBODY = Scope.everything()
FIVE_QUARTERS = Coverage(date(2023, 1, 1), date(2024, 3, 31))
ORGANISATIONS = """
    org_name | org_level | parent_org_name | display_order
    城东支行 | 支行      |                 | 1
    城西支行 | 支行      |                 | 2
"""
# Cases by quarter: the four of 2023, then 2024Q1.
CELLS = """
    org_name | category         | cause    | q1 | q2 | q3 | q4 | now
    城东支行 | 信用卡使用和还款 | 定价收费 | 1  | 1  | 1  | 1  | 12
    城东支行 | 信用卡           | 定价收费 |    |    |    |    | 2
    城东支行 | 贷款             | 合同条款 | 5  | 4  | 6  | 5  | 5
    城西支行 | 信用卡           | 定价收费 | 2  | 2  | 2  | 3  | 3
    城西支行 | 贷款             | 合同条款 | 1  |    |    |    | 2
    城西支行 | 借记卡           | 服务态度 |    | 3  | 3  |    |
             | 贷款             | 合同条款 |    |    |    | 1  | 6
"""
STARTS = {
    "q1": date(2023, 1, 5),
    "q2": date(2023, 4, 5),
    "q3": date(2023, 7, 5),
    "q4": date(2023, 10, 5),
    "now": date(2024, 1, 5),
}


def complaints() -> list[dict[str, object]]:
    header, *lines = [
        [cell.strip() for cell in line.split("|")] for line in CELLS.strip().splitlines()
    ]
    rows: list[dict[str, object]] = []
    for line in lines:
        cell = dict(zip(header, line, strict=True))
        for quarter, first in STARTS.items():
            rows += [
                {
                    "complaint_id": f"c{len(rows) + at}",
                    "org_name": cell["org_name"] or None,
                    "category": cell["category"],
                    "cause": cell["cause"],
                    "received_at": first + timedelta(days=at * 4),
                    "status": "处理中",
                }
                for at in range(int(cell[quarter] or 0))
            ]
    return rows


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    home = fill_lake(
        tmp_path_factory.mktemp("lake"),
        coverage=("2023-01-01", "2024-03-31"),
        organisation=ORGANISATIONS,
        complaint=complaints(),
    )
    return open_reader(home)


@pytest.fixture
def trace(hub):
    def found(period="2024Q1", basis="previous", *, scope=EVERYBODY, **options):
        with reading(hub) as cursor:
            return tracing.trace(cursor, parse_period(period), basis, scope=scope, **options)

    return found


def cell(found, branch, category, cause):
    [row] = found.cells.filter(
        pl.col("sub_branch").eq_missing(branch)
        & (pl.col("category_group") == category)
        & (pl.col("cause_group") == cause)
    ).iter_rows(named=True)
    return row


def tail(count: int, total: int, share: Fraction) -> float:
    """Exact chance of at least so many of the total, in fractions."""
    return float(
        sum(comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(count, total + 1))
    )


def test_a_cell_is_compared_with_its_own_history(trace):
    found = trace()
    assert found.base == parse_period("2023Q4")
    assert [span.id for span in found.history] == ["2023Q4", "2023Q3", "2023Q2", "2023Q1"]
    # Both categories are 信用卡 by the code list. 91 days now, 365 before.
    fees = cell(found, "城东支行", "信用卡", "定价收费")
    assert (fees["count"], fees["base"], fees["earlier"], fees["change"]) == (14, 1, 4, 13)
    assert fees["expected"] == pytest.approx(4 * 91 / 365)
    assert fees["excess"] == pytest.approx(14 - 4 * 91 / 365)
    # Less than one is expected, so that the scatter of one is the measure.
    assert fees["distance"] == pytest.approx(14 - 4 * 91 / 365)
    assert fees["p_value"] == pytest.approx(tail(14, 18, Fraction(91, 456)), rel=1e-9)
    assert fees["is_unusual"]


def test_only_what_is_beyond_chance_is_unusual(trace):
    found = trace()
    assert found.looked_at == 5
    assert found.unusual.select("sub_branch", "count").rows() == [("城东支行", 14), (None, 6)]
    steady = cell(found, "城东支行", "贷款", "合同条款")
    assert steady["p_value"] == pytest.approx(tail(5, 25, Fraction(91, 456)), rel=1e-9)
    assert not steady["is_unusual"]
    blank = cell(found, None, "贷款", "合同条款")
    # Second smallest of five looked at.
    assert blank["q_value"] == pytest.approx(tail(6, 7, Fraction(91, 456)) * 5 / 2)


def test_too_few_cases_are_listed_and_not_looked_at(trace):
    few = cell(trace(), "城西支行", "贷款", "合同条款")
    assert (few["count"], few["earlier"]) == (2, 1)
    assert (few["p_value"], few["q_value"], few["is_unusual"]) == (None, None, False)
    gone = cell(trace(), "城西支行", "借记卡", "服务态度及服务质量")
    assert (gone["count"], gone["earlier"], gone["p_value"]) == (0, 6, 1.0)


def test_the_cells_add_up_to_the_whole(trace):
    found = trace()
    assert (found.total("count"), found.total("base")) == (30, 10)
    assert found.total("change") == 20
    by_pair = trace(cut=("category_group", "cause_group"))
    assert by_pair.total("count") == 30
    assert by_pair.cells.filter(pl.col("category_group") == "贷款")["count"].sum() == 13


def test_last_year_is_another_base_and_the_same_history(trace):
    found = trace(basis="last_year")
    assert found.base == parse_period("2023Q1")
    assert cell(found, "城东支行", "贷款", "合同条款")["base"] == 5
    assert found.history == trace().history


def test_leads_gather_the_places_of_one_matter(trace):
    first, second = tracing.gathered(trace())
    assert (first.shared, first.places) == (("信用卡", "定价收费"), ("城东支行",))
    assert (first.count, first.change) == (14, 13)
    assert second.places == (None,)


def test_a_scope_and_filters_narrow_the_cells(trace):
    scoped = trace(scope=Scope(frozenset({"城西支行"})))
    assert scoped.cells["sub_branch"].unique().to_list() == ["城西支行"]
    assert scoped.total("count") == 5
    filtered = trace(where={"category_group": ["贷款"]})
    assert filtered.cells["category_group"].unique().to_list() == ["贷款"]


@pytest.mark.parametrize(
    ("period", "ids"),
    [
        ("2024Q1", ["2023Q4", "2023Q3", "2023Q2", "2023Q1"]),
        ("2023Q3", ["2023Q2", "2023Q1"]),
        ("2024-03", ["2024-02", "2024-01", *[f"2023-{m:02d}" for m in range(12, 2, -1)]]),
        ("2023H2", ["2023H1"]),
        ("2024", ["2023"]),
        ("2023Q1", []),
        ("all", []),
    ],
)
def test_the_history_is_the_year_before_as_far_as_it_is_covered(period, ids):
    found = tracing.preceding(parse_period(period), FIVE_QUARTERS)
    assert [span.id for span in found] == ids


@pytest.mark.parametrize("period", ["2023Q1", "2023", "all"])
def test_without_a_history_there_is_no_verdict(trace, period):
    found = trace(period)
    assert found.refusal == "no_history"
    assert found.cells["expected"].null_count() == found.cells.height > 0
    assert found.unusual.is_empty()
    assert found.total("expected") is None


def test_a_period_without_data_says_so(trace):
    assert trace("2031Q1").refusal == "no_data"


def test_an_unfinished_period_stands_beside_as_many_days_without_a_verdict(trace):
    found = trace("2024H1")
    assert found.refusal == "incomplete"
    assert (found.period.start, found.period.end) == (date(2024, 1, 1), date(2024, 3, 31))
    # 91 days of 2023H2, which begins in July, and of 2023H1.
    assert [(one.start, one.end) for one in found.history] == [
        (date(2023, 7, 1), date(2023, 9, 29)),
        (date(2023, 1, 1), date(2023, 4, 1)),
    ]
    assert found.base == found.history[0]
    fees = cell(found, "城东支行", "信用卡", "定价收费")
    assert (fees["count"], fees["base"], fees["expected"]) == (14, 1, 1)
    assert fees["q_value"] is None
    assert found.unusual.is_empty()


def test_months_carry_their_days_share_of_what_is_expected(trace):
    found = trace()
    months = [parse_period("2024-02"), parse_period("2024-03")]
    usual = tracing.by_month(found, 365.0, months)
    assert usual["expected"].to_list() == [29, 31]
    assert usual.select("fewest", "most").row(0) == usual_range(29)
    assert tracing.by_month(trace("2023Q1"), 0.0, months).is_empty()


def test_the_correction_is_that_of_benjamini_and_hochberg():
    # Sorted 0.005, 0.01, 0.03, 0.04 of four: times 4, 2, 4/3, 1.
    assert corrected([0.01, None, 0.04, 0.03, 0.005]) == pytest.approx(
        [0.02, None, 0.04, 0.04, 0.02]
    )
    # 0.031 as third of three caps the second one.
    assert corrected([0.03, 0.031, 0.001]) == pytest.approx([0.031, 0.031, 0.003])
    assert corrected([]) == []


def test_an_empty_history_is_no_certainty():
    frame = pl.DataFrame({"count": [5.0, 4.0], "base": [0.0, 0.0], "earlier": [0.0, 0.0]})
    found = assessed(frame, 91, 91)
    assert found["p_value"].to_list() == [pytest.approx(0.5**5), None]
    twenty = assessed(pl.concat([frame.head(1)] * 20 + [frame] * 20), 91, 91)
    assert twenty["q_value"].drop_nulls().to_list() == pytest.approx([0.5**5] * 40)
    assert assessed(frame, 91, 30)["p_value"][0] > 0.2


@pytest.mark.parametrize("mean", [0.0, 0.4, 3.0, 17.5, 80.0])
def test_the_usual_range_holds_95_of_100_months(mean):
    fewest, most = usual_range(mean)
    held = sum(exp(-mean) * mean**n / factorial(n) for n in range(fewest, most + 1))
    assert held >= 0.95
    assert fewest <= mean <= most + 1


def poisson(random: Random, mean: float) -> int:
    """A draw by the gaps between arrivals."""
    count, passed = -1, 0.0
    while passed <= 1:
        count += 1
        passed += random.expovariate(1) / mean
    return count


def world(random: Random, cells: int) -> pl.DataFrame:
    """Counts of a quarter and of four quarters before it, with nothing changed in between."""
    means = [random.choice((0.2, 0.7, 2.0, 6.0, 20.0)) for _cell in range(cells)]
    return pl.DataFrame(
        {
            "count": [float(poisson(random, mean)) for mean in means],
            "base": [0.0] * cells,
            "earlier": [float(poisson(random, 4 * mean)) for mean in means],
        }
    )


def test_where_nothing_changes_alarms_are_as_rare_as_promised():
    random = Random(20251231)
    worlds, alarms, small = 300, 0, 0
    for _world in range(worlds):
        found = assessed(world(random, 200), 91, 364)
        alarms += bool(found["is_unusual"].any())
        small += found["p_value"].drop_nulls().le(0.05).mean()
    # Of worlds in which nothing changed, at most 5 in 100 give any alarm.
    assert alarms / worlds <= FALSE_SHARE
    assert 0.01 < small / worlds <= 0.05


def test_waves_among_steady_cells_are_found_and_little_else():
    random = Random(7)
    hits = others = 0
    for _world in range(60):
        frame = world(random, 200)
        waves = pl.DataFrame(
            {
                "count": [float(poisson(random, 30)) for _wave in range(5)],
                "base": [0.0] * 5,
                "earlier": [float(poisson(random, 24)) for _wave in range(5)],
            }
        ).with_columns(is_wave=True)
        found = assessed(pl.concat([frame.with_columns(is_wave=False), waves]), 91, 364).filter(
            "is_unusual"
        )
        hits += found["is_wave"].sum()
        others += (~found["is_wave"]).sum()
    assert hits >= 297
    assert others / (hits + others) <= FALSE_SHARE


@pytest.fixture(scope="module")
def demo_hub(demo_home: Path):
    return open_reader(Home(demo_home))


@pytest.fixture
def demo(demo_hub):
    def found(period, **options):
        with reading(demo_hub) as cursor:
            return tracing.trace(
                cursor, parse_period(period), "previous", scope=EVERYBODY, **options
            )

    return found


def test_the_fee_wave_of_the_demo_comes_out_on_top(demo):
    found = demo("2025Q4")
    top = found.unusual.head(3)
    assert set(top["sub_branch"]) == {"城东支行", "望海支行", "高新区第2支行"}
    assert set(top["category_group"]) == {"信用卡"}
    assert set(top["cause_group"]) == {"定价收费"}
    assert top["q_value"].max() < 1e-6
    lead = tracing.gathered(found)[0]
    assert lead.shared == ("信用卡", "定价收费")
    assert set(lead.places) == set(top["sub_branch"])
    assert lead.change is not None
    assert 0 < lead.change <= (found.total("change") or 0)
    pairs = demo("2025Q4", cut=("category_group", "cause_group"))
    assert pairs.unusual.select("category_group", "cause_group").rows()[0] == ("信用卡", "定价收费")


@pytest.mark.parametrize("period", ["2024Q4", "2025Q1", "2025Q2", "2026Q1"])
def test_a_calm_quarter_of_the_demo_does_not_shout(demo, period):
    found = demo(period)
    assert found.refusal is None
    assert found.looked_at > 200
    assert found.unusual.is_empty()


def test_the_last_quarter_of_the_demo_is_not_judged(demo):
    found = demo("2026Q2")
    assert found.refusal == "incomplete"
    assert found.period.end == date(2026, 6, 16)
    assert found.unusual.is_empty()
