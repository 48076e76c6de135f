"""Real homes in temporary folders: drop files, run `python -m ingest`, look into the lake."""

import contextlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from ingest.__main__ import main
from tests.conftest import installed_at
from tests.tables import install
from warehouse.home import Home
from warehouse.lake import open_reader

SHARED = Path(__file__).parents[3] / "shared"
BAD = Path(__file__).parents[1] / "data" / "bad"


@dataclass
class Desk:
    """One installation under test."""

    home: Home
    exit_code: int = field(default=0, init=False)
    stderr: str = field(default="", init=False)
    # Most files of the tests are of a column or two and have no organisations to be missed.
    wants_organisations: bool = field(default=False, init=False)

    def drop(self, name: str, content: str | bytes, *, encoding: str = "utf-8") -> Path:
        """Put a file into the inbox."""
        self.home.inbox.mkdir(parents=True, exist_ok=True)
        path = self.home.inbox / name
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return path

    def drop_rows(self, name: str, rows: list[list[Any]], *, sheet: str = "Sheet1") -> Path:
        """Put a workbook of one sheet into the inbox."""
        return self.drop_sheets(name, {sheet: rows})

    def drop_sheets(self, name: str, sheets: dict[str, list[list[Any]]]) -> Path:
        """Put a workbook of these sheets into the inbox."""
        self.home.inbox.mkdir(parents=True, exist_ok=True)
        book = openpyxl.Workbook()
        assert book.active is not None
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        path = self.home.inbox / name
        book.save(path)
        return path

    def run(self, *arguments: str) -> list[dict[str, Any]]:
        """Run the command with --json; gives its objects and checks that they add up."""
        results = [json.loads(line) for line in self.say("--json", *arguments).splitlines()]
        for result in results:
            rows = dict(result["rows"])
            assert rows.pop("read") == sum(rows.values())
            if not self.wants_organisations:
                problems = result["problems"]
                result["problems"] = [p for p in problems if p["rule"] != "no_organisation"]
        return results

    def say(self, *arguments: str) -> str:
        """Run the command; gives what it prints."""
        out, err = io.StringIO(), io.StringIO()
        redirected = contextlib.redirect_stdout(out), contextlib.redirect_stderr(err)
        with installed_at(self.home.root), redirected[0], redirected[1]:
            self.exit_code = main(arguments)
        self.stderr = err.getvalue()
        return out.getvalue()

    def load(self, name: str, content: str | bytes, **kwargs: str) -> dict[str, Any]:
        """Drop one file and load it."""
        self.drop(name, content, **kwargs)
        (result,) = self.run()
        return result

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows of a query over the lake."""
        con = open_reader(self.home)
        try:
            return con.execute(statement).fetchall()
        finally:
            con.close()

    def snapshot(self) -> int:
        """The lake's newest snapshot."""
        return int(self.ask("select id from lake.current_snapshot()")[0][0])


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An installation with an empty lake."""
    return Desk(install(tmp_path / "home"))


@pytest.fixture
def new_desk(tmp_path: Path) -> Desk:
    """A place where nothing was ever installed: the first load makes everything."""
    return Desk(Home(tmp_path / "home"))


@pytest.fixture(scope="session")
def extract() -> Callable[[str], Path]:
    """Finds a published extract, or skips the test where the extracts are not at hand."""

    def find(name: str) -> Path:
        path = SHARED / "extracts" / name
        if not path.exists():
            pytest.skip(f"public extract {name} is not available here")
        return path

    return find


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A plain DuckDB connection."""
    connection = duckdb.connect(":memory:")
    yield connection
    connection.close()
