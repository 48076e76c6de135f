"""例会模式: every card on its own, and numbers that no load can move while the meeting lasts."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from pages.ui.meeting.cards import cards
from tests.conftest import load
from tests.pages_fixtures import Open, assert_calm, opener, words
from warehouse.home import Home
from warehouse.indicators import compute
from warehouse.lake import open_reader, reading, snapshot_id
from warehouse.periods import parse_period
from warehouse.scope import Scope

LINK = re.compile(r"href='(explain\?[^']+)'")
HEADER = "投诉编号,收到日期,业务类别,工单状态\n"


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> Open:
    return opener(monkeypatch, demo_home)


def newest(home: Path) -> int:
    with reading(open_reader(Home(home))) as cursor:
        return snapshot_id(cursor)


@pytest.mark.parametrize("at", range(len(cards())), ids=[card.name for card in cards()])
def test_every_card_is_drawn_held_to_the_snapshot(demo: Open, demo_home: Path, at: int) -> None:
    app = demo("meeting", period="2025Q4", card=str(at + 1))
    assert_calm(app)
    assert [title.value for title in app.title] == [cards()[at].name]
    assert app.query_params["snapshot"] == str(newest(demo_home))
    assert f"数字锁定在快照 #{newest(demo_home)}" in words(app)
    assert app.button(key="meeting_before").disabled == (at == 0)
    assert app.button(key="meeting_after").disabled == (at == len(cards()) - 1)


def test_the_buttons_turn_the_cards(demo: Open) -> None:
    app = demo("meeting", period="2025Q4")
    app.button(key="meeting_after").click().run()
    assert app.query_params["card"] == "2"
    assert app.title[0].value == cards()[1].name
    app.button(key="meeting_before").click().run()
    assert app.title[0].value == cards()[0].name


@pytest.mark.parametrize("card", ["0", "99", "x", "٣"])
def test_a_card_that_there_is_not_means_the_first(demo: Open, card: str) -> None:
    app = demo("meeting", period="2025Q4", card=card)
    assert_calm(app)
    assert app.title[0].value == cards()[0].name


def test_explanations_stay_with_the_snapshot(demo: Open, demo_home: Path) -> None:
    app = demo("meeting", period="2025Q4", card="2")
    links = [link for e in app.get("html") for link in LINK.findall(e.proto.body)]
    assert links
    for link in links:
        asked = parse_qs(urlsplit(link.replace("&amp;", "&")).query)
        assert asked["snapshot"] == [str(newest(demo_home))], link


def test_a_load_during_the_meeting_moves_no_number(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    inbox = Home(tmp_path).inbox
    inbox.mkdir(parents=True)
    (inbox / "一.csv").write_text(HEADER + "A1,2025-10-08,贷款,处理中\n", "utf-8")
    load(tmp_path)
    began = newest(tmp_path)
    open_page = opener(monkeypatch, tmp_path)
    app = open_page("meeting", period="2025Q4", card="1")
    assert "1 件" in words(app)
    more = "".join(f"A{n},2025-11-0{n},贷款,处理中\n" for n in range(2, 8))
    (inbox / "二.csv").write_text(HEADER + more, "utf-8")
    load(tmp_path)

    app.run()
    assert_calm(app)
    assert "1 件" in words(app)
    assert "7 件" not in words(app)
    assert f"数字锁定在快照 #{began}，之后有新的装载（快照 #{newest(tmp_path)}）" in words(app)
    explained = open_page("explain", of="complaint_count", period="2025Q4", snapshot=str(began))
    assert "计入 N = 1 行" in words(explained)
    explained = open_page("explain", of="complaint_count", period="2025Q4")
    assert "计入 N = 7 行" in words(explained)

    with reading(open_reader(Home(tmp_path), snapshot=began)) as cursor:
        count = compute(cursor, "complaint_count", parse_period("2025Q4"), scope=Scope.everything())
    assert count["value"][0] == 1


def test_a_snapshot_that_there_is_not_is_said_with_a_way_on(demo: Open) -> None:
    app = demo("overview", period="2025Q4", snapshot="99999")
    assert [warning.value for warning in app.warning] == [
        "没有快照 #99999：可能已按保留规则清除，或仓库已重建"
    ]
    app.button(key="pin_newest").click().run()
    assert_calm(app)
    assert app.title[0].value == "总览"


@pytest.mark.parametrize("typed", ["", "x", "-1", "1e3", "9" * 30])
def test_what_is_no_number_holds_nothing(demo: Open, typed: str) -> None:
    app = demo("overview", period="2025Q4", snapshot=typed)
    assert_calm(app)
    assert "数字锁定" not in words(app)


def test_what_the_meeting_decides_names_lights_and_cases(demo: Open) -> None:
    app = demo("meeting", period="2025Q4", card=str(len(cards())))
    text = words(app)
    assert "由谁负责、何时改完" in text
    assert "红灯未认领" in text
    assert "天内到期、仍未办结的投诉" in text
