"""The demo extracts through the real loader: what docs/demo.md promises is what the lake holds."""

import polars as pl
import pytest

from warehouse import marts, quality, registry
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


@pytest.mark.parametrize(
    ("subject_id", "measure", "count"),
    [
        ("training", "attendance_count", 5_186),
        ("inspection", "inspection_count", 217),
        ("inspection", "issue_count", 264),
        ("double_recording", "required_count", 3_391),
        ("policy_check", "policy_item_count", 2_957),
        ("service_facility", "care_window_change", 59),
        ("product_launch", "launch_count", 122),
        ("product_launch", "reviewed_launch_count", 119),
    ],
)
def test_every_row_of_work_is_there_once(cursor, subject_id, measure, count):
    assert cursor.execute(f"select sum({measure}) from {subject_id}").fetchone() == (count,)


@pytest.mark.parametrize("subject_id", registry.subjects())
def test_month_sums_are_those_of_the_rows(cursor, subject_id):
    subject = registry.subjects()[subject_id]
    sums = ", ".join(f"sum({measure})::double" for measure in subject.measures)
    by_month = "date_trunc('month', event_date)::date"
    ordered = "group by all order by all nulls last"
    rows_held = f"select {by_month} as month, sub_branch, {sums} from {subject_id} {ordered}"
    wanted = cursor.execute(rows_held).fetchall()
    assert wanted
    for mart in subject.marts:
        table = marts.relation(subject, mart)
        held = f"select event_date as month, sub_branch, {sums} from {table} {ordered}"
        assert cursor.execute(held).fetchall() == [pytest.approx(row) for row in wanted]


def test_people_of_trainings_and_exams_are_the_same(cursor):
    [(trained, also_examined)] = cursor.execute(
        """
        select
            count(distinct person_key),
            count(distinct person_key) filter (
                person_key in (select person_key from lake.core.exam_result)
            ),
        from training
        """
    ).fetchall()
    assert also_examined > 0.95 * trained


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
        "", "105", "2024-05-01 00:00:00", "2025-02-08", "2025-02-30", "2062-03-10",
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


# Every indicator by every single cut stands in test_rows_are_counted; here several filters at once.
ONE_OF_EACH = {(one.subject, one.kind): one.id for one in registry.indicators().values()}
FILTERS = [
    {},
    {"sub_branch": ["城东支行", "高新区第11支行"]},
    {"sub_branch": ["港湾支行"], "category_group": ["信用卡"], "staff_level": ["基层员工"]},
]


@pytest.mark.parametrize("indicator_id", ONE_OF_EACH.values())
@pytest.mark.parametrize(
    ("period", "where"),
    [("all", FILTERS[0]), *(("2025-11-03..2026-02-10", where) for where in FILTERS)],
    ids=["all", "odd", "odd-two", "odd-slow"],
)
def test_the_rows_listed_are_exactly_the_rows_counted(cursor, indicator_id, period, where):
    asked = registry.indicator(indicator_id)
    where = {name: wanted for name, wanted in where.items() if name in asked.dimensions}
    counted = _ask(cursor, indicator_id, period, where=where).row(0, named=True)
    listed = rows(cursor, indicator_id, parse_period(period), where=where, scope=Scope.everything())
    if asked.key:
        once = listed.filter(pl.col("numerator") != 0)["counted_once"]
        assert once.drop_nulls().n_unique() == (counted["numerator"] or 0)
    elif counted["numerator"] is not None:
        assert listed["numerator"].fill_null(0).sum() == pytest.approx(counted["numerator"])
    # What a rate is divided by stands in the organisations' base, not in the rows.
    if asked.base is None and counted["denominator"] is not None:
        assert listed["denominator"].fill_null(0).sum() == pytest.approx(counted["denominator"])
    if counted["value"] is None and asked.base is None:
        assert listed.height == 0
