"""The files that wait in the inbox for a person's confirmation, each with what is of concern."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from warehouse.home import Home


@dataclass(frozen=True)
class HeldFile:
    """A file of the inbox that was not loaded yet: what is of concern, and what it would change.

    `concerns` and `changes` are as `python -m ingest --json` gives them under `preview`.
    """

    file: str
    sha256: str
    size: int
    mtime_ns: int
    held_at: datetime
    concerns: tuple[dict[str, Any], ...]
    changes: tuple[dict[str, Any], ...]

    def is_still(self, path: Path) -> bool:
        """Whether the file lies there as it was when it was held."""
        try:
            state = path.stat()
        except OSError:
            return False
        return (state.st_size, state.st_mtime_ns) == (self.size, self.mtime_ns)


def note_of(home: Home, name: str) -> Path:
    """Where the loader keeps its note on a held file of this name."""
    return home.held / f"{name}.json"


def held_files(home: Home) -> list[HeldFile]:
    """The files that lie in the inbox just as they were held, longest waiting first."""
    found = [_read(note) for note in sorted(home.held.glob("*.json"))]
    waiting = [one for one in found if one and one.is_still(home.inbox / one.file)]
    return sorted(waiting, key=lambda one: one.held_at)


def _read(note: Path) -> HeldFile | None:
    """The note; none where it cannot be read, for then the file is simply checked again."""
    try:
        given = json.loads(note.read_text(encoding="utf-8"))
        return HeldFile(
            file=str(given["file"]),
            sha256=str(given["sha256"]),
            size=int(given["size"]),
            mtime_ns=int(given["mtime_ns"]),
            held_at=datetime.fromisoformat(given["held_at"]),
            concerns=tuple(given["concerns"]),
            changes=tuple(given["changes"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
