"""The page that explains a number, and that every link to it leads to the number it stands on."""

import csv
import io
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import explanation, formats
from pages.ui.explaining import rows as listed_rows
from pages.ui.explaining.address import Asked
from pages.ui.explanation import Cell
from pages.ui.queries import Queries
from pages.ui.reader import Snapshot
from pages.ui.selection import Selection
from tests.pages_fixtures import ROOT, Open, assert_calm, figure, opener, words
from tests.reference.lakes import lake_of
from warehouse.detail import Between, rows
from warehouse.explain import explain
from warehouse.home import Home
from warehouse.indicators import compute
from warehouse.periods import parse_period
from warehouse.registry import dimensions, indicator, indicators
from warehouse.scope import Scope

QUARTER = "2025Q2"
EXISTING = sorted(
    path.stem for path in (ROOT / "pages").glob("[a-z]*.py") if path.stem not in ("explain",)
)
LINK = re.compile(r"<a class='why[^']*' href='(explain\?[^']+)'[^>]*>(.*?)</a>", re.DOTALL)
NUMBER = re.compile(r"[−-]?\d[\d,]*(?:\.\d+)?")
SAMPLED = 25


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> Open:
    return opener(monkeypatch, demo_home)


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch, empty_home: Path) -> Open:
    return opener(monkeypatch, empty_home)


@pytest.fixture
def cursor(demo_home: Path):
    return lake_of(demo_home).cursor


def explained(cursor, address: str) -> set[str]:
    """The figures that an address stands for, as they are written on pages."""
    asked_for = parse_qs(urlsplit(address).query, keep_blank_values=True)
    asked = indicator(asked_for["of"][0])
    where: dict[str, list[str | None]] = {
        dimension: [None if value == "-" else value for value in asked_for[name]]
        for name, dimension in (
            ("branch", "sub_branch"),
            ("category", "category_group"),
            ("channel", "intake_channel"),
        )
        if name in asked_for and dimension in asked.dimensions
    }
    own: dict[str, list[str | None]] = {}
    for part in asked_for.get("only", []):
        name, _colon, value = part.partition(":")
        own.setdefault(name, []).append(None if value == "-" else value)
    period = parse_period(asked_for.get("at", asked_for["period"])[0])
    options = {"where": {**where, **own}, "scope": Scope.everything()}
    if "value" in asked_for:
        low, _dots, high = asked_for["value"][0].partition("..")
        between = Between(float(low), float(high) if high else None)
        part = explain(cursor, asked.id, period, between=between, **options)
        return {formats.number(part.value)}
    found = compute(cursor, asked.id, period, **options).row(0, named=True)
    value = found["value"]
    written = {formats.number(value, decimals) for decimals in (asked.decimals, 1, 0)}
    written |= {formats.number(found[part]) for part in ("numerator", "denominator")}
    written.discard(formats.NO_DATA)
    # A covered count of nothing and a cell that is not there are both zero.
    return written | ({"0"} if found["numerator"] is None else set())


def numbers(text: str) -> set[str]:
    return set(NUMBER.findall(text))


