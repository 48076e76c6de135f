"""In a real browser: upload a ledger, read the preview, load it, and find the number changed."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser_fixtures import Watch, open_at, serving
from tests.conftest import load
from warehouse import loading
from warehouse.home import Home

if TYPE_CHECKING:
    from playwright.sync_api import Page

HEADER = "投诉编号,收到日期,业务类别\n"
FIRST = HEADER + "".join(f"A{n},2024-0{n}-05,贷款\n" for n in (1, 2, 3))
SECOND = HEADER + "B1,2024-02-05,贷款\nB2,2024-03-05,信用卡\nB3,不是日期,贷款\n"
# Importing the checks takes seconds, on a busy machine many.
PATIENCE_MS = 90_000


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An installation with three complaints."""
    root = tmp_path / "home"
    first = tmp_path / "一季度.csv"
    first.write_text(FIRST, encoding="utf-8")
    load(root, first)
    return Home(root)


@pytest.fixture
def address(home: Home, tmp_path: Path) -> Iterator[str]:
    """A freshly started server over it."""
    with serving(home.root, tmp_path) as found:
        yield found


def count_on_overview(page: "Page", address: str) -> str:
    """The number of complaints that the overview shows for the first quarter."""
    open_at(page, f"{address}/?period=2024Q1")
    tile = page.locator("a.tile", has_text="投诉量").first
    return tile.locator(".value").inner_text().split()[0]


@pytest.mark.parametrize("width", [1366, 1920])
def test_a_ledger_goes_from_the_desktop_to_the_overview(
    address: str,
    home: Home,
    browser_page: "Page",
    watch: Watch,
    tmp_path: Path,
    width: int,
) -> None:
    page = browser_page
    page.set_viewport_size({"width": width, "height": 900})
    assert count_on_overview(page, address).startswith("3")
    other = page.context.new_page()
    open_at(other, f"{address}/data_quality")
    ledger = tmp_path / "投诉台账（补报）①.csv"
    ledger.write_text(SECOND, encoding="utf-8")
    open_at(page, f"{address}/upload")
    assert not page.locator(".st-key-filters").is_visible()
    page.locator(".st-key-upload_drop input[type=file]").set_input_files(str(ledger))
    card = page.locator("[class*='st-key-upload_card']")
    card.get_by_text("可以装载").wait_for(timeout=PATIENCE_MS)
    # What it would change is drawn below that, and last.
    card.get_by_text("2024年第1季度").first.wait_for(timeout=PATIENCE_MS)
    text = card.inner_text()
    assert "识别为《投诉台账》" in text
    assert "将新增 2" in text
    assert "将退回 1" in text
    assert "3 件" in text
    assert "5 件" in text
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
    # Nothing is loaded by looking.
    assert [one.file for one in loading.outcomes(home)] == ["一季度.csv"]
    confirm = card.get_by_text("我已核对并确认")
    if confirm.count():
        confirm.click()
    card.get_by_role("button", name="装载").click()
    card.get_by_text("数字已更新").wait_for(timeout=PATIENCE_MS)
    assert "新增 2" in card.inner_text()
    with page.expect_download() as download:
        card.get_by_text("下载退回单").click()
    assert download.value.suggested_filename.startswith("退回单_投诉台账（补报）①")
    # A page that stood open has noticed by itself.
    other.get_by_text("投诉台账（补报）①.csv").first.wait_for(timeout=PATIENCE_MS)
    other.close()
    assert count_on_overview(page, address).startswith("5")
    assert watch.errors == []
    assert watch.strangers == []
