"""A quicker way for many files: everything up to the commit, without a lake.

The checks' verdicts come from their own predicates instead of Great Expectations, which takes most
of the time; `running.py` takes the whole way.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import duckdb

from ingest.check import Check, Verdict
from ingest.errors import Refused
from ingest.load import compare, stage_tables, table_keys
from ingest.pipeline import Pipeline
from ingest.prepare import Prepared, prepare
from ingest.recognise import Match
from ingest.result import Result, RowCounts, TableResult
from ingest.staging import clear_staging, open_desk
from tests.ingest.fuzz.running import TODAY, Batch, Outcome, Row

_KEY = "fuzz"


def _verdicts(con: duckdb.DuckDBPyConnection, checks: Sequence[Check]) -> list[Verdict]:
    for check in checks:
        if check.first:
            con.execute(check.first)
    every = ", ".join(f"count(*) filter (where {check.failing})" for check in checks)
    counts = con.execute(f"select {every} from conformed").fetchone() or ()
    return [Verdict(check, check.kind, not n, n) for check, n in zip(checks, counts, strict=True)]


class Bench:
    """Reads, recognises, conforms, checks and splits files one after another."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
        self.con = duckdb.connect(":memory:")
        open_desk(self.con)
        self.pipeline = Pipeline(self.con, has_lake=False, writes=False, today=TODAY)
        self.number = 0

    def close(self) -> None:
        """Leave nothing behind."""
        self.con.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def load(self, data: bytes, suffix: str) -> Outcome:
        """What would become of one file."""
        self.number += 1
        path = self.folder / f"f{self.number}{suffix}"
        path.write_bytes(data)
        result = Result(path.name, hashlib.sha256(data).hexdigest(), None, None, "refused")
        batches: list[Batch] = []
        try:
            matches = self.pipeline.recognise(path)
            tables = [self._table(match, len(matches), batches) for match in matches]
            result = result.of(tables)
        except Refused as refusal:
            rows = RowCounts(
                read=refusal.returned + refusal.ignored,
                quarantined=refusal.returned,
                ignored=refusal.ignored,
            )
            result = replace(result, problems=refusal.problems, rows=rows)
        is_same = path.read_bytes() == data
        path.unlink()
        places = ["returned" if result.status == "refused" else "archive"] if is_same else []
        return Outcome(result, batches, places, False)

    def _table(self, match: Match, tables: int, batches: list[Batch]) -> TableResult:
        clear_staging(self.con)
        outcome = TableResult(
            match.contract.id, match.contract.entity, match.table.sheet, match.header.row, "loaded"
        )
        try:
            with patch("ingest.prepare.run_checks", _verdicts):
                prepared = prepare(self.con, match, secret=_KEY, today=TODAY)
        except Refused as refusal:
            if tables == 1:
                raise
            return replace(outcome, status="refused", problems=refusal.problems)
        stage_tables(self.con, prepared.staging)
        counts = compare(self.con, prepared.staging, has_lake=False)
        rows = RowCounts(
            prepared.read,
            counts.inserted,
            counts.updated,
            counts.unchanged,
            prepared.quarantined,
            prepared.ignored,
        )
        batches.append(self._batch(match, prepared, rows, tables))
        return replace(outcome, rows=rows, problems=prepared.problems)

    def _rows(self, statement: str) -> list[Row]:
        found = self.con.execute(statement)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _batch(self, match: Match, prepared: Prepared, rows: RowCounts, tables: int) -> Batch:
        record: Row = {
            "entity": match.contract.entity,
            "sheet": match.table.sheet,
            "header_row": match.header.row,
            "encoding": match.table.encoding,
            "file_tables": tables,
            **{f"rows_{name}": count for name, count in vars(rows).items()},
        }
        staged = {name: self._rows(f"from stage_{name}") for name in table_keys(prepared.staging)}
        issues = self._rows(
            """
            select _row as source_row, disposition, message, value_masked from issues
            union all select _row, 'ignored', message, null from ignored
            """
        )
        return Batch(record, staged, issues)
