"""A meeting in a real browser: arrow keys, an explanation and back, on two screens."""

from typing import TYPE_CHECKING

import pytest

from pages.ui.meeting.cards import cards
from tests.browser_fixtures import open_at, parameters, settled

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


def test_every_card_fits_the_screen_in_type_that_a_room_can_read(
    server: str, browser_page: "Page"
) -> None:
    page = browser_page
    page.set_viewport_size({"width": 1920, "height": 1080})
    open_at(page, f"{server}/meeting?period=2025Q4")
    for at, card in enumerate(cards()):
        if at:
            page.keyboard.press("ArrowRight")
        page.get_by_role("heading", name=card.name, level=1).wait_for()
        settled(page)
        page.wait_for_function(
            "(area => area.scrollHeight <= area.clientHeight + 1)"
            "(document.querySelector('.stMain'))"
        )
        size = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
        assert size >= 19, card.name
        # What the card leaves out is on the page that it names.
        link = page.locator(".st-key-meeting_bar a.go")
        assert link.get_attribute("href").startswith(f"{card.page}?period=2025Q4")
    # Type is large for the meeting only.
    link.click()
    page.locator(".st-key-filters").wait_for()
    settled(page)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "18px"


def test_the_button_fills_the_screen(server: str, browser_page: "Page") -> None:
    open_at(browser_page, f"{server}/meeting?period=2025Q4")
    browser_page.get_by_role("button", name="全屏").click()
    browser_page.wait_for_function("document.fullscreenElement !== null")
    browser_page.get_by_role("button", name="全屏").click()
    browser_page.wait_for_function("document.fullscreenElement === null")
