"""Opens an extract by what its bytes are, never by its name."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingest.errors import refuse
from ingest.mask import masked_texts
from ingest.read.container import OLE_MAGIC, ZIP_MAGIC, not_a_table, refuse_by_magic
from ingest.read.encoding import find_encoding
from ingest.read.markup import html_rows, is_html, is_spreadsheet_xml, spreadsheet_sheets
from ingest.read.table import Table
from ingest.read.text import open_text
from ingest.read.workbook import SheetTable, open_workbook, sheet_of

_START_BYTES = 1 << 12
_ZIP_MARKS = (ZIP_MAGIC + b"\x03\x04", ZIP_MAGIC + b"\x05\x06")
_LOCK = "~$"
_ARCHIVED_PAGE = "网页归档（MHTML）"


def open_extract(path: Path) -> Sequence[Table]:
    """The sheets of a workbook by masked names, or a text file read with each fitting delimiter.

    Raises Refused when the file is empty, protected, broken or no table.
    """
    tables = _open(path)
    return [
        replace(table, sheet=name) if isinstance(table, SheetTable) else table
        for table, name in zip(tables, _shown_names(tables), strict=True)
    ]


def _shown_names(tables: Sequence[Table]) -> list[str | None]:
    """The sheets' names, masked, for people name sheets after customers; never two alike."""
    masked = masked_texts(tuple(table.sheet or "" for table in tables))
    shown: list[str | None] = []
    for table, name in zip(tables, masked, strict=True):
        again = shown.count(name)
        shown.append(None if table.sheet is None else f"{name}（{again + 1}）" if again else name)
    return shown


def _open(path: Path) -> Sequence[Table]:
    if path.name.startswith(_LOCK):
        message = "这是 Office 打开文件时的临时锁文件，不是数据；请关闭 Excel 后放入原文件"
        raise refuse("lock_file", message)
    with path.open("rb") as file:
        start = file.read(_START_BYTES)
    if not start:
        message = "文件是空的（0 字节）；请重新导出"
        raise refuse("empty", message)
    if start.startswith((*_ZIP_MARKS, OLE_MAGIC)):
        return open_workbook(path)
    refuse_by_magic(start)
    return _open_markup(path, start) or open_text(path)


def _open_markup(path: Path, start: bytes) -> Sequence[Table]:
    """The tables of a web page or an XML spreadsheet; empty when it is neither."""
    plain = start.replace(b"\0", b"").decode("utf-8", "replace").lstrip("\ufffd")
    if plain.startswith("MIME-Version:"):
        raise not_a_table(_ARCHIVED_PAGE)
    is_page = is_html(plain)
    if not is_page and not is_spreadsheet_xml(plain):
        return []
    encoding = find_encoding(path)
    text = path.read_text(encoding)
    if is_page:
        rows, merged = html_rows(text)
        return [sheet_of(rows, encoding=encoding, merged=merged)]
    return [
        sheet_of(
            sheet.rows,
            name=sheet.name,
            encoding=encoding,
            merged=sheet.merged,
            is_hidden=sheet.is_hidden,
        )
        for sheet in spreadsheet_sheets(text)
    ]
