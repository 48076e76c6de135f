"""The lake's Parquet files: what the catalogue records of them, their digests, and strays."""

import json
import os
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from warehouse.disk import sha256_of
from warehouse.errors import WarehouseDamaged
from warehouse.home import Home
from warehouse.swap import is_swapping

# What SQLite says of a file that is no catalogue any more.
NO_DATABASE = ("not a database", "malformed")
REPAIR = "请用 python -m warehouse restore 恢复备份，或用 python -m warehouse rebuild 从归档重建"

_RECORDED = """
    with table_folder as (
        select t.table_id, s.schema_name || '.' || t.table_name as table_name,
            s.path || t.path as folder
        from ducklake_table as t
        inner join ducklake_schema as s on t.schema_id = s.schema_id
        group by t.table_id
    )

    select
        coalesce(r.table_name, '编号 ' || f.table_id),
        case f.path_is_relative when 1 then coalesce(r.folder, '') || f.path else f.path end,
        f.file_size_bytes,
        f.footer_size,
        f.kind,
        f.row_count,
        f.end_snapshot is null
    from (
        select table_id, path, path_is_relative, file_size_bytes, footer_size,
            'data' as kind, record_count as row_count, end_snapshot
        from ducklake_data_file
        union all
        select table_id, path, path_is_relative, file_size_bytes, footer_size,
            'delete', delete_count, end_snapshot
        from ducklake_delete_file
    ) as f
    left join table_folder as r on f.table_id = r.table_id
"""


@dataclass(frozen=True)
class RecordedFile:
    """One file as the catalogue records it; `path` is relative to the lake's folder."""

    table: str
    path: str
    bytes: int
    footer_bytes: int
    kind: str
    rows: int
    is_current: bool


@dataclass(frozen=True)
class Checksum:
    """What a file was when it was first seen whole."""

    bytes: int
    sha256: str


def _asking(catalogue: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{catalogue.as_uri()}?mode=ro", uri=True, timeout=10)


def which_lake(home: Home) -> int:
    """Tells a lake from the one that a rebuild or a restore puts in its place; 0 for none."""
    try:
        return home.catalogue.stat().st_ino
    except FileNotFoundError:
        return 0


def need_catalogue(home: Home) -> None:
    """Raise WarehouseDamaged where data files lie without the catalogue that names them.

    A new catalogue beside them would show a lake of what is loaded from now on as if that were all.
    In a swap the catalogue is away by design; that is said instead.
    """
    if home.catalogue.exists() and home.catalogue.stat().st_size:
        return
    if is_swapping(home):
        message = (
            "数据仓库正在更换（重建或恢复），请稍后再试；"
            "过几分钟仍是这样，请运行一次 python -m ingest，没有换完的会自动换完"
        )
        raise WarehouseDamaged(message)
    if any(home.lake_files.rglob("*.parquet")):
        message = (
            f"数据仓库的目录 {home.catalogue} 不见了或是空的，而数据文件还在；{REPAIR}；"
            "确实要从头开始，请把整个数据文件夹移走"
        )
        raise WarehouseDamaged(message)


def recorded_files(catalogue: Path) -> list[RecordedFile]:
    """Every data and delete file that any snapshot of the catalogue needs."""
    with closing(_asking(catalogue)) as con:
        rows = con.execute(_RECORDED).fetchall()
    return [
        RecordedFile(table, path, size, footer, kind, count, bool(is_current))
        for table, path, size, footer, kind, count, is_current in rows
    ]


def retired_files(catalogue: Path) -> set[str]:
    """Files that no snapshot needs any more and that wait to be deleted."""
    with closing(_asking(catalogue)) as con:
        rows = con.execute("select path from ducklake_files_scheduled_for_deletion").fetchall()
    return {path for (path,) in rows}


def mergeable_files(catalogue: Path) -> Counter[int]:
    """How many present files each table has, by its number, of which no row was replaced since."""
    named = "select name from sqlite_master where name like 'ducklake_inlined_delete_%'"
    with closing(_asking(catalogue)) as con:
        asked = ["select data_file_id from ducklake_delete_file where end_snapshot is null"]
        # A few deleted rows are noted in the catalogue itself, in a table for each table.
        asked += [f'select file_id from "{name}"' for (name,) in con.execute(named)]  # noqa: S608
        harmed = " union all ".join(asked)
        rows = con.execute(
            f"""
            select table_id from ducklake_data_file
            where end_snapshot is null and data_file_id not in ({harmed})
            """  # noqa: S608
        ).fetchall()
    return Counter(number for (number,) in rows)


def present_files(catalogue: Path) -> dict[tuple[str, str], tuple[int, int]]:
    """Number and bytes of the data files that each table consists of now, by schema and table."""
    with closing(_asking(catalogue)) as con:
        rows = con.execute(
            """
            select s.schema_name, t.table_name, count(*), sum(f.file_size_bytes)
            from ducklake_data_file as f
            inner join ducklake_table as t on f.table_id = t.table_id
            inner join ducklake_schema as s on t.schema_id = s.schema_id
            where f.end_snapshot is null and t.end_snapshot is null and s.end_snapshot is null
            group by 1, 2
            """
        ).fetchall()
    return {(schema, table): (count, size) for schema, table, count, size in rows}


def stray_files(home: Home) -> list[Path]:
    """Parquet files that the catalogue does not know, as loads leave them that never committed."""
    known = {file.path for file in recorded_files(home.catalogue)} | retired_files(home.catalogue)
    paths = {home.lake_files / path for path in known}
    return sorted(path for path in home.lake_files.rglob("*.parquet") if path not in paths)


def remove_strays(home: Home, *, since: float) -> None:
    """Delete what a writer that began then left without a commit; only for the lock's holder.

    Older strays are not that writer's: after a lost catalogue they may be all there is, so they
    stay, and the check names them.
    """
    for path in stray_files(home):
        if path.stat().st_mtime >= since:
            path.unlink()


def read_checksums(home: Home) -> dict[str, Checksum]:
    """The digest of each file by its path in the lake; the last line on a file counts."""
    found: dict[str, Checksum] = {}
    content = home.checksums.read_bytes() if home.checksums.exists() else b""
    for line in content.split(b"\n"):
        try:
            path, size, sha256 = json.loads(line)
            found[path] = Checksum(size, sha256)
        except (ValueError, TypeError):
            # A line that a kill tore; its file is measured again by the next writer.
            continue
    return found


def record_checksums(home: Home) -> None:
    """Note the digest of every file that has none yet; only for the holder of the lock."""
    known = read_checksums(home)
    lines = []
    for file in recorded_files(home.catalogue):
        path = home.lake_files / file.path
        # A file that is not as the catalogue wants it must not be noted as right.
        if file.path not in known and path.exists() and path.stat().st_size == file.bytes:
            lines.append(json.dumps([file.path, file.bytes, sha256_of(path)]) + "\n")
    if not lines:
        return
    with home.checksums.open("ab") as notes:
        # The first line break ends a torn line.
        notes.write(("\n" if notes.tell() else "").encode() + "".join(lines).encode())
        notes.flush()
        os.fsync(notes.fileno())
