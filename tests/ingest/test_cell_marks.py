"""What workbooks say of cells besides their values: struck through, failed, hidden."""

import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import Font

from ingest.read import sheet_scan
from ingest.read.open import open_extract
from ingest.recognise import recognise
from tests.ingest.conftest import Desk
from tests.ingest.test_far_cells import BINARY, changed

GOOD = Path(__file__).parents[1] / "data" / "good"
HEADER = ["投诉编号", "收到日期", "被投诉机构", "投诉金额(元)"]
STRUCK = (
    "有 2 行的内容带删除线，仍作为数据读取：第 3、5 行；"
    "如果划去的记录不应计入，请删除这些行后重新提交"
)
STORED = "select complaint_id, org_name, claim_amount_yuan::int from lake.core.complaint order by 1"


def told(path, rule):
    """Row and message of the remarks by one rule about the first table."""
    notes = recognise(open_extract(path))[0].notes
    return [(note.row, note.message) for note in notes if note.rule == rule]


def ledger(path, *struck, font=None):
    """A ledger of four cases, some of its cells in this font."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (HEADER, *([f"A{i}", "2024-03-05", "东湖支行", i] for i in range(1, 5))):
        sheet.append(row)
    for place in struck:
        sheet[place].font = font or Font(strike=True)
    book.save(path)
    return path


def test_struck_cells_are_read_and_their_rows_named(desk: Desk, tmp_path) -> None:
    path = ledger(tmp_path / "台账.xlsx", *(f"{column}3" for column in "ABCD"), "D5")
    result = desk.load(path.name, path.read_bytes())
    assert [p["message"] for p in result["problems"] if p["rule"] == "struck_rows"] == [STRUCK]
    assert len(desk.ask(STORED)) == 4


def test_struck_cells_are_found_however_the_xml_is_spelt(tmp_path):
    path = ledger(tmp_path / "a.xlsx", "A3", "D5")
    other = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(other, "w") as archive:
        for name in good.namelist():
            content = good.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<c r=", b"<c\n r=")
            archive.writestr(name, content)
    assert told(path, "struck_rows") == told(other, "struck_rows") == [(3, STRUCK)]


def test_struck_cells_of_every_piece_of_a_large_sheet_are_found(tmp_path, monkeypatch):
    monkeypatch.setattr(sheet_scan, "_PIECE_BYTES", 300)
    assert told(ledger(tmp_path / "a.xlsx", "A3", "D5"), "struck_rows") == [(3, STRUCK)]


@pytest.mark.parametrize(
    ("struck", "font"),
    [(("A1", "B1"), None), (("E3", "A9"), None), (("A3",), Font(underline="single"))],
    ids=["header", "blank", "underlined"],
)
def test_nothing_is_said_where_no_record_is_struck_out(tmp_path, struck, font):
    assert told(ledger(tmp_path / "a.xlsx", *struck, font=font), "struck_rows") == []


def test_old_workbooks_tell_struck_rows_and_failed_formulas(desk: Desk) -> None:
    path = GOOD / "marks.xls"
    assert told(path, "struck_rows") == [(3, STRUCK)]
    assert told(path, "failed_formula") == [
        (4, "有 3 个单元格的公式出错（显示为 #N/A），没有值；请改正公式")
    ]
    result = desk.load("台账.xls", path.read_bytes())
    # Nothing fails where #N/A says that there is nothing.
    assert desk.ask(STORED) == [
        ("A1", "东湖支行", 1),
        ("A2", "东湖支行", 2),
        ("A3", None, 3),
        ("A4", "东湖支行", 4),
    ]
    (returned,) = (p for p in result["problems"] if p["rule"] == "type_decimal")
    assert (returned["row"], returned["value"]) == (6, "#DIV/0!")


FAILED = (
    '<table:table-cell table:formula="of:=1/0" {}office:value-type="string" office:string-value="" '
    'calcext:value-type="error"><text:p>{}</text:p></table:table-cell>'
)
TEXT = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'


@pytest.mark.parametrize(
    ("shown", "read"), [("#REF!", "#REF!"), ("#DIV/0!", "#DIV/0!"), ("Err:502", "#VALUE!")]
)
def test_failed_formulas_of_an_ods_are_no_blanks(desk: Desk, tmp_path, shown, read) -> None:
    def change(xml):
        cells = TEXT.format("A9") + TEXT.format("2024-03-05")
        cells += FAILED.format('table:number-columns-repeated="2" ', shown)
        row = f"<table:table-row>{cells}</table:table-row></table:table>"
        return xml.replace(b"</table:table>", row.encode(), 1)

    path = changed("ledger.ods", tmp_path / "a.ods", "content.xml", change)
    (table,) = open_extract(path)
    assert table.head[-1] == ["A9", "2024-03-05", read, read]
    (result,) = [desk.load("台账.ods", path.read_bytes())]
    assert result["rows"]["quarantined"] == 1
    assert "A9" not in [row[0] for row in desk.ask(STORED)]


@pytest.mark.parametrize("visibility", ["collapse", "filter"])
def test_hidden_rows_of_an_ods_are_counted(tmp_path, visibility):
    def change(xml):
        hidden = f'<table:table-row table:visibility="{visibility}" '
        row = TEXT.format("A9") + TEXT.format("2024-03-05")
        more = f"{hidden}table:style-name='ro1'>{row}</table:table-row>"
        blank = (
            f'{hidden}table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
        )
        return xml.replace(b"</table:table>", f"{more}{blank}</table:table>".encode(), 1)

    path = changed("ledger.ods", tmp_path / "a.ods", "content.xml", change)
    last = len(open_extract(path)[0].head)
    assert told(path, "hidden_rows") == [(last, "含 1 个隐藏行（被筛选或隐藏），已一并装载")]
    assert told(GOOD / "ledger.ods", "hidden_rows") == []


def test_failed_cells_and_hidden_rows_of_an_xlsb_are_told(tmp_path):
    def record(number, content):
        return bytes((number, len(content))) + content

    def row(number, *, flags):
        return record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, flags, 0, 0))

    def text(column, words):
        content = struct.pack("<III", column, 0, len(words)) + words.encode("utf-16-le")
        return record(6, content)

    def change(content):
        rows = row(4, flags=0x10) + text(0, "A9") + text(1, "2024-03-05")
        rows += record(3, struct.pack("<IIB", 2, 0, 0x17))
        rows += record(11, struct.pack("<IIB", 3, 0, 0x07) + bytes(10))
        rows += row(5, flags=0) + text(0, "A10") + text(1, "2024-03-06")
        return content.replace(b"\x92\x01\x00", rows + b"\x92\x01\x00")

    path = changed("ledger.xlsb", tmp_path / "a.xlsb", BINARY, change)
    head = open_extract(path)[0].head
    assert head[4:] == [["A9", "2024-03-05", "#REF!", "#DIV/0!"], ["A10", "2024-03-06", None, None]]
    assert told(path, "hidden_rows") == [(5, "含 1 个隐藏行（被筛选或隐藏），已一并装载")]
    assert told(GOOD / "ledger.xlsb", "failed_formula") == []


def partly(path, *, amount="200", org="城西支行"):
    """A ledger in whose second row a part of some cells is struck out."""
    with xlsxwriter.Workbook(path) as book:
        sheet, struck = book.add_worksheet(), book.add_format({"font_strikeout": True})
        plain = book.add_format({"bold": True})
        for number, row in enumerate((HEADER, *(["A1", "2024-03-05", "东湖支行", 1],) * 2)):
            sheet.write_row(number, 0, row)
        sheet.write(2, 0, "A2")
        sheet.write_rich_string(2, 2, struck, "东湖支行", plain, org)
        sheet.write_rich_string(2, 3, struck, "100", plain, amount)
    return path


@pytest.mark.parametrize("spelling", [b"<c r=", b"<c\n r="], ids=["plain", "odd"])
def test_a_number_of_which_a_part_is_struck_out_goes_back(desk: Desk, tmp_path, spelling) -> None:
    partly(tmp_path / "a.xlsx")
    path = desk.home.inbox / "台账.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as good, zipfile.ZipFile(path, "w") as archive:
        for name in good.namelist():
            archive.writestr(name, good.read(name).replace(b"<c r=", spelling))
    (result,) = desk.run()
    (returned,) = (p for p in result["problems"] if p["rule"] == "type_decimal")
    assert (returned["row"], returned["value"]) == (3, "（划去：100）200")
    assert [p["row"] for p in result["problems"] if p["rule"] == "struck_rows"] == [3]
    assert desk.ask(STORED) == [("A1", "东湖支行", 1)]


def test_texts_of_which_a_part_is_struck_out_are_read_and_named(tmp_path):
    path = partly(tmp_path / "a.xlsx", amount="元（约）")
    assert open_extract(path)[0].head[2][2:] == ["东湖支行城西支行", "100元（约）"]
    assert [row for row, _ in told(path, "struck_rows")] == [3]
    # All of it is struck out: the value itself is certain.
    assert open_extract(partly(path, amount=" "))[0].head[2][3] == "100"


def test_a_code_of_which_a_part_is_struck_out_goes_back(desk: Desk) -> None:
    desk.home.inbox.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(desk.home.inbox / "台账.xlsx") as book:
        sheet, struck = book.add_worksheet(), book.add_format({"font_strikeout": True})
        plain = book.add_format({"bold": True})
        for number, row in enumerate((HEADER, *(["A1", "2024-03-05", "东湖支行", 1],) * 2)):
            sheet.write_row(number, 0, row)
        sheet.write_rich_string(2, 0, struck, "1001", plain, "1002")
    (result,) = desk.run()
    (returned,) = (p for p in result["problems"] if p["rule"] == "struck_part")
    assert (returned["row"], returned["value"]) == (3, "（划去：1001）1002")
    assert desk.ask(STORED) == [("A1", "东湖支行", 1)]


def test_why_rows_went_back_is_said_before_notes_and_with_the_sheet(desk: Desk) -> None:
    rows = [HEADER, *([f"A{i}", "2024-03-05", "东湖支行", i] for i in range(1, 5))]
    path = desk.drop_rows("台账.xlsx", [*rows, ["A5", "不是日期", "东湖支行", 5]], sheet="三月")
    book = openpyxl.load_workbook(path)
    book["三月"]["A3"].font = Font(strike=True)
    book["三月"].row_dimensions[2].hidden = True
    book.save(path)
    [result] = desk.run()
    told = [(one["row"], one["sheet"], one["rule"]) for one in result["problems"]]
    assert told[0] == (6, "三月", "type_timestamp")
    assert {rule for _, _, rule in told[1:]} == {"struck_rows", "hidden_rows"}


def test_why_rows_went_back_is_said_before_the_notes_of_every_sheet(desk: Desk) -> None:
    def rows(name: str, day: str) -> list[list[object]]:
        return [
            [*HEADER, "新列"],
            [f"{name}1", "2024-03-05", "东湖支行", 1, "甲"],
            [f"{name}2", day],
        ]

    desk.drop_sheets("台账.xlsx", {"一月": rows("A", "2024-03-06"), "二月": rows("B", "不是日期")})
    [result] = desk.run()
    first, *notes = result["problems"]
    assert (first["sheet"], first["row"], first["rule"]) == ("二月", 3, "type_timestamp")
    assert {note["sheet"] for note in notes} == {"一月", "二月"}
