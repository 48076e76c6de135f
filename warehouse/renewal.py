"""Lets a program that runs on and on take in definitions that people change meanwhile."""

import sys
from collections.abc import Iterator
from pathlib import Path

from warehouse import codes, definitions, schema
from warehouse.loading import signature

_OURS = ("warehouse", "ingest", "pages")
_SUFFIXES = (".yml", ".csv", ".sql")
_Look = dict[Path, tuple[int, int] | None]


class Renewal:
    """Notices that a file of the definitions is another one than at the last look."""

    def __init__(self, *more: Path) -> None:
        self._more = more
        self._seen = self._look()

    def is_due(self) -> bool:
        """Whether something was changed since the last look; then nothing read before counts."""
        before, self._seen = self._seen, self._look()
        if self._seen == before:
            return False
        _forget()
        return True

    def _look(self) -> _Look:
        places = (definitions.FOLDER, codes.FOLDER, schema.SQL, *self._more)
        return {path: signature(path) for place in places for path in _files(place)}


def _files(place: Path) -> Iterator[Path]:
    if not place.is_dir():
        yield place
        return
    yield from (path for path in place.rglob("*") if path.suffix in _SUFFIXES)


def _forget() -> None:
    """Empty what functions of ours remember; each reads its files anew when it is asked next."""
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] in _OURS:
            for thing in list(vars(module).values()):
                if callable(clear := getattr(thing, "cache_clear", None)):
                    clear()
