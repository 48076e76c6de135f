"""The store: a DuckLake with a SQLite catalogue, one writer at a time, readers never blocked."""

import contextlib
import importlib.util
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from warehouse import codes, lake_files, marts, schema
from warehouse.disk import size_of
from warehouse.errors import (
    SnapshotMissing,
    WarehouseDamaged,
    WarehouseError,
    WarehouseMissing,
    WarehouseOutdated,
    WriterBusy,
)
from warehouse.home import Home
from warehouse.swap import finish_swap

# The extensions come as wheels, so that nothing is fetched at run time.
EXTENSIONS = ("ducklake", "sqlite_scanner")
LOCK_TIMEOUT_S = 600
# What follows the first would be options of the address, the second would become a slash.
_UNUSABLE = ("?", "\\")
# Megabytes that the engine may take at least and at most.
LEAST_MEMORY, MOST_MEMORY = 650, 2000
EMPTY = "数据仓库还是空的：请把数据文件放入 ingest/inbox 后运行 python -m ingest"


@dataclass(frozen=True)
class State:
    """One state of the lake; the time tells it from one of the same number after a rebuild."""

    number: int
    committed_at: datetime


def connect(database: str) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection with our extensions; nothing is ever fetched."""
    _verify_extensions()
    return _open(database, is_verified=True)


@cache
def _verify_extensions() -> None:
    """Load our extensions once with a look at who signed them.

    The engine hashes 70 MB for that, which at every connection would take longer than all the
    rest of opening a lake.
    """
    _open(":memory:", is_verified=False).close()


def _open(database: str, *, is_verified: bool) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(
        database,
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_unsigned_extensions": is_verified,
        },
    )
    con.execute("set enable_progress_bar = false")
    for name in EXTENSIONS:
        con.execute(f"load '{_extension_file(name).as_posix()}'")
    return con


@cache
def _extension_file(name: str) -> Path:
    spec = importlib.util.find_spec(f"duckdb_extension_{name}")
    if spec is None or spec.origin is None:
        message = f"DuckDB 扩展 {name} 没有安装；请先运行 pip install -r requirements.txt"
        raise WarehouseMissing(message)
    return next(Path(spec.origin).parent.rglob(f"{name}.duckdb_extension"))


def attach(
    con: duckdb.DuckDBPyConnection, home: Home, *, read_only: bool, snapshot: int | None = None
) -> None:
    """Attach the lake of an installation as `lake`, as it is or as one snapshot left it."""
    # DuckDB takes no parameters in ATTACH; the paths are ours, quotes are doubled all the same.
    catalogue = home.catalogue.as_posix().replace("'", "''")
    files = home.lake_files.as_posix().replace("'", "''")
    # The whole installation may be moved or copied; paths inside the catalogue are relative.
    options = [f"data_path '{files}'", "override_data_path true", "meta_busy_timeout 5000"]
    options.append("read_only" if read_only else "meta_journal_mode 'WAL'")
    if snapshot is not None:
        options.append(f"snapshot_version {snapshot:d}")
    con.execute(f"attach 'ducklake:sqlite:{catalogue}' as lake ({', '.join(options)})")


def limit_memory(con: duckdb.DuckDBPyConnection, home: Home, *, file_bytes: int = 0) -> None:
    """Let the engine take what this lake and a file of that size need.

    Measured: a million complaints (225 MB) load with 800 MB, ten million need more than a gigabyte.
    """
    # Compressed as it is, the lake holds some four times its size.
    wanted = (file_bytes + 4 * size_of(home.lake_files)) * 0.6e-6
    con.execute(f"set memory_limit = '{min(LEAST_MEMORY + round(wanted), MOST_MEMORY)}MB'")


def _need_usable_path(home: Home) -> None:
    """Raise WarehouseError for a path that SQLite would take for something else than a path."""
    found = [sign for sign in _UNUSABLE if sign in home.root.as_posix()]
    if found:
        message = (
            f"安装文件夹 {home.root} 的路径里有 {found[0]}，数据仓库在这样的路径下打不开；"
            "请给文件夹改名或换一个位置"
        )
        raise WarehouseError(message)


@contextmanager
def holding_lock(
    home: Home,
    *,
    timeout_s: float = LOCK_TIMEOUT_S,
    on_wait: Callable[[], None] | None = None,
) -> Iterator[None]:
    """The right to write; calls on_wait once when somebody else has it at this moment.

    Raises WriterBusy when another process holds the lock for longer than timeout_s.
    """
    _need_usable_path(home)
    home.make_folders()
    lock = FileLock(home.writer_lock)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if on_wait:
            on_wait()
        try:
            lock.acquire(timeout=timeout_s)
        except Timeout:
            message = "另一个装载正在进行，请等它结束后再试"
            raise WriterBusy(message) from None
    try:
        # A rebuild or a restore that was killed while it changed folders is finished first.
        finish_swap(home)
        yield
    finally:
        lock.release()


def bring_up_to_date(con: duckdb.DuckDBPyConnection) -> None:
    """Bring the attached lake to this program's tables, codes and marts, and make its views."""
    # Divided among threads, these small questions take twice as long.
    con.execute("set threads = 1")
    schema.bring_up_to_date(con)
    codes.store_code_lists(con)
    schema.create_views(con)
    con.execute("reset threads")
    marts.bring_up_to_date(con)


