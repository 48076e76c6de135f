"""The store: readers are never blocked, keep their snapshot, and see the next one afterwards."""

import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.tables import fill_lake
from warehouse import codes, lake, marts, schema
from warehouse.errors import (
    SnapshotMissing,
    WarehouseError,
    WarehouseMissing,
    WarehouseOutdated,
    WriterBusy,
)
from warehouse.home import Home
from warehouse.lake import open_reader, open_state, open_writer, reading, snapshot_id, state
from warehouse.maintenance import compact, snapshots

COMPLAINT = """
    complaint_id | received_at
    1            | 2024-01-01
"""
REPOSITORY = Path(__file__).resolve().parent.parent
WRITER = """
import sys
from pathlib import Path
from warehouse.home import Home
from warehouse.lake import open_writer
with open_writer(Home(Path(sys.argv[1]))) as con:
    for number in range(20):
        con.execute("begin transaction")
        con.execute("insert into lake.core.complaint (source, complaint_id, batch_id, source_row) values ('w', $1, 'b', 1)", [str(number)])
        con.execute("insert into lake.core.review (source, review_id, batch_id, source_row) values ('w', $1, 'b', 1)", [str(number)])
        con.execute("commit")
"""  # noqa: E501


def test_a_reader_in_another_process_is_never_blocked_and_never_sees_half_a_commit(tmp_path):
    home = fill_lake(tmp_path, complaint=COMPLAINT)
    hub = open_reader(home)
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], cwd=REPOSITORY)
    seen, deadline = set(), time.monotonic() + 60
    while writer.poll() is None:
        assert time.monotonic() < deadline
        with reading(hub) as cursor:
            complaints = cursor.execute(
                "select count(*) from lake.core.complaint where source = 'w'"
            ).fetchone()
            reviews = cursor.execute("select count(*) from lake.core.review").fetchone()
        assert complaints == reviews
        seen.add(complaints[0])
    assert writer.returncode == 0
    assert len(seen) > 1
    with reading(hub) as cursor:
        assert cursor.execute("select count(*) from lake.core.review").fetchone() == (20,)


def test_a_page_keeps_its_snapshot_until_it_is_done(tmp_path):
    home = fill_lake(tmp_path, complaint=COMPLAINT)
    hub = open_reader(home)
    with reading(hub) as cursor:
        before = snapshot_id(cursor)
        with open_writer(home) as con:
            con.execute("delete from lake.core.complaint")
        assert cursor.execute("select count(*) from lake.core.complaint").fetchone() == (1,)
        assert snapshot_id(cursor) == before
    with reading(hub) as cursor:
        assert cursor.execute("select count(*) from lake.core.complaint").fetchone() == (0,)
        assert snapshot_id(cursor) > before


def test_opening_the_writer_for_nothing_makes_no_snapshot(tmp_path):
    home = fill_lake(tmp_path, complaint=COMPLAINT)
    with reading(open_reader(home)) as cursor:
        before = snapshots(cursor)
    with open_writer(home):
        pass
    with reading(open_reader(home)) as cursor:
        assert snapshots(cursor).equals(before)


def test_only_one_writer_at_a_time(tmp_path):
    home = Home(tmp_path)
    with (
        open_writer(home),
        pytest.raises(WriterBusy, match="装载"),
        open_writer(home, lock_timeout_s=0.1),
    ):
        pass


def test_an_empty_installation_says_what_to_do(tmp_path):
    with pytest.raises(WarehouseMissing, match="python -m ingest"):
        open_reader(Home(tmp_path))


def test_every_table_and_column_is_described(tmp_path):
    with open_writer(Home(tmp_path)) as con:
        bare = con.execute(
            """
            select schema_name, table_name, column_name from duckdb_columns()
            where database_name = 'lake' and schema_name in ('core', 'meta') and comment is null
            """
        ).fetchall()
        tables = con.execute(
            "select count(*) from duckdb_tables() where database_name = 'lake'"
            " and schema_name in ('core', 'meta') and comment is not null"
        ).fetchone()
    assert bare == []
    assert tables == (21,)


def test_an_older_lake_gains_the_columns_that_are_new(tmp_path):
    home = fill_lake(tmp_path, complaint=COMPLAINT)
    with open_writer(home) as con:
        con.execute("alter table lake.core.outreach_event drop column media_name")
    with open_writer(home) as con:
        con.execute("select media_name from lake.core.outreach_event")
        assert con.execute("select count(*) from lake.core.complaint").fetchone() == (1,)


