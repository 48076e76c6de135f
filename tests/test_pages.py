"""Every page through app.py: calm on demo data, real data and no data; figures equal the source."""

import ast
import csv
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from statistics import median

import duckdb
import polars as pl
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.conftest import EXTRACTS
from tests.pages_fixtures import (
    PAGES,
    ROOT,
    WITHOUT_CHARTS,
    Open,
    assert_calm,
    figure,
    go,
    opener,
    traces,
    words,
)
from warehouse import lake
from warehouse.entities import entities
from warehouse.home import Home

QUARTER = "2025Q2"
FIRST, LAST = date(2025, 4, 1), date(2025, 6, 30)


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> Open:
    return opener(monkeypatch, demo_home)


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch, real_home: Path) -> Open:
    return opener(monkeypatch, real_home)


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch, empty_home: Path) -> Open:
    return opener(monkeypatch, empty_home)


def core(home: Path, sql: str) -> list[tuple]:
    """Rows straight from the loaded tables, without the views and indicators under test."""
    hub = lake.open_reader(Home(home.resolve()))
    try:
        with lake.reading(hub) as cursor:
            return cursor.execute(sql).fetchall()
    finally:
        hub.close()


def test_every_page_file_is_in_the_list_of_app_py() -> None:
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    listed = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and str(node.value).startswith("pages/")
    }
    assert listed == {f"pages/{path.name}" for path in (ROOT / "pages").glob("[a-z]*.py")}
    # The explanation draws nothing without a number to explain; it has tests of its own.
    assert {f"pages/{page}.py" for page in (*PAGES, "explain")} == listed


@pytest.mark.parametrize("page", PAGES)
def test_page_is_calm_on_demo_data(demo: Open, page: str) -> None:
    app = demo(page, period=QUARTER)
    assert_calm(app)
    text = words(app)
    assert "演示数据" in text
    assert "快照 #" in text
    assert "数据截至" in text
    if page not in WITHOUT_CHARTS:
        assert len(app.get("plotly_chart")) > 0


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("period", ["all", "2026-06", "2024", "2031Q1"])
def test_page_is_calm_in_any_period(demo: Open, page: str, period: str) -> None:
    assert_calm(demo(page, period=period, vs="last_year"))


@pytest.mark.parametrize("page", PAGES)
def test_page_is_calm_where_the_filters_leave_nothing(demo: Open, page: str) -> None:
    app = demo(page, period="2025-01", branch="港湾支行", category="国库", channel="信访")
    assert_calm(app)


@pytest.mark.parametrize("page", PAGES)
def test_page_is_calm_on_real_data(real: Open, page: str) -> None:
    app = real(page, period="2014Q1")
    assert_calm(app)
    assert "演示数据" not in words(app)


@pytest.mark.parametrize(
    ("page", "entity"),
    [("exams", "exam_result"), ("reviews", "review"), ("outreach", "outreach_event")],
)
def test_a_page_without_data_names_the_file_that_brings_them(
    real: Open, page: str, entity: str
) -> None:
    app = real(page, period="2014Q1")
    [told] = [i.value for i in app.info if f"《{entities()[entity].file_zh}》" in i.value]
    assert "ingest/inbox" in told
    assert len(app.get("plotly_chart")) == 0


# The upload page is what brings the first data, so it works without any; it has tests of its own.
@pytest.mark.parametrize("page", [page for page in PAGES if page != "upload"])
def test_an_empty_installation_says_what_to_do(empty: Open, page: str) -> None:
    app = empty(page)
    assert_calm(app)
    assert app.title[0].value == "还没有装载任何数据"
    assert "《投诉台账》" in words(app)
    assert "python -m ingest" in words(app)


def test_a_period_without_exams_names_the_quarters_that_have_some(demo: Open) -> None:
    app = demo("exams", period="2025Q1")
    assert "没有记录" in app.info[0].value
    assert "2025年第2季度" in app.info[0].value


def test_choices_survive_a_change_of_page(demo: Open) -> None:
    app = demo("overview")
    app.multiselect(key="branch").set_value(["城东支行", "港湾支行"]).run()
    app.segmented_control(key="vs").set_value("last_year").run()
    app.selectbox(key="period").set_value(QUARTER).run()
    go(app, "handling_time")
    assert app.multiselect(key="branch").value == ["城东支行", "港湾支行"]
    assert app.segmented_control(key="vs").value == "last_year"
    assert app.selectbox(key="period").value == QUARTER
    assert "支行：城东支行、港湾支行" in words(app)


def test_the_address_sets_the_widgets(demo: Open) -> None:
    app = demo("complaint_mix", period="2025-04", vs="last_year", branch=["港湾支行"], channel="-")
    assert app.selectbox(key="period").value == "2025-04"
    assert app.segmented_control(key="vs").value == "last_year"
    assert app.multiselect(key="branch").value == ["港湾支行"]


