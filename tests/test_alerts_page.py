"""The page of alerts through app.py: what is red, since when, what turns it, who has it."""

import re
import shutil
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from tests.alert_ledgers import due_cases, months, received_cases
from tests.pages_fixtures import Open, assert_calm, figure, opener, words
from tests.tables import fill_lake
from warehouse import alert_words, alerts
from warehouse.acknowledgements import read
from warehouse.alerts import Evaluation
from warehouse.due_soon import due_soon
from warehouse.home import Home
from warehouse.indicators import compute
from warehouse.lake import open_reader, reading
from warehouse.periods import parse_period
from warehouse.scope import Scope

EVERYTHING = Scope.everything()
TODAY = date(2026, 6, 16)


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> Open:
    return opener(monkeypatch, demo_home)


@pytest.fixture(scope="module")
def found(demo_home: Path) -> Evaluation:
    with reading(open_reader(Home(demo_home))) as cursor:
        return alerts.evaluate(cursor, scope=EVERYTHING)


def html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def table(app: AppTest, name: str) -> list[list[str]]:
    """The rows of a table of lights, cell by cell, without tags."""
    [body] = re.findall(rf"aria-label='{name}'>.*?<tbody>(.*?)</tbody>", html(app), re.DOTALL)
    return [
        [
            unescape(re.sub(r"<[^>]+>", " ", cell)).strip()
            for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)
        ]
        for row in re.findall(r"<tr>(.*?)</tr>", body)
    ]


def test_the_list_is_what_was_judged(demo: Open, found: Evaluation):
    app = demo("alerts")
    assert_calm(app)
    rows = table(app, "红灯")
    red = found.of("red")
    assert len(rows) == len(red) > 0
    for row, alert in zip(rows, red, strict=True):
        assert alert_words.cell(alert) in row[1]
        assert alert_words.since(alert) in row[2]
        assert alert_words.value(alert) in row[3]
        assert alert_words.limit(alert) in row[4]
        assert row[5] == alert_words.verdict(alert)
        assert row[7] == "未认领"
    headline = html(app)
    assert f"■ 红 {len(red)} 项" in headline
    assert f"▲ 黄 {len(found.of('yellow'))} 项" in headline
    assert f"红灯 {len(red)} 项未认领" in headline
    assert "不是监管要求" in words(app)


def test_every_number_leads_to_its_explanation(demo: Open, demo_home: Path):
    links = re.findall(r"<a class='why '[^>]*href='([^']+)'[^>]*>([^<]+)</a>", html(demo("alerts")))
    by_address = {unescape(address): text for address, text in links}
    [address] = [
        one for one in by_address if "complaint_timely_rate" in one and "%E6%B8%AF" in one
    ][:1]
    asked = parse_qs(urlsplit(address).query)
    assert asked["of"] == ["complaint_timely_rate"]
    assert asked["only"] == ["sub_branch:港湾支行"]
    with reading(open_reader(Home(demo_home))) as cursor:
        told = compute(
            cursor, "complaint_timely_rate", parse_period(asked["at"][0]),
            where={"sub_branch": ["港湾支行"]}, scope=EVERYTHING,
        )  # fmt: skip
    above, below = told.select("numerator", "denominator").row(0)
    assert by_address[address].endswith(f"（{above:.0f}/{below:.0f}）")


def test_the_cases_that_can_still_decide_are_listed(demo: Open, demo_home: Path):
    with reading(open_reader(Home(demo_home))) as cursor:
        due = due_soon(cursor, TODAY, scope=EVERYTHING)
    text = html(demo("alerts"))
    assert len(due) > 0
    for number in due["complaint_id"].head(15):
        assert number in text
    assert f"N = {len(due)} 件" in words(demo("alerts"))
    assert "件按时办结即达标" in text
    assert "期末前到期的未办结" in text


def test_filters_apply_and_say_where_they_do_not(demo: Open):
    app = demo("alerts", branch="港湾支行", category="信用卡")
    assert_calm(app)
    assert {row[1].split("（")[0] for row in table(app, "红灯")} == {"港湾支行"}
    text = words(app)
    assert "支行：港湾支行；业务大类：信用卡" in text
    assert "业务大类筛选不适用于：考试及格率" in text
    # A filtered light is a view; nobody takes it on.
    assert "清除筛选后再认领" in text
    assert not app.text_input


