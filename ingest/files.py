"""Files on their way: found in the inbox, hashed, archived or returned; never overwritten."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from ingest.errors import Fault, NotFound
from ingest.mask import masked_text
from warehouse.disk import copy_whole, flush, sha256_of
from warehouse.home import Home
from warehouse.loading import is_readable, load_order, reason_to_skip, signature

_PASSING = ".part"
_CLAIMED = ".moving"
_SETTLE_WAIT_S = 0.3
# File systems allow 255 bytes; a digest, a number and endings are added to a name.
_MOST_NAME_BYTES = 200
_MOST_SUFFIX_BYTES = 16
# Size and time of change.
Look = tuple[int, int]


@dataclass(frozen=True)
class Extract:
    """One file to load; files outside the inbox are copied, never moved."""

    path: Path
    in_inbox: bool
    # The name it came with, while it has one of ours.
    came_as: str = ""

    @property
    def name(self) -> str:
        """The name that the file was delivered with."""
        return self.came_as or self.path.name


@dataclass(frozen=True)
class Found:
    """What lies in the inbox: files to load, and what is left alone with the reason."""

    extracts: list[Extract]
    skipped: list[tuple[str, str]]


@lru_cache(maxsize=4096)
def shown_name(name: str) -> str:
    """What may be said of a file's name: people name files after customers."""
    # Remembered, for the watcher asks for the same names every second.
    return masked_text(os.fsencode(name).decode("utf-8", "replace"))


def short_name(name: str) -> str:
    """The name as it is, or with a shorter stem where what is added to it would not fit."""
    if len(name.encode()) <= _MOST_NAME_BYTES:
        return name
    suffix = Path(name).suffix
    if len(suffix.encode()) > _MOST_SUFFIX_BYTES:
        suffix = ""
    stem = name.removesuffix(suffix).encode()[: _MOST_NAME_BYTES - len(suffix.encode())]
    return stem.decode("utf-8", "ignore") + suffix


def list_inbox(home: Home) -> Found:
    """Everything in the inbox in the order of loading, as one look shows it."""
    if not home.inbox.is_dir():
        return Found([], [])
    extracts: list[Extract] = []
    skipped: list[tuple[str, str]] = []
    for path in sorted(home.inbox.iterdir(), key=lambda p: load_order(p.name)):
        reason = reason_to_skip(path)
        if reason:
            skipped.append((path.name, reason))
        else:
            extracts.append(Extract(path, True))
    return Found(extracts, skipped)


def looks(extracts: Sequence[Extract]) -> dict[Path, Look]:
    """Size and time of change of each file that is still there, to be compared with a later look.

    Never with this computer's clock: that of a network drive may be another one.
    """
    seen = {extract.path: signature(extract.path) for extract in extracts}
    return {path: one for path, one in seen.items() if one is not None}


