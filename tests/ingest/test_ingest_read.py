"""Readers: the cells and row numbers that Excel would show, whatever the bytes."""

import csv
import datetime
import io
import json
from pathlib import Path

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import Refused
from ingest.read.layout import find_layout
from ingest.read.open import open_extract
from ingest.read.table import clean
from ingest.read.text import TextTable, open_text
from ingest.read.workbook import open_workbook
from tests.ingest.conftest import SHARED

SPECTRUM = sorted(path.stem for path in (SHARED / "extracts" / "csv_spectrum").glob("*.csv")) or [
    "missing"
]


def cells(con: duckdb.DuckDBPyConnection) -> list[tuple]:
    """Every staged row with its number."""
    return con.execute("select * exclude (_fault) from cells order by _row").fetchall()


def stage(
    con: duckdb.DuckDBPyConnection, path: Path, *, width: int, header_row: int = 1
) -> list[tuple]:
    """The rows below the header as the exact reader sees them."""
    open_text(path)[0].stage_exact(con, header_row=header_row, width=width)
    return cells(con)


@pytest.mark.parametrize("name", SPECTRUM)
def test_reads_the_csv_spectrum_cell_by_cell(con, extract, name):
    path = extract(f"csv_spectrum/{name}.csv")
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    (table, *_) = open_text(path)
    header = table.head[0]
    table.stage_exact(con, header_row=1, width=len(header))
    if isinstance(expected, dict):
        # This answer shows another phone number than its own CSV.
        expected = [{**expected, "Contact Phone Number": "2095257564"}]
    found = [dict(zip(header, row[1:], strict=True)) for row in cells(con)]
    assert found == [{key: clean(value) for key, value in row.items()} for row in expected]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("utf-16", "utf-16")],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_encodings_line_ends_and_delimiters(con, tmp_path, encoding, name, line_end, delimiter):
    path = tmp_path / "a.csv"
    lines = [delimiter.join(row) for row in (["编号", "名称"], ["1", "㐀信用卡"], ["2", "“贷款”"])]
    path.write_bytes(line_end.join(lines).encode(encoding))
    (table, *_) = open_text(path)
    assert (table.encoding, table.delimiter, table.head[0]) == (name, delimiter, ["编号", "名称"])
    assert stage(con, path, width=2) == [(2, "1", "㐀信用卡"), (3, "2", "“贷款”")]


def test_gb18030_is_not_mistaken_for_utf8_nor_the_other_way_round(tmp_path):
    text = "投诉编号,内容\n1,银行卡年费\n"
    for encoding in ("utf-8", "gb18030"):
        path = tmp_path / encoding
        path.write_bytes(text.encode(encoding))
        assert open_text(path)[0].head[0] == ["投诉编号", "内容"]


@pytest.mark.parametrize(
    ("text", "encoding", "row"),
    [
        ("id,text\n1,plain\n2,I don’t know\n", "cp1252", 3),
        ("Nr;Filiale\n1;Köln-Süd\n2;Düsseldorf\n", "latin-1", 2),
        ("id,text\n1,reclamação e informações\n", "cp1252", 2),
    ],
)
def test_western_text_is_not_garbled_as_gb18030(tmp_path, text, encoding, row):
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    with pytest.raises(Refused, match="另存为 CSV UTF-8") as refusal:
        open_text(path)
    assert refusal.value.problems[0].row == row


@pytest.mark.parametrize(
    "text",
    [
        "id,name\n1,王喆\n",
        "id,b\n1,朱镕基\n",
        "id,b\n1,銀行\n",
        "id,b\n1,😀\n",
        "編號,內容\n1,訴求\n",
        "id,b\n1,I don’t know Pérez\n",
        "id,amount\n1,3萬\n",
        "id,b\n1,無\n2,點\n",
        "id,b\n1,轉辦\n2,時間\n",
        "id,b\n1,韓镕宷\n",
        "编号,代码\n" + "1,ABC叁DEF\n" * 9,
    ],
)
def test_rare_and_traditional_characters_are_chinese_all_the_same(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode("gb18030"))
    assert open_text(path)[0].encoding == "gb18030"


