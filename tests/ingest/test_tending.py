"""Many small loads: their files are merged by themselves, and no state of the lake is lost."""

import duckdb
import pytest

import ingest.run
from tests.ingest.conftest import Desk
from warehouse import maintenance
from warehouse.lake import open_reader, open_writer
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


def rows_of(first: int, *, updated: int | None = None) -> str:
    """Sixty new rows, too many for the catalogue to hold them itself, and one older row changed."""
    new = "".join(f"B{n},2026-03-05,贷款\n" for n in range(first, first + 60))
    return HEADER + new + (f"B{updated},2026-03-05,信用卡\n" if updated is not None else "")


def complaints(desk: Desk, snapshot: int | None = None) -> list[tuple[str, str]]:
    con = open_reader(desk.home, snapshot=snapshot)
    try:
        asked = "select complaint_id, category from lake.core.complaint order by all"
        return con.execute(asked).fetchall()
    finally:
        con.close()


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


def test_files_with_rows_are_merged_and_every_state_stays(desk: Desk, few_files: None) -> None:
    held: dict[int, list[tuple[str, str]]] = {}
    for n in range(5):
        result = desk.load(f"{n}.csv", rows_of(60 * n))
        held[result["snapshot"]] = complaints(desk, result["snapshot"])
    assert files_of(desk) < 3
    assert {number: complaints(desk, number) for number in held} == held
    assert len(complaints(desk)) == 300
    assert {finding.rule for finding in check(desk.home).found} == {"retired"}


def test_files_with_replaced_rows_are_left_and_not_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "_MANY_FILES", 100)
    held: dict[int, list[tuple[str, str]]] = {}
    for n in range(5):
        updated = 60 * (n - 1) if n else None
        result = desk.load(f"{n}.csv", rows_of(60 * n, updated=updated))
        held[result["snapshot"]] = complaints(desk, result["snapshot"])
    merged: list[int] = []
    merge = maintenance._merge
    monkeypatch.setattr(maintenance, "_MANY_FILES", 3)
    monkeypatch.setattr(maintenance, "_merge", lambda con: merged.append(merge(con)) or 0)
    with open_writer(desk.home) as con:
        # The other tables only gain rows.
        assert maintenance.tend(con, desk.home)
        assert [maintenance.tend(con, desk.home) for _ in range(3)] == [False] * 3
    assert len(merged) == 1
    assert files_of(desk) == 5
    assert {number: complaints(desk, number) for number in held} == held
    assert {finding.rule for finding in check(desk.home).found} == {"retired"}
