"""Notes on the files that wait in the inbox for a confirmation: written, and removed in time."""

import contextlib
import json
from datetime import datetime
from pathlib import Path

from ingest.files import shown_name
from ingest.preview import Preview
from warehouse.held import held_files, look_of, note_of
from warehouse.home import Home


def note_held(home: Home, path: Path, sha256: str, preview: Preview, *, held_at: datetime) -> None:
    """Write down that a file of the inbox waits, for whom it must not be checked again."""
    look = look_of(path)
    if look is None:
        # It was taken away meanwhile: nothing waits.
        return
    size, mtime_ns, ctime_ns = look
    note = {
        "file": shown_name(path.name),
        "sha256": sha256,
        "size": size,
        "mtime_ns": mtime_ns,
        "ctime_ns": ctime_ns,
        "held_at": held_at.isoformat(timespec="seconds"),
        **preview.as_json(),
    }
    place = note_of(home, sha256, look)
    place.parent.mkdir(parents=True, exist_ok=True)
    passing = place.with_name(f".{place.name}.part")
    passing.write_text(json.dumps(note, ensure_ascii=False, indent=1), encoding="utf-8")
    passing.replace(place)


def forget(home: Home, sha256: str) -> None:
    """Remove the notes on a file that no longer waits, and on its copies: they are judged anew."""
    for note in home.held.glob(f"{sha256[:16]}-*.json"):
        note.unlink(missing_ok=True)


def forget_gone(home: Home) -> None:
    """Remove the notes on files that changed or are gone; only for the holder of the lock."""
    waiting = {note_of(home, held.sha256, held.look) for held in held_files(home)}
    with contextlib.suppress(OSError):
        for note in home.held.iterdir():
            if note not in waiting:
                note.unlink(missing_ok=True)