def test_a_filter_of_sub_branches_leaves_their_lights_to_be_taken_on(demo: Open, found: Evaluation):
    app = demo("alerts", branch="港湾支行")
    own = [one for one in found.of("red") if one.cell == ("港湾支行",)]
    rows = [row for row in table(app, "红灯") if not row[1].startswith("所选范围")]
    assert [row[2] for row in rows] == [
        r[2] for r in table(demo("alerts"), "红灯") if "港湾支行" in r[1]
    ]
    assert len(rows) == len(own)
    assert app.text_input


def test_the_lights_of_the_chosen_period_can_be_seen(demo: Open, demo_home: Path):
    app = demo("alerts", period="2025Q4")
    assert "截至 2026年5月" in words(app)
    app.segmented_control(key="alerts.until").set_value("then").run()
    assert_calm(app)
    with reading(open_reader(Home(demo_home))) as cursor:
        then = alerts.evaluate(cursor, on=parse_period("2025Q4"), scope=EVERYTHING)
    assert "截至 2025年12月" in words(app)
    assert len(table(app, "红灯")) == len(then.of("red"))
    assert any("定价收费" in row[1] for row in table(app, "红灯"))


def test_the_chosen_light_has_its_course_and_its_limit(demo: Open, found: Evaluation):
    app = demo("alerts")
    options = app.selectbox(key="alerts.chosen").options
    [wanted] = [one for one in options if "支行处理及时率" in one and "港湾支行" in one]
    app.selectbox(key="alerts.chosen").set_value(wanted).run()
    assert_calm(app)
    [alert] = [
        one for one in found.of("red")
        if one.rule_id == "timely_rate_sub_branch" and one.cell == ("港湾支行",)
    ]  # fmt: skip
    drawn = figure(app, "alerts.course")
    [values] = [trace for trace in drawn["data"] if trace.get("name") == "数值"]
    assert values["y"] == [point.value for point, _state in alert.course]
    shapes = {"red": "square", "yellow": "triangle-up", "green": "circle", "none": "circle-open"}
    assert values["marker"]["symbol"] == [shapes[s.colour] for _point, s in alert.course]
    [limit] = [trace for trace in drawn["data"] if trace.get("name") == "阈值"]
    assert set(limit["y"]) == {98.0}
    assert [one["text"] for one in drawn["layout"]["annotations"]] == ["阈值 98.0%"]
    assert "先做什么" in html(app)


def test_an_alert_is_taken_on_shown_and_given_back(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, tmp_path: Path, found: Evaluation
):
    shutil.copytree(demo_home, tmp_path / "home")
    app = opener(monkeypatch, tmp_path / "home")("alerts")
    first = found.of("red")[0]
    key = f"alerts.{first.rule_id}." + ".".join(value or "-" for value in first.cell)
    app.button(key=f"{key}.take").click().run()
    assert "请填写由谁负责" in app.warning[0].value
    app.text_input(key=f"{key}.name").set_value("王敏")
    app.text_input(key=f"{key}.note").set_value("逐件核对<延期>")
    app.date_input(key=f"{key}.due").set_value(date(2026, 6, 1))
    app.button(key=f"{key}.take").click().run()
    assert_calm(app)
    row = table(app, "红灯")[0]
    assert "王敏" in row[7]
    assert "限 2026-06-01 （已过）" in row[7] or "限 2026-06-01（已过）" in row[7]
    assert "逐件核对<延期>" in row[7]
    assert f"红灯 {len(found.of('red')) - 1} 项未认领" in html(app)
    assert len(read(Home(tmp_path / "home")).held) == 1
    app.button(key=f"{key}.withdraw").click().run()
    assert_calm(app)
    assert table(app, "红灯")[0][7] == "未认领"
    assert read(Home(tmp_path / "home")).held == {}


