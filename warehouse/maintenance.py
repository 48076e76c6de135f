"""Housekeeping of the lake: its list of snapshots, merging small files, deleting merged ones."""

import contextlib
from collections.abc import Collection
from functools import cache

import duckdb
import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from warehouse import schema
from warehouse.definitions import load_mapping
from warehouse.errors import DefinitionError
from warehouse.home import Home
from warehouse.lake_files import mergeable_files, present_files

# A page reads for seconds and a report for minutes: after a day nobody reads a merged file.
RETIRED_FOR = "1 day"
# Every small load adds a file to each table it writes, and every query opens them all.
_MANY_FILES = 40
_BYTES_FOR_A_FILE = 1_000_000


def snapshots(cursor: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Every committed state of the lake, oldest first: id, time, author and message."""
    return cursor.execute(
        """
        select
            snapshot_id,
            strftime(snapshot_time, '%Y-%m-%d %H:%M:%S') as committed_at,
            author,
            commit_message as message,
        from lake.snapshots()
        order by snapshot_id
        """
    ).pl()


class Retention(BaseModel):
    """How long snapshots are kept; without a number of days for ever."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    keep_days: int | None = Field(ge=1)


@cache
def retention() -> Retention:
    """The rule in force, from definitions/retention.yml; raises DefinitionError."""
    found = load_mapping("retention.yml", Retention)
    if list(found) != ["snapshots"]:
        message = f"retention.yml:应只有 snapshots 一项,写的是 {'、'.join(found)}"
        raise DefinitionError(message)
    return found["snapshots"]


def expire(con: duckdb.DuckDBPyConnection, keep_days: int, *, issued: Collection[int]) -> int:
    """Drop snapshots older than so many days; how many. The newest and the issued ones stay."""
    rows = con.execute(
        """
        select snapshot_id from lake.snapshots()
        where snapshot_time < now() - to_days($days::integer)
            and snapshot_id < (select max(snapshot_id) from lake.snapshots())
        order by snapshot_id
        """,
        {"days": keep_days},
    ).fetchall()
    wanted = [number for (number,) in rows if number not in set(issued)]
    if wanted:
        con.execute(
            "call ducklake_expire_snapshots('lake', versions => $wanted)", {"wanted": wanted}
        )
    return len(wanted)


def compact(con: duckdb.DuckDBPyConnection, *, issued: Collection[int] = ()) -> str:
    """Merge adjacent small files and delete those that were merged long ago.

    Snapshots are kept, but for those that the retention rule lets go. A reader may still be
    reading the files that were merged just now, so they stay for a day.
    """
    before = _file_count(con)
    days = retention().keep_days
    dropped = expire(con, days, issued=issued) if days is not None else 0
    deleted = _merge(con)
    kept = f"按保留规则清除了 {dropped} 个 {days} 天以前的快照" if dropped else "快照全部保留"
    after = _file_count(con)
    merged = f"有 {after} 个，没有可合并的"
    if after != before:
        merged = f"由 {before} 个合并为 {after} 个"
    said = f"数据文件{merged}；{kept}"
    if deleted:
        said += f"；删除了 {deleted} 个一天以前已合并的旧文件"
    return said


def tend(con: duckdb.DuckDBPyConnection, home: Home) -> bool:
    """Make the lake's files few again where many have gathered; whether they became fewer."""
    is_fewer = False
    if max(mergeable_files(home.catalogue).values(), default=0) >= _MANY_FILES:
        before = _file_count(con)
        _merge(con)
        is_fewer = _file_count(con) < before
    return _renew(con, home) or is_fewer


def _renew(con: duckdb.DuckDBPyConnection, home: Home) -> bool:
    """Write anew the tables of which merging leaves too many files; whether there was any.

    DuckLake merges no file of which a row was replaced or deleted since. Its
    ducklake_rewrite_data_files would, but up to 1.5.5 old snapshots then read wrong values
    (measured).
    """
    is_renewed = False
    for (schema_name, table), (count, size) in present_files(home.catalogue).items():
        # Snapshots keep what a table was made of, so a big one is written anew less often.
        if count >= _MANY_FILES + size / _BYTES_FOR_A_FILE:
            # What keeps one table from it need not keep the others.
            with contextlib.suppress(duckdb.Error):
                schema.renew(con, schema_name, table)
                is_renewed = True
    return is_renewed


def _merge(con: duckdb.DuckDBPyConnection) -> int:
    """Merge adjacent files and delete those merged long ago; how many were deleted."""
    con.execute("call ducklake_merge_adjacent_files('lake')")
    deleted = con.execute(
        f"""
        call ducklake_cleanup_old_files(
            'lake', older_than => now() - interval '{RETIRED_FOR}'
        )
        """
    ).fetchall()
    return len(deleted)


def _file_count(con: duckdb.DuckDBPyConnection) -> int:
    row = con.execute("select sum(file_count) from ducklake_table_info('lake')").fetchone()
    return int(row[0] or 0) if row else 0
