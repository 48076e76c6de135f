"""When a file in the inbox may be loaded: once it is whole, and not too soon after a failure."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.files import Look

# Equal looks in a row after which a file counts as whole; more when it was seen growing.
CALM_LOOKS = 2
CALM_LOOKS_AFTER_GROWTH = 4
# So many looks do settled files wait for others that are still coming, to load them in one run.
MOST_LOOKS_FOR_OTHERS = 4
FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 300.0


@dataclass(frozen=True)
class _Sighting:
    look: Look
    times: int = 1
    has_grown: bool = False

    @property
    def is_calm(self) -> bool:
        """Whether the file has stopped changing."""
        return self.times >= (CALM_LOOKS_AFTER_GROWTH if self.has_grown else CALM_LOOKS)

    def again(self, look: Look) -> "_Sighting":
        """The file as this look shows it, compared with the last one."""
        if look == self.look:
            return replace(self, times=self.times + 1)
        return _Sighting(look, has_grown=True)


class Settling:
    """Tells whole files from those still being written, by comparing each look with the last."""

    def __init__(self) -> None:
        self._seen: dict[Path, _Sighting] = {}
        self._waited = 0

    def see(self, now: Mapping[Path, Look]) -> None:
        """Take in one look at the inbox."""
        self._seen = {
            path: self._seen[path].again(look) if path in self._seen else _Sighting(look)
            for path, look in now.items()
        }

    def forget(self) -> None:
        """The folder is gone; whatever comes back is seen for the first time."""
        self._seen = {}

    def is_calm(self, path: Path) -> bool:
        """Whether a file has stopped changing."""
        return self._seen[path].is_calm

    def is_worth_waiting(self) -> bool:
        """Whether others are still coming, so that one run can take them all."""
        is_anyone_coming = any(not one.is_calm for one in self._seen.values())
        self._waited = self._waited + 1 if is_anyone_coming else 0
        if self._waited > MOST_LOOKS_FOR_OTHERS:
            self._waited = 0
            return False
        return is_anyone_coming


@dataclass(frozen=True)
class _Pause:
    look: Look
    seconds: float
    until: float


class Patience:
    """Which files are not to be tried again yet: each failure in a row makes the pause longer."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._pauses: dict[Path, _Pause] = {}

    def allows(self, path: Path, look: Look) -> bool:
        """Whether a file may be tried at this moment."""
        pause = self._pauses.get(path)
        return pause is None or pause.look != look or self._now() >= pause.until

    def postpone(self, path: Path, look: Look) -> None:
        """Try again later; each time in a row the pause is twice as long, up to five minutes."""
        pause = self._pauses.get(path)
        again = pause is not None and pause.look == look
        seconds = min(pause.seconds * 2, LONGEST_PAUSE_S) if again and pause else FIRST_PAUSE_S
        self._pauses[path] = _Pause(look, seconds, self._now() + seconds)

    def keep_only(self, paths: Sequence[Path]) -> None:
        """Forget the files that are gone."""
        self._pauses = {path: one for path, one in self._pauses.items() if path in set(paths)}
