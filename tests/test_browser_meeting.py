"""A meeting in a real browser: arrow keys, an explanation and back, on two screens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pages.ui.meeting.cards import cards
from tests.browser_fixtures import open_at, parameters, serving, settled
from tests.crowds import crowded

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser_fixtures import Watch


def turn(page: "Page", key: str, card: str) -> None:
    page.keyboard.press(key)
    page.get_by_role("heading", name=card, level=1).wait_for()
    settled(page)


@pytest.mark.parametrize("width", [1366, 1920])
def test_arrows_turn_the_cards_and_a_number_leads_to_its_explanation_and_back(
    server: str, browser_page: "Page", watch: "Watch", width: int
) -> None:
    page = browser_page
    page.set_viewport_size({"width": width, "height": width * 9 // 16})
    open_at(page, f"{server}/meeting?period=2025Q4")
    page.get_by_role("heading", name="结论", level=1).wait_for()
    page.locator(".pin").wait_for()
    # The title comes before the buttons that the keys press.
    settled(page)
    held = parameters(page)["snapshot"]
    turn(page, "ArrowRight", "关键指标")
    turn(page, "ArrowRight", "哪些变了")
    turn(page, "ArrowLeft", "关键指标")
    tile = page.locator("a.tile").first
    size = tile.locator(".value").evaluate("value => parseFloat(getComputedStyle(value).fontSize)")
    assert size >= 40
    says = tile.locator(".value").inner_text()
    tile.click()
    page.wait_for_selector(".explained")
    settled(page)
    assert parameters(page)["snapshot"] == held
    shown = page.locator(".explained .value").inner_text()
    assert shown.split() == says.split()
    page.go_back()
    page.get_by_role("heading", name="关键指标", level=1).wait_for()
    settled(page)
    assert parameters(page)["snapshot"] == held
    # Nothing is cut off at the side.
    assert page.evaluate("document.querySelector('.stMain').scrollWidth <= innerWidth")
    assert watch.errors == []
    assert watch.strangers == []


# What lies outside the screen, and the size that all type follows.
MEASURED = """
    () => {
        const area = document.querySelector('.stMain');
        return {
            below: area.scrollHeight - area.clientHeight,
            beside: area.scrollWidth - area.clientWidth,
            size: parseFloat(getComputedStyle(document.documentElement).fontSize),
        };
    }
"""
ROOMS: dict[str, Callable[[Path], object]] = {
    "forty": lambda root: crowded(root, 40),
    "three": lambda root: crowded(root, 3, "第{}支行"),
    "nothing": lambda root: crowded(root, 1, "第{}支行"),
}
# In which nothing happened.
BEFORE = "2024Q1"


@contextmanager
def room(name: str, demo_home: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a meeting, by what there is to see."""
    home = demo_home
    if name in ROOMS:
        home = tmp_path / "home"
        ROOMS[name](home)
    period = {"demo": "2026Q2", "nothing": BEFORE}.get(name, "2025Q4")
    with serving(home, tmp_path) as address:
        yield f"{address}/meeting?period={period}"


@pytest.mark.parametrize("name", ["demo", *ROOMS])
def test_every_card_fits_the_screen_in_type_that_a_room_can_read(
    browser_page: "Page", demo_home: Path, tmp_path: Path, name: str
) -> None:
    page = browser_page
    page.set_viewport_size({"width": 1920, "height": 1080})
    with room(name, demo_home, tmp_path) as address:
        open_at(page, address)
        for at, card in enumerate(cards()):
            if at:
                page.keyboard.press("ArrowRight")
            page.get_by_role("heading", name=card.name, level=1).wait_for()
            settled(page)
            found = measured(page)
            assert found["below"] <= 1, (card.name, found)
            assert found["beside"] <= 0, (card.name, found)
            assert found["size"] >= 19, (card.name, found)


def measured(page: "Page") -> dict[str, float]:
    """How the card lies on the screen once nothing moves any more: charts come after the words."""
    before: dict[str, float] = {}
    for _again in range(40):
        page.wait_for_timeout(250)
        found = page.evaluate(MEASURED)
        if found == before:
            break
        before = found
    return before


def test_what_a_card_leaves_out_is_on_the_page_that_it_names(
    server: str, browser_page: "Page"
) -> None:
    page = browser_page
    for at, card in enumerate(cards(), start=1):
        open_at(page, f"{server}/meeting?period=2025Q4&card={at}")
        link = page.locator(".st-key-meeting_bar a.go")
        link.wait_for()
        assert link.get_attribute("href").startswith(f"{card.page}?period=2025Q4"), card.name
    # Type is large for the meeting only.
    link.click()
    page.locator(".st-key-filters").wait_for()
    settled(page)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "16px"


def test_the_button_fills_the_screen(server: str, browser_page: "Page") -> None:
    open_at(browser_page, f"{server}/meeting?period=2025Q4")
    browser_page.get_by_role("button", name="全屏").click()
    browser_page.wait_for_function("document.fullscreenElement !== null")
    browser_page.get_by_role("button", name="全屏").click()
    browser_page.wait_for_function("document.fullscreenElement === null")
