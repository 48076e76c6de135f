"""已发布 on the page 交付物: who sees what, made again or not any more, faults told, files safe."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import table
from pages.ui.handouts import register
from pages.ui.profile import archive
from tests.conftest import installed_at
from tests.pages_fixtures import Open, assert_calm, opener, words
from warehouse import maintenance
from warehouse.__main__ import main
from warehouse.handouts import bulletin, issued
from warehouse.handouts.handout import Handout
from warehouse.home import Home
from warehouse.lake import open_reader, reading
from warehouse.periods import parse_period
from warehouse.scope import Scope
from warehouse.time_machine import Question, batches_between, causes

EVERYTHING = Scope.everything()
OWN = Scope(frozenset({"港湾支行"}))
QUARTER, MONTH = parse_period("2025Q4"), parse_period("2025-11")


@pytest.fixture(scope="module")
def root(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo installation, with three hand-outs issued: two for all, one for a sub-branch."""
    copied = shutil.copytree(demo_home, tmp_path_factory.mktemp("issued") / "home")
    home = Home(copied)
    with reading(open_reader(home)) as cursor:
        for made, name in (
            (bulletin.monthly_bulletin(cursor, MONTH, scope=EVERYTHING), "全行.xlsx"),
            (bulletin.monthly_bulletin(cursor, MONTH, scope=OWN), "港湾.xlsx"),
            (archive.make(cursor, QUARTER, scope=OWN), "港湾.zip"),
        ):
            issued.issue(home, made, file_name=name, by="=HYPERLINK(1)")
    return copied


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, root: Path) -> Open:
    return opener(monkeypatch, root)


def listed(app: AppTest) -> str:
    """The table of the register."""
    return next(e.proto.body for e in app.get("html") if "aria-label='已发布'" in e.proto.body)


def again(app: AppTest, number: int) -> AppTest:
    [which] = [one for one in app.selectbox if one.label == "重出哪一份"]
    which.set_value(number).run()
    return app.button(key="handouts.again").click().run()


def test_the_newest_stands_first(page: Open) -> None:
    body = listed(page("handouts"))
    assert body.index("港湾.zip") < body.index("港湾.xlsx") < body.index("全行.xlsx")


def test_a_reader_of_one_sub_branch_sees_and_makes_only_what_is_his(
    page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.ui.reader.current_scope", lambda: OWN)
    app = page("handouts", period="2025Q4")
    assert_calm(app)
    assert "全行.xlsx" not in listed(app)
    assert "港湾.xlsx" in listed(app)
    app.radio(key="handouts.kind").set_value("bulletin").run()
    assert app.selectbox(key="handouts.sub_branch").options == ["全部支行", "港湾支行"]
    app.button(key="handouts.make").click().run()
    assert_calm(app)
    made: Handout = app.session_state["handouts.shelf"].finished["bulletin"].made
    assert made.scope == OWN


def test_an_archive_is_made_again_with_the_same_numbers(
    page: Open, root: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    app = again(page("handouts"), 3)
    assert_calm(app)
    held = app.session_state["handouts.shelf"].again
    one = issued.issued(Home(root), 3)
    assert one.stated
    assert held.differing == 0
    assert f"登记的 {len(one.stated)} 个数字全部相同" in words(app)
    with installed_at(root):
        assert main(["reproduce", "3", "--out", str(tmp_path / "a.zip")]) == 1
    assert "请在页面“交付物”" in capsys.readouterr().err


def test_numbers_that_come_out_otherwise_are_counted(
    page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a change of the program: the same snapshot, another result."""
    whole = issued.stated
    monkeypatch.setattr(issued, "stated", lambda facts: whole(facts)[2:])
    app = again(page("handouts"), 1)
    assert_calm(app)
    assert "个数字中有 2 个重出后不同" in words(app)


def test_a_snapshot_that_is_gone_is_said(
    monkeypatch: pytest.MonkeyPatch, root: Path, tmp_path: Path
) -> None:
    home = Home(shutil.copytree(root, tmp_path / "home"))
    lines = [json.loads(line) for line in home.issued.read_text("utf-8").splitlines()]
    lines[0]["committed_at"] = "2020-01-01T00:00:00+00:00"
    home.issued.write_text("".join(f"{json.dumps(one)}\n" for one in lines), "utf-8")
    app = again(opener(monkeypatch, home.root)("handouts"), 1)
    assert [element.message for element in app.exception] == []
    assert "仓库此后重建过；当时的备份里还有它" in app.error[0].value
    assert "港湾.zip" in listed(app)


def test_a_register_that_cannot_be_read_is_said_and_making_goes_on(
    monkeypatch: pytest.MonkeyPatch, root: Path, tmp_path: Path
) -> None:
    home = Home(shutil.copytree(root, tmp_path / "home"))
    with home.issued.open("a", encoding="utf-8") as file:
        file.write('{"number": 4, "ki\n')
    app = opener(monkeypatch, home.root)("handouts", period="2025Q4")
    assert [element.message for element in app.exception] == []
    assert "第 4 行无法识别" in app.error[0].value
    app.radio(key="handouts.kind").set_value("bulletin").run()
    app.button(key="handouts.make").click().run()
    assert app.session_state["handouts.shelf"].finished["bulletin"].made.content


def test_the_time_machine_wants_the_earlier_snapshot_first(page: Open) -> None:
    app = page("handouts")
    app.segmented_control(key="handouts.view").set_value("machine").run()
    [later] = [one for one in app.selectbox if one.label == "到"]
    [earlier] = [one for one in app.selectbox if one.label == "从"]
    earlier.set_value(later.value).run()
    assert_calm(app)
    assert app.warning[0].value == "请让“从”早于“到”。"


def test_no_text_of_the_register_runs_in_a_spreadsheet(root: Path) -> None:
    frame = register._frame(issued.read(Home(root)))
    text = table.csv(frame, register._columns(sha="sha256")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["由谁发布"] for row in rows} == {"'=HYPERLINK(1)"}
    assert {len(row["文件校验和（SHA-256）"]) for row in rows} == {64}


def test_a_score_by_section_moves_with_its_rows(root: Path) -> None:
    """Its rows have no columns of their own to be known by, but the key of the result."""
    with reading(open_reader(Home(root))) as now:
        loads = maintenance.snapshots(now)
        is_exam = loads["message"].fill_null("").str.contains("考试成绩_2026年上半年")
        before_it = loads.filter(is_exam)["snapshot_id"][0] - 1
        with reading(open_reader(Home(root), snapshot=before_it)) as before:
            asked = Question("exam_section_mean_score", parse_period("2026H1"))
            since = batches_between(before, now)["batch_id"]
            found = causes(before, now, asked, since=since, scope=EVERYTHING)
    assert len(found) > 100
    assert set(found["state"]) == {"新计入"}
    assert set(found["file_name"]) == {"演示数据_考试成绩_2026年上半年消保知识考试.xlsx"}
