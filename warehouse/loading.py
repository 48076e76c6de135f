"""What loaders say while they work: progress, who is on watch, and what became of each file.

Small files beside the lake, replaced whole, so that a page may read them at any moment.
"""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from warehouse.coverage import natural_key
from warehouse.held import HeldFile, held_files
from warehouse.home import Home
from warehouse.problems import told

KEPT_OUTCOMES = 60
KEPT_PROBLEMS = 200
# So much of a file's hash stands in the name of its 退回单.
SLIP_DIGITS = 8
# A probe holds a lock for less than a millisecond; whoever holds one longer is at work.
_PROBE_S = 0.05
FOLDER = "子文件夹"
_PARTIAL_SUFFIXES = (".tmp", ".part", ".crdownload")


@dataclass(frozen=True)
class Progress:
    """How far a load has come: stage `step` of `steps`, and how far its operation is, 0 to 1."""

    file: str
    position: int
    files: int
    stage: str
    step: int
    steps: int
    fraction: float | None
    started_at: datetime
    pid: int


def state(report: Mapping[str, Any]) -> str:
    """The status of a report as people read it: zero_report is a kind of unchanged."""
    return "zero_report" if report.get("zero_report") else str(report["status"])


@dataclass(frozen=True)
class Outcome:
    """What became of one file, as the loader reported it."""

    at: datetime
    size: int | None
    mtime_ns: int | None
    result: Mapping[str, Any]

    @property
    def file(self) -> str:
        """Name of the file as it lay in the inbox."""
        return str(self.result["file"])

    @property
    def status(self) -> str:
        """loaded, unchanged, refused, held or failed."""
        return str(self.result["status"])

    @property
    def state(self) -> str:
        """The status as people read it."""
        return state(self.result)


@dataclass(frozen=True)
class Waiting:
    """One file in the inbox; a loader that has tried it says why it still lies there."""

    name: str
    size: int
    outcome: Outcome | None
    held: HeldFile | None

    @property
    def status(self) -> str:
        """held, failed or waiting."""
        if self.held is not None:
            return "held"
        return "failed" if self.outcome and self.outcome.status == "failed" else "waiting"


def reason_to_skip(path: Path) -> str | None:
    """Why nothing in the inbox of this name is ever loaded; None for a file to load."""
    if not is_readable(path.name):
        return "文件名的编码无法识别（多半是解压时没有选对编码），请改名后再放入"
    if path.is_symlink():
        return "快捷链接，不是文件本身；请把文件本身放进收件箱"
    if path.is_dir():
        return FOLDER
    # To open a pipe is to wait for somebody at its other end, for good.
    if path.exists() and not path.is_file():
        return "不是普通文件（管道、设备等），请移走"
    return _reason_by_name(path.name)


