"""Many small loads: their files are merged by themselves, and no state of the lake is lost."""

import duckdb
import pytest

import ingest.run
from tests.ingest.conftest import Desk
from warehouse import maintenance
from warehouse.lake import open_reader
from warehouse.lake_check.check import check

HEADER = "投诉编号,收到日期,业务类别\n"


def files_of(desk: Desk) -> int:
    con = open_reader(desk.home)
    try:
        counts = con.execute("select file_count from ducklake_table_info('lake')").fetchall()
    finally:
        con.close()
    return max(count for (count,) in counts)


def drop_ledgers(desk: Desk, first: int, last: int) -> None:
    for n in range(first, last):
        desk.drop(f"{n}.csv", HEADER + f"A{n},2026-03-05,贷款\n")


@pytest.fixture
def few_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three files are many."""
    monkeypatch.setattr(maintenance, "_MANY_FILES", 3)
    monkeypatch.setattr(ingest.run, "_TENDED_EVERY", 2)


def test_small_files_are_merged_while_they_gather_and_every_state_stays(
    desk: Desk, few_files: None
) -> None:
    drop_ledgers(desk, 0, 2)
    held = max(result["snapshot"] for result in desk.run())
    drop_ledgers(desk, 2, 7)
    assert {result["status"] for result in desk.run()} == {"loaded"}
    assert files_of(desk) < 3
    assert desk.ask("select count(*) from lake.core.complaint") == [(7,)]
    con = open_reader(desk.home, snapshot=held)
    try:
        assert con.execute("select count(*) from lake.core.complaint").fetchone() == (2,)
    finally:
        con.close()
    # Merged files stay for whoever is reading them just now.
    assert {finding.rule for finding in check(desk.home).found} == {"retired"}


def test_a_check_merges_nothing(desk: Desk, few_files: None) -> None:
    for n in range(4):
        drop_ledgers(desk, n, n + 1)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(maintenance, "_MANY_FILES", 100)
            desk.run()
    before, snapshot = files_of(desk), desk.snapshot()
    path = desk.drop("9.csv", HEADER + "A9,2026-03-05,贷款\n")
    desk.run("--check", str(path))
    assert (files_of(desk), desk.snapshot()) == (before, snapshot)


def test_a_fault_while_merging_harms_no_load(
    desk: Desk, few_files: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_con: duckdb.DuckDBPyConnection) -> int:
        message = "no space left"
        raise duckdb.IOException(message)

    monkeypatch.setattr(maintenance, "_merge", full)
    drop_ledgers(desk, 0, 5)
    assert {result["status"] for result in desk.run()} == {"loaded"}
    assert desk.exit_code == 0
    assert files_of(desk) == 5
