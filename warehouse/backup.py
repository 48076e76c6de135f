"""Backup and restore: one folder with everything but the keys, every file with its digest."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from warehouse.disk import copy_whole, flush, sha256_of, size_of, whole_or_not
from warehouse.errors import BackupError, WarehouseMissing
from warehouse.home import Home
from warehouse.lake import holding_lock
from warehouse.lake_files import read_checksums, recorded_files, retired_files
from warehouse.swap import LAKE, clear_stage, staged, swap

MANIFEST = "manifest.json"
_FORMAT = 1
KEYS = ("ingest/person_key.secret", "ingest/archive_key.secret")
_CATALOGUE = "warehouse/data/catalogue.sqlite"
_KEPT = (
    "warehouse/data/acknowledgements.csv",
    "warehouse/data/checksums.jsonl",
    "warehouse/data/issued.jsonl",
    "ingest/archive_journal.jsonl",
    "ingest/settings.yml",
    "ingest/corrections.yml",
    "ingest/confirmations.yml",
)


def _contents(home: Home, *, with_keys: bool) -> Iterator[str]:
    """What a backup copies beside the catalogue, as names below the root."""
    files = {file.path for file in recorded_files(home.catalogue)} | retired_files(home.catalogue)
    for name in sorted(files):
        yield (home.lake_files / name).relative_to(home.root).as_posix()
    for path in sorted(home.archive.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield path.relative_to(home.root).as_posix()
    for kept in (*_KEPT, *(KEYS if with_keys else ())):
        if (home.root / kept).exists():
            yield kept


def backup(
    home: Home, target: Path, *, with_keys: bool, on_wait: Callable[[], None] | None = None
) -> str:
    """Write a backup into a folder that is new or empty; says what is in it.

    Waits for a running load; readers are never blocked. Raises BackupError.
    """
    if not home.catalogue.exists():
        message = "数据仓库还是空的，没有可以备份的内容"
        raise WarehouseMissing(message)
    target = target.resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        message = f"备份目标 {target} 已有内容；请指定一个新的或空的文件夹"
        raise BackupError(message)
    if target.is_relative_to(home.data) or target.is_relative_to(home.archive):
        message = f"备份目标 {target} 在数据文件夹之内；请指定另一个文件夹，最好在另一块磁盘上"
        raise BackupError(message)
    passing = target.with_name(f".{target.name}.part")
    shutil.rmtree(passing, ignore_errors=True)
    try:
        with holding_lock(home, on_wait=on_wait):
            _need_room(passing.parent, size_of(home.data) + size_of(home.archive))
            manifest = _copy_all(home, passing, with_keys=with_keys)
        with whole_or_not(passing / MANIFEST) as note:
            note.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
        # An empty folder may stand where the backup goes.
        if target.exists():
            target.rmdir()
        passing.rename(target)
    except BaseException:
        shutil.rmtree(passing, ignore_errors=True)
        raise
    flush(target)
    return _said(home, target, len(manifest["files"]), with_keys=with_keys)


def _copy_all(home: Home, passing: Path, *, with_keys: bool) -> dict[str, dict[str, object]]:
    files: dict[str, object] = {}
    known = read_checksums(home)
    lake = home.lake_files.relative_to(home.root).as_posix() + "/"
    for name in _contents(home, with_keys=with_keys):
        copy = passing / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        source = home.root / name
        if not source.exists():
            message = f"数据仓库缺少文件 {name}；请先运行 python -m warehouse check"
            raise BackupError(message)
        copy_whole(source, copy)
        if name in KEYS:
            copy.chmod(0o600)
        sha256 = sha256_of(copy)
        expected = known.get(name.removeprefix(lake))
        # A backup of a damaged lake would only push out the good one before it.
        if name.startswith(lake) and expected and expected.sha256 != sha256:
            message = f"{name} 已损坏（校验值不符），没有备份；请先运行 python -m warehouse check"
            raise BackupError(message)
        files[name] = {"bytes": copy.stat().st_size, "sha256": sha256}
    copy = passing / _CATALOGUE
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy_catalogue(home.catalogue, copy)
    files[_CATALOGUE] = {"bytes": copy.stat().st_size, "sha256": sha256_of(copy)}
    made_at = datetime.now().astimezone().isoformat(timespec="seconds")
    about: dict[str, object] = {"format": _FORMAT, "made_at": made_at, "with_keys": with_keys}
    return {"about": about, "files": files}


def copy_catalogue(source: Path, target: Path, *, how: str = "mode=rw") -> None:
    """Copy the catalogue as it is committed, with what still stands in SQLite's log."""
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?{how}", uri=True, timeout=30)) as held,
        closing(sqlite3.connect(target)) as copy,
    ):
        held.backup(copy)
        copy.execute("pragma journal_mode = delete")
    flush(target)


