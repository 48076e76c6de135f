"""支行对比 and 一支行一页 through app.py: figures and workbook equal what compute gives."""

import io
import json
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import median

import duckdb
import openpyxl
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import filters
from pages.ui.profile import workbook
from pages.ui.profile.workbook import Heading
from tests.pages_fixtures import Open, assert_calm, figure, go, opener, traces, words
from warehouse import gaps, profile
from warehouse.cases import Cases
from warehouse.errors import QueryError
from warehouse.home import Home
from warehouse.indicators import compute
from warehouse.lake import open_reader, reading
from warehouse.peers import Place, comparable
from warehouse.periods import parse_period
from warehouse.registry import indicator
from warehouse.scope import Scope

QUARTER = "2025Q2"
TIMELY = "complaint_timely_rate"
RANKING, MONTHS = "sub_branches_ranking", "sub_branches.months"
BEHIND = "港湾支行"
EVERYTHING = Scope.everything()
PAGES = ("sub_branches", "profile")


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> Open:
    return opener(monkeypatch, demo_home)


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch, real_home: Path) -> Open:
    return opener(monkeypatch, real_home)


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch, empty_home: Path) -> Open:
    return opener(monkeypatch, empty_home)


@pytest.fixture
def cursor(demo_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    hub = open_reader(Home(demo_home.resolve()))
    with reading(hub) as found:
        yield found
    hub.close()


def sub_branches(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    rows = cursor.execute(
        "select org_name from lake.core.organisation where org_level = '支行' "
        "order by display_order"
    ).fetchall()
    return [name for (name,) in rows]


def values(cursor: duckdb.DuckDBPyConnection, what: str) -> dict[str, float]:
    """What compute gives every sub-branch that has enough cases."""
    found = compute(cursor, what, parse_period(QUARTER), by=("sub_branch",), scope=EVERYTHING)
    fewest = indicator(what).minimum_n
    return {
        row["sub_branch"]: row["value"]
        for row in found.iter_rows(named=True)
        if row["sub_branch"] in sub_branches(cursor) and (row["denominator"] or fewest) >= fewest
    }


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("period", ["2025Q2", "all", "2026-06", "2024", "2031Q1", "2024-01"])
def test_page_is_calm_in_any_period(demo: Open, page: str, period: str) -> None:
    assert_calm(demo(page, period=period))


@pytest.mark.parametrize("page", PAGES)
def test_page_is_calm_where_the_filters_leave_nothing(demo: Open, page: str) -> None:
    filters = {"branch": BEHIND, "category": "国库", "channel": "信访"}
    assert_calm(demo(page, period="2025-01", **filters))


@pytest.mark.parametrize("page", PAGES)
def test_page_is_calm_on_real_data_without_an_organisation_table(real: Open, page: str) -> None:
    app = real(page, period="2014Q1")
    assert_calm(app)
    assert "演示数据" not in words(app)


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_installation_says_what_to_do(empty: Open, page: str) -> None:
    app = empty(page)
    assert_calm(app)
    assert app.title[0].value == "还没有装载任何数据"


def test_the_ranking_is_what_compute_gives_with_the_median_of_the_group(
    demo: Open, cursor: duckdb.DuckDBPyConnection
) -> None:
    held = figure(demo("sub_branches", period=QUARTER), RANKING)
    expected = values(cursor, TIMELY)
    bar = held["data"][0]
    assert dict(zip(bar["customdata"], bar["x"], strict=True)) == pytest.approx(expected)
    assert bar["x"] == sorted(bar["x"], reverse=True)
    texts = {note["text"]: note for note in held["layout"]["annotations"]}
    middle = median(expected.values())
    assert texts[f"支行中位数 {middle:.1f}%"]["x"] == pytest.approx(middle)
    assert any(text.startswith("阈值 ≥98.0%（示例）") for text in texts)
    assert "■ 未达标 86.8%" in texts


def test_bars_carry_rank_and_sample_size(demo: Open, cursor: duckdb.DuckDBPyConnection) -> None:
    held = figure(demo("sub_branches", period=QUARTER), RANKING)
    found = compute(cursor, TIMELY, parse_period(QUARTER), by=("sub_branch",), scope=EVERYTHING)
    sizes = dict(found.select("sub_branch", "denominator").iter_rows())
    last = held["layout"]["yaxis"]["ticktext"][-1]
    assert held["data"][0]["customdata"][-1] == BEHIND
    assert f"20　{BEHIND}" in last
    assert f"N={sizes[BEHIND]:.0f}" in last


def test_the_unranked_stand_below_in_grey_with_the_reason(demo: Open) -> None:
    app = demo("sub_branches", period=QUARTER)
    app.selectbox(key="sub_branches.indicator").set_value("complaint_timely_rate_forwarded").run()
    assert_calm(app)
    held = figure(app, RANKING)
    shapes = held["data"][0]["marker"]["pattern"]["shape"]
    assert "/" in shapes
    assert shapes == sorted(shapes)
    texts = [note["text"] for note in held["layout"]["annotations"]]
    assert any("少于 5" in text for text in texts)


def test_where_everybody_has_too_few_cases_the_page_says_so(demo: Open) -> None:
    app = demo("sub_branches", period="2025-06")
    app.selectbox(key="sub_branches.indicator").set_value("complaint_timely_rate_forwarded").run()
    assert "都少于 5" in "".join(element.value for element in app.info)


def test_every_kind_of_indicator_on_offer_can_be_ranked(demo: Open) -> None:
    app = demo("sub_branches", period="2025")
    choice = app.selectbox(key="sub_branches.indicator")
    # Options are shown by their labels; the registry knows the ids behind them.
    assert len(choice.options) == len(comparable())
    for one in {one.kind: one for one in comparable()}.values():
        app.selectbox(key="sub_branches.indicator").set_value(one.id).run()
        assert_calm(app)


def test_a_filter_highlights_its_sub_branches_and_hides_nobody(
    demo: Open, cursor: duckdb.DuckDBPyConnection
) -> None:
    app = demo("sub_branches", period=QUARTER, branch=BEHIND)
    bar = figure(app, RANKING)["data"][0]
    assert set(bar["customdata"]) == set(sub_branches(cursor))
    opaque = [
        name
        for name, opacity in zip(bar["customdata"], bar["marker"]["opacity"], strict=True)
        if opacity == 1
    ]
    assert opaque == [BEHIND]
    assert f"支行筛选只突出显示：{BEHIND}" in app.info[0].value
    assert "<tr class='chosen'><th scope='row'>港湾支行" in words(app)


def test_other_filters_narrow_the_cases(demo: Open, cursor: duckdb.DuckDBPyConnection) -> None:
    held = figure(demo("sub_branches", period=QUARTER, category="信用卡"), RANKING)["data"][0]
    found = compute(
        cursor,
        TIMELY,
        parse_period(QUARTER),
        by=("sub_branch",),
        where={"category_group": ["信用卡"]},
        scope=EVERYTHING,
    )
    expected = dict(found.select("sub_branch", "value").iter_rows())
    ranked = [
        (name, x)
        for name, x, shape in zip(
            held["customdata"], held["x"], held["marker"]["pattern"]["shape"], strict=True
        )
        if not shape
    ]
    assert ranked
    assert dict(ranked) == pytest.approx({name: expected[name] for name, _x in ranked})


def test_the_heat_table_shows_every_value_with_its_rank_as_a_link(
    demo: Open, cursor: duckdb.DuckDBPyConnection
) -> None:
    text = words(demo("sub_branches", period=QUARTER))
    table = text[text.index("<table class='grid matrix peers'") :]
    for name, value in values(cursor, TIMELY).items():
        row = table[table.index(f"<th scope='row'>{name}</th>") :].split("</tr>")[0]
        assert f"{value:.1f} <small>" in row
        assert row.count("<a ") > 4
    behind = table[table.index(f"<th scope='row'>{BEHIND}</th>") :].split("</tr>")[0]
    assert "▼86.8 <small>20/20</small>" in behind
    assert "class='worse2'" in behind
    assert "explain?" in behind
    assert "of=complaint_timely_rate" in behind


def test_the_columns_of_the_heat_table_can_be_chosen(demo: Open) -> None:
    app = demo("sub_branches", period=QUARTER)
    app.multiselect(key="sub_branches.columns").set_value(["handling_days_p90"]).run()
    assert_calm(app)
    text = words(app)
    table = text[text.index("<table class='grid matrix peers'") :].split("</thead>")[0]
    assert table.count("<th scope='col'>") == 1
    assert "处理时长90分位数" in table
    app.multiselect(key="sub_branches.columns").set_value([]).run()
    assert "请选择至少一个指标" in words(app)


def test_the_small_multiples_are_the_months_of_every_sub_branch_on_one_scale(
    demo: Open, cursor: duckdb.DuckDBPyConnection
) -> None:
    app = demo("sub_branches", period=QUARTER)
    courses = {t["name"]: t["y"] for t in traces(app, MONTHS, "scatter") if t.get("name")}
    assert set(courses) == set(sub_branches(cursor))
    window = parse_period("2024-06-01..2025-06-30")
    found = compute(cursor, TIMELY, window, by=("month", "sub_branch"), scope=EVERYTHING)
    held = {(r["month"], r["sub_branch"]): r for r in found.iter_rows(named=True)}
    months = sorted({month for month, _name in held})
    for name, course in courses.items():
        expected = [
            row["value"] if row is not None and row["denominator"] >= 5 else None
            for row in (held.get((month, name)) for month in months)
        ]
        assert course == pytest.approx(expected)
    axes = {key: axis for key, axis in figure(app, MONTHS)["layout"].items() if "yaxis" in key}
    assert len({json.dumps(axis["range"]) for axis in axes.values()}) == 1


def test_the_button_of_a_profile_filters_every_page_and_one_click_clears_it(demo: Open) -> None:
    app = demo("profile", period=QUARTER)
    app.selectbox(key="profile.name.城东支行").set_value(BEHIND).run()
    app.button(key="profile.filter").click().run()
    assert app.multiselect(key="branch").value == [BEHIND]
    go(app, "complaint_mix")
    assert app.multiselect(key="branch").value == [BEHIND]
    assert f"支行：{BEHIND}" in words(app)
    next(button for button in app.button if button.label == "清除筛选").click().run()
    assert app.multiselect(key="branch").value == []


def clicking() -> None:
    import streamlit as st

    from pages.ui import filters

    st.session_state.setdefault("branch", [])
    st.session_state["chart"] = {"selection": {"points": st.session_state.get("points", [])}}
    st.button("click", key="click", on_click=filters.choose_clicked, args=("sub_branch", "chart"))
    st.button("blank", key="blank", on_click=filters.choose, args=("sub_branch", [None, "甲"]))
    st.multiselect("支行", ["甲", "乙", "-"], key="branch")


def test_a_click_chooses_a_second_one_on_the_same_clears_and_another_changes() -> None:
    app = AppTest.from_function(clicking).run()
    chosen = []
    for points in ([{"customdata": "甲"}], [{"customdata": ["乙"]}], [{"customdata": "乙"}], []):
        app.session_state["points"] = points
        app.run()
        app.button(key="click").click().run()
        chosen.append(app.multiselect(key="branch").value)
    assert chosen == [["甲"], ["乙"], [], []]
    app.button(key="blank").click().run()
    assert app.multiselect(key="branch").value == ["-", "甲"]
    with pytest.raises(QueryError, match="没有按“cause”的公共筛选"):
        filters.choose("cause", ["甲"])


def test_a_profile_says_where_the_sub_branch_is_behind_and_lists_the_cases(
    demo: Open, cursor: duckdb.DuckDBPyConnection
) -> None:
    text = words(demo("profile", period=QUARTER, branch=BEHIND))
    found = values(cursor, TIMELY)
    middle = median(found.values())
    assert (
        f"处理及时率 {found[BEHIND]:.1f}%，低于支行中位数 {middle:.1f}%，"
        f"差 {middle - found[BEHIND]:.1f} 个百分点，第 20/20" in text
    )
    rows = cursor.execute(
        """
        select complaint_id from complaint_case
        where sub_branch = $name and due_date between '2025-04-01' and '2025-06-30'
        and not is_withdrawn and ended_date > due_date
        """,
        {"name": BEHIND},
    ).fetchall()
    late = {complaint for (complaint,) in rows}
    table = text[text.index(f"处理及时率 {found[BEHIND]:.1f}%，低于") :].split("</table>")[0]
    body = table[table.index("<tbody>") :]
    listed = {cell for cell in late if cell in body}
    assert len(listed) == body.count("<tr>") == 5
    assert "网点 4 家" in text


def test_a_profile_says_when_nothing_is_clearly_behind(
    demo: Open, cursor: duckdb.DuckDBPyConnection
) -> None:
    held = surveyed(cursor)
    content = next(
        one.name for one in profile.profiles(cursor, held, held.names) if not one.findings
    )
    text = words(demo("profile", period=QUARTER, branch=content))
    assert "没有明显落后于支行中位数的指标" in text


def test_the_profile_opens_at_the_filtered_sub_branch_or_at_the_first_of_the_bank(
    demo: Open,
) -> None:
    assert "城东支行" in words(demo("profile", period=QUARTER)).split("profile-name'>")[1][:10]
    chosen = words(demo("profile", period=QUARTER, branch=["新港支行", BEHIND]))
    assert "新港支行" in chosen.split("profile-name'>")[1][:10]


def test_the_course_stands_beside_the_median_with_what_happened(demo: Open) -> None:
    app = demo("profile", period=QUARTER, branch=BEHIND)
    held = figure(app, f"profile.course.{TIMELY}")
    names = {trace["name"] for trace in held["data"]}
    assert {"支行中位数", "本支行"} <= names
    texts = [note["text"] for note in held["layout"]["annotations"]]
    assert "其1" in texts
    assert "2024-10-14" in words(app)
    # An event of another sub-branch is none of its business.
    assert "西溪支行" not in words(app)


def test_a_reader_of_one_sub_branch_meets_no_other_value(
    demo: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.ui.reader.current_scope", lambda: Scope(frozenset({"新港支行"})))
    app = demo("sub_branches", period=QUARTER)
    assert_calm(app)
    assert figure(app, RANKING)["data"][0]["customdata"] == ["新港支行"]
    assert "20 家参与排名，列出 1 家" in words(app)
    assert BEHIND not in words(app)
    page = demo("profile", period=QUARTER)
    assert_calm(page)
    assert page.selectbox(key="profile.name.新港支行").options == ["新港支行"]
    assert BEHIND not in words(page)


HEADING = Heading(("演示数据", "期间：2025年第2季度", "快照：#1"))


def surveyed(cursor: duckdb.DuckDBPyConnection) -> profile.Survey:
    window = parse_period("2024-06-01..2025-06-30")
    return profile.survey(cursor, parse_period(QUARTER), window, scope=EVERYTHING)


def test_the_workbook_of_all_says_what_compute_gives(cursor: duckdb.DuckDBPyConnection) -> None:
    held = surveyed(cursor)
    heard: list[str] = []
    began = time.monotonic()
    file = workbook.build(
        HEADING, profile.profiles(cursor, held, held.names), on_sheet=heard.append
    )
    assert time.monotonic() - began < 10
    book = openpyxl.load_workbook(io.BytesIO(file))
    assert book.sheetnames == ["目录", *sub_branches(cursor), "口径"]
    assert heard == sub_branches(cursor)
    for what in (TIMELY, "exam_pass_rate", "handling_days_p90"):
        for name, value in values(cursor, what).items():
            row = _row_of(book[name], indicator(what).name_zh)
            assert row[2] == pytest.approx(value)
    ranked = {name: _row_of(book[name], "处理及时率")[4] for name in sub_branches(cursor)}
    assert ranked[BEHIND] == 20
    lines = [row[0] for row in book[BEHIND].iter_rows(values_only=True)]
    assert set(HEADING.lines) <= set(lines)
    assert any(str(line).startswith("1. 处理及时率 86.8%") for line in lines)
    assert book["目录"]["A8"].hyperlink is not None or any(
        cell.hyperlink for row in book["目录"].iter_rows() for cell in row
    )
    definitions = [row[0] for row in book["口径"].iter_rows(values_only=True)]
    assert "处理及时率" in definitions


def _row_of(sheet: "openpyxl.worksheet.worksheet.Worksheet", name: str) -> tuple:
    return next(row for row in sheet.iter_rows(values_only=True) if row[1] == name)


def test_the_workbook_runs_no_formula_and_takes_any_name() -> None:
    place = Place("甲", 50.0, 5.0, 10.0, 2, 2, 90.0, -40.0, -4.0, True, True, "")
    frame = pl.DataFrame(
        {
            "complaint_id": ["=1+1"],
            "org_name": ["@cmd\x07"],
            "received_at": [date(2025, 1, 2)],
            "file_name": ["+a.csv"],
            "source_sheet": [None],
            "source_row": [3],
        },
        schema_overrides={"source_sheet": pl.String},
    )
    finding = profile.Finding(gaps.Gap(TIMELY, place), Cases("超期的", frame))
    names = ["=支行[1]", "支行/一" * 20, "支行/一" * 20]
    held = [profile.Profile(name, None, {TIMELY: place}, (finding,), {}, {}, {}) for name in names]
    book = openpyxl.load_workbook(io.BytesIO(workbook.build(HEADING, held)))
    assert len(set(book.sheetnames)) == 5
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    held_texts = {cell.value for cell in cells}
    assert {"'=1+1", "'@cmd", "'+a.csv", "'=支行[1]"} <= held_texts


def test_one_click_makes_the_workbook_of_all(demo: Open) -> None:
    app = demo("profile", period=QUARTER)
    app.button(key="profile.export.all").click().run()
    assert_calm(app)
    labels = [element.proto.label for element in app.get("download_button")]
    assert "下载全部支行" in labels
