"""Files on their way: found in the inbox, hashed, archived or returned; never overwritten."""

import hashlib
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import IngestError
from warehouse.coverage import natural_key
from warehouse.home import Home

_PARTIAL_SUFFIXES = (".tmp", ".part", ".crdownload")
_SETTLE_AGE_S = 2.0
_SETTLE_WAIT_S = 0.3


@dataclass(frozen=True)
class Extract:
    """One file to load; files outside the inbox are copied, never moved."""

    path: Path
    in_inbox: bool


@dataclass(frozen=True)
class Found:
    """What lies in the inbox: files to load, and what is left alone with the reason."""

    extracts: list[Extract]
    skipped: list[tuple[str, str]]


def _reason_to_skip(path: Path) -> str | None:
    if path.is_dir():
        return "子文件夹"
    if path.name.startswith("."):
        return "隐藏文件"
    if path.name.startswith("~$"):
        return "Office 的临时锁文件"
    if path.name.lower().endswith(_PARTIAL_SUFFIXES):
        return "尚未传完的文件"
    return None


def _changing(paths: Sequence[Path]) -> set[Path]:
    """Files that are still being written at this moment."""
    young = {p: p.stat() for p in paths if time.time() - p.stat().st_mtime < _SETTLE_AGE_S}
    if not young:
        return set()
    time.sleep(_SETTLE_WAIT_S)
    return {
        path
        for path, before in young.items()
        if not path.exists()
        or (path.stat().st_size, path.stat().st_mtime_ns) != (before.st_size, before.st_mtime_ns)
    }


def find_inbox_files(home: Home) -> Found:
    """Everything in the inbox in natural name order."""
    if not home.inbox.is_dir():
        return Found([], [])
    extracts: list[Path] = []
    skipped: list[tuple[str, str]] = []
    for path in sorted(home.inbox.iterdir(), key=lambda p: natural_key(p.name)):
        reason = _reason_to_skip(path)
        if reason:
            skipped.append((path.name, reason))
        else:
            extracts.append(path)
    changing = _changing(extracts)
    skipped.extend((path.name, "仍在写入") for path in extracts if path in changing)
    return Found([Extract(path, True) for path in extracts if path not in changing], skipped)


def find_named_files(home: Home, names: Sequence[str]) -> Found:
    """The files named by the caller; raises IngestError when one does not exist."""
    missing = [name for name in names if not Path(name).is_file()]
    if missing:
        message = f"找不到文件：{'、'.join(missing)}"
        raise IngestError(message)
    inbox = home.inbox.resolve()
    paths = dict.fromkeys(Path(name).resolve() for name in names)
    return Found([Extract(path, path.parent == inbox) for path in paths], [])


def sha256_of(path: Path) -> str:
    """Hex digest of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _same_bytes(first: Path, second: Path) -> bool:
    return first.stat().st_size == second.stat().st_size and sha256_of(first) == sha256_of(second)


def _free_place(folder: Path, name: str, path: Path) -> Path:
    """The name itself when it is free or holds the same bytes, else the name with a number."""
    stem, dot, suffix = name.rpartition(".")
    number = 1
    target = folder / name
    while target.exists() and not _same_bytes(target, path):
        number += 1
        target = folder / (f"{stem}-{number}.{suffix}" if dot and stem else f"{name}-{number}")
    return target


def _put(extract: Extract, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        if extract.in_inbox:
            try:
                extract.path.rename(target)
            except OSError:
                # Another file system: copy whole under a passing name first.
                _copy(extract.path, target)
        else:
            _copy(extract.path, target)
    if extract.in_inbox:
        extract.path.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    passing = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, passing)
    with passing.open("rb") as file:
        os.fsync(file.fileno())
    passing.replace(target)


def archive(home: Home, extract: Extract, sha256: str) -> Path:
    """Move (or copy, from outside the inbox) a loaded file into the archive."""
    target = _free_place(home.archive, f"{sha256[:12]}_{extract.path.name}", extract.path)
    _put(extract, target)
    return target


def return_file(home: Home, extract: Extract) -> Path:
    """Move (or copy) a refused file into the folder of returned files."""
    target = _free_place(home.returned, extract.path.name, extract.path)
    _put(extract, target)
    return target
