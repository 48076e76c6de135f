"""A dashboard that runs while its definitions, or files of the lake, change under it."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from pages.ui import reader
from tests.pages_fixtures import ROOT, assert_calm, opener
from warehouse import codes, renewal
from warehouse.home import Home

LOAD = """
import sys
from pathlib import Path
from warehouse import codes
from warehouse.home import Home
from warehouse.lake import open_writer
codes.FOLDER = Path(sys.argv[1])
with open_writer(Home(Path(sys.argv[2]))):
    pass
"""


@pytest.fixture
def own_home(demo_home: Path, tmp_path: Path) -> Home:
    return Home(Path(shutil.copytree(demo_home, tmp_path / "home")))


@pytest.fixture
def own_codes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """The code lists as a copy that may be changed."""
    folder = Path(shutil.copytree(codes.FOLDER, tmp_path / "codes"))
    with monkeypatch.context() as patch:
        patch.setattr(codes, "FOLDER", folder)
        patch.setattr(reader, "_RENEWAL", renewal.Renewal())
        renewal._forget()
        yield folder
    renewal._forget()


def add_campaign(folder: Path) -> None:
    with (folder / "campaign.csv").open("a", encoding="utf-8") as file:
        file.write("99,,甲活动,甲活动,One more,,practice\n")


def load_by(folder: Path, home: Home) -> None:
    """Bring the lake to these code lists, as another process does."""
    arguments = [sys.executable, "-c", LOAD, str(folder), str(home.root)]
    subprocess.run(arguments, cwd=ROOT, check=True)


def test_a_page_follows_the_lake_to_changed_code_lists(
    own_home: Home, own_codes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_page = opener(monkeypatch, own_home.root)
    assert_calm(open_page("complaint_mix"))
    add_campaign(own_codes)
    # Until a load has brought the lake to it the dashboard goes on as it was.
    assert_calm(open_page("complaint_mix"))
    load_by(own_codes, own_home)
    app = open_page("complaint_mix")
    assert_calm(app)
    assert not app.warning


def test_a_lake_of_another_program_asks_for_a_new_start(
    own_home: Home, own_codes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_page = opener(monkeypatch, own_home.root)
    assert_calm(open_page("complaint_mix"))
    add_campaign(own_codes)
    reader._RENEWAL._seen = reader._RENEWAL._look()
    load_by(own_codes, own_home)
    app = open_page("complaint_mix")
    assert not app.exception
    assert "重新启动看板" in app.warning[0].value


def test_a_page_says_that_files_of_the_lake_are_gone(
    own_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    st.cache_data.clear()
    st.cache_resource.clear()
    for path in own_home.lake_files.rglob("*.parquet"):
        path.unlink()
    app = opener(monkeypatch, own_home.root)("overview")
    assert not app.exception
    assert "python -m warehouse check" in app.error[0].value
