"""Training, inspections, recorded sales, launches, service points, counts, timeliness, satisfaction."""

import html
import re
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.figures_marks import dumbbells
from pages.ui.inspecting.policies import weakest
from pages.ui.rates.figure import Bar, to_hundred
from tests.pages_fixtures import (
    Open,
    assert_calm,
    figure,
    opener,
    plain,
    tile,
    traces,
    words,
)
from tests.tables import fill_lake
from tests.test_pages import core
from warehouse import lake
from warehouse.home import Home
from warehouse.indicators import compute
from warehouse.overdue import overdue_issues
from warehouse.periods import parse_period
from warehouse.scope import Scope

QUARTER = "2026Q1"
DAYS = ("2026-01-01", "2026-03-31")
WORK_PAGES = (
    "inspections", "exams", "reviews", "outreach", "complaint_mix", "handling_time",
)  # fmt: skip
# An organisation's sub-branch, straight from the loaded tables.
SUB_BRANCH = """
    (select coalesce(max(case org_level when '网点' then parent_org_name else org_name end), {name})
    from lake.core.organisation as o where o.org_name = {name})
"""
REGISTER = """
    org_name | org_level | parent_org_name | display_order
    甲支行    | 支行       | 分行             | 1
    乙支行    | 支行       | 分行             | 2
    甲一网点  | 网点       | 甲支行           |
    甲二网点  | 网点       | 甲支行           |
"""
BASE = """
    org_name | period_start | period_end | outlet_count | personal_customer_count | staff_count | manager_count | new_staff_count
    甲支行    | 2026-03-01   | 2026-03-31 | 2            | 20000                   | 2           | 1             | 0
    乙支行    | 2026-03-01   | 2026-03-31 | 1            | 30000                   | 4           | 1             | 1
"""  # noqa: E501
TRAINING = """
    training_name | held_date  | org_name | person_key | training_form | hours | is_attended
    新规           | 2026-02-03 | 甲支行    | p1         | 线上课程       | 2     | true
    新规           | 2026-02-03 | 甲支行    | p2         | 线上课程       | 2     | false
    案例           | 2026-03-04 | 甲支行    | p1         | 案例教学       | 1.5   | true
    案例           | 2026-03-04 | 乙支行    | p3         | 案例教学       | 1.5   | true
"""
EXAMS = """
    exam_name | person_key | org_name | exam_date  | score | full_score | attendance
    季度考试   | p1         | 甲支行    | 2026-03-05 | 80    | 100        | 参考
"""


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> Open:
    return opener(monkeypatch, demo_home)


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch, real_home: Path) -> Open:
    return opener(monkeypatch, real_home)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Opens a page over a lake with just these tables."""

    def open_small(page: str, *, period: str = QUARTER, **tables: str) -> AppTest:
        home = fill_lake(tmp_path / page, DAYS, **tables)
        app = opener(monkeypatch, home.root)(page, period=period)
        assert_calm(app)
        return app

    return open_small


def bars(app: AppTest, key: str) -> dict[str, tuple[float | None, str]]:
    """Value and words at the end of each bar of a figure to 100 %, by label, from the top."""
    held = figure(app, key)
    values = traces(app, key, "bar")[0]["x"]
    ends = {note["y"]: note["text"] for note in held["layout"]["annotations"]}
    labels = held["layout"]["yaxis"]["ticktext"]
    return {
        label: (value, ends[at])
        for at, (label, value) in enumerate(zip(labels, values, strict=True))
    }


def table(app: AppTest, name: str) -> list[list[str]]:
    """The cells of a table as a reader sees them, row by row."""
    for element in app.get("html"):
        body = element.proto.body
        if f"aria-label='{html.escape(name)}'" in body:
            rows = re.findall(r"<tr>(.*?)</tr>", body.split("<tbody>")[1])
            cells = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in rows]
            return [[plain(cell) for cell in row] for row in cells]
    message = f"no table {name!r}"
    raise AssertionError(message)


@pytest.mark.parametrize("page", WORK_PAGES)
@pytest.mark.parametrize("period", ["all", "2026-06", "2024", "2031Q1", QUARTER])
def test_pages_are_calm_in_any_period(demo: Open, page: str, period: str) -> None:
    assert_calm(demo(page, period=period, vs="last_year"))


@pytest.mark.parametrize("page", WORK_PAGES)
def test_pages_are_calm_where_the_filters_leave_nothing(demo: Open, page: str) -> None:
    assert_calm(demo(page, period="2025-01", branch="港湾支行", category="国库", channel="信访"))


@pytest.mark.parametrize(
    ("page", "files"),
    [
        ("inspections", ["检查整改台账", "制度执行检查表", "双录质检台账"]),
        ("exams", ["培训签到台账", "考试成绩"]),
        ("reviews", ["上线事项清单", "消保审查台账"]),
        ("outreach", ["宣传活动台账", "特殊群体服务设施台账"]),
    ],
)
def test_every_section_names_the_file_that_brings_it(
    real: Open, page: str, files: list[str]
) -> None:
    app = real(page, period="2014Q1")
    assert_calm(app)
    assert [
        "《" + name + "》" in info.value for name, info in zip(files, app.info, strict=True)
    ] == [True] * len(files)
    assert len(app.get("plotly_chart")) == 0


def test_filters_that_no_inspection_has_are_named(demo: Open) -> None:
    app = demo("inspections", period=QUARTER, category="信用卡")
    assert app.info[0].value == "业务大类筛选不适用于本页。"


def test_training_coverage_is_the_different_people_over_the_staff(
    demo: Open, demo_home: Path
) -> None:
    shown = bars(demo("exams", period=QUARTER), "training.coverage")
    reached = dict(
        core(
            demo_home,
            f"""
            select {SUB_BRANCH.format(name="t.org_name")} as sub_branch, count(distinct person_key)
            from lake.core.training_attendance as t
            where held_date between '{DAYS[0]}' and '{DAYS[1]}' and is_attended
            group by all
            """,
        )
    )
    staff = core(
        demo_home,
        "select org_name, staff_count from lake.core.organisation_denominator "
        "where period_start = '2026-03-01'",
    )
    expected = {name: 100 * reached.get(name, 0) / count for name, count in staff}
    assert len(expected) > 10
    assert {name: value for name, (value, _words) in shown.items()} == pytest.approx(expected)
    assert [value for value, _words in shown.values()] == sorted(expected.values())
    for name, count in staff:
        assert f"（{reached.get(name, 0)}/{count} 人）" in shown[name][1]


def test_training_alone_is_shown_and_the_exam_part_says_what_is_missing(small: Any) -> None:
    app = small(
        "exams", training_attendance=TRAINING, organisation=REGISTER, organisation_denominator=BASE
    )
    assert "《考试成绩》" in app.info[0].value
    shown = bars(app, "training.coverage")
    assert list(shown) == ["乙支行", "甲支行"]
    assert [value for value, _words in shown.values()] == [25, 50]
    assert shown["乙支行"][1].endswith("25.0%（1/4 人）")
    amounts = table(app, "参训人次、场次与学时：按培训形式")
    assert amounts == [["线上课程", "1", "1", "2.0"], ["案例教学", "2", "1", "3.0"]]
    assert traces(app, "training.months", "bar")[0]["y"][-2:] == [1, 2]


def test_exams_alone_are_shown_and_the_training_part_says_what_is_missing(small: Any) -> None:
    app = small("exams", exam_result=EXAMS, organisation=REGISTER)
    assert [info.value for info in app.info if "《培训签到台账》" in info.value]
    assert traces(app, "exams.bands", "bar")[0]["x"] == [0, 0, 0, 1, 0]


def test_coverage_without_a_base_says_which_base_is_missing(small: Any) -> None:
    app = small("exams", training_attendance=TRAINING, organisation=REGISTER)
    assert bars(app, "training.coverage") == {
        "甲支行": (None, "—（缺在岗员工）"),
        "乙支行": (None, "—（缺在岗员工）"),
    }


INSPECTIONS = """
    inspection_id | org_name | inspection_kind | inspected_date
    j1            | 甲一网点  | 内部检查         | 2026-01-05
    j2            | 甲二网点  | 飞行检查         | 2026-01-06
    j3            | 乙支行    | 监管检查         | 2026-01-07
