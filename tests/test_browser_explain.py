"""In a real browser: click a number on every page, read its explanation and rows, and go back."""

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.browser_fixtures import assert_chosen, choose, open_at, parameters, settled
from tests.pages_fixtures import ROOT, WITHOUT_CHARTS

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser_fixtures import Watch

BRANCH = "港湾支行"
# Departments submit reviews, so a sub-branch would leave none; another choice has to last as well.
OTHER_FILTER = {"reviews": ("category", "信用卡")}
NUMBER = re.compile(r"[−-]?\d[\d,]*(?:\.\d+)?")
# Pages whose numbers are rows of files, and the page that explains.
WITHOUT = ("explain", *WITHOUT_CHARTS)
EXISTING = sorted(
    path.stem for path in (ROOT / "pages").glob("[a-z]*.py") if path.stem not in WITHOUT
)
# The first point of a chart that is a link: where it is on the screen, and what it says.
FIRST_POINT = """
() => {
  for (const plot of document.querySelectorAll(".js-plotly-plot")) {
    const at = plot.data.findIndex((trace) => trace.type === "bar"
      && String((trace.customdata || [])[0]).startsWith("explain?"));
    if (at < 0 || plot.data.slice(0, at).some((trace) => trace.type === "bar")) continue;
    const shapes = plot.querySelectorAll(".barlayer .trace:first-child .point path");
    for (let n = 0; n < shapes.length; n += 1) {
      const box = shapes[n].getBoundingClientRect();
      if (box.width < 4 || box.height < 4) continue;
      shapes[n].scrollIntoView({block: "center"});
      const now = shapes[n].getBoundingClientRect();
      return {
        x: now.x + now.width / 2, y: now.y + now.height / 2,
        says: plot.data[at].hovertext[n], address: plot.data[at].customdata[n],
      };
    }
  }
  return null;
}
"""


def resting_point(page: "Page") -> dict | None:
    """The first linked point once the page no longer moves under it: charts come in late."""
    before, deadline = page.evaluate(FIRST_POINT), time.monotonic() + 15
    while time.monotonic() < deadline:
        page.wait_for_timeout(300)
        now = page.evaluate(FIRST_POINT)
        if now == before:
            return now
        before = now
    pytest.fail(f"the page does not come to rest: {before}")


def path_of(page: str) -> str:
    return "" if page == "overview" else page


def filter_of(name: str) -> tuple[str, str]:
    return OTHER_FILTER.get(name, ("branch", BRANCH))


def open_filtered(page: "Page", server: str, name: str) -> None:
    """A page on which a reader has chosen a filter."""
    open_at(page, f"{server}/{path_of(name)}?period=2025Q2")
    key, value = filter_of(name)
    choose(page, key, value)
    page.wait_for_function("key => location.search.includes(key + '=')", arg=key)
    page.evaluate("window.notReloaded = true")


def assert_explained(page: "Page", says: str) -> None:
    """The explanation shows the number that was clicked, and as many rows as it says."""
    page.wait_for_selector(".explained")
    settled(page)
    assert page.evaluate("window.notReloaded") is True
    text = page.locator(".explained").inner_text()
    shown = NUMBER.search(page.locator(".explained .value").inner_text())
    assert set(NUMBER.findall(says)) & set(NUMBER.findall(text)), (says, text)
    assert shown is not None
    count = int(re.search(r"计入 N = ([\d,]+) 行", text)[1].replace(",", ""))
    rows = page.locator(".st-key-explained_rows tbody tr").count()
    assert rows == min(count, 100), (rows, count)


def assert_back(page: "Page", title: str, name: str = "") -> None:
    """The browser's back button leads to the page under the same choices."""
    key, value = filter_of(name)
    page.go_back()
    page.get_by_role("heading", name=title, level=1).wait_for()
    settled(page)
    assert_chosen(page, key, [value])
    assert parameters(page)["period"] == ["2025Q2"]
    assert parameters(page)[key] == [value]
    assert "of" not in parameters(page)


@pytest.mark.parametrize("name", EXISTING)
def test_click_a_number_read_its_rows_go_back(
    server: str,
    browser_page: "Page",
    watch: "Watch",
    name: str,
) -> None:
    page = browser_page
    open_filtered(page, server, name)
    title = page.locator("h1").inner_text()
    clicked = 0

    tile = page.locator("a.tile").first
    if tile.count():
        says = tile.locator(".value").inner_text()
        tile.click()
        assert_explained(page, says)
        assert_back(page, title, name)
        clicked += 1

    point = resting_point(page)
    if point is not None:
        page.mouse.click(point["x"], point["y"])
        assert_explained(page, point["says"])
        assert parameters(page)["from"][0].startswith(name)
        assert_back(page, title, name)
        clicked += 1

    for folded in page.locator("[data-testid='stExpander'] summary").all()[:1]:
        folded.click()
        page.wait_for_timeout(500)
    cells = page.locator("table a.why:visible").filter(has_text=re.compile(r"[1-9]"))
    if cells.count():
        says = cells.first.inner_text()
        cells.first.click()
        assert_explained(page, says)
        assert_back(page, title, name)
        clicked += 1

    assert clicked, f"no number of {name} is a link"
    assert watch.errors == []
    assert watch.strangers == []