def test_rows_keep_their_numbers_across_blank_lines_and_quoted_line_ends(con, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('h,i\n1,"a\nb"\n\n2,c\n', encoding="utf-8")
    assert stage(con, path, width=2) == [(2, "1", "a\nb"), (3, None, None), (4, "2", "c")]


def test_a_quote_behind_a_blank_opens_a_cell(con, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('h, "i"\n1, "城东, 营业部"\n"2",  "b ""c"""\n3, d\n', encoding="utf-8")
    assert open_text(path)[0].head[0] == ["h", "i"]
    assert stage(con, path, width=2) == [(2, "1", "城东, 营业部"), (3, "2", 'b "c"'), (4, "3", "d")]


@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_a_quote_behind_a_blank_that_closes_no_cell_is_text(con, tmp_path, mark):
    path = tmp_path / "a.csv"
    cells = ['"好" 的服务', '"说一半', '"', '5" 管', '"甲" "乙"', '"a ""b"" c', '""甲""']
    path.write_text("h,i\n".replace(",", mark) + "".join(f"1{mark} {c}\n" for c in cells))
    assert [row[2] for row in stage(con, path, width=2)] == cells


def test_blanks_in_quoted_cells_stay(con, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('h,i,j\n1,"a, """"b"" c, ",",d"\n2,"e, ""f"",\n g, ""h"", k",l\n')
    expected = [(2, "1", 'a, ""b" c,', ",d"), (3, "2", 'e, "f",\n g, "h", k', "l")]
    assert stage(con, path, width=3) == expected


def test_the_mark_of_old_systems_at_the_end_is_a_blank_row(con, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("编号,名称\r\n1,贷款\r\n\x1a".encode("gb18030"))
    assert stage(con, path, width=2) == [(2, "1", "贷款"), (3, None, None)]


def test_unclosed_quote_is_refused_where_it_starts(con, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('h,i\n1,2\n3,"4\n5,6\n', encoding="utf-8")
    with pytest.raises(Refused) as refusal:
        stage(con, path, width=2)
    assert refusal.value.problems[0].row == 3


def test_binary_content_under_a_csv_name_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\x00\x01\x02" * 50)
    with pytest.raises(Refused, match="不是可以读取的表格"):
        open_extract(path)


CELL = st.one_of(
    st.text(alphabet='ab1,;"\n \t、信', max_size=6),
    st.sampled_from(["", " ", '"', '""', "a,b", "a\nb", "a\r\nb", " 前后 ", "NULL", "#"]),
)
ROWS = st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8)


def _both(path: Path, width: int) -> tuple[list[tuple] | None, list[tuple] | None]:
    table = TextTable(path, "utf-8", ",", [["h"] * width])
    with duckdb.connect(":memory:") as con:
        fast = cells(con) if table.stage_fast(con, header_row=1, width=width) else None
    with duckdb.connect(":memory:") as con:
        try:
            table.stage_exact(con, header_row=1, width=width)
        except Refused:
            return fast, None
        faulty = con.execute("select count(_fault) from cells").fetchone()
        return fast, None if faulty and faulty[0] else cells(con)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=ROWS,
    line_end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    ended=st.booleans(),
)
def test_fast_reader_gives_what_the_exact_reader_gives(tmp_path, rows, line_end, quoting, ended):
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator=line_end, quoting=quoting).writerows([["h"] * 3, *rows])
    text = buffer.getvalue()
    path = tmp_path / "written.csv"
    path.write_bytes((text if ended else text.removesuffix(line_end)).encode())
    fast, exact = _both(path, 3)
    assert fast is None or fast == exact
    assert exact == [(n, *map(clean, row)) for n, row in enumerate(rows, start=2)]


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.text(alphabet='a",\n\r \t信', max_size=40))
def test_fast_reader_never_takes_what_the_exact_reader_doubts(tmp_path, body):
    path = tmp_path / "wild.csv"
    path.write_bytes(("h,h\n" + body).encode())
    fast, exact = _both(path, 2)
    assert fast is None or fast == exact


def test_fast_reader_is_used_for_regular_files_and_spaces_do_not_hinder_it(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('h,i\n 1 ,"a ""b"" c"\n2,\u3000全角\u00a0\n', encoding="utf-8")
    fast, exact = _both(path, 2)
    assert fast == exact == [(2, "1", 'a "b" c'), (3, "2", "全角")]


@pytest.mark.parametrize(
    "text",
    [
        "h,i\n1,2\n\n3,4\n",
        'h,i\n1,a"b\n',
        'h,i\n1,"a"b\n',
        'h,i\n1,"a\n',
        "h,i\n1,2\r\n3,4\n",
        "h,i\n1,\0\n",
        "h,i\r1,2\r",
    ],
)
def test_irregular_files_go_to_the_exact_reader(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode())
    assert find_layout(path, ",") is None


def test_large_file_in_gb18030_takes_the_fast_way_with_the_same_cells(con, tmp_path):
    path = tmp_path / "a.csv"
    lines = ["编号,内容", *(f'{i},"第{i}件,年费"' for i in range(60_000))]
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    (table, *_) = open_text(path)
    assert table.stage_fast(con, header_row=1, width=2)
    fast = cells(con)
    con.execute("drop view cells")
    table.stage_exact(con, header_row=1, width=2)
    assert fast == cells(con)
    assert fast[0] == (2, "0", "第0件,年费")


@pytest.mark.parametrize("name", ["台账[1].csv", "台账?.csv", "台账*.csv", "台账{1,2}.csv"])
def test_fast_reader_reads_this_file_and_none_that_its_name_would_fit(con, tmp_path, name):
    for other in ("台账1.csv", "台账2.csv"):
        (tmp_path / other).write_text("a,b\nother,1\n")
    path = tmp_path / name
    path.write_text("a,b\nown,1\n")
    assert open_text(path)[0].stage_fast(con, header_row=1, width=2)
    assert con.execute("select c0 from cells").fetchall() == [("own",)]


def test_workbook_rows_and_columns_keep_their_place(con, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["C4"] = "标题"
    for column, name in enumerate(["编号", "日期", "金额", "是"], start=3):
        sheet.cell(6, column, name)
    sheet.cell(7, 3, "00123")
    sheet.cell(7, 4, datetime.datetime(2024, 3, 5, 10, 11, 12))
    sheet.cell(7, 5, 4848023)
    sheet.cell(9, 3, 45356)
    sheet.cell(9, 4, datetime.date(2024, 3, 5))
    sheet.cell(9, 5, 0.985)
    path = tmp_path / "named.csv"
    book.save(path)
    (table,) = open_extract(path)
    assert table.head[3] == ["标题", None, None, None]
    table.stage(con, header_row=6, width=4)
    assert cells(con) == [
        (7, "00123", "2024-03-05 10:11:12", "4848023", None),
        (8, None, None, None, None),
        (9, "45356", "2024-03-05 00:00:00", "0.985", None),
    ]


def test_empty_sheets_do_not_hinder_a_workbook(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.create_sheet("空")
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert [(table.sheet, table.head) for table in open_workbook(path)] == [
        ("Sheet", [["a"]]),
        ("空", []),
    ]
