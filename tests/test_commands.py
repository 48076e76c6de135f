"""Every command ends with a sentence and a code, never with a traceback of what people can mend."""

import errno
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from ingest import archive, corrections, person
from ingest.demo import __main__ as demo
from tests.conftest import installed_at
from warehouse import __main__ as warehouse
from warehouse.commands import carry_out
from warehouse.errors import QueryError, WarehouseError


def _raising(error: BaseException) -> Callable[[], int]:
    def work() -> int:
        raise error

    return work


def _interrupted_query() -> int:
    # As the engine wraps a Ctrl-C that meets it at work.
    message = "Query interrupted"
    raise RuntimeError(message) from KeyboardInterrupt()


@pytest.mark.parametrize(
    ("work", "code", "said"),
    [
        (lambda: 7, 7, ""),
        (_raising(QueryError("没有这个指标")), 2, "没有这个指标"),
        (_raising(WarehouseError("仓库还是空的")), 1, "仓库还是空的"),
        (_raising(OSError(errno.ENOSPC, "No space", "/d/f")), 3, "磁盘已满（/d/f）；再来一次"),
        (_raising(FileExistsError(errno.EEXIST, "File exists")), 3, "已经存在；再来一次"),
        (_raising(MemoryError()), 3, "内存不足；再来一次"),
        (_raising(duckdb.IOException("x: disk is full")), 3, "磁盘已满；再来一次"),
        (_raising(KeyboardInterrupt()), 130, "已中断"),
        (_interrupted_query, 130, "已中断"),
    ],
)
def test_an_error_ends_in_its_sentence_and_code(
    work: Callable[[], int], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = carry_out(
        work,
        codes={QueryError: 2, WarehouseError: 1},
        after_fault="再来一次",
        after_interrupt="已中断",
        fault_code=3,
    )
    told = capsys.readouterr().err
    assert ended == code
    assert said in told
    assert told.count("\n") == (1 if said else 0)


@pytest.mark.parametrize("error", [RuntimeError("a fault of ours"), ValueError("another")])
def test_a_fault_of_ours_is_not_hidden(error: Exception) -> None:
    with pytest.raises(type(error)):
        carry_out(_raising(error), codes={}, after_fault="", after_interrupt="")


def test_commands_say_in_chinese_that_they_cannot_write(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Nobody, not even root, can make a folder where a file lies.
    root = tmp_path / "home"
    root.write_text("")
    with installed_at(root):
        assert person.main(["new"]) == 1
        assert "没有另建人员密钥，排除故障后请再运行一次" in capsys.readouterr().err
        assert demo.main(["--out", str(root)]) == 1
        assert "同名的文件或文件夹已经存在" in capsys.readouterr().err


def test_a_damaged_lake_is_told_by_every_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with installed_at(tmp_path):
        home = warehouse.current_home()
        home.make_folders()
        home.catalogue.write_bytes(b"no database" * 100)
        (home.root / "ingest" / "corrections.yml").write_text(
            "- contract: complaint_ledger\n"
            "  where: {complaint_id: A1, received_at: 2062-01-03}\n"
            "  set: {received_at: 2026-01-03}\n"
            "  reason: 年份录错\n  by: 消保部\n  on: 2026-01-05\n",
            encoding="utf-8",
        )
        for command in (
            lambda: warehouse.main(["indicator", "complaint_count"]),
            corrections.main,
            lambda: archive.main(["apply"]),
        ):
            assert command() == 1
            told = capsys.readouterr().err
            assert "已损坏" in told, told
            assert "Error" not in told
