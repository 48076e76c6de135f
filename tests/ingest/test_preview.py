"""What `--check` says a load would change is what the load then changes."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from ingest.preview import Change
from ingest.preview_text import change_text
from tests.demo_files import written_demo
from tests.ingest.conftest import Desk
from tests.ingest.test_ingest_command import tree
from warehouse.home import Home
from warehouse.indicators import compute
from warehouse.lake import open_reader
from warehouse.periods import parse_period
from warehouse.registry import headline_indicators
from warehouse.scope import Scope

HEADER = "投诉编号,收到日期,处理决定日期,工单状态\n"
FIRST = "A1,2025-01-03,2025-01-10,已办结\nA2,2025-02-03,,处理中\nA3,2025-03-31,2025-03-31,已办结\n"


def figures(home: Home) -> dict[tuple[str, str], tuple[Any, Any]]:
    """Value and n of every headline in every quarter of the demo, as the pages would get them."""
    con = open_reader(home)
    quarters = [f"{year}Q{n}" for year in (2024, 2025, 2026) for n in (1, 2, 3, 4)]
    try:
        return {
            (one.id, quarter): tuple(
                compute(con, one.id, parse_period(quarter), scope=Scope.everything())
                .select("value", "denominator")
                .row(0)
            )
            for one in headline_indicators()
            for quarter in quarters
        }
    finally:
        con.close()


def changes_of(result: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(c["indicator"], c["period"]): c for c in result["preview"]["changes"]}


def test_check_tells_every_headline_before_and_after(desk: Desk) -> None:
    desk.load("a.csv", HEADER + FIRST)
    desk.drop("b.csv", HEADER + FIRST.replace(",,处理中", ",2025-03-05,已办结"))
    before = tree(desk.home.root)
    (result,) = desk.run("--check")
    assert tree(desk.home.root) == before
    assert (result["status"], result["preview"]["concerns"]) == ("loaded", [])
    assert changes_of(result)["complaint_closed_rate", "2025Q1"] == {
        "indicator": "complaint_closed_rate",
        "name": "办结率",
        "unit": "%",
        "decimals": 1,
        "period": "2025Q1",
        "before": pytest.approx(200 / 3),
        "after": 100.0,
        "n_before": 3.0,
        "n_after": 3.0,
    }
    assert ("complaint_count", "2025Q1") not in changes_of(result)
    said = desk.say("--check")
    assert "  本次装载将使 2025Q1 办结率 件数太少不显示→件数太少不显示（n=3→3）；" in said
    loaded, *_ = desk.run()
    assert "preview" not in loaded


def test_files_checked_together_build_on_one_another(new_desk: Desk) -> None:
    desk = new_desk
    desk.drop("1.csv", HEADER + FIRST)
    desk.drop("2.csv", HEADER + "B1,2025-03-01,,处理中\n")
    first, second = desk.run("--check")
    assert changes_of(first)["complaint_count", "2025Q1"]["before"] is None
    assert changes_of(first)["complaint_count", "2025Q1"]["after"] == 3
    assert changes_of(second)["complaint_count", "2025Q1"]["before"] == 3
    assert changes_of(second)["complaint_count", "2025Q1"]["after"] == 4
    assert not desk.home.data.exists()


def test_words_tell_values_apart() -> None:
    rate = Change("complaint_timely_rate", "处理及时率", "%", 1, "2026Q3", 97.2, 96.9, 412, 431)
    assert change_text(rate) == "处理及时率 97.2%→96.9%（n=412→431）"
    close = Change("complaint_timely_rate", "处理及时率", "%", 1, "2026Q3", 97.21, 97.23, 412, 431)
    assert change_text(close) == "处理及时率 97.21%→97.23%（n=412→431）"
    count = Change("complaint_count", "投诉量", "件", 0, "2026Q3", None, 1412, None, None)
    assert change_text(count) == "投诉量 无数据→1,412 件"


def test_headlines_are_the_tiles_of_the_overview() -> None:
    page = (Path(__file__).parents[2] / "pages" / "overview.py").read_text("utf-8")
    flagged = {one.id for one in headline_indicators() if one.is_headline}
    assert flagged
    assert {name for name in flagged if f'"{name}"' not in page} == set()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo extracts."""
    return written_demo(tmp_path_factory)


def test_preview_of_every_demo_file_is_what_its_load_gives(demo: Path, tmp_path: Path) -> None:
    desk = Desk(Home(tmp_path / "home"))
    desk.home.make_folders()
    names = sorted(path.name for path in demo.iterdir())
    paths = [str(shutil.copyfile(demo / name, tmp_path / name)) for name in names]
    half = len(paths) // 2
    assert {result["status"] for result in desk.run(*paths[:half])} == {"loaded"}
    before = figures(desk.home)
    checked = desk.run("--check", *paths[half:])
    assert figures(desk.home) == before
    results = desk.run(*paths[half:])
    assert [r["status"] for r in results] == [r["status"] for r in checked]
    assert {result["status"] for result in results} == {"loaded"}
    after = figures(desk.home)
    # The last word on each number over the files in their order.
    told = {key: change for result in checked for key, change in changes_of(result).items()}
    assert told
    assert {key: (c["after"], c["n_after"]) for key, c in told.items()} == {
        key: after[key] for key in told
    }
    newest = {key for key in after if after[key] != before[key] and key[1] >= "2025Q3"}
    assert newest <= told.keys()
