"""Housekeeping of the lake: its list of snapshots and the merging of small files."""

import duckdb
import polars as pl


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


def compact(con: duckdb.DuckDBPyConnection) -> str:
    """Merge adjacent small files; older snapshots keep what they saw."""
    before = _file_count(con)
    con.execute("call ducklake_merge_adjacent_files('lake')")
    return f"数据文件由 {before} 个合并为 {_file_count(con)} 个；快照全部保留"


def _file_count(con: duckdb.DuckDBPyConnection) -> int:
    row = con.execute("select sum(file_count) from ducklake_table_info('lake')").fetchone()
    return int(row[0] or 0) if row else 0
