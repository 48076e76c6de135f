"""Which tables of a file are in the lake already, loaded from the same bytes by the same rules."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from ingest.contract import contracts
from ingest.corrections import Corrections
from ingest.errors import Problem
from ingest.result import RowCounts, TableResult


@dataclass(frozen=True)
class Known:
    """A table that an earlier batch loaded from the same bytes under today's contract."""

    contract: str
    entity: str
    sheet: str | None
    header_row: int
    rows: int
    quarantined: int
    ignored: int

    def result(self) -> TableResult:
        """What is said of it when it comes again; its rows that went back are still not loaded."""
        counts = RowCounts(
            read=self.rows,
            unchanged=self.rows - self.quarantined - self.ignored,
            quarantined=self.quarantined,
            ignored=self.ignored,
        )
        place = (self.contract, self.entity, self.sheet, self.header_row)
        return TableResult(*place, "unchanged", counts, tuple(self._notes()))

    def _notes(self) -> Iterator[Problem]:
        if self.quarantined:
            message = (
                f"上次装载时有 {self.quarantined} 行退回，再放同样的文件不会补上这些行；"
                "请改好退回单后放回，已经补正的不必再交"
            )
            yield Problem(None, None, None, "returned_before", message)


def known_tables(
    con: duckdb.DuckDBPyConnection, sha256: str, corrections: Corrections
) -> tuple[list[Known], bool]:
    """The tables of these bytes that are loaded, and whether that is all of them."""
    rows = con.execute(
        """
        select
            contract_id, contract_digest, entity, sheet, header_row, rows_read,
            rows_quarantined, rows_ignored,
            coalesce(file_tables, 1) as file_tables,
        from lake.meta.batch
        where file_sha256 = $sha256
        order by loaded_at
        """,
        {"sha256": sha256},
    ).fetchall()
    found: dict[tuple[str, str | None, int], Known] = {}
    tables = 1
    for contract_id, digest, entity, sheet, header_row, *counts, file_tables in rows:
        contract = contracts().get(contract_id)
        if contract is not None and corrections.digest(contract) == digest:
            key = (contract_id, sheet, header_row)
            found[key] = Known(contract_id, entity, sheet, header_row, *counts)
            tables = file_tables
    return list(found.values()), bool(found) and len(found) >= tables