def spread(found: list) -> list:
    """At most so many of them, from beginning to end."""
    step = max(1, len(found) // SAMPLED)
    return found[::step]


def links(app: AppTest) -> list[tuple[str, str]]:
    """Address and text of every number that is a link."""
    bodies = "\n".join(element.proto.body for element in app.get("html"))
    return [
        (unescape(address), re.sub(r"<[^>]+>", " ", unescape(inner)))
        for address, inner in LINK.findall(bodies)
    ]


def points(app: AppTest) -> list[tuple[str, str]]:
    """Address and hover of every point of a chart that is a link."""
    found = []
    for element in app.get("plotly_chart"):
        key = element.proto.id.rpartition("-")[2]
        for trace in figure(app, key)["data"]:
            addresses, hovers = trace.get("customdata") or [], trace.get("hovertext") or []
            if trace["type"] == "heatmap":
                addresses = [one for line in addresses for one in line]
                hovers = [one for line in hovers for one in line]
            if addresses and str(addresses[0]).startswith("explain?"):
                assert len(addresses) == len(hovers), key
                found += list(zip(addresses, hovers, strict=True))
    return found


@pytest.mark.parametrize("page", EXISTING)
@pytest.mark.parametrize("branch", [None, "港湾支行"], ids=["all", "one"])
def test_every_link_leads_to_the_number_it_stands_on(
    demo: Open, cursor, page: str, branch: str | None
) -> None:
    chosen = {"branch": branch} if branch else {}
    app = demo(page, period=QUARTER, **chosen)
    assert_calm(app)
    for address, text in [*spread(links(app)), *spread(points(app))]:
        figures = explained(cursor, address)
        # Words alone, such as “这个数怎么来的” beside a list, say no number that could be wrong.
        if numbers(text) and formats.NO_DATA not in text:
            assert numbers(text) & figures, (text, address, figures)


@pytest.mark.parametrize(
    ("page", "at_least"),
    [
        ("overview", (10, 10)),
        ("complaint_mix", (100, 100)),
        ("handling_time", (60, 80)),
        ("exams", (20, 30)),
        ("reviews", (20, 20)),
        ("outreach", (40, 40)),
        ("attainment", (40, 5)),
    ],
)
def test_tiles_cells_and_points_are_links(demo: Open, page: str, at_least: tuple[int, int]) -> None:
    app = demo(page, period=QUARTER)
    assert len(links(app)) >= at_least[0]
    assert len(points(app)) >= at_least[1]


def test_a_tile_is_one_link_with_words_for_those_who_cannot_see(demo: Open) -> None:
    app = demo("overview", period=QUARTER)
    bodies = "\n".join(element.proto.body for element in app.get("html"))
    tiles = re.findall(r"<a class='why tile[^']*' href='([^']+)' aria-label='([^']+)'", bodies)
    assert len(tiles) == 8
    assert all(label.endswith("，看这个数怎么来的") for _address, label in tiles)
    assert tiles[0][1].startswith("投诉量 1,107 件")
    assert parse_qs(urlsplit(unescape(tiles[0][0])).query)["of"] == ["complaint_count"]


def explain_at(demo: Open, what: str, **parameters: str | list[str]) -> AppTest:
    app = demo("explain", period=QUARTER, of=what, **parameters)
    assert [element.message for element in app.exception] == []
    return app


@pytest.mark.parametrize("what", indicators())
def test_every_indicator_is_explained_calmly(demo: Open, what: str) -> None:
    app = explain_at(demo, what)
    assert_calm(app)
    text = words(app)
    assert indicator(what).definition_zh in text
    assert "class='formula'" in text
    headings = re.findall(r"<th[^>]*>([^<]+)</th>", text)
    assert [heading for heading in headings if heading.isascii()] == []
    assert "数据质量：" in text


def test_the_page_says_value_formula_rows_and_files(demo: Open, cursor) -> None:
    app = explain_at(demo, "complaint_timely_rate", only="sub_branch:港湾支行")
    where = {"sub_branch": ["港湾支行"]}
    period, scope = parse_period(QUARTER), Scope.everything()
    found = compute(cursor, "complaint_timely_rate", period, where=where, scope=scope)
    value, above, below = found.select("value", "numerator", "denominator").row(0)
    text = words(app)
    assert f"<span class='value'>{formats.number(value, 1)}<small>%</small>" in text
    assert f"{above:,.0f} 件 ÷ 时限在期间内到期 {below:,.0f} 件" in text
    assert f"计入 N = {below:,.0f} 行" in text
    assert "支行：港湾支行" in text
    behind = rows(cursor, "complaint_timely_rate", period, where=where, scope=scope)
    for file in behind["file_name"].unique():
        assert file in text
    assert "按办理时限到期日" in text


def test_rows_come_a_hundred_a_page(demo: Open, cursor) -> None:
    app = explain_at(demo, "complaint_count")
    count = compute(cursor, "complaint_count", parse_period(QUARTER), scope=Scope.everything())[
        "value"
    ][0]
    assert f"第 1–100 行，共 {count:,.0f} 行。" in words(app)
    listed = [e.proto.body for e in app.get("html") if "aria-label='计入的行'" in e.proto.body]
    assert listed[0].count("<tr>") == 101
    assert "投诉编号" in listed[0]
    assert "person_key" not in listed[0]


def test_the_period_of_a_cell_and_the_shared_filters_both_count(demo: Open, cursor) -> None:
    app = explain_at(demo, "complaint_count", at="2025-04", branch="港湾支行", only="category:-")
    where = {"sub_branch": ["港湾支行"], "category": [None]}
    found = compute(
        cursor, "complaint_count", parse_period("2025-04"), where=where, scope=Scope.everything()
    )["value"][0]
    text = words(app)
    assert f"投诉量 = 收到的投诉件数 = {found:,.0f} 件" in text
    assert "期间：2025年4月" in text
    assert "业务类别：未填报" in text
    assert "支行：港湾支行" in text


def test_a_bar_of_a_distribution_is_explained_by_its_rows(demo: Open, cursor) -> None:
    page = demo("handling_time", period=QUARTER)
    bars = [address for address, _hover in points(page) if "&value=5..6" in address]
    assert len(bars) == 1
    app = explain_at(demo, "complaint_ended_count", value="5..6")
    period, scope = parse_period(QUARTER), Scope.everything()
    listed = rows(cursor, "complaint_ended_count", period, scope=scope, between=Between(5, 6))
    days = (listed["decided_at"].dt.date() - listed["received_at"].dt.date()).dt.total_days()
    assert set(days.drop_nulls()) == {5}
    count = formats.number(listed.height)
    assert f"办结量 = 办结件数，其中处理天数 ≥ 5 且 &lt; 6 = {count} 件" in words(app)
    assert f"计入 N = {count} 行" in words(app)


def test_a_filter_that_does_not_apply_is_named_and_left_out(demo: Open, cursor) -> None:
    app = explain_at(demo, "exam_pass_rate", category="信用卡")
    found = compute(cursor, "exam_pass_rate", parse_period(QUARTER), scope=Scope.everything())[
        "denominator"
    ][0]
    assert f"计入 N = {found:,.0f} 行" in words(app)
    assert "业务大类：信用卡（不适用于本指标，未使用）" in words(app)


def test_filters_can_be_taken_away_and_spread_to_every_page(demo: Open) -> None:
    app = explain_at(
        demo, "complaint_count", at="2025-04", only=["sub_branch:港湾支行", "cause_group:其他"]
    )
    text = words(app)
    without = re.findall(r"class='go' href='([^']+)' aria-label='去掉([^']+)'", text)
    taken = {label: parse_qs(urlsplit(unescape(href)).query) for href, label in without}
    assert set(taken) == {"期间：2025年4月", "支行：港湾支行", "投诉原因大类：其他"}
    assert taken["支行：港湾支行"]["only"] == ["cause_group:其他"]
    assert "at" not in taken["期间：2025年4月"]
    [everywhere] = re.findall(r"href='([^']+)'>按此筛选全站<", text)
    spread_out = parse_qs(urlsplit(unescape(everywhere)).query)
    assert spread_out["period"] == ["2025-04"]
    assert spread_out["branch"] == ["港湾支行"]
    assert spread_out["only"] == ["cause_group:其他"]


def test_the_way_back_leads_to_the_page_with_what_was_its_own(demo: Open) -> None:
    app = explain_at(demo, "complaint_count", branch="港湾支行", **{"from": "handling_time?tab=2"})
    [back] = re.findall(r"href='([^']+)'>← 返回<", words(app))
    parts = urlsplit(unescape(back))
    assert parts.path == "handling_time"
    assert parse_qs(parts.query) == {
        "tab": ["2"],
        "period": [QUARTER],
        "vs": ["previous"],
        "branch": ["港湾支行"],
    }
    strange = explain_at(demo, "complaint_count", **{"from": "http://elsewhere/x"})
    assert "href='./?period=" in words(strange)


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"of": "nonsense"}, "地址里的指标“nonsense”不存在"),
        ({"of": "complaint_count", "at": "2025Q9"}, "期间“2025Q9”无法识别"),
        ({"of": "complaint_count", "only": "mood:good"}, "地址里的维度“mood”不存在"),
        ({"of": "complaint_count", "only": "score_band:[0,60)"}, "“投诉量”不能按“分数段”划分"),
        ({"of": "complaint_count", "only": "sub_branch:月球支行"}, "数据里没有支行“月球支行”"),
        ({"of": "complaint_count", "only": "sub_branch:'; drop --"}, "数据里没有支行“'; drop --”"),
        ({"of": "complaint_count", "only": "sub_branch"}, "数据里没有支行"),
        ({"of": "<b>x</b>"}, r"\<b\>x\</b\>"),
        ({"of": "[此处](http://elsewhere)"}, r"\[此处\]\(http\://elsewhere\)"),
        ({"of": "complaint_ended_count", "value": "few"}, "数值范围“few”无法识别"),
        ({"of": "repeat_rate", "value": "1..2"}, "“重复投诉率”不能按数值范围筛选"),
    ],
)
def test_a_wrong_address_gets_a_helpful_sentence(
    demo: Open, parameters: dict[str, str], sentence: str
) -> None:
    app = demo("explain", period=QUARTER, **parameters)
    assert_calm(app)
    assert sentence in app.warning[0].value
    assert app.selectbox(key="explain.chooser").value is None