"""
ISSUES = """
    inspection_id | org_name | issue_no | issue_category | issue_masked | due_date   | rectified_date
    j1            | 甲一网点  | 1        | 销售行为        | 甲            | 2026-02-01 | 2026-01-20
    j1            | 甲一网点  | 2        | 销售行为        | 乙            | 2026-02-01 | 2026-02-20
    j1            | 甲一网点  | 3        | 销售行为        | 丙            | 2026-02-01 | 2026-02-01
    j1            | 甲一网点  | 4        | 销售行为        | 丁            | 2026-03-01 |
    j1            | 甲一网点  | 5        | 销售行为        | 戊            | 2026-03-02 |
    j2            | 甲二网点  | 1        | 销售行为        | 己            | 2026-03-03 | 2026-03-03
    j3            | 乙支行    | 1        | 信息披露        | 庚            | 2026-02-03 |
    j3            | 乙支行    | 2        | 信息披露        | 辛            | 2026-04-03 |
"""


def test_rates_of_few_issues_are_shown_because_each_is_a_duty(small: Any) -> None:
    app = small(
        "inspections", inspection=INSPECTIONS, inspection_issue=ISSUES, organisation=REGISTER
    )
    shown = bars(app, "inspections.rectified.issue_category")
    assert shown == {
        "销售行为": (pytest.approx(400 / 6), "66.7%（4/6 个）"),
        "信息披露": (0.0, "0.0%（0/1 个）"),
    }
    grid = table(app, "整改完成率与按期整改率：按支行")
    assert grid == [
        ["甲支行", "66.7% 4/6", "—", "50.0% 3/6"],
        ["乙支行", "—", "■ 0.0% 0/1", "0.0% 0/1"],
    ]
    assert "0.0" in tile(app, "监管检查整改完成率")


def test_overdue_issues_are_listed_with_days_the_longest_first(small: Any) -> None:
    tables = {"inspection": INSPECTIONS, "inspection_issue": ISSUES, "organisation": REGISTER}
    listed = table(small("inspections", **tables), "逾期未整改的问题，逾期久的在前")
    assert [(row[0], row[1], row[2], row[6]) for row in listed] == [
        ("56", "2026-02-03", "乙支行", "庚"),
        ("30", "2026-03-01", "甲一网点", "丁"),
        ("29", "2026-03-02", "甲一网点", "戊"),
    ]


def test_what_was_due_before_the_period_stays_on_the_list(small: Any) -> None:
    tables = {"inspection": INSPECTIONS, "inspection_issue": ISSUES, "organisation": REGISTER}
    listed = table(
        small("inspections", period="2026-03", **tables), "逾期未整改的问题，逾期久的在前"
    )
    assert [row[0] for row in listed] == ["56", "30", "29"]


@pytest.mark.parametrize("period", ["all", QUARTER, "2025"])
@pytest.mark.parametrize("kind", ["内部检查", "监管检查"])
def test_the_overdue_are_what_the_rate_counts_as_not_rectified(
    demo_home: Path, period: str, kind: str
) -> None:
    hub = lake.open_reader(Home(demo_home))
    everyone, asked, where = Scope.everything(), parse_period(period), {"inspection_kind": [kind]}
    with lake.reading(hub) as cursor:
        found = overdue_issues(cursor, asked, where=where, scope=everyone)
        rate = compute(cursor, "issue_rectified_rate", asked, where=where, scope=everyone)
    hub.close()
    assert len(found) == (rate["denominator"][0] or 0) - (rate["numerator"][0] or 0)
    assert found["days_late"].to_list() == sorted(found["days_late"], reverse=True)


def test_a_reader_with_a_scope_sees_the_overdue_of_his_sub_branches_only(tmp_path: Path) -> None:
    home = fill_lake(
        tmp_path, DAYS, inspection=INSPECTIONS, inspection_issue=ISSUES, organisation=REGISTER
    )
    hub = lake.open_reader(home)
    with lake.reading(hub) as cursor:
        seen = overdue_issues(cursor, parse_period("all"), scope=Scope(frozenset({"乙支行"})))
    hub.close()
    assert seen["issue_masked"].to_list() == ["庚"]


def test_inspected_outlets_count_once_and_regulators_do_not_cover(small: Any) -> None:
    app = small(
        "inspections", inspection=INSPECTIONS, inspection_issue=ISSUES,
        organisation=REGISTER, organisation_denominator=BASE,
    )  # fmt: skip
    shown = bars(app, "inspections.coverage")
    assert {name: value for name, (value, _words) in shown.items()} == {"甲支行": 100, "乙支行": 0}
    kinds = table(app, "检查次数与发现问题：按检查类型")
    assert kinds == [["内部检查", "1", "5"], ["飞行检查", "1", "1"], ["监管检查", "1", "2"]]


def test_policies_are_the_items_of_the_checks(demo: Open, demo_home: Path) -> None:
    app = demo("inspections", period=QUARTER)
    rows = core(
        demo_home,
        f"""
        select policy_name, count(*) filter (where is_executed), count(is_executed)
        from lake.core.policy_check
        where checked_date between '{DAYS[0]}' and '{DAYS[1]}' group by all
        """,
    )
    shown = bars(app, "policies.policy_name")
    assert {name: value for name, (value, _words) in shown.items()} == pytest.approx(
        {name: 100 * above / below for name, above, below in rows}
    )
    values = [value for value, _words in shown.values()]
    assert values == sorted(values)
    missed = sum(below - above for _name, above, below in rows)
    assert f"N = {missed} 条" in words(app)


def test_items_most_often_not_kept_come_first_with_their_places() -> None:
    findings = pl.DataFrame(
        [("甲办法", "留痕", place) for place in ("a", "b", "c", "d", "a")]
        + [("乙办法", "登记", "b"), ("甲办法", "告知", "c")],
        schema=["policy_name", "check_item", "org_name"],
        orient="row",
    )
    found = weakest(findings).select("policy_name", "check_item", "often", "places").rows()
    assert found == [
        ("甲办法", "留痕", 5, "a、b、c等 4 家"),
        ("乙办法", "登记", 1, "b"),
        ("甲办法", "告知", 1, "c"),
    ]


def test_recordings_by_product_are_those_of_the_ledger(demo: Open, demo_home: Path) -> None:
    app = demo("inspections", period=QUARTER)
    rows = core(
        demo_home,
        f"""
        select
            product_type,
            count(*) filter (where is_required is distinct from false and is_recorded),
            count(*) filter (where is_required is distinct from false and is_recorded is not null),
            count(*) filter (where is_qualified),
            count(is_qualified),
        from lake.core.double_recording
        where sold_date between '{DAYS[0]}' and '{DAYS[1]}' group by all
        """,
    )
    for key, at in (("double_recording_coverage", 1), ("double_recording_qualified_rate", 3)):
        shown = bars(app, f"recording.{key}")
        counted = [row for row in rows if row[at + 1]]
        assert set(shown) == {row[0] for row in counted}
        for row in counted:
            value, text = shown[row[0]]
            if row[at + 1] < 5:
                assert value is None
            else:
                assert value == pytest.approx(100 * row[at] / row[at + 1])
                assert f"（{row[at]:,}/{row[at + 1]:,} 笔）" in text


def test_launches_without_a_review_are_listed(demo: Open, demo_home: Path) -> None:
    app = demo("reviews", period="all")
    rows = core(
        demo_home,
        """
        select launch_id from lake.core.product_launch
        where review_id is null and is_reviewed_stated is distinct from true
        order by launched_date desc, launch_id
        """,
    )
    assert rows
    listed = [row[0] for row in table(app, "没有经过消保审查就上线的事项")]
    assert listed == [name for (name,) in rows][: len(listed)]
    assert f"N = {len(rows)} 项" in words(app)


def test_a_full_coverage_of_launches_says_so(small: Any) -> None:
    launches = """
        launch_id | launch_name | org_name | review_type | launched_date | review_id
        s1        | 甲产品       | 甲支行    | 新产品立项   | 2026-02-03    | r1
    """
    app = small("reviews", product_launch=launches, organisation=REGISTER)
    assert "所选期间上线的事项都有消保审查编号" in words(app)
    assert bars(app, "review_coverage.types") == {"新产品立项": (100.0, "● 100.0%（1/1 项）")}
    assert "《消保审查台账》" in app.info[0].value


FACILITIES = """
    facility_key | org_name | facility_kind  | unit_count | started_date | ended_date
    f1           | 甲一网点  | 爱心窗口        | 1          | 2025-05-01   |
    f2           | 甲二网点  | 爱心窗口        | 1          | 2026-02-10   |
    f3           | 甲一网点  | 适老化网点      | 1          | 2025-05-01   | 2026-03-01
    f4           | 甲一网点  | 无障碍智能柜员机 | 3          | 2026-01-15   |
