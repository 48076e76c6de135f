"""Installations that several test modules share, built once by the real loader."""

import contextlib
import functools
import io
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from filelock import FileLock
from streamlit.components.v2 import manifest_scanner

from tests.browser_fixtures import (  # noqa: F401  shared by all browser tests
    browser,
    browser_page,
    fresh_server,
    server,
    watch,
)
from warehouse.home import Home
from warehouse.lake import open_reader, reading

EXTRACTS = Path(__file__).resolve().parents[2] / "shared" / "extracts"
# Files that take longest, in the order in which they begin: the last ones to run are short, so both
# test processes end together, and while the first one makes the demo lake, the other needs none.
LONGEST = (
    "test_browser_explain",
    "test_ingest_command",
    "test_ingest_ledgers",
    "test_browser",
    "test_pages",
    "test_work_pages",
    "test_explain_page",
    "test_rows_are_counted",
    "test_reference",
    "test_browser_sub_branches",
    "test_sub_branch_pages",
    "test_demo_command",
)
REAL_FILES = ("cfpb_complaints_2013_2015.csv", "cfpb_one_bank_2017_2023.xlsx")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first (needs --no-loadscope-reorder where test processes share them)."""
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(rank)))


@pytest.fixture(scope="session", autouse=True)
def _quick_connections() -> Iterator[None]:
    """Databases of the test process itself are quick; programs that tests start are untouched.

    Dividing queries over a handful of rows among threads doubles what they cost.
    """
    connect = duckdb.connect

    def quick(
        database: str = ":memory:", *, config: dict[str, Any] | None = None, **options: Any
    ) -> duckdb.DuckDBPyConnection:
        return connect(database, config={**(config or {}), "threads": 1}, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duckdb, "connect", quick)
        yield


@pytest.fixture(scope="session", autouse=True)
def _known_components() -> Iterator[None]:
    """AppTest makes a server for each run, and each looks through all installed packages (0.4 s)."""
    found = functools.cache(manifest_scanner.scan_component_manifests)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", found)
        yield


@contextlib.contextmanager
def installed_at(root: Path) -> Iterator[None]:
    """Run with DASHBOARD_HOME set to a folder."""
    before = os.environ.get("DASHBOARD_HOME")
    os.environ["DASHBOARD_HOME"] = str(root)
    try:
        yield
    finally:
        if before is None:
            del os.environ["DASHBOARD_HOME"]
        else:
            os.environ["DASHBOARD_HOME"] = before


def load(root: Path, *files: Path) -> list[str]:
    """Load files (or the inbox) into an installation; the loader's JSON lines."""
    from ingest.__main__ import main

    out = io.StringIO()
    with installed_at(root), contextlib.redirect_stdout(out):
        main(["--json", *map(str, files)])
    return out.getvalue().splitlines()


def build_once(
    tmp_path_factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object]
) -> Path:
    """A folder that is built once per run, by whichever test process needs it first."""
    # Parallel test processes share one temporary folder; the first one builds, the others wait.
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    root = shared / f"home-{name}"
    with FileLock(shared / f"{name}.lock"):
        if not (root / "ready").exists():
            root.mkdir(exist_ok=True)
            build(root)
            (root / "ready").touch()
    return root


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with the demo extracts loaded."""

    def build(root: Path) -> None:
        from tests.demo_files import written_demo

        shutil.copytree(written_demo(tmp_path_factory), Home(root).inbox)
        load(root)

    return build_once(tmp_path_factory, "demo", build)


@pytest.fixture(scope="module")
def cursor(demo_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """One read transaction over the demo extracts."""
    with reading(open_reader(Home(demo_home))) as held:
        yield held


@pytest.fixture(scope="session")
def real_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with two public complaint databases loaded."""
    if not EXTRACTS.exists():
        pytest.skip(f"{EXTRACTS} is not on this machine")
    return build_once(
        tmp_path_factory,
        "real",
        lambda root: load(root, *(EXTRACTS / f for f in REAL_FILES)),
    )


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation into which nothing was ever loaded."""
    return build_once(tmp_path_factory, "empty", lambda _root: None)
