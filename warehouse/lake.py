"""The store: a DuckLake with a SQLite catalogue, one writer at a time, readers never blocked."""

import importlib.util
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from warehouse import codes, marts, schema
from warehouse.errors import WarehouseMissing, WriterBusy
from warehouse.home import Home

# The extensions come as wheels, so that nothing is fetched at run time.
EXTENSIONS = ("ducklake", "sqlite_scanner")
LOCK_TIMEOUT_S = 600
MEMORY_LIMIT = "1GB"


def connect(database: str) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection with our extensions; nothing is ever fetched."""
    con = duckdb.connect(
        database,
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    con.execute("set enable_progress_bar = false")
    for name in EXTENSIONS:
        con.execute(f"load '{_extension_file(name).as_posix()}'")
    return con


def _extension_file(name: str) -> Path:
    spec = importlib.util.find_spec(f"duckdb_extension_{name}")
    if spec is None or spec.origin is None:
        message = f"DuckDB 扩展 {name} 没有安装；请先运行 pip install -r requirements.txt"
        raise WarehouseMissing(message)
    return next(Path(spec.origin).parent.rglob(f"{name}.duckdb_extension"))


def attach(con: duckdb.DuckDBPyConnection, home: Home, *, read_only: bool) -> None:
    """Attach the lake of an installation as `lake`."""
    # DuckDB takes no parameters in ATTACH; the paths are ours, quotes are doubled all the same.
    catalogue = home.catalogue.as_posix().replace("'", "''")
    files = home.lake_files.as_posix().replace("'", "''")
    # The whole installation may be moved or copied; paths inside the catalogue are relative.
    options = [f"data_path '{files}'", "override_data_path true", "meta_busy_timeout 5000"]
    options.append("read_only" if read_only else "meta_journal_mode 'WAL'")
    con.execute(f"attach 'ducklake:sqlite:{catalogue}' as lake ({', '.join(options)})")


@contextmanager
def open_writer(
    home: Home, *, lock_timeout_s: float = LOCK_TIMEOUT_S
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The one writing connection: `lake` attached, tables up to date, staging in a scratch file.

    Raises WriterBusy when another process holds the lock for longer than lock_timeout_s.
    """
    home.make_folders()
    lock = FileLock(home.writer_lock)
    try:
        lock.acquire(timeout=lock_timeout_s)
    except Timeout:
        message = "另一个装载正在进行，请等它结束后再试"
        raise WriterBusy(message) from None
    try:
        with tempfile.TemporaryDirectory(prefix="staging-") as scratch:
            con = connect(str(Path(scratch) / "staging.duckdb"))
            try:
                con.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
                attach(con, home, read_only=False)
                schema.bring_up_to_date(con)
                codes.store_code_lists(con)
                schema.create_views(con)
                marts.bring_up_to_date(con)
                yield con
            finally:
                con.close()
    finally:
        lock.release()


def open_reader(home: Home) -> duckdb.DuckDBPyConnection:
    """A read-only hub for one process; take a cursor per query, one transaction per page.

    Raises WarehouseMissing while nothing has ever been loaded.
    """
    if not home.catalogue.exists():
        message = "数据仓库还是空的：请把数据文件放入 ingest/inbox 后运行 python -m ingest"
        raise WarehouseMissing(message)
    con = connect(":memory:")
    attach(con, home, read_only=True)
    try:
        schema.create_views(con)
    except (duckdb.CatalogException, duckdb.BinderException):
        con.close()
        message = "数据仓库尚未建好，或由另一版本的程序写成：请运行一次 python -m ingest"
        raise WarehouseMissing(message) from None
    if not marts.is_up_to_date(con):
        con.close()
        message = "数据仓库由另一版本的程序写成：请运行一次 python -m ingest 更新"
        raise WarehouseMissing(message)
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
