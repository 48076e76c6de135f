"""Keeps the archive's journal in step with the lake: an entry for every file that was loaded."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.disk import sha256_of
from warehouse.home import Home
from warehouse.journal import Entry, append, read_journal
from warehouse.sealed import digest_of

# A file that was loaded twice has two batches of each table: the first ones are its first load.
_LOADED = """
    with times as (
        select
            *,
            row_number() over (
                partition by file_sha256, contract_id, sheet, header_row order by loaded_at
            ) as load_number,
        from lake.meta.batch
        where $sha256 is null or file_sha256 = $sha256
    )

    select
        file_sha256,
        strftime(max(loaded_at) at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%f') as loaded_at,
        arg_max(file_name, loaded_at) as file_name,
        max(file_bytes) as file_bytes,
        list_sort(list_distinct(list(contract_id))) as contracts,
    from times
    group by file_sha256, load_number
    order by max(loaded_at)
"""


def note_loaded(
    home: Home, con: duckdb.DuckDBPyConnection, sha256: str, *, stored: Path | None
) -> None:
    """Add an entry on the file's newest load unless the journal already says the same."""
    for entry in _loaded(con, sha256)[-1:]:
        told = _kept(entry, stored)
        if not (_mentions(home, sha256) and told == _told(home).get(sha256)):
            append(home.archive_journal, [told])


def complete_journal(home: Home, con: duckdb.DuckDBPyConnection) -> int:
    """Add entries for loads that a killed run or an older program did not note."""
    told = {(load.sha256, load.moment) for load in read_journal(home.archive_journal).lines}
    missing = []
    for entry in _loaded(con, None):
        if (entry.sha256, entry.moment) in told:
            continue
        stored = stored_as(home, entry.sha256)
        # Without a file it is still in the inbox, or gone: then there is nothing to note.
        if stored is not None:
            missing.append(_kept(entry, stored))
    append(home.archive_journal, missing)
    return len(missing)


def stored_as(home: Home, sha256: str) -> Path | None:
    """The archived file that holds these bytes, plain or encrypted."""
    for path in sorted(home.archive.glob(f"{sha256[:12]}_*")):
        # A link, or a file that cannot be read, keeps nothing; the check names it.
        with contextlib.suppress(OSError):
            if not path.is_symlink() and sha256 == (digest_of(path) or sha256_of(path)):
                return path
    return None


def _mentions(home: Home, sha256: str) -> bool:
    path = home.archive_journal
    return path.exists() and sha256.encode() in path.read_bytes()


def _told(home: Home) -> dict[str, Entry]:
    return read_journal(home.archive_journal).entries


def _loaded(con: duckdb.DuckDBPyConnection, sha256: str | None) -> list[Entry]:
    rows = con.execute(_LOADED, {"sha256": sha256}).fetchall()
    return [
        Entry(
            loaded_at=datetime.fromisoformat(loaded_at).replace(tzinfo=UTC).isoformat(),
            file=name,
            sha256=digest,
            bytes=size,
            contracts=tuple(contracts),
            keeping="off",
            stored=None,
            stored_sha256=None,
        )
        for digest, loaded_at, name, size, contracts in rows
    ]


def _kept(entry: Entry, stored: Path | None) -> Entry:
    if stored is None:
        return entry
    is_plain = digest_of(stored) is None
    content = {
        **vars(entry),
        "keeping": "keep" if is_plain else "encrypt",
        "stored": stored.name,
        # The encrypted bytes differ from the delivered ones; their digest is checked without a key.
        "stored_sha256": entry.sha256 if is_plain else sha256_of(stored),
    }
    return Entry(**content)
