"""Many small loads: their files are merged by themselves, and no state of the lake is lost."""

import duckdb
import pytest

import ingest.run
from tests.ingest.conftest import Desk
from warehouse import maintenance, schema
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


def updating_loads(desk: Desk, count: int) -> dict[int, list[tuple[str, str]]]:
    """Load files that each bring rows and change one of the last file; the rows of each state."""
    held: dict[int, list[tuple[str, str]]] = {}
    for n in range(count):
        updated = 60 * (n - 1) if n else None
        result = desk.load(f"{n}.csv", rows_of(60 * n, updated=updated))
        held[result["snapshot"]] = complaints(desk, result["snapshot"])
    return held


def shape(desk: Desk) -> list[tuple[str, str, str, bool]]:
    return desk.ask(
        """
        select column_name, data_type, comment, is_nullable from duckdb_columns()
        where database_name = 'lake' and table_name = 'complaint' order by all
        """
    )


def test_tables_of_replaced_rows_are_written_anew_and_every_state_stays(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "_MANY_FILES", 100)
    held = updating_loads(desk, 5)
    before, marts = shape(desk), desk.ask("select * from complaint_received order by all")
    assert files_of(desk) >= 5
    monkeypatch.setattr(maintenance, "_MANY_FILES", 3)
    with open_writer(desk.home) as con:
        # A column that an older version of the program had.
        con.execute("alter table lake.core.complaint add column formerly varchar")
        con.execute("update lake.core.complaint set formerly = 'kept' where complaint_id = 'B7'")
        assert maintenance.tend(con, desk.home)
        assert [maintenance.tend(con, desk.home) for _ in range(3)] == [False] * 3
    assert files_of(desk) < 3
    formerly = "select complaint_id from lake.core.complaint where formerly = 'kept'"
    assert desk.ask(formerly) == [("B7",)]
    assert [column for column in shape(desk) if column[0] != "formerly"] == before
    assert desk.ask("select * from complaint_received order by all") == marts
    assert {number: complaints(desk, number) for number in held} == held
    assert {finding.rule for finding in check(desk.home).found} == {"retired"}
    # What comes next finds the rows that it changes, and the same bytes are still known.
    assert desk.load("6.csv", rows_of(300, updated=240))["rows"]["updated"] == 1
    assert desk.load("4.csv", rows_of(240, updated=180))["status"] == "unchanged"


def test_a_big_table_is_written_anew_less_often(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "_MANY_FILES", 3)
    monkeypatch.setattr(maintenance, "_BYTES_FOR_A_FILE", 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(maintenance, "mergeable_files", lambda _: {})
        updating_loads(desk, 5)
        assert files_of(desk) >= 5
        patch.setattr(maintenance, "_BYTES_FOR_A_FILE", 1_000_000)
        with open_writer(desk.home) as con:
            assert maintenance.tend(con, desk.home)
    assert files_of(desk) < 3


def test_a_fault_while_a_table_is_written_anew_leaves_it_as_it_was(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "_MANY_FILES", 100)
    updating_loads(desk, 4)
    rows, snapshot = complaints(desk), desk.snapshot()
    monkeypatch.setattr(schema, "_statements", lambda _: ["create table nonsense"])
    with open_writer(desk.home) as con:
        with pytest.raises(duckdb.Error):
            schema.renew(con, "core", "complaint")
        assert con.execute("select count(*) from lake.core.complaint").fetchone() == (len(rows),)
    monkeypatch.undo()
    assert (complaints(desk), desk.snapshot()) == (rows, snapshot)
    assert check(desk.home).found == []
