"""Events: which ones a reader meets in a period, and how they stand on a chart."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.ui import figures_events, figures_trend
from pages.ui.figures_events import TAG_MONTHS, Mark, rows_of
from tests.tables import fill_lake
from tests.test_figures import course
from warehouse.events import Event, events, kinds
from warehouse.lake import open_reader, reading
from warehouse.periods import parse_period
from warehouse.scope import Scope

REGISTER = """
    org_name | org_level | parent_org_name
    分行     | 分行      |
    甲支行   | 支行      | 分行
    乙支行   | 支行      | 分行
    甲一网点 | 网点      | 甲支行
"""
EVENTS = """
    event_date | event_name | event_kind | org_name   | note
    2024-02-01 | 新规施行   | 新规       |            | 全行
    2024-01-01 | 系统上线   | 系统升级   | 甲一网点   |
    2024-03-31 | 宣传月     | 活动       | 分行       |
    2024-03-01 | 人员调整   |            | 乙支行     |
    2024-03-01 | 部门合并   | 其他       | 个人金融部 |
    2023-12-31 | 之前       | 活动       |            |
    2024-04-01 | 之后       | 活动       |            |
"""


@pytest.fixture(scope="module")
def cursor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    home = fill_lake(
        tmp_path_factory.mktemp("events"),
        ("2024-01-01", "2024-03-31"),
        organisation=REGISTER,
        calendar_event=EVENTS,
    )
    with reading(open_reader(home)) as found:
        yield found


def names(cursor: duckdb.DuckDBPyConnection, period: str, scope: Scope) -> list[str]:
    return [event.name for event in events(cursor, parse_period(period), scope=scope)]


def test_events_of_a_period_come_by_day_with_both_ends(cursor) -> None:
    everything = Scope.everything()
    assert names(cursor, "2024Q1", everything) == [
        "系统上线",
        "新规施行",
        "部门合并",
        "人员调整",
        "宣传月",
    ]
    assert len(names(cursor, "all", everything)) == 7


def test_an_event_of_an_outlet_is_its_sub_branch_s_and_one_of_the_branch_is_everybody_s(
    cursor,
) -> None:
    held = {e.name: e for e in events(cursor, parse_period("2024Q1"), scope=Scope.everything())}
    assert held["系统上线"] == Event(date(2024, 1, 1), "系统上线", "系统升级", "甲支行", "")
    assert held["宣传月"].sub_branch is None
    assert held["新规施行"] == Event(date(2024, 2, 1), "新规施行", "新规", None, "全行")
    assert held["人员调整"].kind == "其他"


def test_a_narrow_scope_meets_its_own_events_and_those_of_the_whole_branch(cursor) -> None:
    seen = names(cursor, "2024Q1", Scope(frozenset({"甲支行"})))
    assert seen == ["系统上线", "新规施行", "宣传月"]


def test_every_kind_of_the_code_list_has_letter_and_dashes_of_its_own() -> None:
    tags = [figures_events.tag(kind, 1) for kind in kinds()]
    assert len(set(tags)) == len(kinds())
    assert len({figures_events.dash(kind) for kind in kinds()}) == len(kinds())


def mark(day: date, number: int, kind: str = "活动") -> Mark:
    return Mark(figures_events.tag(kind, number), day, kind, f"活{number} 说明")


def test_an_event_stands_on_its_day_within_the_month() -> None:
    placed = figures_events.placed(
        ["2024-12", "2025-01"], [mark(date(2025, 1, 1), 1), mark(date(2025, 1, 31), 2)]
    )
    first, last = (at for at, _mark in placed)
    assert first == pytest.approx(0.5 + 0.5 / 31)
    assert last == pytest.approx(1.5 - 0.5 / 31)
    assert figures_events.placed(["2024-12"], [mark(date(2025, 1, 1), 1)]) == []


@given(st.lists(st.floats(-0.5, 12.5), max_size=30).map(sorted))
def test_tags_of_one_row_never_overlap(positions: list[float]) -> None:
    rows = rows_of(positions)
    for row in set(rows):
        own = [at for at, held in zip(positions, rows, strict=True) if held == row]
        assert all(b - a >= TAG_MONTHS for a, b in zip(own, own[1:], strict=False))


def test_a_trend_with_events_has_lines_and_tags_and_keeps_its_plot() -> None:
    series = [figures_trend.Series("件数", course([3.0, 4.0, 5.0]), "#0b5394")]
    plain = figures_trend.lines(series, unit="件")
    events_held = [mark(date(2025, 1, 10), 1), mark(date(2025, 1, 20), 2)]
    marked = figures_trend.lines(series, unit="件", events=events_held)
    assert [shape.x0 for shape in marked.layout.shapes][-2:] == pytest.approx(
        [0.5 + 9.5 / 31, 0.5 + 19.5 / 31]
    )
    texts = [note.text for note in marked.layout.annotations]
    assert {"活1", "活2"} <= set(texts)
    shifts = [note.yshift for note in marked.layout.annotations if note.text in ("活1", "活2")]
    assert len(set(shifts)) == 2
    taller = marked.layout.height - plain.layout.height
    assert taller == marked.layout.margin.t - figures_trend.theme.template().layout.margin.t > 0
    bars = figures_trend.bars(series[0], unit="件", events=events_held)
    assert len(bars.layout.shapes) == 2


def test_a_narrow_axis_names_few_months_and_no_two_years_side_by_side() -> None:
    ticks = figures_trend.month_ticks(["2024-12", "2025-01", "2025-02", "2025-03"], every=3)
    assert ["月" in tick for tick in ticks] == [True, False, False, True]
    assert ["年" in tick for tick in ticks] == [False, True, False, False]
    early = figures_trend.month_ticks(
        [f"2024-{n:02d}" for n in (9, 10, 11, 12)] + ["2025-01"], every=3
    )
    assert ["年" in tick for tick in early] == [True, False, False, False, True]


def test_without_events_a_trend_is_as_it_was() -> None:
    series = [figures_trend.Series("件数", course([3.0, 4.0]), "#0b5394")]
    assert figures_trend.lines(series, unit="件") == figures_trend.lines(
        series, unit="件", events=[]
    )


def test_the_demo_has_events(demo_home: Path) -> None:
    from warehouse.home import Home

    hub = open_reader(Home(demo_home.resolve()))
    with reading(hub) as cursor:
        found = events(cursor, parse_period("2025"), scope=Scope.everything())
    hub.close()
    assert {event.kind for event in found} <= set(kinds())
    assert any(event.sub_branch == "高新区第11支行" for event in found)
