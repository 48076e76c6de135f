"""A real server and a real browser for tests: opening pages, waiting, choosing filters."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

ROOT = Path(__file__).resolve().parent.parent
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


@contextmanager
def serving(home: Path, folder: Path) -> Iterator[str]:
    """The address of a freshly started server over an installation."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "DASHBOARD_HOME": str(home)},
            stdout=log,
            stderr=log,
        )
        try:
            wait_until_listening(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture
def fresh_server(demo_home: Path, tmp_path: Path) -> Iterator[str]:
    """A server over the demo installation that nobody has visited yet."""
    with serving(demo_home, tmp_path) as address:
        yield address


@pytest.fixture(scope="session")
def server(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server over the demo installation; it keeps nothing of its visitors but answers."""
    with serving(demo_home, tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """One real browser for the tests of a module."""
    if not CHROMIUM.exists():
        absent(f"{CHROMIUM} is not on this machine")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        absent("playwright is not installed")
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def browser_page(browser: "Browser", watch: Watch) -> Iterator["Page"]:
    """A page of a visitor whom nobody knows yet; its complaints and calls are noted."""
    visitor = browser.new_context(viewport={"width": 1366, "height": 768})
    page = visitor.new_page()
    page.set_default_timeout(TIMEOUT_MS)
    page.on("pageerror", lambda error: watch.errors.append(str(error)))
    page.on("console", lambda message: note_console(watch, message))
    page.on("request", lambda request: note_request(watch, request.url))
    yield page
    visitor.close()


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


def assert_chosen(page: "Page", key: str, values: list[str]) -> None:
    """A filter shows these choices; the page may draw it a moment after its script has ended."""
    from playwright.sync_api import expect

    expect(page.locator(f".st-key-{key} [data-tag]")).to_have_text(values, timeout=10_000)