"""


def test_service_points_are_the_stock_at_the_end(small: Any) -> None:
    app = small("outreach", service_facility=FACILITIES, organisation=REGISTER)
    assert "《宣传活动台账》" in app.info[0].value
    assert table(app, "期末在用：按支行") == [
        ["甲支行", "2", "0", "0", "3"],
        ["乙支行", "0", "0", "0", "0"],
    ]
    courses = {t["name"]: t["y"] for t in traces(app, "facilities.outlets", "scatter")}
    assert courses["爱心窗口"] == [1, 2, 2]
    assert courses["适老化网点"] == [1, 1, 0]
    assert traces(app, "facilities.machines", "scatter")[0]["y"] == [3, 3, 3]


def test_a_list_of_one_day_shows_no_growth(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    day = ("2026-03-31", "2026-03-31")
    home = fill_lake(tmp_path, day, service_facility=FACILITIES, organisation=REGISTER)
    app = opener(monkeypatch, home.root)("outreach", period=QUARTER)
    assert_calm(app)
    assert "已装载的台账只说明 2026-03-31 的在用情况" in words(app)
    assert len(app.get("plotly_chart")) == 0


def test_merged_counts_leave_the_repeats_out(demo: Open, demo_home: Path) -> None:
    app = demo("complaint_mix", period=QUARTER)
    months = core(
        demo_home,
        """
        select
            strftime(received_at, '%Y-%m') as month, count(*),
            count(*) filter (where is_repeat is distinct from true)
        from lake.core.complaint where received_at between '2026-01-01' and '2026-03-31 23:59'
        group by all order by month
        """,
    )
    courses = {t["name"]: t["y"][-3:] for t in traces(app, "complaint_counts.months", "scatter")}
    assert courses["投诉量"] == [gross for _month, gross, _merged in months]
    assert courses["合并重复后"] == [merged for _month, _gross, merged in months]
    assert f"{sum(merged for *_rest, merged in months):,}件" in tile(app, "投诉量（合并重复后）")


def test_a_source_that_tells_no_repeats_has_one_count_and_says_why(real: Open) -> None:
    app = real("complaint_mix", period="2014Q1")
    lines = {t["name"] for t in traces(app, "complaint_counts.months", "scatter")}
    assert not any("合并重复后" in name for name in lines)
    assert "来源没有标明是否重复，不能合并" in words(app)
    assert any("没有可用的营业网点数" in info.value for info in app.info)


def test_each_dot_is_a_sub_branch_and_the_median_is_theirs(demo: Open, demo_home: Path) -> None:
    app = demo("complaint_mix", period=QUARTER, branch="港湾支行")
    received = Counter(
        name
        for (name,) in core(
            demo_home,
            f"""
            select {SUB_BRANCH.format(name="c.org_name")} from lake.core.complaint as c
            where received_at between '2026-01-01' and '2026-03-31 23:59'
            """,
        )
    )
    outlets = core(
        demo_home,
        "select org_name, outlet_count from lake.core.organisation_denominator "
        "where period_start = '2026-03-01'",
    )
    rates = {name: 1000 * received[name] / count for name, count in outlets}
    key = "complaint_counts.complaints_per_thousand_outlets"
    assert sorted(traces(app, key, "scatter")[0]["x"]) == pytest.approx(sorted(rates.values()))
    notes = [note["text"] for note in figure(app, key)["layout"]["annotations"]]
    assert notes[0] == f"支行中位数 <b>{median(rates.values()):,.1f}</b>"
    assert notes[1] == f"所选支行 <b>{rates['港湾支行']:,.1f}</b>"


def complaints(count: int, **cells: str) -> str:
    """A table of so many complaints that differ in their number only."""
    held = {"received_at": "2026-02-02 09:00:00", "org_name": "甲支行", "status": "已办结", **cells}
    lines = [" | ".join(["complaint_id", *held])]
    lines += [" | ".join([f"c{at}", *held.values()]) for at in range(count)]
    return "\n".join(lines)


def test_three_readings_of_timeliness_stand_side_by_side(demo: Open, demo_home: Path) -> None:
    shown = bars(demo("handling_time", period=QUARTER), "timeliness.readings")
    hub = lake.open_reader(Home(demo_home))
    with lake.reading(hub) as cursor:
        expected = [
            compute(cursor, what, parse_period(QUARTER), scope=Scope.everything())["value"][0]
            for what in (
                "complaint_timely_rate",
                "complaint_timely_rate_by_receipt",
                "complaint_timely_rate_forwarded",
            )
        ]
    hub.close()
    assert list(shown) == ["本行口径", "均自收到之日起算", "其中监管转办件"]
    assert [value for value, _words in shown.values()] == pytest.approx(expected)


def test_forwarded_cases_have_another_clock_in_the_second_reading(small: Any) -> None:
    table = complaints(
        6, is_forwarded="true", forwarded_at="2026-02-10", decided_at="2026-02-20", dates_endings="true"
    )  # fmt: skip
    shown = bars(small("handling_time", complaint=table), "timeliness.readings")
    assert [value for value, _words in shown.values()] == [100, 0, 100]


def test_late_cases_without_proof_of_an_extension_are_counted_and_explained(small: Any) -> None:
    table = complaints(6, decided_at="2026-02-27", dates_endings="true")
    text = plain(words(small("handling_time", complaint=table)))
    assert "另有 6 件 在 16 至 60 日之间作出处理决定而没有延期记录" in text


def test_without_times_of_day_no_response_time_is_shown(small: Any) -> None:
    table = complaints(
        6, received_at="2026-02-02", first_response_at="2026-02-02 10:00:00", decided_at="2026-02-03",
        dates_endings="true",
    )  # fmt: skip
    app = small("handling_time", complaint=table)
    assert any("没有同时写明收到时刻和首次响应时刻" in info.value for info in app.info)
    assert "首次响应时间中位数" not in words(app)


def test_responses_of_a_channel_with_few_cases_are_hidden(small: Any) -> None:
    held = {"decided_at": "2026-02-03", "dates_endings": "true"}
    many = complaints(
        6, intake_channel="客服热线", first_response_at="2026-02-02 09:45:00", **held
    ).splitlines()
    few = complaints(
        4, intake_channel="信访", first_response_at="2026-02-02 09:30:00", **held
    ).splitlines()[1:]
    rows = [*many, *(f"d{line}" for line in few)]
    app = small("handling_time", complaint="\n".join(rows))
    assert table(app, "首次响应：按受理渠道") == [
        ["客服热线", "45 分钟 n=6", "100.0% 6/6"],
        ["信访", "n=4，不显示", "n=4，不显示"],
    ]
    assert "100.0%" in tile(app, "1小时响应率")


def test_satisfaction_of_four_is_hidden_in_tile_bar_and_line(small: Any) -> None:
    held = complaints(
        4, satisfaction="满意", category="贷款", decided_at="2026-02-03", dates_endings="true"
    )
    app = small("handling_time", complaint=held)
    assert "n=4，少于 5，不显示" in tile(app, "投诉处理满意率")
    assert "100.0" not in tile(app, "投诉处理满意率")
    assert bars(app, "satisfaction.categories") == {"贷款": (None, "n=4，少于 5，不显示")}
    assert all(
        value is None
        for trace in traces(app, "satisfaction.months", "scatter")
        for value in trace["y"]
    )


def test_satisfaction_by_category_is_that_of_the_ledger(demo: Open, demo_home: Path) -> None:
    shown = bars(demo("handling_time", period=QUARTER), "satisfaction.categories")
    [(above, below)] = core(
        demo_home,
        """
        select
            count(*) filter (where satisfaction in ('非常满意', '满意', '基本满意')),
            count(*) filter (where satisfaction like '%满意')
        from lake.core.complaint
        where received_at between '2026-01-01' and '2026-03-31 23:59' and category = '人民币储蓄'
        """,
    )
    assert shown["人民币储蓄"][0] == pytest.approx(100 * above / below)


def test_bars_end_at_a_hundred_and_mark_their_thresholds() -> None:
    figure = to_hundred(
        [
            Bar("甲", 98.0, "98.0%（49/50 人）", "met", 95),
            Bar("乙", None, "n=3，少于 5，不显示", "few", 95),
            Bar("丙", 40.0, "40.0%（4/10 人）"),
        ]
    )
    assert figure.layout.xaxis.range[1] <= 100.5
    assert [shape.x0 for shape in figure.layout.shapes] == [95, 95]
    texts = [note.text for note in figure.layout.annotations]
    assert texts == ["● 98.0%（49/50 人）", "n=3，少于 5，不显示", "40.0%（4/10 人）"]
    assert len(set(figure.data[0].marker.color)) == 3


def test_a_hidden_median_leaves_its_row_with_a_word() -> None:
    frame = pl.DataFrame(
        {"label": ["甲", "乙"], "median": [5.0, None], "p90": [9.0, None], "count": [40, 4]}
    )
    drawn = dumbbells(frame, unit="天")
    assert [(note.y, note.text) for note in drawn.layout.annotations] == [(1, "样本少，不显示")]
    assert "N=4" in drawn.layout.yaxis.ticktext[1]
