"""Clicking a bar in a real browser: it filters every page, is seen there, and can be cleared."""

from typing import TYPE_CHECKING

from tests.browser_fixtures import Watch, assert_chosen, open_at, parameters, settled

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHART = ".st-key-sub_branches_ranking"
CHOSEN = ".st-key-branch [data-tag]"


def click_bar(page: "Page", at: int) -> str:
    """Click the bar of one place of the ranking; the name that stands beside it."""
    bar = page.locator(f"{CHART} .bars .point path").nth(at)
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    page.mouse.click(box["x"] + 60, box["y"] + box["height"] / 2)
    return page.locator(f"{CHART} .yaxislayer-above text").nth(at).text_content() or ""


def ready(page: "Page") -> None:
    page.wait_for_selector(f"{CHART} .bars .point path")
    settled(page)


def test_a_click_on_a_bar_filters_every_page_and_a_second_one_undoes_it(
    server: str, browser_page: "Page", watch: Watch
) -> None:
    open_at(browser_page, f"{server}/sub_branches?period=2025Q2")
    ready(browser_page)
    label = click_bar(browser_page, 19)
    browser_page.locator(CHOSEN).wait_for()
    [name] = browser_page.locator(CHOSEN).all_inner_texts()
    assert name in label
    ready(browser_page)
    browser_page.wait_for_function("location.search.includes('branch')")
    assert parameters(browser_page)["branch"] == [name]
    assert browser_page.locator("table.peers tr.chosen th").all_inner_texts() == [name]

    browser_page.locator("[data-testid='stTopNavSection']", has_text="投诉").click()
    browser_page.locator("a[href$='/complaint_mix']").click()
    browser_page.get_by_role("heading", name="投诉结构").wait_for()
    settled(browser_page)
    assert_chosen(browser_page, "branch", [name])
    browser_page.get_by_role("button", name="清除筛选").click()
    browser_page.wait_for_selector(CHOSEN, state="detached")
    settled(browser_page)
    assert "branch" not in parameters(browser_page)
    assert watch.errors == []
    assert watch.strangers == []


def test_another_bar_takes_the_place_of_the_first_and_the_same_bar_clears_it(
    server: str, browser_page: "Page", watch: Watch
) -> None:
    open_at(browser_page, f"{server}/sub_branches?period=2025Q2")
    ready(browser_page)
    click_bar(browser_page, 19)
    browser_page.locator(CHOSEN).wait_for()
    [first] = browser_page.locator(CHOSEN).all_inner_texts()
    ready(browser_page)
    click_bar(browser_page, 18)
    browser_page.wait_for_function(
        "first => { const tags = [...document.querySelectorAll('.st-key-branch [data-tag]')];"
        " return tags.length === 1 && tags[0].innerText !== first; }",
        arg=first,
    )
    ready(browser_page)
    click_bar(browser_page, 18)
    browser_page.wait_for_selector(CHOSEN, state="detached")
    assert watch.errors == []


def test_a_cell_of_the_table_leads_to_its_explanation(
    server: str, browser_page: "Page", watch: Watch
) -> None:
    open_at(browser_page, f"{server}/sub_branches?period=2025Q2")
    cell = browser_page.locator("table.peers tbody tr").first.locator("a").nth(1)
    cell.click()
    browser_page.wait_for_url("**/explain?**")
    settled(browser_page)
    assert parameters(browser_page)["only"] == ["sub_branch:城东支行"]
    assert watch.errors == []


def test_the_workbook_of_all_can_be_taken_home(
    server: str, browser_page: "Page", watch: Watch
) -> None:
    open_at(browser_page, f"{server}/profile?period=2025Q2")
    browser_page.get_by_role("button", name="导出全部").click()
    button = browser_page.get_by_role("button", name="下载全部支行")
    button.wait_for()
    with browser_page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename == "一支行一页_全部支行_2025Q2_内部使用，不得外传.xlsx"
    width = browser_page.evaluate("document.querySelector('.stMain').scrollWidth")
    assert width <= 1366
    assert watch.errors == []
