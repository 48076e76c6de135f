"""The archive's journal: which files were loaded, when, and where each is kept; only added to."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

Keeping = Literal["keep", "encrypt", "off"]


@dataclass(frozen=True)
class Entry:
    """One loaded file: enough to load it again in its order, as of its day."""

    loaded_at: str
    file: str
    sha256: str
    bytes: int
    contracts: tuple[str, ...]
    keeping: Keeping
    stored: str | None
    stored_sha256: str | None
    decisions: tuple[str, ...] = ()

    @property
    def moment(self) -> datetime:
        """When the file's last table was committed."""
        return datetime.fromisoformat(self.loaded_at)

    @property
    def day(self) -> date:
        """The branch's own calendar day on which it was loaded: what {today} meant to its rules."""
        return self.moment.astimezone().date()


@dataclass(frozen=True)
class Journal:
    """What the journal says now, line by line."""

    lines: tuple[Entry, ...]
    damaged_lines: tuple[int, ...]

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Each file as it is kept now: of the entries on its newest load the last one counts."""
        return {entry.sha256: entry for entry in sorted(self.lines, key=lambda e: e.moment)}

    def in_order(self) -> list[Entry]:
        """Every load in its order, one of a file that was loaded before among them.

        A file is kept once, so each of its loads says where it is kept now.
        """
        now = self.entries
        loads = {
            (entry.sha256, entry.moment): replace(
                now[entry.sha256],
                loaded_at=entry.loaded_at,
                file=entry.file,
                contracts=entry.contracts,
            )
            for entry in self.lines
        }
        return sorted(loads.values(), key=lambda entry: entry.moment)


def read_journal(path: Path) -> Journal:
    """The journal; a line that a power cut tore is passed over and its number given."""
    entries: list[Entry] = []
    damaged: list[int] = []
    content = path.read_bytes() if path.exists() else b""
    for number, line in enumerate(content.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
            for name in ("contracts", "decisions"):
                found[name] = tuple(found[name])
            entry = Entry(**found)
            entry.moment  # noqa: B018 - a date that cannot be read is damage, too
        except (ValueError, KeyError, TypeError):
            damaged.append(number)
            continue
        entries.append(entry)
    return Journal(tuple(entries), tuple(damaged))


def append(path: Path, entries: Iterable[Entry]) -> None:
    """Add entries and have them on the disk before this returns."""
    lines = [json.dumps(asdict(entry), ensure_ascii=False) for entry in entries]
    if not lines:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        # After a torn line a new one starts, so that only the torn one is lost.
        is_torn = False
        if file.tell() > 0:
            file.seek(-1, os.SEEK_END)
            is_torn = file.read(1) != b"\n"
        file.write((("\n" if is_torn else "") + "\n".join(lines) + "\n").encode())
        file.flush()
        os.fsync(file.fileno())
