"""消保体检表 and 投诉溯源 through app.py: calm everywhere, figures equal what the warehouse gives."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.pages_fixtures import Open, assert_calm, figure, opener, traces, words
from warehouse import health_score, tracing
from warehouse.entities import entities
from warehouse.home import Home
from warehouse.lake import open_reader, reading
from warehouse.periods import parse_period
from warehouse.scope import Scope

PAGES = ("health_check", "tracing")
EVERYBODY = Scope.everything()
# Written forms of a supervisory grade: 2A, 3C级, 二级 …
GRADE = re.compile(r"[23][ABC]|评级|[一二三四五]级|等级[：:]")


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> Open:
    return opener(monkeypatch, demo_home)


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch, real_home: Path) -> Open:
    return opener(monkeypatch, real_home)


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch, empty_home: Path) -> Open:
    return opener(monkeypatch, empty_home)


@pytest.fixture(scope="module")
def demo_hub(demo_home: Path):
    return open_reader(Home(demo_home))


@pytest.fixture
def ask(demo_hub) -> Callable[..., Any]:
    """A function that asks the warehouse itself."""

    def call(function: Callable[..., Any], period: str, *arguments: Any, **options: Any) -> Any:
        with reading(demo_hub) as cursor:
            return function(cursor, parse_period(period), *arguments, scope=EVERYBODY, **options)

    return call


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("period", ["2025Q4", "2026Q2", "2025-12", "2024", "2024Q1", "all"])
def test_page_is_calm_on_demo_data(demo: Open, page: str, period: str) -> None:
    app = demo(page, period=period, vs="last_year")
    assert_calm(app)
    assert "演示数据" in words(app)
    assert len(app.get("plotly_chart")) >= 2


@pytest.mark.parametrize("page", PAGES)
def test_page_is_calm_where_there_is_nothing(demo: Open, page: str) -> None:
    assert_calm(demo(page, period="2031Q1"))
    assert_calm(demo(page, period="2025-01", branch="港湾支行", category="国库", channel="信访"))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("period", ["2014Q1", "2022Q4"])
def test_page_is_calm_on_real_data(real: Open, page: str, period: str) -> None:
    app = real(page, period=period)
    assert_calm(app)
    assert "演示数据" not in words(app)


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_installation_says_what_to_do(empty: Open, page: str) -> None:
    app = empty(page)
    assert_calm(app)
    assert app.title[0].value == "还没有装载任何数据"


def test_the_bars_are_the_scored_elements(demo: Open, ask) -> None:
    app = demo("health_check", period="2025Q4")
    found = ask(health_score.evaluate, "2025Q4", demo=True)
    reached, lost, rest = traces(app, "health_check.elements", "bar")
    assert reached["x"] == pytest.approx([one.reached or 0 for one in found.elements])
    assert [sum(parts) for parts in zip(reached["x"], lost["x"], rest["x"], strict=True)] == (
        pytest.approx([one.element.weight for one in found.elements])
    )
    assert rest["x"] == pytest.approx(
        [one.element.weight - one.judged_weight for one in found.elements]
    )
    labels = [one["text"] for one in figure(app, "health_check.elements")["layout"]["annotations"]]
    assert labels[3] == "得 22.7 / 已评估 27.0 / 权重 27"
    assert labels[6] == "未评估 / 权重 6"
    text = words(app)
    assert f"已评估权重 <b>{found.judged_weight:.1f}</b>/100，得 <b>{found.reached:.1f}</b>" in text


def test_the_health_check_names_rule_self_check_and_no_grade(demo: Open) -> None:
    text = words(demo("health_check", period="2025Q4"))
    assert "《金融机构消费者权益保护监管评价办法》" in text
    assert "内部折算规则，非监管评分" in text
    assert "不是监管评分" in text
    assert "示例" in text
    assert not GRADE.search(text)


def test_the_element_without_indicators_says_what_it_needs(demo: Open) -> None:
    text = words(demo("health_check", period="2025Q4"))
    assert "没有数据：本看板尚无此要素的指标，需要" in text
    assert "信息泄露事件及处置" in text


def test_an_indicator_without_a_threshold_says_where_to_set_it(demo: Open) -> None:
    text = words(demo("health_check", period="2025Q4"))
    assert "在 warehouse/definitions/thresholds.yml 为 outreach_event_count 填写阈值" in text


def test_an_indicator_without_data_says_which_file_brings_it(real: Open) -> None:
    bare = words(real("health_check", period="2014Q1"))
    for entity in ("training_attendance", "exam_result", "review", "service_facility"):
        assert f"把《{entities()[entity].file_zh}》放入 ingest/inbox 后装载" in bare
    assert "没有可以评估的指标" in bare


def test_every_value_leads_to_its_explanation(demo: Open) -> None:
    text = unquote(words(demo("health_check", period="2025Q4", branch="港湾支行")))
    for what in ("complaint_timely_rate", "exam_pass_rate", "double_recording_coverage"):
        [address] = set(re.findall(rf"explain\?[^']*of={what}\b[^']*", text))
        assert "period=2025Q4" in address
        assert "branch=港湾支行" in address


def test_the_heat_table_is_the_score_of_each_sub_branch(demo: Open, ask) -> None:
    held = figure(demo("health_check", period="2025Q4"), "health_check.branches")
    found = ask(health_score.evaluate_sub_branches, "2025Q4", demo=True)
    columns = held["layout"]["xaxis"]["ticktext"]
    rows = dict(zip(held["layout"]["yaxis"]["ticktext"], held["data"][0]["z"], strict=True))
    assert "个人信息保护" not in columns
    assert set(rows) == {name for name, one in found.items() if one.reached is not None}
    for branch in ("港湾支行", "城东支行", "高新区第11支行"):
        scores = {one.element.name_zh: one.score for one in found[branch].elements}
        assert rows[branch] == pytest.approx([scores[name] for name in columns])
    order = list(rows)
    assert order.index("高新区第2支行") < order.index("高新区第11支行")


def test_the_filter_leaves_one_sub_branch(demo: Open, ask) -> None:
    app = demo("health_check", period="2025Q4", branch="港湾支行")
    found = ask(health_score.evaluate, "2025Q4", where={"sub_branch": ["港湾支行"]}, demo=True)
    bars = traces(app, "health_check.elements", "bar")[0]["x"]
    assert bars == pytest.approx([one.reached or 0 for one in found.elements])
    heat = figure(app, "health_check.branches")
    assert heat["layout"]["yaxis"]["ticktext"] == ["港湾支行"]


def test_the_ranking_is_the_excess_of_the_cells(demo: Open, ask) -> None:
    app = demo("tracing", period="2025Q4")
    found = ask(tracing.trace, "2025Q4", "previous")
    [bars] = traces(app, "tracing.ranking", "bar")
    top = found.cells.head(len(bars["x"]))
    assert bars["x"] == pytest.approx(top["excess"].to_list())
    assert len(set(bars["marker"]["color"][:3])) == 1
    assert bars["marker"]["color"][2] != bars["marker"]["color"][3]
    assert [text.startswith("■") for text in bars["text"]] == top["is_unusual"].to_list()
    labels = figure(app, "tracing.ranking")["layout"]["yaxis"]["ticktext"]
    assert all("信用卡 × 定价收费" in label for label in labels[:3])


def test_the_headline_tells_the_part_of_the_growth(demo: Open, ask) -> None:
    text = words(demo("tracing", period="2025Q4"))
    found = ask(tracing.trace, "2025Q4", "previous")
    lead = tracing.gathered(found)[0]
    assert "较2025年第3季度增加 200 件" in text
    assert f"增加的 200 件中有 <b>{lead.change:.0f}</b> 件来自" in text
    assert "3 家" in text
    assert f"看了 {found.looked_at} 个" in text
    assert "线索，供核查，不代表因果" in text


def test_a_calm_quarter_does_not_shout(demo: Open) -> None:
    app = demo("tracing", period="2025Q2")
    assert "没有多得不像偶然的组合" in words(app)
    [bars] = traces(app, "tracing.ranking", "bar")
    assert len(set(bars["marker"]["color"])) == 1
    assert not any("■" in text for text in bars["text"])
    assert "■" not in str(figure(app, "tracing.matrix")["data"][0]["text"])


def test_an_unfinished_quarter_is_not_judged(demo: Open) -> None:
    app = demo("tracing", period="2026Q2")
    text = words(app)
    assert "还没有满（数据截至 2026-06-16）" in text
    assert "2026-04-01 至 2026-06-16" in text
    assert "■" not in text
    assert not any("■" in text for text in traces(app, "tracing.ranking", "bar")[0]["text"])


def test_without_a_history_only_counts_are_shown(demo: Open, ask) -> None:
    app = demo("tracing", period="2024Q1")
    assert "无法判断多少算异常" in words(app)
    found = ask(tracing.trace, "2024Q1", "previous")
    [bars] = traces(app, "tracing.ranking", "bar")
    assert bars["x"] == found.cells["count"].to_list()[: len(bars["x"])]


def test_the_heat_table_holds_every_case(demo: Open, ask) -> None:
    held = figure(demo("tracing", period="2025Q4"), "tracing.matrix")
    texts = [cell for line in held["data"][0]["text"] for cell in line if cell]
    counts = [int(re.match(r"(?:■ )?(?:<b>)?(\d+)", cell.replace(",", ""))[1]) for cell in texts]
    found = ask(tracing.trace, "2025Q4", "previous", cut=("category_group", "cause_group"))
    assert sum(counts) == found.total("count") == 1260
    [marked] = [cell for cell in texts if "■" in cell]
    assert "<b>278</b>" in marked


def test_more_causes_than_can_be_read_are_left_to_the_table(real: Open) -> None:
    app = real("tracing", period="2014Q2")
    held = figure(app, "tracing.matrix")
    assert len(held["layout"]["xaxis"]["ticktext"]) == 14
    assert "投诉原因大类只画 14 种，其余在表格中" in words(app)
    assert str(held["data"][0]["text"]).count("■") >= 3
    assert "还没有数据：把《消保审查台账》放入 ingest/inbox 后装载。" in words(app)


def core(hub: Any, sql: str) -> list[tuple]:
    with reading(hub) as cursor:
        return cursor.execute(sql).fetchall()


FEES = """
    from complaint_case
    where sub_branch = '城东支行' and cause = '定价收费'
    and category in (
        select name from lake.meta.code where dimension = 'category' and group_name = '信用卡'
    )
