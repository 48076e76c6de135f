"""What a rebuild can load again from the archive, and what it cannot, with the reason."""

from contextlib import closing, suppress
from dataclasses import dataclass

import duckdb

from ingest.archive_journal import complete_journal
from warehouse.disk import sha256_of
from warehouse.home import Home
from warehouse.journal import Entry, read_journal
from warehouse.lake import attach, connect
from warehouse.sealed import why_closed


@dataclass(frozen=True)
class Plan:
    """What can be loaded again, in order, and what cannot, with the reason."""

    entries: list[Entry]
    lost: list[tuple[str, str]]


def _held_files(home: Home) -> dict[str, tuple[str, int]]:
    """Name and rows of every file that the present lake holds, as far as it can be read."""
    with suppress(duckdb.Error), closing(connect(":memory:")) as con:
        attach(con, home, read_only=True)
        rows = con.execute(
            """
            select file_sha256, arg_max(file_name, loaded_at), sum(rows_inserted + rows_updated)
            from lake.meta.batch
            group by file_sha256
            """
        ).fetchall()
        return {sha256: (name, count) for sha256, name, count in rows}
    return {}


def _complete_journal(home: Home) -> None:
    """Take into the journal what only the present lake knows, where that can still be read."""
    if not home.catalogue.exists():
        return
    with suppress(duckdb.Error), closing(connect(":memory:")) as con:
        attach(con, home, read_only=True)
        complete_journal(home, con)


def plan(home: Home) -> Plan:
    """Which files can be loaded again; needs the lock."""
    _complete_journal(home)
    journal = read_journal(home.archive_journal)
    lost = [
        (name, f"归档日志里没有这个文件（{count} 行）")
        for sha256, (name, count) in _held_files(home).items()
        if sha256 not in journal.entries
    ]
    reasons = {sha256: _reason_lost(home, entry) for sha256, entry in journal.entries.items()}
    lost += [(journal.entries[sha256].file, why) for sha256, why in reasons.items() if why]
    return Plan([load for load in journal.in_order() if not reasons[load.sha256]], lost)


def _reason_lost(home: Home, entry: Entry) -> str | None:
    if entry.stored is None:
        return "按设置没有保留原始文件"
    path = home.archive / entry.stored
    if not path.exists():
        return f"归档文件 {entry.stored} 不见了"
    if sha256_of(path) != entry.stored_sha256:
        return f"归档文件 {entry.stored} 已损坏（校验值不符）"
    return why_closed(home, path)
