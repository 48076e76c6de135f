"""Notes on the files that wait in the inbox for a confirmation: written, and removed in time."""

import contextlib
import json
from datetime import datetime
from pathlib import Path

from ingest.preview import Preview
from warehouse.held import held_files, note_of
from warehouse.home import Home


def note_held(home: Home, path: Path, sha256: str, preview: Preview, *, held_at: datetime) -> Path:
    """Write down that a file of the inbox waits, for whom it must not be checked again."""
    state = path.stat()
    note = {
        "file": path.name,
        "sha256": sha256,
        "size": state.st_size,
        "mtime_ns": state.st_mtime_ns,
        "held_at": held_at.isoformat(timespec="seconds"),
        **preview.as_json(),
    }
    place = note_of(home, path.name)
    place.parent.mkdir(parents=True, exist_ok=True)
    passing = place.with_name(f".{place.name}.part")
    passing.write_text(json.dumps(note, ensure_ascii=False, indent=1), encoding="utf-8")
    passing.replace(place)
    return place


def forget(home: Home, name: str) -> None:
    """Remove the note on a file that no longer waits."""
    note_of(home, name).unlink(missing_ok=True)


def forget_gone(home: Home) -> None:
    """Remove the notes on files that changed or are gone; only for the holder of the lock."""
    waiting = {note_of(home, held.file) for held in held_files(home)}
    with contextlib.suppress(OSError):
        for note in home.held.iterdir():
            if note not in waiting:
                note.unlink(missing_ok=True)