def _need_room(folder: Path, wanted: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < wanted:
        message = (
            f"{folder} 所在磁盘剩余 {_megabytes(free)}，需要 {_megabytes(wanted)}；"
            "请清理后再试，或换一个位置"
        )
        raise BackupError(message)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"


def _said(home: Home, target: Path, count: int, *, with_keys: bool) -> str:
    lines = [f"已备份 {count} 个文件（{_megabytes(size_of(target))}）到 {target}"]
    if with_keys:
        lines.append("！备份里有密钥：谁拿到它，谁就能打开加密的归档并还原人员标识；请单独保管")
        return "\n".join(lines)
    missing = [name for name in KEYS if (home.root / name).exists()]
    if missing:
        lines.append(f"！备份里没有密钥 {'、'.join(missing)}：请另行保管")
        lines.append("  丢失后，人员标识会与以往对不上，加密的归档再也打不开")
    lines.append("归档文件含有未遮盖的个人信息；备份请与原件同样保管")
    return "\n".join(lines)


def read_manifest(source: Path) -> dict[str, dict[str, object]]:
    """The manifest of a backup, after every file was compared with it; raises BackupError."""
    try:
        manifest = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
        about, files = manifest["about"], manifest["files"]
        known = about["format"]
    except (OSError, ValueError, KeyError, TypeError):
        message = f"{source} 不是完整的备份：没有可读的 {MANIFEST}"
        raise BackupError(message) from None
    if known != _FORMAT:
        message = f"备份的格式是 {known}，这个版本的程序只认得格式 {_FORMAT}"
        raise BackupError(message)
    faults = []
    for name, said in files.items():
        path = source / name
        if ".." in Path(name).parts or Path(name).is_absolute():
            faults.append(f"{name} 不是备份之内的文件")
        elif not path.is_file():
            faults.append(f"{name} 不见了")
        elif path.stat().st_size != said["bytes"] or sha256_of(path) != said["sha256"]:
            faults.append(f"{name} 与备份时不同")
    if faults:
        message = "备份已损坏，没有恢复任何内容：\n" + "\n".join(f"  {fault}" for fault in faults)
        raise BackupError(message)
    return {"about": about, "files": files}


def restore(
    home: Home, source: Path, *, force: bool, on_wait: Callable[[], None] | None = None
) -> str:
    """Put a backup in place; what was there before is kept aside. Raises BackupError."""
    manifest = read_manifest(source.resolve())
    files = manifest["files"]
    with holding_lock(home, on_wait=on_wait):
        is_empty = not home.catalogue.exists() and not any(home.archive.iterdir())
        if not is_empty and not force:
            message = (
                f"{home.root} 已有数据，没有恢复；"
                "确实要用备份替换，请加 --force（现有数据会移到一旁，不会删除）"
            )
            raise BackupError(message)
        _need_room(home.root, size_of(source))
        clear_stage(home)
        for name in files:
            place = staged(home) / name
            place.parent.mkdir(parents=True, exist_ok=True)
            copy_whole(source / name, place)
        now = datetime.now().astimezone()
        aside = home.root / f"before-restore-{now:%Y%m%d-%H%M%S}"
        names = [*LAKE, "ingest/archive", *(name for name in _KEPT if name not in LAKE)]
        # Keys that the backup does not hold stay: without them the archive would be closed.
        names += [key for key in KEYS if key in files]
        swap(home, names, aside=aside)
        home.make_folders()
    # In a new place only the empty folders that taking the lock has made were moved.
    if aside.exists() and not any(path.is_file() for path in aside.rglob("*")):
        shutil.rmtree(aside)
    lines = [f"已恢复 {manifest['about']['made_at']} 的备份，共 {len(files)} 个文件"]
    if aside.exists():
        lines.append(f"原有数据移到了 {aside}；确认无误后可以删除")
    if not any(key in files for key in KEYS):
        lines.append("备份里没有密钥：请确认 ingest 文件夹中的密钥是当时的那一份")
    lines.append("请重新启动看板，再运行 python -m warehouse check")
    return "\n".join(lines)
