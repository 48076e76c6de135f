"""Imports Great Expectations in half its time; it is the longest wait of a short load."""

import gc
import importlib
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any


class _Deferred(types.ModuleType):
    """Stands for a module that is imported when somebody asks something of it."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the module holds
        return getattr(importlib.import_module(self.__name__), name)


@cache
def import_great_expectations() -> None:
    """Import what checks need, once in a process; every other import of it then costs nothing."""
    with _without_collections(), _deferred_statistics():
        importlib.import_module("great_expectations.expectations")
        importlib.import_module("ingest.gx_dialect")


@contextmanager
def _without_collections() -> Iterator[None]:
    """Look for no garbage: half a million new objects, all here to stay, are searched in vain."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _deferred_statistics() -> Iterator[None]:
    """Leave out statistics and charts that only expectations on distributions use, not ours."""
    package, altair = importlib.import_module("scipy"), _Deferred("altair")
    vars(package).setdefault("stats", _Deferred("scipy.stats"))
    sys.modules.setdefault("altair", altair)
    try:
        yield
    finally:
        # Others in this process get the whole module when they import it.
        if sys.modules["altair"] is altair:
            del sys.modules["altair"]