def test_a_broken_line_of_the_file_is_said(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, tmp_path: Path
):
    shutil.copytree(demo_home, tmp_path / "home")
    home = Home(tmp_path / "home")
    home.acknowledgements.write_text("一行坏的\n", encoding="utf-8")
    app = opener(monkeypatch, home.root)("alerts")
    assert_calm(app)
    assert "acknowledgements.csv 第 1 行" in app.warning[0].value


def test_the_back_test_is_what_the_rules_would_have_done(demo: Open, found: Evaluation):
    [body] = re.findall(r"backtest'>.*?<tbody>(.*?)</tbody>", html(demo("alerts")), re.DOTALL)
    rows = [
        re.findall(r"<td[^>]*>(?:<b>)?([^<]*)", row) for row in re.findall(r"<tr>(.*?)</tr>", body)
    ]
    fired = alerts.back_test(found)
    assert len(rows) == len({one.rule_id for one in fired})
    counted = sum(int(cell) for row in rows for cell in row[1:-1] if cell != "—")
    assert counted == sum(len(one.cells) for one in fired)
    assert counted == sum(int(row[-1]) for row in rows if row[-1] != "—")
    unknown = sum(cell == "—" for row in rows for cell in row[1:-1])
    assert unknown == sum(not one.judged_months for one in fired) > 0


def test_an_empty_installation_says_what_to_do(monkeypatch: pytest.MonkeyPatch, empty_home: Path):
    app = opener(monkeypatch, empty_home)("alerts")
    assert_calm(app)
    assert app.title[0].value == "还没有装载任何数据"


def test_without_thresholds_the_page_says_so_and_still_watches_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    quiet = "month | count\n" + "\n".join(f"{m} | 20" for m in months("2023-01", 12))
    rows = received_cases(quiet + "\n2024-01 | 60", category="信用卡", cause="定价收费")
    fill_lake(tmp_path, ("2023-01-01", "2024-01-31"), complaint=rows)
    app = opener(monkeypatch, tmp_path)("alerts")
    assert_calm(app)
    assert "没有在用的阈值" in app.info[0].value
    names = [row[1] for row in table(app, "红灯")]
    assert any("投诉量异常增多" in name for name in names)
    assert any("信用卡 × 定价收费" in name for name in names)
    assert any("平常 20 件" in row[4] for row in table(app, "红灯"))


def test_nothing_red_and_too_little_history_are_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    rows = due_cases("month | due | late\n2024-01 | 40 | 0")
    fill_lake(tmp_path, ("2024-01-01", "2024-01-31"), complaint=rows)
    app = opener(monkeypatch, tmp_path)("alerts")
    assert_calm(app)
    text = words(app)
    assert "● 没有红灯" in text
    assert "历史不足" in text
    assert "没有未来 7 天内到期而仍未办结的投诉" in text
    with pytest.raises(KeyError):
        app.selectbox(key="alerts.chosen")


def test_a_month_that_is_not_over_judges_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    rows = due_cases("month | due | late\n2024-01 | 40 | 40")
    fill_lake(tmp_path, ("2024-01-01", "2024-01-30"), complaint=rows)
    app = opener(monkeypatch, tmp_path)("alerts")
    assert_calm(app)
    assert "还没有一个完整的月份可以判断" in app.info[0].value


def _brief() -> None:
    from pages.ui import reader
    from pages.ui.alerts import brief
    from pages.ui.queries import Queries
    from pages.ui.selection import Selection
    from warehouse.periods import parse_period

    with reader.snapshot() as snapshot:
        brief.show(Queries(snapshot, Selection(parse_period("2026Q1"), "previous")))


def test_the_overview_gets_at_most_five_lines(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, found: Evaluation
):
    monkeypatch.setenv("DASHBOARD_HOME", str(demo_home))
    app = AppTest.from_function(_brief, default_timeout=60).run()
    assert_calm(app)
    lines = re.findall(r"<p class='headline'>(.*?)</p>", html(app))
    assert len(lines) == 5
    red = found.of("red")
    assert "■ 红" in lines[0]
    assert f"自{alert_words.since(red[0])}" in lines[0]
    assert f"红灯共 {len(red)} 项，黄灯 {len(found.of('yellow'))} 项" in lines[-1]
    assert "href='alerts?period=2026Q1&amp;vs=previous'" in lines[-1]
