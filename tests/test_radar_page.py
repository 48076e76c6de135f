"""数据疑点 through app.py: the questions of the warehouse, their rows and files, and calm."""

from pathlib import Path

import pytest

from tests.pages_fixtures import Open, assert_calm, figure, opener, plain, words
from tests.radar_worlds import FIRST, LAST, branch, complaints, exams, scope
from tests.tables import fill_lake
from tests.test_radar import all_pleased, new_channel, silent
from warehouse.lake import open_reader, reading
from warehouse.periods import parse_period
from warehouse.radar.settings import signals
from warehouse.radar.survey import survey

PERIOD = "2024Q1"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    def spoil(held, draw, name):
        new_channel(held, draw, name)
        all_pleased(held, draw, branch("页", 3))
        silent(held, draw, branch("页", 4))

    return fill_lake(
        tmp_path_factory.mktemp("radar_page"),
        coverage=(str(FIRST), str(LAST)),
        complaint=complaints("页", 3, spoil),
        exam_result=exams("页", 3, lifted=True),
    )


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, home) -> Open:
    return opener(monkeypatch, home.root)


@pytest.fixture
def found(home):
    with reading(open_reader(home)) as cursor:
        return survey(cursor, parse_period(PERIOD), scope=scope("页"))


def test_the_page_asks_what_the_warehouse_asks(page: Open, found) -> None:
    app = page("radar", period=PERIOD)
    assert_calm(app)
    text = plain(words(app))
    assert {one.signal_id for one in found.questions} >= {
        "new_value",
        "same_rating",
        "silence",
        "pass_mark",
    }
    for one in found.questions:
        assert one.text in text
    assert f"有 {len(found.questions)} 个疑点" in text
    assert "不是结论" in text
    assert "不是监管要求" in text
    assert len(app.selectbox(key="radar.question").options) == len(found.questions)


def test_every_question_can_be_looked_into(page: Open, found) -> None:
    for one in found.questions:
        app = page("radar", period=PERIOD, question=one.id)
        assert_calm(app)
        text = plain(words(app))
        assert one.signal.why_zh in text
        assert one.signal.normal_zh in text
        bars = figure(app, "radar.picture")["data"][0]
        assert len(bars["x"]) == len(one.picture.bars)
        marked = [label.startswith("■") for label in bars["text"]]
        assert marked == [bar.is_looked_at for bar in one.picture.bars]
        assert "这个疑点的行" in [element.value for element in app.subheader]


def test_the_filter_of_sub_branches_leaves_what_names_them(page: Open, found) -> None:
    app = page("radar", period=PERIOD, branch=branch("页", 3))
    text = plain(words(app))
    mine = [one for one in found.questions if branch("页", 3) in one.sub_branches]
    assert f"有 {len(mine)} 个疑点" in text
    assert f"另有 {len(found.questions) - len(mine)} 个疑点不涉及所选支行" in text


def test_nothing_odd_says_what_was_tested_and_what_was_not(page: Open) -> None:
    app = page("radar", period="2023Q1")
    assert_calm(app)
    text = plain(words(app))
    assert "所选期间没有发现疑点" in text
    assert "之前没有覆盖完整的同类期间可比" in text
    for one in list(signals().values())[1:]:
        assert one.name_zh in text


def test_rows_show_no_person_in_full(page: Open, found) -> None:
    one = next(q for q in found.questions if q.signal_id == "pass_mark")
    text = plain(words(page("radar", period=PERIOD, question=one.id)))
    assert "页考试" in text
    keys = {row["person_key"] for row in exams("页", 3)}
    assert any(key[:8] in text for key in keys)
    assert not any(key in text for key in keys)


def test_the_command_line_lists_the_same(home: Path, found, monkeypatch, capsys) -> None:
    from warehouse.__main__ import main

    monkeypatch.setenv("DASHBOARD_HOME", str(home.root))
    assert main(["radar", "--period", PERIOD]) == 0
    told = capsys.readouterr().out
    for one in found.questions:
        assert one.text in told
    assert "来源久未更新" in told
    assert main(["radar", "--period", PERIOD, "--format", "json"]) == 0
    assert capsys.readouterr().out.count('"question"') == len(found.questions)
    assert main(["radar", "--period", "2024Q9"]) == 2