def load_order(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Sort key of the inbox: natural order, and what continues a name (更正, 副本, 2) after it."""
    # With the ending inside the key, the dot would come after a bracket, a space or a hyphen.
    path = Path(name)
    return natural_key(path.stem), path.suffix


def is_readable(name: str) -> bool:
    """Whether the bytes of a file's name are text; unpacked by another rule they may not be."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_passed_over(name: str) -> bool:
    """Whether a file of this name would lie in the inbox and never be loaded."""
    return _reason_by_name(name) is not None


def _reason_by_name(name: str) -> str | None:
    if name.startswith("."):
        return "隐藏文件"
    if name.startswith("~$"):
        return "Office 的临时锁文件"
    if name.lower().endswith(_PARTIAL_SUFFIXES):
        return "尚未传完的文件"
    return None


def _replace_json(path: Path, content: object) -> None:
    """Write a small file so that a reader sees the old one or the new one, never a half.

    Each of these files has one writer, so one passing name will do.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    passing = path.with_name(f".{path.name}.part")
    passing.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    passing.replace(path)


def write_progress(path: Path, progress: Progress) -> None:
    """Say how far a load has come."""
    _replace_json(path, {**asdict(progress), "started_at": progress.started_at.isoformat()})


def read_progress(path: Path) -> Progress | None:
    """What the file says; None when nobody is at work or it cannot be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        started_at = datetime.fromisoformat(content.pop("started_at"))
        return Progress(started_at=started_at, **content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def progress(home: Home) -> Progress | None:
    """The load that is running at this moment; what a killed loader left counts for nothing."""
    found = read_progress(home.progress)
    return found if found is not None and is_loading(home) else None


def is_loading(home: Home) -> bool:
    """Whether a loader holds the right to write."""
    return _is_held(home.writer_lock)


def is_watched(home: Home) -> bool:
    """Whether somebody watches the inbox and will load what is put there."""
    return _is_held(home.watcher_lock)


def _is_held(path: Path) -> bool:
    if not path.exists():
        return False
    lock = FileLock(path)
    try:
        with lock.acquire(timeout=_PROBE_S, poll_interval=_PROBE_S / 5):
            return False
    except Timeout:
        return True
    except OSError:
        # Whoever may not open the lock cannot tell; the page then starts a load itself.
        return False


def note_outcome(home: Home, result: Mapping[str, Any]) -> None:
    """Keep what a loader reports of one file, newest first; only for the holder of the lock.

    A disk that is full keeps nobody from loading: then there is only no note.
    """
    kept = dict(result)
    problems = list(kept.get("problems") or [])
    kept["problems"] = problems[:KEPT_PROBLEMS]
    # Their rows are counted before the list is cut.
    kept |= told(kept | {"problems": problems})
    kept.pop("tables", None)
    size, mtime_ns = signature(home.inbox / str(kept["file"])) or (None, None)
    note = {
        "at": datetime.now(UTC).isoformat(),
        "size": size,
        "mtime_ns": mtime_ns,
        "result": kept,
    }
    notes = [note, *(one for one in _notes(home) if not _is_same_try(one, note))]
    with contextlib.suppress(OSError):
        _replace_json(home.outcomes, notes[:KEPT_OUTCOMES])


def _is_same_try(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both tell of one file that still lies where it lay, so that the newer note will do.

    A watcher that retries for a night must not push everything else out of the list.
    """
    waits = ("held", "failed")
    return (
        one["result"]["file"] == other["result"]["file"]
        and one["result"]["status"] in waits
        and (one["size"], one["mtime_ns"]) == (other["size"], other["mtime_ns"])
    )


def return_slip(home: Home, sha256: str) -> Path | None:
    """The workbook with the returned rows of these bytes, to be corrected and dropped back."""
    if not sha256:
        return None
    found = home.returned.glob(f"退回单_*_{sha256[:SLIP_DIGITS]}.xlsx")
    return next(iter(sorted(found)), None)


def signature(path: Path) -> tuple[int, int] | None:
    """Size and time of change, by which two looks at a file are compared; None when it is gone."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _notes(home: Home) -> list[dict[str, Any]]:
    try:
        notes = json.loads(home.outcomes.read_text(encoding="utf-8"))
        return [one for one in notes if {"file", "status"} <= one["result"].keys()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def outcomes(home: Home) -> list[Outcome]:
    """What became of the files that were tried last, newest first."""
    return [
        Outcome(datetime.fromisoformat(one["at"]), one["size"], one["mtime_ns"], one["result"])
        for one in _notes(home)
    ]


def waiting(home: Home) -> list[Waiting]:
    """What lies in the inbox in the order of loading, with the newest outcome of these very bytes.

    Raises OSError when the inbox cannot be read.
    """
    newest: dict[tuple[str, int | None, int | None], Outcome] = {}
    for outcome in outcomes(home):
        newest.setdefault((outcome.file, outcome.size, outcome.mtime_ns), outcome)
    held = {one.file: one for one in held_files(home)}
    found = []
    for path in sorted(home.inbox.iterdir(), key=lambda one: load_order(one.name)):
        here = signature(path)
        if here is not None and reason_to_skip(path) is None:
            last = newest.get((path.name, *here))
            found.append(Waiting(path.name, here[0], last, held.get(path.name)))
    return found
