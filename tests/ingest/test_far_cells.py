"""ODS and XLSB: cells that stray far from their table, and cells merged over several rows."""

import re
import struct
import zipfile
from pathlib import Path

import pytest

from ingest.errors import Refused
from ingest.read import ods_scan, xlsb_scan
from ingest.read.open import open_extract
from tests.ingest.conftest import Desk

GOOD = Path(__file__).parents[1] / "data" / "good"
BINARY = "xl/worksheets/sheet1.bin"
# BrtEndSheetData ends the rows.
ROWS_END = b"\x92\x01\x00"
ROWS = 'table:number-rows-repeated="{}"'
COLUMNS = 'table:number-columns-repeated="{}"'
BLANK = f"<table:table-cell {COLUMNS}/>"
DOT = '<table:table-cell {}office:value-type="string"><text:p>.</text:p></table:table-cell>'
STORED = "select complaint_id, org_name from lake.core.complaint order by 1"


def changed(source, path, part, change):
    """The workbook with one of its parts changed."""
    with zipfile.ZipFile(GOOD / source) as good, zipfile.ZipFile(path, "w") as archive:
        for name in good.namelist():
            content = good.read(name)
            archive.writestr(name, change(content) if name == part else content)
    return path


def ods(path, *rows):
    """The ledger with these rows behind its own, each by its repeats and cells."""
    xml = "".join(
        f"<table:table-row {ROWS.format(times)}>{cells}</table:table-row>" for times, cells in rows
    )

    def change(content):
        return content.replace(b"</table:table>", f"{xml}</table:table>".encode())

    return changed("ledger.ods", path, "content.xml", change)


def record(number: int, content: bytes) -> bytes:
    head = bytes([number]) if number < 128 else bytes([number & 127 | 128, number >> 7])
    return head + bytes([len(content)]) + content


def xlsb(path, row, column, *, behind=b"", cell=None):
    """The ledger with one more cell, by its place from 0."""
    head = record(0, struct.pack("<IIHHBI", row, 0, 300, 0, 0, 0))
    cell = cell or record(5, struct.pack("<IId", column, 0, 1))

    def change(content):
        return content.replace(ROWS_END, head + cell + ROWS_END + behind)

    return changed("ledger.xlsb", path, BINARY, change)


FAR = {
    "corner": [(1048571, BLANK.format(16384)), (1, BLANK.format(16383) + DOT.format(""))],
    "repeated": [(1048572, DOT.format(COLUMNS.format(16384) + " "))],
    "value first": [(1048572, BLANK.format(16383) + DOT.format(""))],
    "covered": [
        (1048572, BLANK.format(16383).replace("table-cell", "covered-table-cell") + DOT.format(""))
    ],
    "empty tag": [
        (1, BLANK.format(1) + f"</table:table-row><table:table-row {ROWS.format(1048570)}/>"
         "<table:table-row>" + BLANK.format(16383) + DOT.format("")),
    ],
    "comment": [
        (1048572, BLANK.format(16383) + "<!-- </table:table-row> -->" + DOT.format(""))
    ],
}  # fmt: skip


@pytest.mark.parametrize("piece", [8 << 20, 300])
@pytest.mark.parametrize("kind", FAR)
def test_far_cell_of_an_ods_is_refused_with_its_place(tmp_path, monkeypatch, kind, piece):
    monkeypatch.setattr(ods_scan, "_PIECE_BYTES", piece)
    with pytest.raises(Refused, match="工作表“台账”一直用到第 10485.. 行、XFD 列"):
        open_extract(ods(tmp_path / "a.ods", *FAR[kind]))


def test_rows_and_columns_of_formats_alone_do_not_make_an_ods_larger(tmp_path):
    styled = BLANK.replace("<table:table-cell", '<table:table-cell table:style-name="x"')
    rows = [(1, DOT.format("") + styled.format(16383)), (1048571, styled.format(16384))]
    (table,) = open_extract(ods(tmp_path / "a.ods", *rows))
    assert (table.width, table.frame.height) == (4, 5)


def test_a_row_without_an_end_does_not_fill_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(ods_scan, "_PIECE_BYTES", 100)
    monkeypatch.setattr(ods_scan, "_MOST_OF_A_ROW", 3000)
    with pytest.raises(Refused, match="损坏"):
        open_extract(ods(tmp_path / "a.ods", (1, f"<!-- {'x' * 4000}")))


@pytest.mark.parametrize("piece", [8 << 20, 30])
def test_far_cell_of_an_xlsb_is_refused_with_its_place(tmp_path, monkeypatch, piece):
    monkeypatch.setattr(xlsb_scan, "_PIECE_BYTES", piece)
    with pytest.raises(Refused, match="工作表“台账”一直用到第 1048576 行、XFD 列"):
        open_extract(xlsb(tmp_path / "a.xlsb", 1048575, 16383))
    # Records that are cut at their end hide nothing.
    with pytest.raises(Refused, match="第 1048576 行"):
        open_extract(xlsb(tmp_path / "b.xlsb", 1048575, 16383, behind=b"\x80"))


def test_a_format_far_out_does_not_make_an_xlsb_larger(tmp_path):
    blank = record(1, struct.pack("<II", 16383, 0))
    (table,) = open_extract(xlsb(tmp_path / "a.xlsb", 1048575, 16383, cell=blank))
    assert (table.width, table.frame.height) == (4, 4)


def test_merged_cells_of_an_xlsb_hold_for_each_of_their_rows(desk: Desk) -> None:
    desk.home.inbox.mkdir(parents=True, exist_ok=True)

    def change(content):
        behind = record(176, struct.pack("<4I", 2, 3, 2, 2))
        # The second row's institution becomes a format without a value.
        name = "城西支行".encode("utf-16-le")
        cell = record(6, struct.pack("<III", 2, 0, 4) + name)
        assert cell in content
        content = content.replace(cell, record(1, struct.pack("<II", 2, 0)))
        return content.replace(ROWS_END, ROWS_END + behind)

    changed("ledger.xlsb", desk.home.inbox / "a.xlsb", BINARY, change)
    (result,) = desk.run()
    assert desk.ask(STORED) == [("00123", "东湖支行"), ("00124", "东湖支行")]
    assert [(p["row"], p["column"]) for p in result["problems"]] == [(4, "被投诉机构")]


@pytest.mark.parametrize("right", [0, 2])
def test_merged_cells_of_an_ods_hold_for_each_of_their_rows(desk: Desk, right: int) -> None:
    desk.home.inbox.mkdir(parents=True, exist_ok=True)
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'

    def change(content):
        text = content.decode()
        first, second = cell.format("东湖支行"), cell.format("城西支行")
        assert first in text
        assert second in text
        spanned = "table:number-columns-spanned=\"1\" table:number-rows-spanned='2' office:"
        text = text.replace(first, first.replace("office:", spanned))
        text = text.replace(second, "<table:covered-table-cell/>")
        if right:
            text = re.sub(r"(<table:table-row>)", rf"\1{BLANK.format(right)}", text)
        return text.encode()

    changed("ledger.ods", desk.home.inbox / "a.ods", "content.xml", change)
    (result,) = desk.run()
    assert desk.ask(STORED) == [("00123", "东湖支行"), ("00124", "东湖支行")]
    assert [(p["row"], p["column"]) for p in result["problems"]] == [(4, "被投诉机构")]
