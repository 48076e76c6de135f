"""The page of hand-outs in a real browser: made, downloaded, and opened from the disk."""

import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.browser_fixtures import open_at, settled

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser_fixtures import Watch


@pytest.mark.parametrize("width", [1366, 1920])
def test_the_archive_of_profiles_is_made_and_downloaded(
    server: str, browser_page: "Page", watch: "Watch", width: int
) -> None:
    page = browser_page
    page.set_viewport_size({"width": width, "height": width * 9 // 16})
    open_at(page, f"{server}/handouts?period=2025Q4")
    page.get_by_role("heading", name="交付物", level=1).wait_for()
    settled(page)
    page.locator(".st-key-handouts label").filter(has_text="一支行一页").first.click()
    page.get_by_role("button", name="生成一支行一页").click()
    # Which of them is being made is said while it lasts.
    page.get_by_text("第 1/20 家").or_(page.get_by_text("20 家支行，每家一个")).first.wait_for()
    result = page.locator(".st-key-handouts_finished")
    result.get_by_text("20 家支行，每家一个 Excel 文件").wait_for()
    with page.expect_download() as download:
        result.get_by_role("button", name="下载").click()
    assert download.value.suggested_filename.startswith("一支行一页_2025年第4季度_快照")
    with zipfile.ZipFile(download.value.path()) as held:
        assert held.testzip() is None
        assert len(held.namelist()) == 21
    # Nothing is cut off at the side.
    assert page.evaluate("document.querySelector('.stMain').scrollWidth <= innerWidth")
    assert watch.errors == []
    assert watch.strangers == []
