"""Sheets as other programs write them, and cells that stray far from their table."""

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from ingest.errors import Refused
from ingest.read import sheet_scan
from ingest.read.open import open_extract

HEADER = ["投诉编号", "收到日期", "被投诉机构"]
LONG = 440305199001011234
ROWS = [[LONG, "2024-03-05", "#REF!"], [str(LONG), "2024-03-06", "=A2+1"]]
GOOD = Path(__file__).parents[1] / "data" / "good" / "ledger.ods"
SHEET = "xl/worksheets/sheet1.xml"


def saved(path, *rows, change=None):
    """A workbook with these rows under the header, changed and saved."""
    book = openpyxl.Workbook()
    for row in (HEADER, *rows):
        book.active.append(row)
    if change is not None:
        change(book)
    book.save(path)
    return path


def rewritten(path, change):
    """The workbook with the XML of its sheet changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[SHEET] = change(parts[SHEET].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def with_prefix(xml):
    """As some libraries write it: every element by a prefix."""
    xml = re.sub(r"<(/?)(\w)", r"<\1x:\2", xml)
    return xml.replace("xmlns=", "xmlns:x=")


SPELLINGS = {
    "plain": lambda xml: xml,
    "prefix": with_prefix,
    "strict": lambda xml: xml.replace(
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    ),
    "without places": lambda xml: re.sub(r'<(row|c) r="\w+"', r"<\1", xml),
    "single quotes": lambda xml: re.sub(r'="([^"]*)"', r"='\1'", xml),
    "place last": lambda xml: re.sub(r'<c (r="\w+") (t="\w+")', r"<c \2 \1", xml),
    "lines": lambda xml: xml.replace("><", ">\n<"),
    "comment": lambda xml: xml.replace("<sheetData>", "<sheetData><!-- <c r='A1'> -->"),
    # A parser fed by small pieces would take an hour for this one.
    "long comment": lambda xml: xml.replace(
        "</sheetData>", f"</sheetData><!--{'x ' * 16_000_000}-->"
    ),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_facts_of_cells_are_found_however_the_xml_is_spelt(tmp_path, spelling):
    def hide(book):
        book.active.row_dimensions[3].hidden = True

    path = rewritten(saved(tmp_path / "a.xlsx", *ROWS, change=hide), SPELLINGS[spelling])
    (table,) = open_extract(path)
    assert table.head[1:] == [
        ["4.40305E+17", "2024-03-05", "#REF!"],
        [str(LONG), "2024-03-06", "=A2+1"],
    ]
    assert [problem.row for problem in table.notes(1, None)] == [3, 2, 3]


def test_large_sheet_is_looked_through_piece_by_piece(tmp_path, monkeypatch):
    monkeypatch.setattr(sheet_scan, "_PIECE_BYTES", 512)
    rows = [[LONG, "2024-03-05", "东湖支行"]] * 50
    (table,) = open_extract(saved(tmp_path / "a.xlsx", *rows))
    assert {row[0] for row in table.head[1:]} == {"4.40305E+17"}


@pytest.mark.parametrize("spelling", ["plain", "prefix"])
def test_cell_in_the_far_corner_is_refused_with_its_place(tmp_path, spelling):
    def stray(book):
        book.active.cell(1048576, 16384, ".")

    path = rewritten(saved(tmp_path / "a.xlsx", change=stray), SPELLINGS[spelling])
    with pytest.raises(Refused, match="工作表“Sheet”一直用到第 1048576 行、XFD 列"):
        open_extract(path)


def test_formats_without_a_value_do_not_make_a_sheet_larger(tmp_path):
    def colour(book):
        book.active.cell(1048576, 16384).number_format = "0.00"

    (table,) = open_extract(saved(tmp_path / "a.xlsx", *ROWS, change=colour))
    assert (table.width, table.frame.height) == (3, 3)


def test_columns_of_blanks_at_the_right_are_dropped(tmp_path):
    def stray(book):
        book.active.cell(2, 2000, " \u3000")

    (table,) = open_extract(saved(tmp_path / "a.xlsx", *ROWS, change=stray))
    assert table.width == 3


def test_sheet_wider_than_any_table_is_refused(tmp_path):
    def stray(book):
        book.active.cell(2, 2000, "x")

    with pytest.raises(Refused, match="工作表“Sheet”有 2000 列"):
        open_extract(saved(tmp_path / "a.xlsx", *ROWS, change=stray))


def test_long_numbers_of_other_workbooks_are_told_from_long_texts(tmp_path):
    path, mark = tmp_path / "a.ods", 'office:value-type="string"><text:p>'
    number = f'office:value-type="float" office:value="{LONG}"><text:p>{LONG}'
    with zipfile.ZipFile(GOOD) as good, zipfile.ZipFile(path, "w") as archive:
        for part in good.namelist():
            text = good.read(part).decode()
            text = text.replace(f"{mark}00123", number).replace(f"{mark}00124", f"{mark}{LONG}")
            archive.writestr(part, text)
    (table,) = open_extract(path)
    assert [row[0] for row in table.head[2:4]] == ["4.40305E+17", str(LONG)]
