"""Checks of the archive: each loaded file is kept unharmed, and the journal knows it."""

import os
from pathlib import Path

import duckdb

from warehouse.disk import sha256_of
from warehouse.home import Home
from warehouse.journal import Entry, read_journal
from warehouse.lake_check.finding import Findings
from warehouse.sealed import why_closed

_AGAIN = "请把原文件再放入收件箱运行 python -m ingest，或从备份取回；否则不能从归档重建"
_KEY = "请从备份恢复当时的密钥；没有它，这个文件不能用于从归档重建"


def check_archive(home: Home, cursor: duckdb.DuckDBPyConnection, findings: Findings) -> None:
    """Compare archive, journal and batches with one another."""
    journal = read_journal(home.archive_journal)
    for number in journal.damaged_lines:
        where = f"{home.archive_journal.name} 第 {number} 行"
        message = "这一行不完整（多半是断电或磁盘满时写了一半）"
        findings.note("journal_line", where, message, "下一次装载会按仓库的记录补齐")
    rows = cursor.execute(
        """
        select file_sha256, arg_max(file_name, loaded_at) from lake.meta.batch
        group by file_sha256 order by max(loaded_at)
        """
    ).fetchall()
    files = dict(rows)
    findings.looked_at["archived"] = len(journal.entries)
    for sha256, name in files.items():
        entry = journal.entries.get(sha256)
        if entry is None:
            _check_unnoted(home, sha256, name, findings)
        else:
            _check_kept(home, entry, findings)
    for sha256, entry in journal.entries.items():
        if sha256 not in files:
            _check_given_up(entry, findings)


def _check_given_up(entry: Entry, findings: Findings) -> None:
    if entry.stored is None:
        message = "装载过，按设置没有保留原始文件，部分重建后仓库里不再有它的数据"
        advice = "只有备份里还有；原文件还在别处时，可以再放入收件箱装载"
        findings.note("given_up", entry.file, message, advice)
    else:
        message = f"归档日志记有 {entry.file}，仓库里却没有它的批次"
        advice = "请把归档文件再放入收件箱装载，或从归档重建"
        findings.fault("journal_only", entry.file, message, advice)


def _check_unnoted(home: Home, sha256: str, name: str, findings: Findings) -> None:
    places = [one for one in home.archive.glob(f"{sha256[:12]}_*") if _is_kept(one)]
    waiting = home.inbox / name
    if places:
        message = "归档日志里没有这个文件"
        findings.note("not_noted", name, message, "下一次装载会补记")
    elif waiting.is_file() and sha256_of(waiting) == sha256:
        message = "已装载，但还在收件箱，没有移入归档"
        findings.note("not_moved", name, message, "下一次运行 python -m ingest 会移走")
    else:
        findings.fault("not_archived", name, "归档里没有这个已装载的文件", _AGAIN)


def _check_kept(home: Home, entry: Entry, findings: Findings) -> None:
    if entry.stored is None:
        message = "按设置没有保留原始文件"
        findings.note("not_kept", entry.file, message, "不能从归档重建，只能靠备份")
        return
    path = home.archive / entry.stored
    if not path.exists():
        findings.fault("archive_missing", entry.stored, "归档文件不见了", _AGAIN)
    elif not _is_kept(path):
        message = "归档里只是一个快捷链接或读不了的文件"
        findings.fault("archive_unreadable", entry.stored, message, _AGAIN)
    elif sha256_of(path) != entry.stored_sha256:
        findings.fault("archive_changed", entry.stored, "归档文件被改动过（校验值不符）", _AGAIN)
    elif closed := why_closed(home, path):
        findings.fault("archive_closed", entry.stored, closed, _KEY)


def _is_kept(path: Path) -> bool:
    """Whether a file's bytes lie there and can be read; a link keeps nothing."""
    return path.is_file() and not path.is_symlink() and os.access(path, os.R_OK)
