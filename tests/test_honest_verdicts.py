"""Where a verdict would mislead there is none: unfinished periods, few cases, filters that miss."""

from datetime import date
from pathlib import Path

import pytest

from tests.pages_fixtures import Open, figure, opener, tile, words
from warehouse.compare import compare
from warehouse.coverage import Coverage, is_complete
from warehouse.home import Home
from warehouse.indicators import compute
from warehouse.lake import open_reader, reading
from warehouse.periods import parse_period
from warehouse.scope import Scope


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> Open:
    return opener(monkeypatch, demo_home)


def test_a_figure_that_still_forms_is_not_complete():
    held = Coverage(date(2024, 1, 1), date(2026, 7, 10))
    quarter = parse_period("2026Q2")
    assert is_complete(quarter, held)
    assert not is_complete(quarter, held, settles_after_days=15)
    assert is_complete(quarter, held, settles_after_days=10)


def test_the_closing_rate_of_an_unfinished_quarter_is_not_judged(demo: Open):
    text = words(demo("attainment", period="2026Q2"))
    assert "未满期" in text
    assert "■ 未达标 办结率" not in words(demo("overview", period="2026Q2"))


def test_a_few_cases_get_no_verdict(demo: Open):
    text = tile(demo("reviews", period="2026Q1"), "审查一次通过率")
    assert "样本少" in text
    assert "未达标" not in text


def test_a_filter_that_misses_a_tile_says_so(demo: Open):
    text = words(demo("overview", period="2025Q4", category="贵金属"))
    assert "业务大类筛选不适用" in text


def test_a_comparison_of_rates_tells_what_the_base_rests_on(demo: Open, demo_home: Path):
    with reading(open_reader(Home(demo_home))) as cursor:
        compared = compare(
            cursor, "exam_pass_rate", parse_period("2025Q4"), "previous", scope=Scope.everything()
        )
    assert compared.base_denominator == 24
    text = tile(demo("exams", period="2025Q4"), "考试及格率")
    assert "（n=24）" in text
    assert "变好" not in text


def test_a_sub_branch_without_events_stands_there_with_zero(demo: Open, demo_home: Path):
    with reading(open_reader(Home(demo_home))) as cursor:
        where = {"sub_branch": ["北塘支行"]}
        audience = compute(
            cursor, "outreach_audience", parse_period("2025Q4"), where=where,
            scope=Scope.everything(),
        )  # fmt: skip
    assert audience["value"].to_list() == [0.0]
    drawn = figure(demo("outreach", period="2025Q4"), "outreach.sub_branch.events")
    [bars] = drawn["data"]
    counts = dict(zip(drawn["layout"]["yaxis"]["ticktext"], bars["x"], strict=True))
    assert counts["北塘支行"] == 0
    assert len(counts) == 20
