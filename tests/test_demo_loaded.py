"""The demo extracts through the real loader: what docs/demo.md promises is what the lake holds."""

import polars as pl
import pytest

from warehouse import quality, registry
from warehouse.detail import rows
from warehouse.home import Home
from warehouse.indicators import compute
from warehouse.lake import open_reader, reading
from warehouse.periods import parse_period
from warehouse.scope import Scope


@pytest.fixture
def cursor(demo_home):
    with reading(open_reader(Home(demo_home))) as found:
        yield found


def _ask(cursor, indicator_id, period="all", **options):
    return compute(cursor, indicator_id, parse_period(period), scope=Scope.everything(), **options)


@pytest.mark.parametrize(
    ("indicator_id", "count"),
    [
        ("complaint_count", 10_453),
        ("review_count", 215),
        ("opinion_count", 287),
        ("outreach_event_count", 906),
    ],
)
def test_every_case_is_there_once(cursor, indicator_id, count):
    assert _ask(cursor, indicator_id)["value"][0] == count


def test_rows_are_conserved_in_every_batch(cursor):
    batches = quality.batches(cursor)
    parts = ["inserted", "updated", "unchanged", "quarantined", "ignored"]
    total = pl.sum_horizontal(f"rows_{part}" for part in parts)
    assert batches.select((total == pl.col("rows_read")).all()).item()
    assert batches["is_demo"].all()
    assert batches["rows_updated"].sum() == 49


def test_the_planted_faults_are_quarantined_and_unknown_values_kept(cursor):
    issues = quality.row_issues(cursor).filter(pl.col("disposition") == "quarantined")
    assert sorted(issues["value_masked"].fill_null("").to_list()) == [
        "", "105", "2025-02-08", "2025-02-30",
    ]  # fmt: skip
    unmapped = {row[2]: row[3] for row in quality.unmapped_values(cursor).rows()}
    assert unmapped == {"数字人民币": 3, "开放银行": 2, "电话（远程银行中心）": 1}


def test_every_exam_has_its_three_sections(cursor):
    sections = _ask(cursor, "exam_section_mean_score", by=["exam_name", "section"])
    assert sections.group_by("exam_name").len()["len"].to_list() == [3] * 7
    assert sections["value"].is_between(40, 100).all()


def test_the_slow_sub_branch_stands_out(cursor):
    medians = dict(
        _ask(cursor, "handling_days_median", "2025", by=["sub_branch"])
        .select("sub_branch", "value")
        .rows()
    )
    others = [value for name, value in medians.items() if name != "港湾支行"]
    assert medians["港湾支行"] >= 1.8 * max(others) * 0.9
    assert len(others) == 19


def test_the_fee_wave_rises_and_falls(cursor):
    where = {"category_group": ["信用卡"], "cause_group": ["定价收费"]}
    by_month = dict(
        _ask(cursor, "complaint_count", by=["month"], where=where).select("month", "value").rows()
    )
    wave = [by_month[m] for m in ("2025-09", "2025-10", "2025-11", "2025-12", "2026-01")]
    assert min(wave) > 1.5 * max(v for m, v in by_month.items() if v not in wave)


CUTS = [
    {},
    {"sub_branch": ["城东支行", "高新区第11支行"]},
    {"sub_branch": ["港湾支行"], "category_group": ["信用卡"]},
]


@pytest.mark.parametrize("indicator_id", registry.indicators())
@pytest.mark.parametrize("where", CUTS, ids=["all", "two", "slow"])
@pytest.mark.parametrize("period", ["all", "2025Q4", "2025-11-03..2026-02-10"])
def test_the_rows_listed_are_exactly_the_rows_counted(cursor, indicator_id, period, where):
    asked = registry.indicator(indicator_id)
    where = {name: wanted for name, wanted in where.items() if name in asked.dimensions}
    counted = _ask(cursor, indicator_id, period, where=where).row(0, named=True)
    listed = rows(cursor, indicator_id, parse_period(period), where=where, scope=Scope.everything())
    for part in ("numerator", "denominator"):
        if counted[part] is not None:
            assert listed[part].fill_null(0).sum() == pytest.approx(counted[part])
    if counted["value"] is None:
        assert listed.height == 0
