"""Puts a finished second set of files in place of the present one, whole even after a kill.

The new set is built in a folder of its own. Once it is complete, a note in it names what belongs
where; whoever holds the lock next finishes what a killed swap began.
"""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from warehouse.disk import whole_or_not
from warehouse.home import Home

# The catalogue leaves first and comes last: without it nobody reads half a lake.
LAKE = (
    "warehouse/data/catalogue.sqlite",
    "warehouse/data/catalogue.sqlite-wal",
    "warehouse/data/catalogue.sqlite-shm",
    "warehouse/data/lake",
    "warehouse/data/checksums.jsonl",
)
_NOTE = "swap.json"


def staged(home: Home) -> Path:
    """The folder in which the new set is built; the same names lie below it as below the root."""
    return home.root / "warehouse" / "data.next"


def is_swapping(home: Home) -> bool:
    """Whether a swap was begun and is not yet done, be it at work or killed."""
    return (staged(home) / _NOTE).exists()


def clear_stage(home: Home) -> None:
    """Remove a new set that was never finished; only for the holder of the lock."""
    shutil.rmtree(staged(home), ignore_errors=True)


def swap(home: Home, names: Sequence[str], *, aside: Path) -> None:
    """Move what bears these names aside and the staged set into its place; needs the lock."""
    _note(home, names, aside.relative_to(home.root).as_posix(), is_aside=False)
    finish_swap(home)


def finish_swap(home: Home) -> None:
    """Do what is left of a swap that was begun; needs the lock.

    A set that a killed command left incomplete, with a copy of the archive in it, is removed.
    """
    note = staged(home) / _NOTE
    if not is_swapping(home):
        clear_stage(home)
        return
    content = json.loads(note.read_text(encoding="utf-8"))
    names, aside = content["names"], content["aside"]
    if not content["is_aside"]:
        for name in names:
            _move_aside(home.root / name, home.root / aside / name)
        _note(home, names, aside, is_aside=True)
    for name in reversed(names):
        _move(staged(home) / name, home.root / name)
    note.unlink()
    clear_stage(home)


def _note(home: Home, names: Sequence[str], aside: str, *, is_aside: bool) -> None:
    content = {"names": list(names), "aside": aside, "is_aside": is_aside}
    with whole_or_not(staged(home) / _NOTE) as passing:
        passing.write_text(json.dumps(content), encoding="utf-8")


def _move_aside(place: Path, aside: Path) -> None:
    if place.exists() and aside.exists():
        # It is aside already; taking the lock has made an empty folder anew.
        place.rmdir()
        return
    _move(place, aside)


def _move(source: Path, target: Path) -> None:
    # What a killed swap moved already is where it belongs.
    if not source.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    # An empty folder made anew gives way; with anything in it this fails.
    if target.is_dir():
        target.rmdir()
    shutil.move(source, target)
