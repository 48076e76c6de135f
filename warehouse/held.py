"""The files that wait in the inbox for a person's confirmation, each with what is of concern."""

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from warehouse.disk import sha256_of
from warehouse.home import Home

# Size, time of change and time of renaming.
Look = tuple[int, int, int]


@dataclass(frozen=True)
class HeldFile:
    """A file of the inbox that was not loaded yet: what is of concern, and what it would change.

    `concerns` and `changes` are as `python -m ingest --json` gives them under `preview`.
    """

    file: str
    sha256: str
    size: int
    mtime_ns: int
    ctime_ns: int
    held_at: datetime
    concerns: tuple[dict[str, Any], ...]
    changes: tuple[dict[str, Any], ...]

    @property
    def look(self) -> Look:
        """How the file looked when it was held."""
        return self.size, self.mtime_ns, self.ctime_ns


def look_of(path: Path) -> Look | None:
    """How a file looks; None when it is not there. One that is renamed looks different."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_size, state.st_mtime_ns, state.st_ctime_ns


def note_of(home: Home, sha256: str, look: Look) -> Path:
    """Where the loader keeps its note on a held file; without its name, which may be personal."""
    _, mtime_ns, ctime_ns = look
    return home.held / f"{sha256[:16]}-{mtime_ns}-{ctime_ns}.json"


def held_files(home: Home) -> list[HeldFile]:
    """The files that lie in the inbox just as they were held, longest waiting first."""
    found = [one for note in sorted(home.held.glob("*.json")) if (one := _read(note))]
    if not found or not home.inbox.is_dir():
        return []
    lying: dict[Look | None, list[Path]] = defaultdict(list)
    for path in home.inbox.iterdir():
        lying[look_of(path)].append(path)
    waiting = [
        replace(one, file=path.name) for one in found for path in _same(one, lying[one.look])
    ]
    return sorted(waiting, key=lambda one: one.held_at)


def _same(held: HeldFile, alike: list[Path]) -> list[Path]:
    """The files that a note is about, by their bytes where several look alike."""
    is_certain = len(alike) <= 1
    return alike if is_certain else [path for path in alike if sha256_of(path) == held.sha256]


def _read(note: Path) -> HeldFile | None:
    """The note; none where it cannot be read, for then the file is simply checked again."""
    try:
        given = json.loads(note.read_text(encoding="utf-8"))
        return HeldFile(
            file=str(given["file"]),
            sha256=str(given["sha256"]),
            size=int(given["size"]),
            mtime_ns=int(given["mtime_ns"]),
            ctime_ns=int(given["ctime_ns"]),
            held_at=datetime.fromisoformat(given["held_at"]),
            concerns=tuple(given["concerns"]),
            changes=tuple(given["changes"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
