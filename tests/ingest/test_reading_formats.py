"""Every format that Excel, WPS and core systems write, told by its bytes, whatever its name."""

from pathlib import Path

import pytest

from ingest.errors import Refused
from ingest.read.container import MOST_UNPACKED_BYTES
from ingest.read.open import open_extract
from ingest.recognise import recognise
from tests.ingest.conftest import Desk

GOOD = Path(__file__).parents[1] / "data" / "good"
HEADER = ["投诉编号", "收到日期", "被投诉机构", "投诉金额(元)"]
TEXT = "\n".join([",".join(HEADER), "00123,2024-03-05 10:20:30,东湖支行,1234.5", ""])
HTML = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><style>td {color: red}</style>
</head><body><table border=1><tr><td colspan=4>投诉台账</td></tr>
<tr><th>投诉编号<th>收到日期<th>被投诉机构<th>投诉金额(元)</tr>
<tr><td style="mso-number-format:'\\@'">00123</td><td>2024-03-05&nbsp;10:20:30</td>
<td rowspan=2>东湖支行</td><td align=right>1,234.5</td></tr>
<tr><td>00124</td><td>2024-03-06</td><td>20</td></tr></table></body></html>"""
XML = """<?xml version="1.0" encoding="GB2312"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="台账"><Table>
<Row><Cell ss:MergeAcross="3"><Data ss:Type="String">投诉台账</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">投诉编号</Data></Cell><Cell><Data ss:Type="String">收到日期</Data>
</Cell><Cell><Data ss:Type="String">被投诉机构</Data></Cell>
<Cell><Data ss:Type="String">投诉金额(元)</Data></Cell></Row>
<Row ss:Index="5"><Cell><Data ss:Type="String">00123</Data></Cell>
<Cell><Data ss:Type="DateTime">2024-03-05T10:20:30.000</Data></Cell>
<Cell ss:Index="4"><Data ss:Type="Number">1234.5</Data></Cell></Row>
</Table></Worksheet><Worksheet ss:Name="空"><Table/></Worksheet></Workbook>"""


@pytest.mark.parametrize("name", ["ledger.xls", "ledger_1904.xls", "ledger.ods", "ledger.xlsb"])
@pytest.mark.parametrize("called", ["台账.xlsx", "台账.csv"])
def test_workbooks_of_every_kind_load_under_any_name(desk: Desk, name: str, called: str) -> None:
    result = desk.load(called, (GOOD / name).read_bytes())
    assert result["status"] == "loaded"
    assert desk.ask(
        """
        select complaint_id, received_at::varchar, org_name, claim_amount_yuan::double, source_row
        from lake.core.complaint order by complaint_id
        """
    ) == [
        ("00123", "2024-03-05 10:20:30", "东湖支行", 1234.5, 3),
        ("00124", "2024-03-06 00:00:00", "城西支行", 20.0, 4),
    ]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_utf16_without_bom_is_told_by_its_text(tmp_path, encoding, line_end):
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.replace("\n", line_end).replace(",", "\t").encode(encoding))
    (table, *_) = open_extract(path)
    assert table.encoding == encoding
    assert table.head == [HEADER, ["00123", "2024-03-05 10:20:30", "东湖支行", "1234.5"]]


def test_sep_line_of_excel_is_no_hindrance(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("sep=;\n" + TEXT.replace(",", ";"), "utf-8-sig")
    (found,) = recognise(open_extract(path))
    assert (found.contract.id, found.header.row) == ("complaint_ledger", 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_web_page_named_xls_is_read_with_its_merged_cells(desk: Desk, encoding: str) -> None:
    result = desk.load("台账.xls", HTML.encode(encoding))
    assert (result["status"], result["rows"]["inserted"]) == ("loaded", 2)
    assert desk.ask(
        "select complaint_id, org_name, claim_amount_yuan::double, source_row from lake.core.complaint"
        " order by 1"
    ) == [("00123", "东湖支行", 1234.5, 3), ("00124", "东湖支行", 20.0, 4)]


@pytest.mark.parametrize(
    "start",
    [
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "x" "y">\n',
        '<?mso-application progid="Excel.Sheet"?>',
        "<%@ page %><html>",
        *(f"<{tag}>" for tag in ("center", "form", "font size=2", "span", "thead", "h3", "p")),
        *("<script>var a=1;</script>", "<title>x</title>", "<tr><td>x</td></tr>"),
    ],
)
def test_web_page_is_told_however_it_begins(tmp_path, start):
    path = tmp_path / "a.xls"
    path.write_text(f"{start}<table><tr><td>投诉编号</td></tr><tr><td>T1</td></tr></table>")
    (table,) = open_extract(path)
    assert table.head == [["投诉编号"], ["T1"]]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_xml_spreadsheet_named_xls_keeps_its_rows_and_columns(tmp_path, encoding):
    path = tmp_path / "a.xls"
    path.write_bytes(XML.encode(encoding))
    table, empty = open_extract(path)
    assert (table.sheet, empty.sheet, empty.head) == ("台账", "空", [])
    assert table.head[1] == HEADER
    assert table.head[4] == ["00123", "2024-03-05 10:20:30", None, "1234.5"]
    assert recognise([table, empty])[0].header.row == 2


def test_a_hidden_sheet_of_an_xml_spreadsheet_counts_only_where_no_other_fits(tmp_path):
    hidden = (
        '<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">'
        "<Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>"
    )
    copy = XML[XML.index("<Worksheet") : XML.index('<Worksheet ss:Name="空')]
    old = copy.replace("台账", "旧台账", 1).replace("</Worksheet>", hidden)
    path = tmp_path / "a.xls"
    path.write_bytes(XML.replace("<Worksheet", f"{old}<Worksheet", 1).encode("gb18030"))
    tables = open_extract(path)
    assert [(table.sheet, table.is_hidden) for table in tables] == [
        ("旧台账", True),
        ("台账", False),
        ("空", False),
    ]
    assert [match.table.sheet for match in recognise(tables)] == ["台账"]


def test_entities_in_an_xml_spreadsheet_are_refused(tmp_path):
    path = tmp_path / "a.xls"
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;">]>'
    path.write_text(XML.replace('encoding="GB2312"?>', f'encoding="UTF-8"?>{bomb}'), "utf-8")
    with pytest.raises(Refused, match="内容是网页或 XML"):
        open_extract(path)


def test_lock_file_of_office_is_refused_by_its_name(tmp_path):
    path = tmp_path / "~$台账.xlsx"
    path.write_bytes(b"\x04user")
    with pytest.raises(Refused, match="临时锁文件"):
        open_extract(path)


@pytest.mark.parametrize("kept", [60, 100, 400, 700, 880])
@pytest.mark.parametrize("name", ["ledger.xlsb", "ledger.xls", "ledger.ods"])
def test_workbook_cut_anywhere_is_refused_in_words(tmp_path, name, kept):
    path = tmp_path / name
    path.write_bytes((GOOD / name).read_bytes()[:kept])
    with pytest.raises(Refused, match="损坏|不是可以读取|未知的文件格式|编码不是"):
        open_extract(path)


def test_limit_of_unpacking_is_above_an_honest_million_rows():
    # 30 columns of 60 bytes of XML each.
    assert MOST_UNPACKED_BYTES > 1_048_576 * 30 * 60


def test_a_workbook_of_excel_95_is_refused_by_name(tmp_path):
    data = (GOOD / "ledger.xls").read_bytes()
    name, old = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le").ljust(16, b"\0"))
    path = tmp_path / "a.xls"
    path.write_bytes(data.replace(name, old))
    with pytest.raises(Refused, match=r"Excel 5\.0/95 的工作簿.*另存为 xlsx"):
        open_extract(path)


@pytest.mark.parametrize(("columns", "status"), [(499, "loaded"), (500, "refused")])
def test_text_of_more_columns_than_any_table_is_refused(desk: Desk, columns, status) -> None:
    more = [f"列{i}" for i in range(columns - 1)]
    rows = [",".join(["投诉编号", "收到日期", *more]), "A1,2024-03-05" + "," * (columns - 1)]
    result = desk.load("宽.csv", "\n".join(rows))
    assert result["status"] == status
    if status == "refused":
        assert result["problems"][0]["message"].startswith("有 501 列")
