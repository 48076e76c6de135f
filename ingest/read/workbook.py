"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS), read as text with the row numbers that Excel shows."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import fastexcel
import polars as pl

from ingest.errors import refuse
from ingest.read.table import HEAD_ROWS, WHITE_SPACE, Row, clean
from ingest.sql import fill, literal

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PROTECTED = "文件有密码保护，无法读取；请取消密码后再试"
_BROKEN = "工作簿已损坏或不完整，无法打开；请用 Excel 打开并另存后再试"


@dataclass(frozen=True)
class SheetTable:
    """One sheet of a workbook; every cell is text."""

    sheet: str | None
    frame: pl.DataFrame
    head: list[Row]
    encoding: str | None = None

    def stage(self, con: duckdb.DuckDBPyConnection, *, header_row: int, width: int) -> None:
        """Create `cells` from the rows below the header."""
        white = literal(WHITE_SPACE)
        cells = [
            f"nullif(trim(c{i}, {white}), '') as c{i}"
            if i < self.frame.width
            else f"null::varchar as c{i}"
            for i in range(width)
        ]
        con.register("sheet", self.frame.with_row_index("_index", offset=1).to_arrow())
        con.execute(
            fill(
                """
                create or replace table cells as
                select _index::bigint as _row, null::varchar as _fault, <<cells>>
                from sheet
                where _index > <<header_row>>
                """,
                cells=", ".join(cells),
                header_row=str(header_row),
            )
        )
        con.unregister("sheet")


def _load(book: fastexcel.ExcelReader, name: str) -> SheetTable:
    # skip_rows=0 keeps blank rows at the top, so that the row numbers stay those of Excel.
    sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    frame = sheet.to_polars() if sheet.width else pl.DataFrame()
    frame = frame.rename({old: f"c{i}" for i, old in enumerate(frame.columns)})
    head = [[clean(cell) for cell in row] for row in frame.head(HEAD_ROWS).rows()]
    return SheetTable(name, frame, head)


def open_workbook(path: Path) -> list[SheetTable]:
    """Every sheet; raises Refused when the workbook is protected or broken."""
    data = path.read_bytes()
    if data.startswith(OLE_MAGIC) and _ENCRYPTED in data:
        raise refuse("encrypted", _PROTECTED)
    try:
        book = fastexcel.read_excel(data)
        return [_load(book, name) for name in book.sheet_names]
    except (KeyboardInterrupt, SystemExit):
        raise
    # The Rust reader panics on some broken files, and its panic is no Exception.
    except BaseException as error:
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise refuse("encrypted", _PROTECTED) from None
        raise refuse("unreadable", _BROKEN) from None
