"""The real server in a real browser: pages open, filters act and last, nothing leaves the machine."""

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from tests.browser_fixtures import Watch, assert_chosen, choose, open_at, parameters, settled
from tests.pages_fixtures import PAGES, WITHOUT_CHARTS

if TYPE_CHECKING:
    from playwright.sync_api import Page


# Words of one axis that run into one another.
TOUCHING = """
() => {
  const found = [];
  for (const plot of document.querySelectorAll(".js-plotly-plot")) {
    for (const axis of ["xtick", "ytick"]) {
      const words = [...plot.querySelectorAll(`.${axis} text`)].flatMap((text, tick) => {
        const lines = [...text.querySelectorAll("tspan.line")];
        return (lines.length ? lines : [text])
          .filter((line) => line.textContent.trim())
          .map((line) => ({ tick, says: line.textContent, box: line.getBoundingClientRect() }));
      });
      words.forEach((one, at) => words.slice(at + 1).forEach((two) => {
        const { box: a } = one, { box: b } = two;
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (one.tick !== two.tick && wide > 0.5 && high > 4) found.push([one.says, two.says]);
      }));
    }
  }
  return found;
}
"""
ALL_DRAWN = """
() => [...document.querySelectorAll("[data-testid='stPlotlyChart']")]
  .every((chart) => chart.querySelector(".main-svg"))
"""


def test_every_page_opens_quietly_and_calls_nobody(
    server: str, browser_page: "Page", watch: Watch
) -> None:
    titles = set()
    for name in PAGES:
        path = "" if name == "overview" else name
        open_at(browser_page, f"{server}/{path}?period=2025Q2")
        titles.add(browser_page.locator("h1").inner_text())
        if name not in WITHOUT_CHARTS:
            browser_page.wait_for_selector(".js-plotly-plot .main-svg")
            browser_page.wait_for_function(ALL_DRAWN)
            assert browser_page.evaluate(TOUCHING) == [], name
        assert browser_page.locator("[data-testid='stAlertContentError']").count() == 0
        width = browser_page.evaluate("document.querySelector('.stMain').scrollWidth")
        assert width <= 1366, f"{name} is wider than the screen"
    assert len(titles) == len(PAGES)
    assert watch.errors == []
    assert watch.strangers == []


def test_a_filter_changes_the_chart_and_outlives_page_change_and_reload(
    server: str, browser_page: "Page", watch: Watch
) -> None:
    open_at(browser_page, f"{server}/complaint_mix?period=2025Q2")
    chart = browser_page.locator(".st-key-complaint_mix-cause .js-plotly-plot")
    before = chart.inner_text()
    choose(browser_page, "branch", "港湾支行")
    browser_page.wait_for_function(
        "before => document.querySelector('.st-key-complaint_mix-cause .js-plotly-plot')"
        ".innerText !== before",
        arg=before,
    )
    assert parameters(browser_page)["branch"] == ["港湾支行"]
    browser_page.get_by_test_id("stTopNavSection").filter(has_text="投诉").click()
    browser_page.locator("a[href$='/handling_time']").click()
    browser_page.wait_for_url("**/handling_time**")
    browser_page.get_by_role("heading", name="处理时效").wait_for()
    settled(browser_page)
    browser_page.wait_for_function("location.search.includes('branch')")
    browser_page.reload()
    settled(browser_page)
    assert_chosen(browser_page, "branch", ["港湾支行"])
    assert parameters(browser_page) == {
        "period": ["2025Q2"],
        "vs": ["previous"],
        "branch": ["港湾支行"],
    }
    assert watch.errors == []


def test_a_deep_link_on_a_fresh_server_opens_its_page_with_its_filters(
    fresh_server: str, browser_page: "Page"
) -> None:
    query = f"period=2025Q4&vs=last_year&branch={quote('港湾支行')}&branch={quote('城东支行')}"
    open_at(browser_page, f"{fresh_server}/handling_time?{query}")
    assert browser_page.locator("h1").inner_text() == "处理时效"
    assert urlsplit(browser_page.url).path == "/handling_time"
    assert parameters(browser_page)["branch"] == ["港湾支行", "城东支行"]
    assert browser_page.locator(".st-key-period input").input_value() == "2025年第4季度"
    assert_chosen(browser_page, "branch", ["港湾支行", "城东支行"])


def test_going_back_restores_what_was_chosen_there(server: str, browser_page: "Page") -> None:
    open_at(browser_page, f"{server}/complaint_mix?period=2025Q2")
    choose(browser_page, "branch", "港湾支行")
    browser_page.wait_for_function("location.search.includes('branch')")
    browser_page.go_back()
    browser_page.wait_for_selector(".st-key-branch [data-tag]", state="detached")
    settled(browser_page)
    assert parameters(browser_page) == {"period": ["2025Q2"]}
    assert browser_page.locator(".st-key-period input").input_value() == "2025年第2季度"


def test_no_english_is_left_on_the_screen(server: str, browser_page: "Page") -> None:
    open_at(browser_page, f"{server}/?period=2025Q2")
    text = browser_page.locator("[data-testid='stApp']").inner_text()
    words = {word for word in text.replace("\n", " ").split() if word.isascii() and word.isalpha()}
    icons = {word for word in words if word.islower()}
    # “N” counts cases; “Skip to main content” is for screen readers and not to be seen.
    assert words - icons <= {"N", "Skip"}
    assert browser_page.locator("[data-testid='stMainMenu']").count() == 0