def test_compaction_keeps_rows_and_snapshots(tmp_path):
    home = fill_lake(tmp_path, complaint=COMPLAINT)
    with open_writer(home) as con:
        for number in range(5):
            con.execute(
                "insert into lake.core.complaint"
                " (source, complaint_id, batch_id, source_row)"
                " select 'w', $1 || '-' || range, 'b', range from range(200)",
                [str(number)],
            )
        first = con.execute("select min(snapshot_id) from lake.snapshots()").fetchone()
        assert "合并" in compact(con)
        assert con.execute("select count(*) from lake.core.complaint").fetchone() == (1001,)
        assert con.execute("select min(snapshot_id) from lake.snapshots()").fetchone() == first


def test_an_installation_may_be_moved(tmp_path):
    fill_lake(tmp_path / "before", complaint=COMPLAINT)
    (tmp_path / "before").rename(tmp_path / "after")
    home = Home(tmp_path / "after")
    with reading(open_reader(home)) as cursor:
        assert cursor.execute("select count(*) from lake.core.complaint").fetchone() == (1,)
    with open_writer(home) as con:
        con.execute("delete from lake.core.complaint")


def test_a_lake_of_an_older_program_says_what_to_do(tmp_path):
    home = fill_lake(tmp_path, complaint=COMPLAINT)
    with open_writer(home) as con:
        con.execute("alter table lake.core.complaint drop column dates_endings")
    with pytest.raises(WarehouseOutdated, match="python -m ingest"):
        open_reader(home)


def test_a_lake_that_is_only_just_being_made_reads_as_empty(tmp_path):
    """The first load makes its tables one after the other, while pages are looking."""
    home = Home(tmp_path)
    home.make_folders()
    con = lake.connect(":memory:")
    stages = [
        lambda: home.catalogue.touch(),
        lambda: lake.attach(con, home, read_only=False),
        lambda: schema.bring_up_to_date(con),
        lambda: (codes.store_code_lists(con), schema.create_views(con)),
    ]
    for stage in stages:
        stage()
        with pytest.raises(WarehouseMissing, match="还是空的") as said:
            open_reader(home)
        assert not isinstance(said.value, WarehouseOutdated)
    marts.bring_up_to_date(con)
    con.close()
    with reading(open_reader(home)) as cursor:
        assert cursor.execute("select count(*) from lake.meta.batch").fetchone() == (0,)


def test_a_state_is_told_from_one_of_the_same_number_after_a_rebuild(tmp_path):
    home = fill_lake(tmp_path, complaint=COMPLAINT)
    with reading(open_reader(home)) as cursor:
        held = state(cursor)
    open_state(home, held).close()
    other = replace(held, committed_at=held.committed_at - timedelta(days=1))
    with pytest.raises(SnapshotMissing, match=f"快照 #{held.number}.*重建"):
        open_state(home, other)


def test_a_reader_held_to_a_snapshot_never_sees_a_later_load(tmp_path):
    home = fill_lake(tmp_path, complaint=COMPLAINT)
    with reading(open_reader(home)) as cursor:
        held = snapshot_id(cursor)
    hub = open_reader(home, snapshot=held)
    with open_writer(home) as con:
        con.execute("delete from lake.core.complaint")
    for _again in range(2):
        with reading(hub) as cursor:
            assert cursor.execute("select count(*) from lake.core.complaint").fetchone() == (1,)
            assert snapshot_id(cursor) == held


def test_a_snapshot_that_there_is_not_is_named(tmp_path):
    home = fill_lake(tmp_path, complaint=COMPLAINT)
    with pytest.raises(SnapshotMissing, match="没有快照 #4711"):
        open_reader(home, snapshot=4711)


@pytest.mark.parametrize("name", ["a?b", "a\\b"])
def test_a_path_that_the_catalogue_cannot_lie_under_is_named(tmp_path, name):
    home = Home(tmp_path / name)
    with pytest.raises(WarehouseError, match="路径里有"), open_writer(home):
        pass
    assert not home.root.exists()


def test_a_path_of_spaces_quotes_and_signs_holds_a_lake(tmp_path):
    home = fill_lake(tmp_path / "a b'#%20*[1]{中文}", complaint=COMPLAINT)
    with reading(open_reader(home)) as cursor:
        assert cursor.execute("select count(*) from lake.core.complaint").fetchone() == (1,)


def test_an_extension_that_its_makers_did_not_sign_is_not_loaded(tmp_path, monkeypatch):
    name = lake.EXTENSIONS[0]
    changed = tmp_path / f"{name}.duckdb_extension"
    content = bytearray(lake._extension_file(name).read_bytes())
    content[len(content) // 2] ^= 1
    changed.write_bytes(content)
    lake._verify_extensions.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(lake, "_extension_file", lambda _name: changed)
        with pytest.raises(duckdb.Error, match="signature"):
            lake.connect(":memory:")
    lake.connect(":memory:").close()
