"""Starts the loader as a process of its own: pages never load, and its imports take seconds."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from warehouse.home import REPOSITORY, Home
from warehouse.loading import Progress, read_progress

_MOST_SAID = 2000


@dataclass(frozen=True)
class Running:
    """A loader at work, and the files into which it writes what it has to say."""

    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def is_running(self) -> bool:
        """Whether it is still at work."""
        return self.process.poll() is None

    @property
    def progress(self) -> Progress | None:
        """How far it has come."""
        return read_progress(self.folder / "progress.json")

    def lines(self) -> list[str]:
        """The complete lines that it has printed so far."""
        try:
            text = (self.folder / "said.jsonl").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return []
        return text.split("\n")[:-1]

    def complaint(self) -> str:
        """What it has said about itself rather than about a file."""
        try:
            text = (self.folder / "complaint.txt").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        return text.strip()[-_MOST_SAID:]


def check(home: Home, files: Sequence[Path], folder: Path) -> Running:
    """Say what loading these files would do; nothing is written but what it says."""
    return _start(home, ["--check", *map(str, files)], folder)


def load(home: Home, files: Sequence[Path], folder: Path, *, is_confirmed: bool) -> Running:
    """Load these files, past the rules that ask for a confirmation where there is one."""
    return _start(home, [*(["--confirm"] if is_confirmed else []), *map(str, files)], folder)


def _start(home: Home, arguments: Sequence[str], folder: Path) -> Running:
    folder.mkdir(parents=True, exist_ok=True)
    progress = folder / "progress.json"
    command = [sys.executable, "-m", "ingest", "--json", "--progress", str(progress), *arguments]
    with (folder / "said.jsonl").open("wb") as said, (folder / "complaint.txt").open("wb") as other:
        process = subprocess.Popen(  # noqa: S603  our own program with paths that we made
            command,
            cwd=REPOSITORY,
            env={**os.environ, "DASHBOARD_HOME": str(home.root), "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=other,
        )
    return Running(process, folder)
