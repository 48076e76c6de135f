"""Makes what was written survive a power cut, and tells how much room there is."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def flush(path: Path) -> None:
    """Have the file's bytes and its name on the disk before anything that relies on them."""
    # Windows can flush neither a file opened for reading nor a folder; it writes names through.
    if os.name == "nt":
        return
    for one in (path, path.parent):
        descriptor = os.open(one, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def whole_or_not(target: Path) -> Iterator[Path]:
    """A passing name to write to: under its own name there is never half a file.

    The name starts with a dot and ends with .part, so that whoever comes after a kill removes it.
    """
    passing = target.with_name(f".{target.name}.part")
    try:
        yield passing
        flush(passing)
        passing.replace(target)
    except BaseException:
        # Half a file would hold the very space that is missing.
        passing.unlink(missing_ok=True)
        raise
    flush(target)


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file; the copy is on the disk when this returns."""
    with whole_or_not(target) as passing:
        shutil.copyfile(source, passing)


def sha256_of(path: Path) -> str:
    """Hex digest of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def append_line(path: Path, line: str, *, heading: str = "") -> None:
    """Add one line to a file that only grows; it is on the disk when this returns.

    A line that a crash cut short stays a line of its own. An empty file gets the heading first.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        text = f"{line}\n"
        if file.tell() == 0:
            text = heading + text
        else:
            file.seek(-1, os.SEEK_END)
            text = text if file.read(1) == b"\n" else f"\n{text}"
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
