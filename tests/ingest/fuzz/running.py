"""One open loader for many files: what became of each, with the rows that the lake then holds."""

import contextlib
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import ingest.loader
from ingest.files import Extract
from ingest.result import Result
from ingest.run import Listener, _pipeline, load_one
from tests.tables import install
from warehouse.home import Home

TODAY = date(2026, 11, 22)
LOADS_PER_LAKE = 150
TABLES = {
    "complaint": ("complaint",),
    "exam_result": ("exam_result", "exam_section_score"),
    "review": ("review", "review_opinion"),
}
Row = dict[str, Any]


@dataclass
class Batch:
    """One table of a file as the lake has it: its record, its rows, what was said of the others."""

    record: Row
    tables: dict[str, list[Row]] = field(default_factory=dict)
    issues: list[Row] = field(default_factory=list)


@dataclass
class Outcome:
    """What became of one file."""

    result: Result
    batches: list[Batch]
    places: list[str]
    was_held: bool


class Loader:
    """Loads files one after another, each new lake serving a few hundred of them."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._left = 0
        self._number = 0

    def close(self) -> None:
        """Let go of the lake."""
        self._stack.close()
        self._left = 0

    def _renew(self) -> None:
        self.close()
        root = Path(tempfile.mkdtemp(prefix="fuzz-"))
        self._stack.callback(shutil.rmtree, root, ignore_errors=True)
        self.home = install(root)
        self.home.make_folders()
        pipeline = self._stack.enter_context(
            _pipeline(self.home, Listener(print), check_only=False, today=TODAY, judging="holds")
        )
        self.run = ingest.loader.Loader(self.home, pipeline)
        self.sure = ingest.loader.Loader(self.home, replace(pipeline, judging="confirmed"))
        self._left = LOADS_PER_LAKE

    def load(self, data: bytes, suffix: str) -> Outcome:
        """Load one file; what a person has to confirm is confirmed."""
        if not self._left:
            self._renew()
        self._left -= 1
        self._number += 1
        path = self.home.inbox / f"f{self._number}{suffix}"
        path.write_bytes(data)
        result = load_one(self.run, Extract(path, True))
        was_held = result.status == "held"
        if was_held:
            assert path.read_bytes() == data, "a file that waits was changed"
            result = load_one(self.sure, Extract(path, True))
        sha256 = hashlib.sha256(data).hexdigest()
        return Outcome(result, self._batches(sha256), self._places(path, sha256), was_held)

    def _places(self, path: Path, sha256: str) -> list[str]:
        kept = self.home.archive / f"{sha256[:12]}_{path.name}"
        places = (path, kept, self.home.returned / path.name)
        return [
            place.parent.name
            for place in places
            if place.exists() and hashlib.sha256(place.read_bytes()).hexdigest() == sha256
        ]

    def _rows(self, statement: str, **values: str) -> list[Row]:
        found = self.run.pipeline.con.execute(statement, values or None)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _batches(self, sha256: str) -> list[Batch]:
        records = self._rows("from lake.meta.batch where file_sha256 = $sha256", sha256=sha256)
        batches = []
        for record in sorted(records, key=lambda r: (r["sheet"] or "", r["header_row"])):
            batch, one = Batch(record), record["batch_id"]
            for table in TABLES.get(record["entity"], (record["entity"],)):
                batch.tables[table] = self._rows(
                    f"from lake.core.{table} where batch_id = $one", one=one
                )
            batch.issues = self._rows("from lake.meta.row_issue where batch_id = $one", one=one)
            batches.append(batch)
        return batches


@contextlib.contextmanager
def loader() -> Iterator[Loader]:
    """A loader that cleans up behind itself."""
    one = Loader()
    try:
        yield one
    finally:
        one.close()


def home_of(one: Loader) -> Home:
    """The installation that a loader works in at the moment."""
    return one.home
