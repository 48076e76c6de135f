"""The real server in a real browser: pages open, filters act and last, nothing leaves the machine."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tests.pages_fixtures import PAGES, ROOT

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TIMEOUT_MS = 30_000
# Streamlit looks for its server below the page's address first; the 404 is how it finds out.
EXPECTED_404 = ("/_stcore/health", "/_stcore/host-config")


@dataclass
class Watch:
    """What the browser complained about and whom it called."""

    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


def absent(reason: str) -> None:
    """Skip with the reason; fail where the browser is required."""
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_listening(port: int, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    pytest.fail("the server did not start")


@pytest.fixture
def address(demo_home: Path, tmp_path: Path) -> Iterator[str]:
    """A freshly started server over the demo installation."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    log = (tmp_path / "server.log").open("w")
    server = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "DASHBOARD_HOME": str(demo_home)},
        stdout=log,
        stderr=log,
    )
    try:
        wait_until_listening(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def browser_page(watch: Watch) -> Iterator["Page"]:
    """A page of a real browser whose complaints and calls are noted."""
    if not CHROMIUM.exists():
        absent(f"{CHROMIUM} is not on this machine")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        absent("playwright is not installed")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.set_default_timeout(TIMEOUT_MS)
        page.on("pageerror", lambda error: watch.errors.append(str(error)))
        page.on("console", lambda message: note_console(watch, message))
        page.on("request", lambda request: note_request(watch, request.url))
        yield page
        browser.close()


def note_console(watch: Watch, message: "ConsoleMessage") -> None:
    source = urlsplit(message.location.get("url", "")).path
    if message.type == "error" and not source.endswith(EXPECTED_404):
        watch.errors.append(f"{message.text} {source}")


def note_request(watch: Watch, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
        watch.strangers.append(url)


def open_at(page: "Page", url: str) -> None:
    """Open an address and wait until the page has drawn its foot."""
    page.goto(url)
    settled(page)


def settled(page: "Page") -> None:
    page.wait_for_selector(".foot")
    page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']")


def parameters(page: "Page") -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def choose(page: "Page", key: str, option: str) -> None:
    """Pick an option in one of the filters as a reader does."""
    page.locator(f".st-key-{key} input").click()
    page.get_by_role("option", name=option, exact=True).click()
    page.locator(f".st-key-{key} [data-tag]", has_text=option).wait_for()
    page.keyboard.press("Escape")
    settled(page)


def test_every_page_opens_quietly_and_calls_nobody(
    address: str, browser_page: "Page", watch: Watch
) -> None:
    titles = set()
    for name in PAGES:
        path = "" if name == "overview" else name
        open_at(browser_page, f"{address}/{path}?period=2025Q2")
        titles.add(browser_page.locator("h1").inner_text())
        if name != "data_quality":
            browser_page.wait_for_selector(".js-plotly-plot .main-svg")
        assert browser_page.locator("[data-testid='stAlertContentError']").count() == 0
        width = browser_page.evaluate("document.querySelector('.stMain').scrollWidth")
        assert width <= 1366, f"{name} is wider than the screen"
    assert len(titles) == len(PAGES)
    assert watch.errors == []
    assert watch.strangers == []


def test_a_filter_changes_the_chart_and_outlives_page_change_and_reload(
    address: str, browser_page: "Page", watch: Watch
) -> None:
    open_at(browser_page, f"{address}/complaint_mix?period=2025Q2")
    chart = browser_page.locator(".st-key-complaint_mix-cause .js-plotly-plot")
    before = chart.inner_text()
    choose(browser_page, "branch", "港湾支行")
    browser_page.wait_for_function(
        "before => document.querySelector('.st-key-complaint_mix-cause .js-plotly-plot')"
        ".innerText !== before",
        arg=before,
    )
    assert parameters(browser_page)["branch"] == ["港湾支行"]
    browser_page.get_by_role("link", name="处理时效").click()
    browser_page.wait_for_url("**/handling_time**")
    browser_page.get_by_role("heading", name="处理时效").wait_for()
    settled(browser_page)
    browser_page.wait_for_function("location.search.includes('branch')")
    browser_page.reload()
    settled(browser_page)
    chosen = browser_page.locator(".st-key-branch [data-tag]")
    assert chosen.all_inner_texts() == ["港湾支行"]
    assert parameters(browser_page) == {
        "period": ["2025Q2"],
        "vs": ["previous"],
        "branch": ["港湾支行"],
    }
    assert watch.errors == []


def test_a_deep_link_on_a_fresh_server_opens_its_page_with_its_filters(
    address: str, browser_page: "Page"
) -> None:
    query = f"period=2025Q4&vs=last_year&branch={quote('港湾支行')}&branch={quote('城东支行')}"
    open_at(browser_page, f"{address}/handling_time?{query}")
    assert browser_page.locator("h1").inner_text() == "处理时效"
    assert urlsplit(browser_page.url).path == "/handling_time"
    assert parameters(browser_page)["branch"] == ["港湾支行", "城东支行"]
    assert browser_page.locator(".st-key-period input").input_value() == "2025年第4季度"
    texts = browser_page.locator(".st-key-branch [data-tag]").all_inner_texts()
    assert texts == ["港湾支行", "城东支行"]


def test_going_back_restores_what_was_chosen_there(address: str, browser_page: "Page") -> None:
    open_at(browser_page, f"{address}/complaint_mix?period=2025Q2")
    choose(browser_page, "branch", "港湾支行")
    browser_page.wait_for_function("location.search.includes('branch')")
    browser_page.go_back()
    browser_page.wait_for_selector(".st-key-branch [data-tag]", state="detached")
    settled(browser_page)
    assert parameters(browser_page) == {"period": ["2025Q2"]}
    assert browser_page.locator(".st-key-period input").input_value() == "2025年第2季度"


def test_no_english_is_left_on_the_screen(address: str, browser_page: "Page") -> None:
    open_at(browser_page, f"{address}/?period=2025Q2")
    text = browser_page.locator("[data-testid='stApp']").inner_text()
    words = {word for word in text.replace("\n", " ").split() if word.isascii() and word.isalpha()}
    icons = {word for word in words if word.islower()}
    # “N” counts cases; “Skip to main content” is for screen readers and not to be seen.
    assert words - icons <= {"N", "Skip"}
    assert browser_page.locator("[data-testid='stMainMenu']").count() == 0