@pytest.mark.parametrize("page", PAGES)
def test_nonsense_in_the_address_is_dropped(demo: Open, page: str) -> None:
    app = demo(
        page, period="2025Q9", vs="bogus", branch=["不存在支行", "城东支行"], category="'; --"
    )
    assert_calm(app)
    assert app.selectbox(key="period").value == "2026Q1"
    assert app.segmented_control(key="vs").value == "previous"
    assert app.multiselect(key="branch").value == ["城东支行"]
    assert app.multiselect(key="category").value == []


def test_the_default_is_the_newest_complete_quarter(demo: Open) -> None:
    app = demo("overview")
    assert app.selectbox(key="period").value == "2026Q1"
    assert app.selectbox(key="period").options[0] == "2026年第1季度"
    assert "2026年第2季度（未满）" in app.selectbox(key="period").options


def test_one_click_clears_every_filter(demo: Open) -> None:
    app = demo("complaint_mix", period=QUARTER, branch="港湾支行", category="信用卡")
    app.button[0].click().run()
    assert app.multiselect(key="branch").value == []
    assert app.multiselect(key="category").value == []
    assert app.selectbox(key="period").value == QUARTER


def test_a_filter_that_does_not_apply_says_so(demo: Open) -> None:
    app = demo("exams", period=QUARTER, category="信用卡")
    assert "业务大类筛选不适用于本页。" in [element.value for element in app.info]
    fitting = demo("complaint_mix", period=QUARTER, category="信用卡")
    assert "筛选不适用" not in words(fitting)


def test_an_incomplete_period_is_marked(demo: Open) -> None:
    app = demo("overview", period="2026Q2")
    assert "未满期（截至 2026-06-16）" in words(app)
    assert "未满期，不宜与" in words(app)
    assert "未满，数据截至 2026-06-16" in words(demo("complaint_mix", period="2026Q2"))


def test_tiles_have_unit_denominator_and_change(demo: Open) -> None:
    text = words(demo("overview", period=QUARTER))
    assert "投诉量" in text
    assert "<small>件</small>" in text
    assert "百分点" in text
    assert "已评价" in text
    assert "较2025年第1季度" in text


def received(home: Path) -> pl.DataFrame:
    """Complaints received in the quarter under test."""
    rows = core(
        home,
        f"""
        select complaint.org_name, category, cause, intake_channel, received_at, decided_at,
            closed_at, withdrawn_at
        from lake.core.complaint where received_at::date between '{FIRST}' and '{LAST}'
        """,
    )
    names = ["org", "category", "cause", "channel", "received", "decided", "closed", "withdrawn"]
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)


def test_the_cells_of_the_channel_table_are_the_rows_of_the_ledger(
    demo: Open, demo_home: Path
) -> None:
    app = demo("complaint_mix", period=QUARTER)
    held = figure(app, "complaint_mix.intake_channel")
    cells = held["data"][0]["z"]
    found = received(demo_home)
    assert sum(map(sum, cells)) == len(found)
    labels = [text.split("  <b>")[0] for text in held["layout"]["yaxis"]["ticktext"]]
    by_label = dict(zip(labels, map(sum, cells), strict=True))
    expected = Counter(found["channel"].fill_null("未填报"))
    assert {name.removesuffix("（未映射）"): n for name, n in by_label.items()} == expected


def test_the_filter_changes_the_chart_to_the_rows_it_leaves(demo: Open, demo_home: Path) -> None:
    whole = demo("complaint_mix", period=QUARTER)
    part = demo("complaint_mix", period=QUARTER, channel="客服热线")
    expected = sum(received(demo_home)["channel"] == "客服热线")
    sums = [sum(traces(app, "complaint_mix.cause", "bar")[0]["x"]) for app in (whole, part)]
    assert sums == [len(received(demo_home)), expected]
    assert f"N = {expected} 件" in words(part)
    assert "受理渠道：客服热线" in words(part)


def test_the_monthly_median_is_the_median_of_the_rows(demo: Open, demo_home: Path) -> None:
    app = demo("handling_time", period=QUARTER)
    series = {trace["name"]: trace["y"] for trace in traces(app, "handling_time.trend", "scatter")}
    rows = core(
        demo_home,
        """
        select coalesce(withdrawn_at, decided_at, closed_at)::date, received_at::date
        from lake.core.complaint
        where coalesce(withdrawn_at, decided_at, closed_at)::date
            between '2025-06-01' and '2025-06-30'
        """,
    )
    days = [(ended - began).days for ended, began in rows if ended >= began]
    assert series["中位数"][-1] == pytest.approx(median(days))
    assert series["平均"][-1] == pytest.approx(sum(days) / len(days))


def test_the_five_bands_are_the_scores_of_the_ledger(demo: Open, demo_home: Path) -> None:
    app = demo("exams", period=QUARTER)
    rows = core(
        demo_home,
        f"""
        select score * 100 / full_score from lake.core.exam_result
        where exam_date between '{FIRST}' and '{LAST}' and score is not null
        """,
    )
    bands = [0] * 5
    for (score,) in rows:
        bands[sum(score >= edge for edge in (60, 70, 80, 90))] += 1
    assert traces(app, "exams.bands", "bar")[0]["x"] == bands
    assert sum(traces(app, "exams.scores", "bar")[0]["y"]) == len(rows)


