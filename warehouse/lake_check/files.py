"""Checks of the lake's files: the catalogue itself, and every Parquet file that it records."""

import sqlite3
from contextlib import closing

from warehouse.disk import sha256_of
from warehouse.fault import is_damage
from warehouse.home import Home
from warehouse.lake_check.finding import Findings
from warehouse.lake_files import (
    REPAIR,
    Checksum,
    RecordedFile,
    read_checksums,
    recorded_files,
    retired_files,
    stray_files,
)

_PARQUET_END = b"PAR1"


def check_catalogue(home: Home, findings: Findings) -> bool:
    """Whether the catalogue can be read at all, so that looking further makes sense."""
    try:
        with closing(sqlite3.connect(f"{home.catalogue.as_uri()}?mode=ro", uri=True)) as con:
            (verdict,) = con.execute("pragma integrity_check(1)").fetchone()
            recorded_files(home.catalogue)
    except sqlite3.Error as error:
        # A lock of somebody else passes; nobody may put a backup over a sound lake for it.
        if not is_damage(error):
            raise
        verdict = str(error)
    if verdict != "ok":
        findings.fault("catalogue", home.catalogue.name, f"目录数据库已损坏（{verdict}）", REPAIR)
    return bool(verdict == "ok")


def check_files(home: Home, findings: Findings) -> None:
    """Every recorded file is there, whole and unchanged; files that nobody records are named."""
    recorded = recorded_files(home.catalogue)
    checksums = read_checksums(home)
    findings.looked_at["files"] = len(recorded)
    unmeasured = 0
    for file in recorded:
        fault = _fault_of(home, file, checksums.get(file.path))
        if fault:
            findings.fault("file", f"{file.path}（{file.table}）", fault, REPAIR)
        unmeasured += file.path not in checksums
    if unmeasured:
        findings.note(
            "unmeasured",
            home.checksums.name,
            f"{unmeasured} 个数据文件还没有校验值，只核对了存在、大小和文件尾",
            "下一次装载会补记",
        )
    _name_strays(home, findings, checksums)


def _fault_of(home: Home, file: RecordedFile, checksum: Checksum | None) -> str | None:
    path = home.lake_files / file.path
    kind = "数据文件" if file.kind == "data" else "删除标记文件"
    if not path.exists():
        return f"{kind}不见了，其中有 {file.rows} 行"
    size = path.stat().st_size
    if size != file.bytes:
        return f"{kind}的大小是 {size} 字节，应为 {file.bytes} 字节"
    with path.open("rb") as opened:
        opened.seek(-8, 2)
        footer_bytes, mark = int.from_bytes(opened.read(4), "little"), opened.read(4)
    if mark != _PARQUET_END or footer_bytes != file.footer_bytes:
        return f"{kind}的文件尾已损坏"
    if checksum and checksum.sha256 != sha256_of(path):
        return f"{kind}的内容被改动过（校验值不符）"
    return None


def _name_strays(home: Home, findings: Findings, checksums: dict[str, Checksum]) -> None:
    retired = retired_files(home.catalogue)
    for path in stray_files(home):
        name = path.relative_to(home.lake_files).as_posix()
        if name in checksums:
            message = "文件曾属于数据仓库，但目录里已没有它的记录"
            findings.fault("record", name, message, REPAIR)
        else:
            message = "文件不属于任何一次已完成的装载"
            advice = "多半是装载中断留下的，不影响任何数字；确认后可以删除"
            findings.note("stray", name, message, advice)
    if retired:
        findings.note(
            "retired",
            home.lake_files.name,
            f"{len(retired)} 个已合并的旧文件等待删除",
            "运行 python -m warehouse compact 会删除一天以前的",
        )
