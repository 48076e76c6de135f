"""A lake whose own files are damaged is this computer's fault: no extract is blamed for it."""

import errno
import os
import shutil

import duckdb
import pytest

import ingest.rebuild_plan
import warehouse.lake
from ingest.fault import fault_of
from ingest.rebuild import main as rebuild_main
from tests.conftest import installed_at
from tests.ingest.conftest import Desk
from warehouse import maintenance, swap
from warehouse.__main__ import main as warehouse_main
from warehouse.errors import WarehouseDamaged
from warehouse.lake import open_reader

# The catalogue itself keeps the rows of small loads.
LEDGER = "投诉编号,收到日期,业务类别\n" + "".join(f"A{n},2024-03-05,贷款\n" for n in range(100))
LATER = LEDGER.replace("A7,2024-03-05,贷款", "A7,2024-03-05,借记卡")


def _harm_pages(content: bytes) -> bytes:
    return content[:4] + bytes(300) + content[304:]


def _cut(content: bytes) -> bytes:
    return content[:200]


@pytest.mark.parametrize("harm", [_harm_pages, _cut])
def test_a_damaged_data_file_keeps_extracts_in_the_inbox(desk: Desk, harm) -> None:
    desk.load("台账.csv", LEDGER)
    for path in desk.home.lake_files.rglob("core/complaint/*.parquet"):
        path.write_bytes(harm(path.read_bytes()))
    dropped = desk.drop("台账2.csv", LATER)
    (outcome,) = desk.run()
    assert desk.exit_code == 3
    assert outcome["status"] == "failed"
    assert "python -m warehouse check" in outcome["problems"][0]["message"]
    assert dropped.exists()
    assert not list(desk.home.returned.iterdir())


@pytest.mark.parametrize("arguments", [(), ("--check",)])
def test_a_damaged_catalogue_is_said_in_words(desk: Desk, arguments) -> None:
    desk.load("台账.csv", LEDGER)
    content = desk.home.catalogue.read_bytes()
    desk.home.catalogue.write_bytes(b"x" * 100 + content[100:])
    dropped = desk.drop("台账2.csv", LATER)
    assert desk.run(*arguments) == []
    assert desk.exit_code == 3
    assert "python -m warehouse check" in desk.stderr
    assert dropped.exists()


def test_commands_say_a_damaged_catalogue_in_words(desk: Desk, tmp_path, capsys) -> None:
    desk.load("台账.csv", LEDGER)
    desk.home.catalogue.write_bytes(b"nothing" * 1000)
    with installed_at(desk.home.root):
        for command in (["compact"], ["backup", str(tmp_path / "to")], ["snapshots"]):
            assert warehouse_main(command) == 1
            assert "python -m warehouse" in capsys.readouterr().err
    assert not (tmp_path / "to").exists()


@pytest.mark.parametrize("cell", ["附件.parquet", "ducklake-附件.parquet", "permission denied"])
def test_a_cell_that_an_error_quotes_is_no_damage(cell: str) -> None:
    with pytest.raises(duckdb.ConversionException) as raised:
        duckdb.connect().execute("select $cell::integer", {"cell": cell})
    assert fault_of(raised.value) is None


def test_a_text_that_an_error_quotes_is_no_damage() -> None:
    with pytest.raises(duckdb.InvalidInputException) as raised:
        duckdb.connect().execute("select strptime('附件.parquet', '%Y')")
    assert fault_of(raised.value) is None


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOENT, "文件或文件夹不存在（/x/甲.csv）"),
        (errno.ESTALE, "网络盘没有回应（/x/甲.csv）"),
        (errno.EIO, "磁盘读写出错（/x/甲.csv）"),
    ],
)
def test_faults_of_the_system_are_said_in_chinese(number: int, said: str) -> None:
    assert fault_of(OSError(number, os.strerror(number), "/x/甲.csv")) == said


def test_commands_say_faults_of_the_disk_and_raise_errors_of_ours(desk: Desk, monkeypatch, capsys):
    def fail(error: Exception) -> None:
        def compact(*_args, **_options) -> str:
            raise error

        monkeypatch.setattr(maintenance, "compact", compact)

    desk.load("台账.csv", LEDGER)
    with installed_at(desk.home.root):
        for error in (duckdb.IOException("No space left on device"), OSError(errno.ENOSPC, "full")):
            fail(error)
            assert warehouse_main(["compact"]) == 1
            said = capsys.readouterr().err
            assert said == "磁盘已满；没有完成，排除故障后再运行一次即可\n"
        fail(duckdb.BinderException("no such column"))
        with pytest.raises(duckdb.BinderException):
            warehouse_main(["compact"])


def test_a_lake_that_is_being_exchanged_is_not_called_lost(desk: Desk, monkeypatch) -> None:
    desk.load("台账.csv", LEDGER)
    before = desk.ask("select count(*) from lake.core.complaint")
    shutil.copytree(desk.home.data, swap.staged(desk.home) / "warehouse" / "data")

    def killed(source, target) -> None:
        shutil.copyfile(source, target)
        source.unlink()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(swap.shutil, "move", killed)
        with pytest.raises(KeyboardInterrupt):
            swap.swap(desk.home, swap.LAKE, aside=desk.home.root / "before")
    assert not desk.home.catalogue.exists()
    dropped = desk.drop("台账2.csv", LATER)
    with pytest.raises(WarehouseDamaged, match="正在更换"):
        open_reader(desk.home)
    desk.run("--check")
    assert desk.exit_code == 1
    assert "正在更换" in desk.stderr
    assert "移走" not in desk.stderr
    dropped.unlink()
    desk.run()
    assert desk.exit_code == 0
    assert desk.ask("select count(*) from lake.core.complaint") == before


def _interrupted(*_args, **_options) -> None:
    raise RuntimeError from KeyboardInterrupt()


def test_ctrl_c_that_meets_the_engine_is_no_fault(desk: Desk, monkeypatch, capsys) -> None:
    desk.load("台账.csv", LEDGER)
    desk.drop("台账2.csv", LATER)
    monkeypatch.setattr(warehouse.lake, "attach", _interrupted)
    monkeypatch.setattr(ingest.rebuild_plan, "attach", _interrupted)
    desk.run()
    assert desk.exit_code == 130
    assert "已中断" in desk.stderr
    with installed_at(desk.home.root):
        assert warehouse_main(["compact"]) == 130
        assert rebuild_main([]) == 130
    assert capsys.readouterr().err.count("已中断") == 2
