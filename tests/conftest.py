"""Installations that several test modules share, built once by the real loader."""

import contextlib
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

EXTRACTS = Path(__file__).resolve().parents[2] / "shared" / "extracts"
REAL_FILES = ("cfpb_complaints_2013_2015.csv", "cfpb_one_bank_2017_2023.xlsx")


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


def _build_once(
    tmp_path_factory: pytest.TempPathFactory, name: str, build: Callable[[Path], None]
) -> Path:
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
        from ingest.demo.__main__ import main

        with installed_at(root), contextlib.redirect_stdout(io.StringIO()):
            main([])
        load(root)

    return _build_once(tmp_path_factory, "demo", build)


@pytest.fixture(scope="session")
def real_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with two public complaint databases loaded."""
    if not EXTRACTS.exists():
        pytest.skip(f"{EXTRACTS} is not on this machine")
    return _build_once(
        tmp_path_factory,
        "real",
        lambda root: load(root, *(EXTRACTS / f for f in REAL_FILES)) and None,
    )


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation into which nothing was ever loaded."""
    return _build_once(tmp_path_factory, "empty", lambda _root: None)
