"""The frame: cold deep links, the address, the snapshot a page reads, words and their catalogue."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from streamlit.testing.v1 import AppTest

from pages.ui import cached, filters, text
from pages.ui.reader import Snapshot
from tests.pages_fixtures import PAGES, ROOT, assert_calm, opener, use_home, words
from warehouse.coverage import Coverage
from warehouse.home import Home
from warehouse.scope import Scope

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SCRIPTS = [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]
WORDS = ROOT / "pages" / "ui" / "locale" / "dashboard.pot"


def cold(monkeypatch: pytest.MonkeyPatch, home: Path, page: str) -> AppTest:
    """A page asked for as the first thing on a freshly started server."""
    use_home(monkeypatch, home)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["period"] = "2025Q2"
    app.query_params["branch"] = ["城东支行", "港湾支行"]
    return app.switch_page(f"pages/{page}.py")


@pytest.mark.parametrize("page", PAGES)
def test_a_cold_deep_link_ends_on_its_page_inside_the_frame(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, page: str
) -> None:
    app = cold(monkeypatch, demo_home, page).run()
    assert_calm(app)
    assert app.selectbox(key="period").value == "2025Q2"
    assert app.multiselect(key="branch").value == ["城东支行", "港湾支行"]
    warm = opener(monkeypatch, demo_home)(page, period="2025Q2")
    assert app.title[0].value == warm.title[0].value
    assert "快照 #" in words(app)


def test_without_the_guard_a_cold_page_would_have_no_frame(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    monkeypatch.setattr("pages.ui.frame.st.switch_page", lambda *_args, **_kwargs: None)
    app = cold(monkeypatch, demo_home, "overview").run()
    assert len(app.get("selectbox")) == 0


def test_a_choice_writes_an_address_that_reopens_exactly_this(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    app = opener(monkeypatch, demo_home)("overview", branch="港湾支行")
    app.multiselect(key="category").set_value(["信用卡"]).run()
    assert app.session_state[filters._LAST].address == {
        "period": ["2026Q1"],
        "vs": ["previous"],
        "branch": ["港湾支行"],
        "category": ["信用卡"],
    }


OFFER = filters.Offer(
    ["2026Q1", "2025Q4"], {"branch": ["甲", "乙", "-"], "category": ["丙"], "channel": []}
)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({}, ("2026Q1", "previous", [], [])),
        ({"period": ["2025q4"], "vs": ["last_year"]}, ("2025Q4", "last_year", [], [])),
        (
            {"period": ["x"], "vs": ["x"], "branch": ["x", "乙", "乙", "-"]},
            ("2026Q1", "previous", ["乙", "-"], []),
        ),
        (
            {"period": ["2024-01-05..2024-02-07"], "category": ["丙"]},
            ("2024-01-05..2024-02-07", "previous", [], ["丙"]),
        ),
        ({"period": [], "branch": [""]}, ("2026Q1", "previous", [], [])),
    ],
)
def test_an_address_stands_for_choices_that_exist(
    address: filters.Parameters, expected: tuple[str, str, list[str], list[str]]
) -> None:
    meant = OFFER.meant_by(address)
    assert (meant["period"][0], meant["vs"][0], meant["branch"], meant["category"]) == expected


def test_the_organisation_table_offers_no_periods() -> None:
    from datetime import date

    held = {
        "complaint": Coverage(date(2025, 1, 1), date(2025, 6, 30)),
        "organisation": Coverage(date(1997, 1, 1), date(2025, 6, 30)),
    }
    offered = filters._offered_periods(held)
    assert offered[0] == "2025Q2"
    assert not [period for period in offered if period.startswith("1997")]


def test_readers_of_different_scope_share_no_cached_number(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    asked: list[frozenset[str] | None] = []

    def compute(*_args: object, scope: Scope, **_kwargs: object) -> int:
        asked.append(scope.sub_branches)
        return len(asked)

    monkeypatch.setattr("warehouse.indicators.compute", compute)
    found = []
    for branches in (None, frozenset({"甲"}), frozenset({"乙"}), frozenset({"甲"})):
        snapshot = Snapshot(None, 1, f"{demo_home}#scopes", Scope(branches), Home(demo_home))
        found.append(cached.compute(snapshot, "complaint_count", "2025Q2", (), ()))
    assert found == [1, 2, 3, 2]


def test_a_new_snapshot_is_not_answered_from_the_cache(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    answers = iter([1, 2])
    monkeypatch.setattr("warehouse.indicators.compute", lambda *_a, **_k: next(answers))
    scope = Scope.everything()
    for number in (1, 2):
        snapshot = Snapshot(None, number, f"{demo_home}#fresh#{number}", scope, Home(demo_home))
        assert cached.compute(snapshot, "complaint_count", "2025Q2", (), ()) == number


def test_the_order_of_clicks_makes_no_new_query() -> None:
    one = cached.frozen({"sub_branch": ("乙", None, "甲"), "category_group": ()})
    other = cached.frozen({"category_group": (), "sub_branch": (None, "甲", "乙")})
    assert one == other


def strings_outside_the_catalogue(script: Path) -> Iterator[str]:
    """Chinese literals that no _() surrounds; docstrings are for the team."""
    tree = ast.parse(script.read_text(encoding="utf-8"))
    translated: set[int] = set()
    for node in ast.walk(tree):
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if is_call and node.func.id == "_":
            translated.update(id(part) for part in ast.walk(node))
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            translated.add(id(body[0].value))
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and CHINESE.search(node.value) and id(node) not in translated:
            yield f"{script.name}:{node.lineno}: {node.value!r}"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_every_chinese_string_goes_through_the_catalogue(script: Path) -> None:
    assert list(strings_outside_the_catalogue(script)) == []


def test_messages_are_plain_literals() -> None:
    for script in SCRIPTS:
        for node in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_":
                assert isinstance(node.args[0], ast.Constant), f"{script.name}:{node.lineno}"


def test_the_shipped_catalogue_holds_every_message() -> None:
    found = {
        message
        for folder, ignored in (
            (ROOT / "pages", []),
            (ROOT, ["pages", "tests", "ingest", "warehouse"]),
        )
        for name, _line, message, *_rest in extract_from_dir(
            folder,
            method_map=[("app.py", "python")] if ignored else [("**.py", "python")],
            directory_filter=lambda path: (
                Path(path).name not in ("tests", "ingest", "warehouse", "pages", ".git")
            ),
        )
    }
    with WORDS.open("rb") as file:
        shipped = {entry.id for entry in read_po(file) if entry.id}
    assert shipped == found, (
        "run: pybabel extract -k _ -o pages/ui/locale/dashboard.pot app.py pages"
    )


def test_the_link_for_those_without_a_mouse_is_in_our_words(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    page = opener(monkeypatch, demo_home)("upload")
    assert "--skip-words: '跳到正文'" in words(page)
    assert "content: var(--skip-words)" in (ROOT / "pages" / "ui" / "page.css").read_text()


def test_an_unknown_language_falls_back_to_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_LANGUAGE", "xx")
    assert text._("达标") == "达标"


def test_a_translation_is_used_when_there_is_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from babel.messages import Catalog
    from babel.messages.mofile import write_mo

    folder = tmp_path / "qq" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalog = Catalog(locale="en")
    catalog.add("达标", "met")
    with (folder / f"{text.DOMAIN}.mo").open("wb") as file:
        write_mo(file, catalog)
    monkeypatch.setattr(text, "FOLDER", tmp_path)
    monkeypatch.setenv("DASHBOARD_LANGUAGE", "qq")
    assert text._("达标") == "met"
    assert text._("接近") == "接近"