def test_outreach_adds_up_events_and_person_times(demo: Open, demo_home: Path) -> None:
    app = demo("outreach", period=QUARTER)
    [(events, audience)] = core(
        demo_home,
        f"""
        select count(*), sum(audience_count) from lake.core.outreach_event
        where start_at::date between '{FIRST}' and '{LAST}'
        """,
    )
    assert sum(traces(app, "outreach.activity_form.events", "bar")[0]["x"]) == events
    assert sum(traces(app, "outreach.activity_form.audience", "bar")[0]["x"]) == audience
    assert f"{audience:,}" in words(app)
    assert "受众人数" not in words(app)


def test_reviews_show_first_pass_with_its_counts(demo: Open, demo_home: Path) -> None:
    app = demo("reviews", period="2025")
    rows = core(
        demo_home,
        """
        select review_type, count(*) filter (where is_first_pass), count(is_first_pass)
        from lake.core.review
        where coalesce(submitted_date, accepted_date, opinion_date)
            between '2025-01-01' and '2025-12-31' and is_first_pass is not null
        group by all
        """,
    )
    held = figure(app, "reviews.types")
    shown = dict(zip(held["layout"]["yaxis"]["ticktext"], held["data"][0]["x"], strict=True))
    assert min(below for _name, _above, below in rows) < 5
    assert shown == pytest.approx(
        {name: 100 * above / below if below >= 5 else None for name, above, below in rows}
    )
    texts = "".join(note["text"] for note in held["layout"]["annotations"])
    assert all(
        (f"（{above}/{below} 项）" if below >= 5 else f"n={below}，少于 5") in texts
        for _name, above, below in rows
    )


def test_open_cases_age_until_the_day_of_the_data(demo: Open, demo_home: Path) -> None:
    app = demo("handling_time", period="2026Q2")
    bands = traces(app, "handling_time.ageing", "bar")[0]
    text = words(app)
    assert "时点 2026-06-16" in text
    assert f"N = {sum(bands['y']):,.0f} 件" in text


def test_products_of_a_real_database_equal_the_file(real: Open) -> None:
    app = real("complaint_mix", period="2014Q1")
    found: Counter[str] = Counter()
    with (EXTRACTS / "cfpb_complaints_2013_2015.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            received = datetime.strptime(row["Date received"], "%m/%d/%Y").date()  # noqa: DTZ007
            if date(2014, 1, 1) <= received <= date(2014, 3, 31):
                found[row["Company"]] += 1
    cells = figure(app, "complaint_mix.intake_channel")["data"][0]["z"]
    assert sum(map(sum, cells)) == sum(found.values())


def test_attainment_lists_every_indicator_with_a_status(demo: Open) -> None:
    text = words(demo("attainment", period=QUARTER))
    assert "■ 未达标" in text or "● 达标" in text
    assert "○ 无阈值" in text
    assert "示例" in text
    assert "≥ 98.0%" in text
    assert "n=" in text


def test_without_demo_data_no_example_threshold_judges_anybody(real: Open) -> None:
    text = words(real("attainment", period="2014Q1"))
    assert "示例" not in text
    assert "没有在用的阈值" in text


def test_data_quality_tells_what_became_of_every_row(demo: Open, demo_home: Path) -> None:
    app = demo("data_quality")
    text = words(app)
    [sums] = core(
        demo_home,
        """
        select sum(rows_read), sum(rows_inserted), sum(rows_updated), sum(rows_unchanged),
            sum(rows_quarantined), sum(rows_ignored) from lake.meta.batch
        """,
    )
    assert sums[0] == sum(sums[1:])
    assert f"读入 <b>{sums[0]:,}</b> 行" in text
    assert "数字人民币" in text
    assert app.segmented_control(key="data_quality.disposition").value == "quarantined"


def test_held_back_rows_name_file_row_column_and_reason(demo: Open, demo_home: Path) -> None:
    text = words(demo("data_quality"))
    rows = core(
        demo_home,
        """
        select source_row, column_name, message from lake.meta.row_issue
        where disposition = 'quarantined'
        """,
    )
    assert rows
    for source_row, column, message in rows:
        assert f"{source_row:,}" in text
        assert column in text
        assert message.split("“")[0] in text


def test_a_failing_query_is_a_calm_sentence(demo: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> AppTest:
        message = "disk gone"
        raise duckdb.IOException(message)

    st.cache_data.clear()
    monkeypatch.setattr("warehouse.compare.compute", fail)
    app = demo("overview", period=QUARTER)
    assert [element.message for element in app.exception] == []
    assert "暂时无法显示" in app.error[0].value
    assert "disk gone" not in words(app)
    assert "快照 #" in words(app)