class InboxLooks:
    """Finds what lies in the inbox and has stopped growing, each look compared with the last."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._seen: dict[Path, Look] | None = None
        self._seen_at = 0.0

    def find(self) -> Found:
        """Everything at the first look; from the second on only what did not change since."""
        if self._seen is not None:
            time.sleep(max(0.0, self._seen_at + _SETTLE_WAIT_S - time.monotonic()))
        found = list_inbox(self._home)
        now = looks(found.extracts)
        before, self._seen, self._seen_at = self._seen, now, time.monotonic()
        if before is None:
            return found
        if now.keys() - before.keys():
            # What came in the meantime has been seen once only.
            time.sleep(_SETTLE_WAIT_S)
            now, before = looks(found.extracts), {**now, **before}
        settled = {path for path, look in now.items() if look == before.get(path)}
        changing = [(path.name, "仍在写入") for path in now if path not in settled]
        return Found(
            [extract for extract in found.extracts if extract.path in settled],
            [*found.skipped, *changing],
        )


def find_named_files(home: Home, names: Sequence[str]) -> Found:
    """The files named by the caller; raises NotFound when one does not exist."""
    missing = [name for name in names if not Path(name).is_file()]
    if missing:
        message = f"找不到文件：{'、'.join(map(shown_name, missing))}"
        raise NotFound(message)
    inbox = home.inbox.resolve()
    paths = dict.fromkeys(Path(name).resolve() for name in names)
    return Found(
        [Extract(path, path.parent == inbox) for path in paths if is_readable(path.name)],
        [(path.name, reason_to_skip(path) or "") for path in paths if not is_readable(path.name)],
    )


def _same_bytes(first: Path, second: Path) -> bool:
    return first.stat().st_size == second.stat().st_size and sha256_of(first) == sha256_of(second)


def free_place(folder: Path, name: str, path: Path) -> Path:
    """The name itself when it is free or holds the same bytes, else the name with a number."""
    stem, dot, suffix = name.rpartition(".")
    number = 1
    target = folder / name
    while target.exists() and not _same_bytes(target, path):
        number += 1
        target = folder / (f"{stem}-{number}.{suffix}" if dot and stem else f"{name}-{number}")
    return target


def put(extract: Extract, target: Path) -> None:
    """Move (or copy, from outside the inbox) a file; it is on the disk when this returns."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        if extract.in_inbox:
            try:
                extract.path.rename(target)
            except OSError:
                # Another file system: copy whole under a passing name first.
                copy_whole(extract.path, target)
        else:
            copy_whole(extract.path, target)
    flush(target)
    if extract.in_inbox:
        extract.path.unlink(missing_ok=True)


@contextmanager
def claimed(extract: Extract, sha256: str) -> Iterator[Extract]:
    """The file under a name of ours, so that nobody changes or replaces it while it is put away.

    Raises Fault when it is gone or no longer the one that was read; one still there at the end
    gets its name back.
    """
    if not extract.in_inbox:
        yield extract
        return
    mine = extract.path.with_name(f".{short_name(extract.name)}{_CLAIMED}")
    try:
        extract.path.rename(mine)
    except FileNotFoundError:
        message = "处理期间文件从收件箱里消失了，原始文件没有存下；请把它再放入收件箱，再运行一次"
        raise Fault(message) from None
    try:
        if sha256_of(mine) != sha256:
            place = _give_back(mine, extract.path)
            name = "" if place == extract.path else f"，改名为 {shown_name(place.name)}"
            message = (
                f"文件在处理期间被改动，改动后的内容还没有装载；文件留在收件箱{name}，请再运行一次"
            )
            raise Fault(message)
        yield replace(extract, path=mine, came_as=extract.name)
    finally:
        if mine.exists():
            _give_back(mine, extract.path)


def _give_back(mine: Path, place: Path) -> Path:
    """Give a file its name back, or the next free one: what has come meanwhile stays."""
    while True:
        target = free_place(place.parent, place.name, mine)
        if target.exists():
            break
        try:
            target.hardlink_to(mine)
            break
        except FileExistsError:
            continue
        except OSError:
            # A file system without hard links.
            return mine.rename(target)
    mine.unlink()
    return target


def place_to_return(home: Home, extract: Extract) -> Path:
    """Where a refused file will lie among the returned ones; its report goes there first."""
    home.returned.mkdir(parents=True, exist_ok=True)
    return free_place(home.returned, short_name(extract.name), extract.path)


def return_file(extract: Extract, place: Path) -> None:
    """Move (or copy) a refused file to its place among the returned ones."""
    put(extract, place)


def tidy(home: Home) -> None:
    """Clear up what a killed run left half done; only for the holder of the lock."""
    for folder in (home.archive, home.returned):
        for passing in folder.glob(f".*{_PASSING}"):
            passing.unlink(missing_ok=True)
    for mine in home.inbox.glob(f".*{_CLAIMED}"):
        _give_back(mine, mine.with_name(mine.name[1:].removesuffix(_CLAIMED)))
    for note in (home.progress, home.outcomes):
        for passing in note.parent.glob(f".{note.name}.*"):
            passing.unlink(missing_ok=True)
    # What a killed load said of itself is no longer so.
    home.progress.unlink(missing_ok=True)
