"""`python -m warehouse check`: silent about a sound lake, and names every kind of damage."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ingest.__main__ import main as ingest_main
from tests.conftest import installed_at
from tests.kill_files import write_extracts
from warehouse.__main__ import main
from warehouse.errors import WarehouseDamaged
from warehouse.home import Home
from warehouse.lake import open_writer
from warehouse.lake_check.check import check
from warehouse.lake_files import recorded_files, stray_files
from warehouse.maintenance import compact


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation that loaded a little of everything."""
    from tests.conftest import load

    root = tmp_path_factory.mktemp("sound")
    write_extracts(Home(root).inbox)
    load(root)
    return root


@pytest.fixture
def home(sound: Path, tmp_path: Path) -> Home:
    """A copy of it to damage."""
    shutil.copytree(sound, tmp_path / "home")
    return Home(tmp_path / "home")


def rules(home: Home) -> set[str]:
    return {one.rule for one in check(home).faults}


def data_file(home: Home, table: str) -> Path:
    names = [f.path for f in recorded_files(home.catalogue) if f.table == table and f.is_current]
    return home.lake_files / sorted(names)[0]


def in_catalogue(home: Home, statement: str) -> None:
    with closing(sqlite3.connect(home.catalogue)) as con, con:
        con.execute(statement)


def in_lake(home: Home, statement: str) -> None:
    with open_writer(home) as con:
        con.execute(statement)


def test_sound_lake_is_clean_and_nothing_is_left_to_note(home):
    found = check(home)
    assert found.found == []
    assert found.looked_at["batches"] == 7
    assert found.looked_at["archived"] == 6
    assert found.looked_at["rows"] > 1000


def test_check_changes_nothing(home):
    before = {p: p.read_bytes() for p in home.root.rglob("*") if p.suffix in {".parquet", ".csv"}}
    check(home)
    after = {p: p.read_bytes() for p in home.root.rglob("*") if p.suffix in {".parquet", ".csv"}}
    assert after == before


def test_command_says_it_in_words_and_as_json(home, capsys):
    with installed_at(home.root):
        assert main(["check"]) == 0
        assert "数据仓库完好" in capsys.readouterr().out
        path = data_file(home, "core.complaint")
        path.unlink()
        assert main(["check"]) == 1
        said = capsys.readouterr().out
        assert path.name in said
        assert "不见了" in said
        assert "restore" in said
        assert main(["check", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["clean"] is False
    assert {one["rule"] for one in told["findings"]} >= {"file", "unreadable"}
    # The tables that nothing ails are not named.
    assert [f["where"] for f in told["findings"] if f["rule"] == "unreadable"] == ["core.complaint"]


def test_empty_installation_says_what_to_do(tmp_path, capsys):
    with installed_at(tmp_path):
        assert main(["check"]) == 1
    assert "python -m ingest" in capsys.readouterr().err


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(bytes(data))


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def _break_footer(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:-4] + b"XXXX")


@pytest.mark.parametrize("harm", [Path.unlink, _flip, _truncate, _break_footer])
@pytest.mark.parametrize("table", ["core.complaint", "core.exam_result", "core.review_opinion"])
def test_harmed_data_file_is_named(home, harm: Callable[[Path], None], table):
    path = data_file(home, table)
    harm(path)
    found = [one for one in check(home).faults if one.rule == "file"]
    assert [path.name in one.where and table in one.where for one in found] == [True]


def test_harmed_delete_file_is_named(home):
    (name, *_) = [f.path for f in recorded_files(home.catalogue) if f.kind == "delete"]
    (home.lake_files / name).unlink()
    assert any(name in one.where for one in check(home).faults)


def test_lost_record_of_a_file_is_noticed(home):
    path = data_file(home, "core.complaint")
    in_catalogue(home, f"delete from ducklake_data_file where path = '{path.name}'")
    assert {"record", "sum"} <= rules(home)


def test_broken_catalogue_is_named(home):
    home.catalogue.write_bytes(b"nothing" * 1000)
    assert rules(home) == {"catalogue"}


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("delete from lake.core.complaint where complaint_id = 'T00001'", "sum"),
        ("insert into lake.core.complaint from lake.core.complaint limit 1", "key"),
        ("insert into lake.core.complaint from lake.core.complaint limit 1", "sum"),
        ("update lake.core.complaint set batch_id = 'x' where complaint_id = 'T00001'", "lineage"),
        ("delete from lake.core.review where review_id = 'S001'", "parent"),
        ("update lake.meta.batch set rows_read = rows_read + 1", "conservation"),
        ("delete from lake.meta.row_issue", "issues"),
        ("insert into lake.meta.batch from lake.meta.batch limit 1", "batch_twice"),
        ("update lake.core.complaint set received_at = '2020-01-01'", "mart"),
    ],
)
def test_wrong_rows_are_noticed(home, statement, rule):
    in_lake(home, statement)
    assert rule in rules(home)


def test_archive_is_compared_with_the_batches(home):
    first, second, *_ = sorted(home.archive.iterdir())
    first.unlink()
    second.write_bytes(second.read_bytes() + b"x")
    found = {one.rule: one.where for one in check(home).faults}
    assert found == {"archive_missing": first.name, "archive_changed": second.name}


def test_lost_journal_is_only_a_note_and_the_next_load_writes_it(home):
    from tests.conftest import load

    home.archive_journal.unlink()
    found = check(home)
    assert found.is_clean
    assert {one.rule for one in found.found} == {"not_noted"}
    load(home.root)
    assert check(home).found == []


def test_stray_file_is_a_note_and_its_own_loader_removes_it(home):
    stray = home.lake_files / "core" / "complaint" / "ducklake-x.parquet"
    shutil.copyfile(data_file(home, "core.complaint"), stray)
    found = check(home)
    assert found.is_clean
    assert [one.where for one in found.found] == ["core/complaint/ducklake-x.parquet"]
    with open_writer(home):
        pass
    # It is older than that writer, so it is not that writer's to remove.
    assert stray_files(home) == [stray]


def test_lost_catalogue_never_costs_the_data_files(home):
    files = sorted(home.lake_files.rglob("*.parquet"))
    home.catalogue.unlink()
    with pytest.raises(WarehouseDamaged), open_writer(home):
        pass
    assert set(files) <= set(home.lake_files.rglob("*.parquet"))


@pytest.mark.parametrize("is_empty", [True, False])
def test_no_new_lake_is_begun_beside_data_files_without_their_catalogue(home, is_empty, capsys):
    home.catalogue.unlink()
    if is_empty:
        home.catalogue.touch()
    dropped = home.inbox / "大事记.csv"
    dropped.write_bytes(next(home.archive.glob("*.csv")).read_bytes())
    with installed_at(home.root):
        codes = [ingest_main(arguments) for arguments in ([], ["--check"])]
        codes += [main(["check"]), main(["indicator", "complaint_count"])]
    assert codes == [1, 1, 1, 1]
    assert capsys.readouterr().err.count("python -m warehouse rebuild") == 3 + (not is_empty)
    assert dropped.exists()


def test_compacting_says_so_where_nothing_was_merged(home):
    with open_writer(home) as con:
        compact(con)
        assert "没有可合并的" in compact(con)


def test_a_locked_catalogue_is_no_damaged_one(home, capsys):
    with closing(sqlite3.connect(home.catalogue, isolation_level=None)) as con:
        con.execute("pragma locking_mode = exclusive")
        con.execute("begin exclusive")
        with installed_at(home.root):
            assert main(["check"]) == 1
    said = capsys.readouterr()
    assert "被另一个程序锁住" in said.err
    assert "损坏" not in said.out + said.err