@contextmanager
def open_writer(
    home: Home,
    *,
    lock_timeout_s: float = LOCK_TIMEOUT_S,
    on_wait: Callable[[], None] | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The one writing connection: `lake` attached, tables up to date, staging in a scratch file.

    Raises WriterBusy when another process holds the lock for longer than lock_timeout_s.
    """
    with holding_lock(home, timeout_s=lock_timeout_s, on_wait=on_wait):
        lake_files.need_catalogue(home)
        # Whoever left something here was killed, for the lock is ours.
        _leave(home)
        home.scratch.mkdir()
        _beginning(home).touch()
        # A name of its own: after a full disk the engine may still hold the last one open, and to
        # open that again in the same process, as a watcher does, would wait for ever.
        con = connect(str(home.scratch / f"staging-{uuid.uuid4().hex}.duckdb"))
        is_ready = False
        try:
            limit_memory(con, home)
            attach(con, home, read_only=False)
            bring_up_to_date(con)
            is_ready = True
            yield con
        finally:
            con.close()
            # Who did not get as far counts as killed.
            if is_ready:
                _leave(home)


def _beginning(home: Home) -> Path:
    """A file as old as the writer's work."""
    return home.scratch / "begun"


def _leave(home: Home) -> None:
    """Leave the lake with no file that is not committed, and with a digest for each that is."""
    # A full disk must not hide the error that comes from it; the next writer makes up for it.
    with contextlib.suppress(OSError, sqlite3.Error):
        if home.catalogue.exists() and _beginning(home).exists():
            lake_files.remove_strays(home, since=_beginning(home).stat().st_mtime)
            lake_files.record_checksums(home)
    shutil.rmtree(home.scratch, ignore_errors=True)


def open_reader(home: Home, *, snapshot: int | None = None) -> duckdb.DuckDBPyConnection:
    """A read-only hub for one process; take a cursor per query, one transaction per page.

    With a snapshot it reads that state for ever, whatever is loaded meanwhile. Raises
    WarehouseMissing while nothing has ever been loaded, SnapshotMissing for a number that there is
    not, WarehouseOutdated when a load has to bring the store up to this version, WarehouseDamaged.
    """
    lake_files.need_catalogue(home)
    if not home.catalogue.exists():
        raise WarehouseMissing(EMPTY)
    con = connect(":memory:")
    # A page asks many small questions, and several readers ask at once: divided among threads, a
    # small one takes two to three times as long, and even at a million rows no page is faster.
    con.execute("set threads = 1")
    try:
        attach(con, home, read_only=True, snapshot=snapshot)
    except duckdb.InvalidInputException as error:
        con.close()
        # Whoever loads the first file makes the catalogue before anything that it holds.
        if "does not exist" in str(error):
            raise WarehouseMissing(EMPTY) from None
        if snapshot is None:
            raise
        message = f"没有快照 #{snapshot}：可能已按保留规则清除，或仓库已重建"
        raise SnapshotMissing(message) from None
    except duckdb.Error as error:
        con.close()
        if not any(words in str(error) for words in lake_files.NO_DATABASE):
            raise
        message = f"数据仓库的目录 {home.catalogue} 已损坏；{lake_files.REPAIR}"
        raise WarehouseDamaged(message) from None
    try:
        schema.create_views(con)
        is_up_to_date = marts.is_up_to_date(con)
    except (duckdb.CatalogException, duckdb.BinderException):
        is_up_to_date = False
    if is_up_to_date:
        return con
    was_loaded = _was_loaded(con)
    con.close()
    # The first load makes its tables one after the other; until it is done there is nothing.
    if not was_loaded:
        raise WarehouseMissing(EMPTY)
    message = "数据仓库由另一版本的程序写成：请运行一次 python -m ingest 更新"
    raise WarehouseOutdated(message)


def _was_loaded(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether a file was ever loaded into the attached lake."""
    try:
        return con.execute("select 1 from lake.meta.batch limit 1").fetchone() is not None
    except duckdb.CatalogException:
        return False


def open_state(home: Home, held: State) -> duckdb.DuckDBPyConnection:
    """A hub that reads exactly this state; raises SnapshotMissing where it is no longer there."""
    con = open_reader(home, snapshot=held.number)
    with reading(con) as cursor:
        is_same = state(cursor) == held
    if not is_same:
        con.close()
        message = (
            f"快照 #{held.number}（{held.committed_at.astimezone():%Y-%m-%d %H:%M}）已不在："
            "仓库此后重建过；当时的备份里还有它"
        )
        raise SnapshotMissing(message)
    return con


@contextmanager
def reading(hub: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor inside one read transaction: everything read through it is one snapshot."""
    cursor = hub.cursor()
    cursor.execute("begin transaction")
    try:
        yield cursor
    finally:
        cursor.execute("rollback")
        cursor.close()


def snapshot_id(cursor: duckdb.DuckDBPyConnection) -> int:
    """Number of the snapshot that this transaction reads."""
    row = cursor.execute("select id from lake.current_snapshot()").fetchone()
    return int(row[0]) if row else 0


def state(cursor: duckdb.DuckDBPyConnection) -> State:
    """The state that this transaction reads."""
    number = snapshot_id(cursor)
    row = cursor.execute(
        "select epoch_ms(snapshot_time) from lake.snapshots() where snapshot_id = $number",
        {"number": number},
    ).fetchone()
    if row is None:
        message = f"没有快照 #{number}：可能已按保留规则清除，或仓库已重建"
        raise SnapshotMissing(message)
    return State(number, datetime.fromtimestamp(row[0] / 1000, UTC))