"""


def test_the_chosen_cell_is_told_from_its_rows(demo: Open, demo_hub) -> None:
    app = demo("tracing", period="2025Q4", cell="城东支行 · 信用卡 × 定价收费")
    assert app.header[0].value == "旁证：城东支行 · 信用卡 × 定价收费"
    assert app.selectbox(key="tracing.cell").value == "城东支行 · 信用卡 × 定价收费"
    months = core(demo_hub, f"select strftime(received_date, '%Y-%m') {FEES}")
    held = Counter(month for (month,) in months)
    [bars] = traces(app, "tracing.course", "bar")
    expected = [held[f"{2024 + (at + 11) // 12}-{(at + 11) % 12 + 1:02d}"] for at in range(13)]
    assert bars["y"] == expected
    text = words(app)
    count = sum(held[month] for month in ("2025-10", "2025-11", "2025-12"))
    assert f"看这 {count} 件的来源文件与行" in text
    [(repeated, known)] = core(
        demo_hub,
        f"""
        select count(*) filter (where is_repeat), count(is_repeat) {FEES}
        and received_date between '2025-10-01' and '2025-12-31'
        """,
    )
    assert f"{100 * repeated / known:.1f}% n={known}" in text
    assert "only=cause_group:定价收费" in unquote(text)


def test_the_evidence_counts_reviews_of_the_same_business(demo: Open, demo_hub) -> None:
    text = words(demo("tracing", period="2025Q4", cell="城东支行 · 信用卡 × 定价收费"))
    [(count, late)] = core(
        demo_hub,
        """
        select count(*), count(*) filter (where launch_date < opinion_date)
        from lake.core.review
        where coalesce(submitted_date, accepted_date, opinion_date)
            between '2024-10-01' and '2025-12-31'
        and category in (
            select name from lake.meta.code where dimension = 'category' and group_name = '信用卡'
        )
        """,
    )
    assert count > 0
    assert f">{count} 项</a>" in text
    assert f">{late} 项</a>" in text
    [(section, mean)] = core(
        demo_hub,
        """
        select section, avg(score * 100 / full_score)
        from lake.core.exam_section_score as section
        left join organisation_path as path on section.org_name = path.org_name
        where path.sub_branch = '城东支行' and exam_date between '2024-10-01' and '2025-12-31'
        group by all
        order by 2
        limit 1
        """,
    )
    first = text.index("本支行的考试板块")
    assert text.index(f"{mean:.1f}", first) > text.index(section, first)


def test_a_cell_that_is_gone_falls_back_to_the_first(demo: Open) -> None:
    app = demo("tracing", period="2025Q2", cell="不存在支行 · 信用卡 × 定价收费")
    assert_calm(app)
    assert app.selectbox(key="tracing.cell").value == app.selectbox(key="tracing.cell").options[0]


def test_another_cell_can_be_chosen(demo: Open) -> None:
    app = demo("tracing", period="2025Q4")
    other = app.selectbox(key="tracing.cell").options[4]
    app.selectbox(key="tracing.cell").set_value(other).run()
    assert_calm(app)
    assert app.header[0].value == f"旁证：{other}"