def test_without_an_indicator_all_of_them_can_be_chosen(demo: Open) -> None:
    app = demo("explain", period=QUARTER)
    assert_calm(app)
    chooser = app.selectbox(key="explain.chooser")
    assert len(chooser.options) == len(indicators())
    assert "投诉 · 投诉量" in chooser.options
    app.selectbox(key="explain.chooser").set_value("complaint_count").run()
    assert "投诉量 = 收到的投诉件数 = 1,107 件" in words(app)


def test_an_empty_installation_says_what_to_do(empty: Open) -> None:
    app = empty("explain", of="complaint_count")
    assert app.title[0].value == "还没有装载任何数据"


def test_a_reader_is_explained_only_what_he_may_see(
    demo: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = Scope(frozenset(["港湾支行"]))
    monkeypatch.setattr("pages.ui.reader.current_scope", lambda: scope)
    text = words(explain_at(demo, "complaint_count"))
    assert "1,107 件" not in text
    assert "城东" not in text
    app = demo("explain", period=QUARTER, of="complaint_count", only="sub_branch:城东支行")
    assert "数据里没有支行“城东支行”" in app.warning[0].value


def asking(cursor, demo_home: Path) -> Queries:
    snapshot = Snapshot(cursor, 1, f"{demo_home}#files", Scope.everything(), Home(demo_home))
    return Queries(snapshot, Selection(parse_period(QUARTER), "previous"))


def test_the_file_holds_every_row_and_no_formula(
    cursor, demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_HOME", str(demo_home))
    asked = Asked(indicator("complaint_count"), parse_period(QUARTER), False, {})
    lines = list(
        csv.reader(
            io.StringIO(listed_rows.file(asking(cursor, demo_home), asked).decode("utf-8-sig"))
        )
    )
    head, *body = lines
    assert len(body) == 1107
    assert head[:2] == ["文件", "行号"] or head[:3] == ["文件", "工作表", "行号"]
    assert not [cell for line in body for cell in line if cell.startswith(("=", "+", "@"))]


def test_cells_are_parts_of_one_another() -> None:
    row = Cell(only={"sub_branch": "甲"}, period=parse_period("2025-04"))
    whole = Cell("complaint_count", {"category_group": "贷款"}, parse_period("2025"))
    joined = row.within(whole)
    assert joined.indicator == "complaint_count"
    assert dict(joined.only) == {"category_group": "贷款", "sub_branch": "甲"}
    assert joined.period.id == "2025-04"
    assert Cell("repeat_rate").within(joined).indicator == "repeat_rate"


def test_addresses_read_back_what_they_were_made_of(cursor, demo_home: Path) -> None:
    address = explanation.href(
        asking(cursor, demo_home),
        "complaint_count",
        period=parse_period("2025-04"),
        only={"cause": ["一&二", None], "product": "甲=乙#丙"},
    )
    read = parse_qs(urlsplit(address).query)
    assert read["only"] == ["cause:一&二", "cause:-", "product:甲=乙#丙"]
    assert (read["at"], read["period"]) == (["2025-04"], [QUARTER])
    assert set(dimensions()) >= {"cause", "product"}
