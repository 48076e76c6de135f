"""Uploaded files on disk: saved beside the inbox, moved into it whole, or thrown away."""

import contextlib
import os
import shutil
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from pages.ui.upload.names import numbered, safe_name
from warehouse.home import Home

# Uploads that nobody decided on hold people's data; they are not kept over night.
KEPT_S = 12 * 3600.0


def save(home: Home, files: Sequence[tuple[str, BinaryIO]]) -> list[Path]:
    """Write uploaded files into a folder of their own and give their places, in order."""
    sweep(home)
    folder = home.uploads / uuid.uuid4().hex
    folder.mkdir(parents=True)
    saved: list[Path] = []
    for name, content in files:
        place = _free(folder, safe_name(name))
        with place.open("xb") as target:
            shutil.copyfileobj(content, target, 1 << 20)
        saved.append(place)
    return saved


def _free(folder: Path, name: str) -> Path:
    number = 1
    while (folder / numbered(name, number)).exists():
        number += 1
    return folder / numbered(name, number)


def sweep(home: Home) -> None:
    """Remove uploads that were left lying."""
    if not home.uploads.is_dir():
        return
    for folder in home.uploads.iterdir():
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > KEPT_S:
                shutil.rmtree(folder)


def discard(path: Path) -> None:
    """Throw one uploaded file away."""
    path.unlink(missing_ok=True)


def into_inbox(home: Home, path: Path) -> Path:
    """Move an uploaded file into the inbox: whole at once, never over another file."""
    home.inbox.mkdir(parents=True, exist_ok=True)
    # The name of a file that a loader passes over, until it is whole.
    passing = home.inbox / f".{uuid.uuid4().hex}.part"
    try:
        try:
            path.rename(passing)
        except OSError:
            # The inbox lies on another disk.
            shutil.copyfile(path, passing)
            with passing.open("rb+") as written:
                os.fsync(written.fileno())
        place = _take_free_name(home.inbox, passing, path.name)
    except BaseException:
        if passing.exists() and not path.exists():
            passing.rename(path)
        passing.unlink(missing_ok=True)
        raise
    path.unlink(missing_ok=True)
    return place


def _take_free_name(folder: Path, passing: Path, name: str) -> Path:
    number = 0
    while True:
        number += 1
        place = folder / numbered(name, number)
        try:
            # A link fails where the name is taken; a renaming would destroy what lies there.
            os.link(passing, place)
        except FileExistsError:
            continue
        except OSError:
            # A network drive that knows no links.
            if place.exists():
                continue
            passing.rename(place)
            return place
        passing.unlink()
        return place
