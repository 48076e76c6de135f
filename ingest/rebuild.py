"""Rebuilds the lake from the archive: every file again, in its order, as of its day."""

import argparse
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ingest.archive_cipher import decrypt_file, existing_archive_key
from ingest.contract import contracts
from ingest.corrections import read_corrections
from ingest.errors import Fault, IngestError
from ingest.files import Extract
from ingest.loader import Loader
from ingest.pipeline import Pipeline
from ingest.rebuild_compare import compared
from ingest.rebuild_plan import Plan, plan
from ingest.result import Result
from ingest.staging import open_desk
from warehouse.commands import carry_out
from warehouse.disk import copy_whole, size_of
from warehouse.errors import WarehouseError
from warehouse.home import Home, current_home
from warehouse.journal import Entry
from warehouse.lake import holding_lock, open_writer
from warehouse.output import prepare_output, put_out
from warehouse.sealed import digest_of
from warehouse.signals import end_program, is_told_to_end
from warehouse.swap import LAKE, clear_stage, staged, swap

_ASIDE = "data.before-rebuild-"
# Extra room for what the loader stages while it works.
_ROOM = 1.5


def rebuild(home: Home, *, partial: bool, say: Callable[[str], None]) -> bool:
    """Build a new lake beside the old one and put it in its place; False when it was not.

    Raises Fault when files cannot be loaded again and `partial` does not allow that.
    """
    contracts()
    with holding_lock(home, on_wait=lambda: say("另一个装载正在进行，等它结束……")):
        found = plan(home)
        _say_lost(found, partial=partial, say=say)
        if not found.entries:
            message = "归档里没有可以重建的文件；现有仓库没有改动"
            raise Fault(message)
        _say_room(home, found, say)
        clear_stage(home)
        beside = Home(staged(home))
        bad = _replay(home, beside, found, say)
        if bad and not partial:
            clear_stage(home)
            message = (
                f"{bad} 个文件没有重新装载，现有仓库没有改动；"
                "请按上面的原因处理（多半是合约有改动），或加 --partial 重建其余的"
            )
            raise Fault(message)
        _settle(beside)
        say(compared(home, beside))
        older = sorted(home.data.parent.glob(f"{_ASIDE}*"))
        now = datetime.now().astimezone()
        aside = home.data.parent / f"{_ASIDE}{now:%Y%m%d-%H%M%S}"
        shutil.rmtree(beside.scratch, ignore_errors=True)
        swap(home, LAKE, aside=aside)
        for folder in older:
            shutil.rmtree(folder)
        if aside.exists():
            say(f"原有仓库移到了 {aside}，保留到下一次重建成功")
    say("重建完成；请重新启动看板，再运行 python -m warehouse check")
    return True


def _say_lost(found: Plan, *, partial: bool, say: Callable[[str], None]) -> None:
    for name, reason in found.lost:
        say(f"✗ {name}：{reason}，不能重建")
    if found.lost and not partial:
        message = (
            f"{len(found.lost)} 个文件不能重建，现有仓库没有改动；"
            "请从备份取回这些文件（或密钥），或恢复备份；确实要放弃它们的数据，请加 --partial"
        )
        raise Fault(message)


def _say_room(home: Home, found: Plan, say: Callable[[str], None]) -> None:
    largest = max(entry.bytes for entry in found.entries)
    wanted = int((size_of(home.lake_files) + largest) * _ROOM)
    free = shutil.disk_usage(home.root).free
    say(
        f"将按原顺序重新装载 {_counted(found)}，使用今天的合约、规则与更正；"
        f"约需 {wanted / 1e6:,.0f} MB，磁盘剩余 {free / 1e6:,.0f} MB"
    )
    if free < wanted:
        message = "磁盘空间不足，没有开始重建；请清理后再试"
        raise Fault(message)


def _counted(found: Plan) -> str:
    files = len({entry.sha256 for entry in found.entries})
    again = len(found.entries) - files
    return f"{files} 个文件" + (
        f"（其中有的装载过不止一次，共 {files + again} 次）" if again else ""
    )


def _replay(home: Home, beside: Home, found: Plan, say: Callable[[str], None]) -> int:
    bad = 0
    newest = {entry.sha256: entry.moment for entry in found.entries}
    corrections = read_corrections(home)
    with open_writer(beside) as con:
        open_desk(con)
        pipeline = Pipeline(
            con,
            has_lake=True,
            writes=True,
            today=found.entries[0].day,
            corrections=corrections,
        )
        for number, entry in enumerate(found.entries, start=1):
            if is_told_to_end():
                raise KeyboardInterrupt
            # Under one and the same digest the next load of these bytes would change nothing.
            is_newest = entry.moment == newest[entry.sha256]
            earlier = "" if is_newest else entry.loaded_at
            dated = replace(
                pipeline,
                today=entry.day,
                moment=entry.moment,
                corrections=replace(corrections, earlier_load=earlier),
            )
            place = beside.scratch / str(number) / entry.file
            place.parent.mkdir()
            _take_out(home, entry, place)
            result = Loader(home, dated).load(Extract(place, in_inbox=False))
            shutil.rmtree(place.parent)
            is_good = result.status in ("loaded", "unchanged")
            bad += not is_good
            say(_line(number, len(found.entries), entry, result))
            if result.status == "failed":
                raise Fault(result.problems[0].message)
    return bad


def _line(number: int, count: int, entry: Entry, result: Result) -> str:
    start = f"[{number}/{count}] {entry.day} {entry.file}："
    if result.status in ("loaded", "unchanged"):
        return f"{start}新增 {result.rows.inserted}，更新 {result.rows.updated}"
    reasons = "；".join(problem.message for problem in result.problems[:3])
    return f"✗ {start}没有重新装载：{reasons}"


def _take_out(home: Home, entry: Entry, place: Path) -> None:
    """The archived file under the name that it was delivered with."""
    source = home.archive / (entry.stored or "")
    if digest_of(source) is not None:
        decrypt_file(source, place, key=existing_archive_key(home))
        return
    try:
        place.hardlink_to(source)
    except OSError:
        copy_whole(source, place)


def _settle(beside: Home) -> None:
    """Take SQLite's log into the catalogue, so that one file is all there is."""
    with closing(sqlite3.connect(beside.catalogue)) as con:
        con.execute("pragma wal_checkpoint(truncate)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when the new lake is in place, 1 when the old one was left, 130 for Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m warehouse rebuild", description="重建仓库")
    parser.add_argument("--partial", action="store_true", help="有文件无法重建时，重建其余的")
    options = parser.parse_args(arguments)

    prepare_output()

    def work() -> int:
        return 0 if rebuild(current_home(), partial=options.partial, say=put_out) else 1

    return carry_out(
        work,
        codes={IngestError: 1, WarehouseError: 1},
        after_fault="现有仓库没有改动，排除故障后再运行一次即可",
        after_interrupt="已中断；仓库仍是完整的，需要重建时请再运行一次",
    )


if __name__ == "__main__":
    end_program(main())