def test_a_cell_of_a_heat_table_is_a_link_too(server: str, browser_page: "Page") -> None:
    page = browser_page
    open_filtered(page, server, "complaint_mix")
    plot = page.locator(".st-key-complaint_mix-intake_channel .js-plotly-plot")
    plot.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    box = plot.locator(".nsewdrag").bounding_box()
    held = plot.evaluate("plot => [plot.data[0].z.length, plot.data[0].z[0].length]")
    says = plot.evaluate("plot => plot.data[0].hovertext[0][0]")
    page.mouse.click(box["x"] + box["width"] / held[1] / 2, box["y"] + box["height"] / held[0] / 2)
    page.wait_for_selector(".explained")
    settled(page)
    value = NUMBER.search(page.locator(".explained .value").inner_text())[0]
    assert value in NUMBER.findall(says)
    assert len(parameters(page)["only"]) == 2
    assert_back(page, "投诉结构")


def test_the_same_bar_can_be_clicked_again_and_never_clicks_itself(
    server: str,
    browser_page: "Page",
) -> None:
    page = browser_page
    open_filtered(page, server, "complaint_mix")
    for _again in range(2):
        point = resting_point(page)
        page.mouse.click(point["x"], point["y"])
        page.wait_for_selector(".explained")
        settled(page)
        assert_back(page, "投诉结构")
        page.wait_for_timeout(1000)
        assert page.locator(".explained").count() == 0


def test_a_copied_link_opens_the_same_explanation(server: str, browser_page: "Page") -> None:
    page = browser_page
    query = f"of=complaint_count&period=2025Q2&branch={quote(BRANCH)}&only={quote('category_group:信用卡')}"
    open_at(page, f"{server}/explain?{query}")
    page.wait_for_selector(".explained")
    value = page.locator(".explained .value").inner_text()
    assert_chosen(page, "branch", [BRANCH])
    page.reload()
    settled(page)
    assert page.locator(".explained .value").inner_text() == value
    page.locator(".chip", has_text="信用卡").locator("a").click()
    page.wait_for_function("!location.search.includes('only')")
    settled(page)
    assert page.locator(".explained .value").inner_text() != value


def test_the_way_back_and_filters_for_every_page(server: str, browser_page: "Page") -> None:
    page = browser_page
    open_at(page, f"{server}/attainment?period=2025Q2")
    page.locator("table.matrix a.why").first.click()
    page.wait_for_selector(".explained")
    settled(page)
    page.get_by_role("link", name="按此筛选全站").click()
    page.wait_for_function("location.search.includes('branch=')")
    settled(page)
    assert "only" not in parameters(page)
    branch = parameters(page)["branch"]
    page.get_by_role("link", name="返回").click()
    page.get_by_role("heading", name="指标达标", level=1).wait_for()
    settled(page)
    assert_chosen(page, "branch", branch)


def test_numbers_can_be_reached_and_followed_by_keyboard(
    server: str,
    browser_page: "Page",
) -> None:
    page = browser_page
    open_at(page, f"{server}/?period=2025Q2")
    tile = page.locator("a.tile").first
    tile.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert tile.evaluate("link => document.activeElement === link")
    assert tile.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"
    assert tile.get_attribute("aria-label").endswith("，看这个数怎么来的")
    page.keyboard.press("Enter")
    page.wait_for_selector(".explained")


def test_a_pager_shows_the_next_rows_and_the_file_holds_all(
    server: str,
    browser_page: "Page",
) -> None:
    page = browser_page
    open_at(page, f"{server}/explain?of=complaint_count&period=2025Q2")
    rows = page.locator(".st-key-explained_rows tbody tr")
    first = rows.first.inner_text()
    page.locator("[data-testid='stPagination']").get_by_role(
        "button", name="Page 2", exact=True
    ).click()
    page.get_by_text("第 101–200 行").wait_for()
    settled(page)
    assert rows.first.inner_text() != first
    button = page.get_by_role("button", name=re.compile("下载全部 1,107 行"))
    with page.expect_download() as download:
        button.click()
    held = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(held) == 1108
