"""Writes the workbooks of tests/data that openpyxl cannot write; needs xlwt and odfpy, run once.

    pip install xlwt odfpy && python tests/data/make_workbooks.py

The rows are those of tests/ingest/test_reading_formats.py.
"""

import struct
import zipfile
from datetime import date, datetime
from pathlib import Path

import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

GOOD, BAD = Path(__file__).parent / "good", Path(__file__).parent / "bad"
HEADER = ["投诉编号", "收到日期", "被投诉机构", "投诉金额(元)"]
ROWS = [
    ["00123", datetime(2024, 3, 5, 10, 20, 30), "东湖支行", 1234.5],
    ["00124", date(2024, 3, 6), "城西支行", 20],
]


def write_xls(path: Path, *, is_1904: bool = False) -> None:
    """The rows as BIFF8, and a second sheet without any."""
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = is_1904
    sheet = book.add_sheet("台账")
    sheet.write_merge(0, 0, 0, 3, "投诉台账")
    for column, name in enumerate(HEADER):
        sheet.write(1, column, name)
    for number, row in enumerate(ROWS, start=2):
        for column, cell in enumerate(row):
            style = "yyyy-mm-dd hh:mm:ss" if isinstance(cell, datetime) else "yyyy-mm-dd"
            is_day = isinstance(cell, date)
            sheet.write(number, column, cell, *([xlwt.easyxf(num_format_str=style)] * is_day))
    book.add_sheet("空")
    book.save(str(path))


def write_protected_xls(path: Path) -> None:
    """BIFF8 with a FILEPASS record behind its first BOF, as Excel 97-2003 writes it."""
    write_xls(path)
    data = bytearray(path.read_bytes())
    at = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    at += 4 + struct.unpack_from("<H", data, at + 2)[0]
    struct.pack_into("<H", data, at, 0x2F)
    path.write_bytes(data)


def write_ods(path: Path) -> None:
    """The rows as OpenDocument."""
    book = OpenDocumentSpreadsheet()
    sheet = Table(name="台账")
    for row in [["投诉台账"], HEADER, *ROWS]:
        line = TableRow()
        for cell in row:
            if isinstance(cell, date):
                made = TableCell(valuetype="date", datevalue=cell.isoformat())
            elif isinstance(cell, str):
                made = TableCell(valuetype="string")
            else:
                made = TableCell(valuetype="float", value=cell)
            made.addElement(P(text=str(cell)))
            line.addElement(made)
        sheet.addElement(line)
    book.spreadsheet.addElement(sheet)
    book.save(str(path))


def _record(number: int, content: bytes = b"") -> bytes:
    head = bytes([number]) if number < 128 else bytes([number & 127 | 128, number >> 7])
    length = len(content)
    size = bytes([length]) if length < 128 else bytes([length & 127 | 128, length >> 7])
    return head + size + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def write_xlsb(path: Path) -> None:
    """The rows as BIFF12, by hand: no library writes it."""
    cells = _record(129) + _record(148, struct.pack("<4I", 0, 3, 0, 3)) + _record(145)
    days = [(45356 + (10 * 3600 + 20 * 60 + 30) / 86400), 45357.0]
    for number, row in enumerate([["投诉台账"], HEADER, *ROWS]):
        cells += _record(0, struct.pack("<IIHHBI", number, 0, 300, 0, 0, 0))
        for column, cell in enumerate(row):
            place = struct.pack("<II", column, 1 if isinstance(cell, date) else 0)
            if isinstance(cell, str):
                cells += _record(6, place + _wide(cell))
            else:
                value = days[number - 2] if isinstance(cell, date) else float(cell)
                cells += _record(5, place + struct.pack("<d", value))
    cells += _record(146) + _record(130)
    sheet = struct.pack("<II", 0, 1) + _wide("rId1") + _wide("台账")
    book = _record(131) + _record(153, bytes(12)) + _record(143) + _record(156, sheet)
    book += _record(144) + _record(132)
    # Two cell formats: general, and built-in date and time (22).
    formats = b"".join(
        _record(47, struct.pack("<HHHHHHHH", 0, n, 0, 0, 0, 0, 0, 0)) for n in (0, 22)
    )
    styles = (
        _record(278) + _record(617, struct.pack("<I", 2)) + formats + _record(618) + _record(279)
    )
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/worksheets/sheet1.bin", cells)
        archive.writestr("xl/styles.bin", styles)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<?xml version="1.0"?><Relationships xmlns="{package}"><Relationship Id="rId1" '
            f'Type="{relation}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
        )


def write_claimed_bomb(path: Path) -> None:
    """A small workbook whose directory says that its sheet unpacks to 3 GB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", " " * 1000)
    data = bytearray(path.read_bytes())
    # Uncompressed size in the last entry of the central directory.
    struct.pack_into("<I", data, data.rindex(b"PK\x01\x02") + 24, 3 << 30)
    path.write_bytes(data)


def _zip(path: Path, parts: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


if __name__ == "__main__":
    GOOD.mkdir(exist_ok=True)
    write_xls(GOOD / "ledger.xls")
    write_xls(GOOD / "ledger_1904.xls", is_1904=True)
    write_ods(GOOD / "ledger.ods")
    write_xlsb(GOOD / "ledger.xlsb")
    write_protected_xls(BAD / "protected_legacy_workbook.xls")
    write_claimed_bomb(BAD / "zip_bomb.xlsx")
    _zip(BAD / "word_document.xlsx", {"word/document.xml": "<w:document/>"})
    _zip(BAD / "plain_archive.xlsx", {"台账.csv": "投诉编号\n1\n", "说明.txt": "无"})
