"""Tells a fault of the disk or of the store from one of the data, and says it in words."""

import errno
import re
import sqlite3

import duckdb

_FULL = "磁盘已满"
_READ_ONLY = "磁盘是只读的"
_NO_RIGHTS = "没有权限"
_AWAY = "网络盘没有回应"
_BY_NUMBER = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: "磁盘配额已用完",
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _NO_RIGHTS,
    errno.EPERM: _NO_RIGHTS,
    errno.ENOENT: "文件或文件夹不存在",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "同名的文件或文件夹已经存在",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENAMETOOLONG: "文件名或路径太长",
    errno.EBUSY: "文件正被占用",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.EIO: "磁盘读写出错",
    errno.ESTALE: _AWAY,
    errno.ETIMEDOUT: _AWAY,
    errno.EHOSTDOWN: _AWAY,
    errno.EHOSTUNREACH: _AWAY,
    errno.ENETUNREACH: _AWAY,
}
# What the engines say of the same faults; SQLite keeps the catalogue.
_BY_WORDS = {
    "no space left": _FULL,
    "disk is full": _FULL,
    # SQLite on a full disk when it cannot even begin its log.
    "disk i/o error": "磁盘已满或读写出错",
    "read-only file system": _READ_ONLY,
    "readonly database": _READ_ONLY,
    "permission denied": _NO_RIGHTS,
    "unable to open database file": _NO_RIGHTS,
    "database is locked": "数据仓库被另一个程序锁住",
}
_DAMAGED = "数据仓库的文件缺失或已损坏，请运行 python -m warehouse check，按它说的恢复或重建"
_FILE_OF_THE_LAKE = re.compile(r"ducklake-[0-9a-f-]{36}(-delete)?\.parquet")
_OF_THE_ENGINE = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.TransactionException,
    duckdb.FatalException,
    duckdb.ConnectionException,
)


def fault_of(error: BaseException) -> str | None:
    """What is wrong with this computer; None where the error says nothing of the kind."""
    if isinstance(error, OSError):
        reason = _BY_NUMBER.get(error.errno or 0, f"系统错误：{error.strerror or '未知'}")
        return f"{reason}（{error.filename}）" if error.filename else reason
    if isinstance(error, (MemoryError, duckdb.OutOfMemoryException)):
        return "内存不足"
    # Such an error quotes the cell, which may say anything.
    if isinstance(error, duckdb.DataError):
        return None
    said = str(error).lower()
    named = next((reason for words, reason in _BY_WORDS.items() if words in said), None)
    if isinstance(error, (duckdb.Error, sqlite3.Error)) and named:
        return named
    if _tells_of_damage(error):
        return _DAMAGED
    if isinstance(error, _OF_THE_ENGINE):
        return "数据仓库读写失败"
    return None


def is_damage(error: BaseException) -> bool:
    """Whether this error says that the lake itself is harmed, and not only out of reach."""
    return fault_of(error) == _DAMAGED


def _tells_of_damage(error: BaseException) -> bool:
    """Whether the engine could not read one of the lake's own files; their names are of its making.

    What its readers of Parquet and of the catalogue throw has no class of its own among the errors.
    """
    if isinstance(error, (duckdb.IOException, duckdb.InvalidInputException)):
        return _FILE_OF_THE_LAKE.search(str(error)) is not None
    return type(error) is duckdb.Error or isinstance(error, sqlite3.DatabaseError)
