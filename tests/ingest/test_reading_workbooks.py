"""What is peculiar to workbooks: hidden rows, two day counts, formulas, numbers too long for Excel."""

import datetime

import openpyxl
import pytest

from ingest.errors import Refused
from ingest.read import workbook
from ingest.read.open import open_extract
from ingest.recognise import recognise
from tests.ingest.conftest import Desk

HEADER = ["投诉编号", "收到日期", "被投诉机构", "投诉金额(元)"]
ROW = ["A1", "2024-03-05", "东湖支行", 1]


def saved(path, *rows, change=None):
    """A workbook with these rows under the header, changed and saved."""
    book = openpyxl.Workbook()
    for row in (HEADER, *rows):
        book.active.append(row)
    if change is not None:
        change(book)
    book.save(path)
    return path


def told(path):
    """Rule, row and message of every remark about the first table."""
    return [(p.rule, p.row, p.message) for p in recognise(open_extract(path))[0].notes]


def test_hidden_rows_are_read_and_counted(tmp_path):
    def hide(book):
        for row in (3, 4):
            book.active.row_dimensions[row].hidden = True

    path = saved(tmp_path / "a.xlsx", ROW, ["A2", *ROW[1:]], ["A3", *ROW[1:]], change=hide)
    assert [row[0] for row in open_extract(path)[0].head] == ["投诉编号", "A1", "A2", "A3"]
    assert told(path) == [("hidden_rows", 3, "含 2 个隐藏行（被筛选或隐藏），已一并装载")]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheet_is_left_out_unless_it_is_the_only_one(tmp_path, state):
    def copy(book):
        old = book.copy_worksheet(book.active)
        old.title, old.sheet_state = "旧表", state

    path = saved(tmp_path / "a.xlsx", ROW, change=copy)
    assert told(path) == [
        ("sheet_ignored", None, "隐藏的工作表“旧表”没有装载；如果需要装载，请取消隐藏")
    ]

    def cover(book):
        copy(book)
        book.active.delete_rows(1, 9)
        book.active.append(["说明"])

    (found,) = recognise(open_extract(saved(tmp_path / "b.xlsx", ROW, change=cover)))
    assert found.table.sheet == "旧表"


def test_sheet_that_nearly_fits_says_what_it_misses(tmp_path):
    def add(book):
        book.create_sheet("二月").append(["收到日期", "被投诉机构", "投诉金额(元)", "投诉人姓名"])

    ((_, _, message),) = told(saved(tmp_path / "a.xlsx", ROW, change=add))
    assert message == ("工作表“二月”没有装载：第 1 行像是“投诉台账”的表头，但缺少列“投诉编号”")


@pytest.mark.parametrize(
    ("epoch", "day"), [("WINDOWS_EPOCH", "2020-06-18"), ("MAC_EPOCH", "2024-06-19")]
)
def test_bare_serials_follow_the_day_count_of_the_workbook(desk: Desk, epoch, day):
    def count(book):
        book.epoch = getattr(openpyxl.utils.datetime, epoch)

    desk.home.inbox.mkdir(parents=True, exist_ok=True)
    saved(desk.home.inbox / "a.xlsx", ["A1", 44000, "东湖支行", 1], change=count)
    desk.run()
    assert desk.ask("select received_at::date::varchar from lake.core.complaint") == [(day,)]


def test_failed_and_uncalculated_formulas_do_not_turn_into_blanks(tmp_path):
    path = saved(tmp_path / "a.xlsx", ["A1", "2024-03-05", "#REF!", "=D1*2"], ROW)
    assert open_extract(path)[0].head[1] == ["A1", "2024-03-05", "#REF!", "=D1*2"]
    assert told(path) == [
        (
            "failed_formula",
            2,
            "有 1 个单元格的公式出错（显示为 #REF!），没有值；请改正公式",
        ),
        (
            "uncalculated_formula",
            2,
            "有 1 个单元格只有公式（=D1*2），没有计算结果；请用 Excel 打开、重新计算并保存",
        ),
    ]


def test_long_numbers_are_shown_as_excel_shows_them_and_text_is_kept(tmp_path):
    rows = [[440305199001011234, *ROW[1:]], ["440305199001011234", *ROW[1:]], [123456789012345]]
    head = open_extract(saved(tmp_path / "a.xlsx", *rows))[0].head
    assert [row[0] for row in head[1:]] == [
        "4.40305E+17",
        "440305199001011234",
        "123456789012345",
    ]


def test_cells_keep_their_place_when_the_first_columns_are_empty(tmp_path):
    book = openpyxl.Workbook()
    for column, name in enumerate(HEADER, start=3):
        book.active.cell(4, column, name)
    book.active.cell(5, 3, 440305199001011234)
    book.active.cell(5, 5, "#N/A")
    book.save(tmp_path / "a.xlsx")
    (table,) = open_extract(tmp_path / "a.xlsx")
    assert table.head[4] == ["4.40305E+17", None, "#N/A", None]


def test_values_of_every_kind_as_text(tmp_path):
    path = tmp_path / "a.xlsx"
    moments = [datetime.datetime(2024, 3, 5, 10, 20, 30), datetime.date(2024, 3, 5)]
    cells = [*moments, True, 0.985, 1234.5, "００1", "'001", " x\u3000"]
    book = openpyxl.Workbook()
    book.active.append(cells)
    book.active["D1"].number_format = "0.0%"
    book.save(path)
    assert open_extract(path)[0].head[0] == [
        "2024-03-05 10:20:30",
        "2024-03-05 00:00:00",
        "true",
        "98.5%",
        "1234.5",
        "００1",
        "'001",
        "x",
    ]


def test_subtotal_columns_under_a_group_are_no_new_columns(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["投诉编号", "收到日期", "金额", None, None])
    book.active.append([None, None, "投诉金额(元)", "赔偿金额(元)", "小计"])
    book.active.append(["A1", "2024-03-05", 1, 2, 3])
    book.save(tmp_path / "a.xlsx")
    (found,) = recognise(open_extract(tmp_path / "a.xlsx"))
    assert (found.header.row, found.header.levels) == (2, 2)
    assert "小计" not in [found.header.columns[i].name for i in found.unknown]


def test_sheets_of_charts_and_a_hundred_empty_columns_do_not_hinder(tmp_path):
    def add(book):
        chart = openpyxl.chart.BarChart()
        chart.add_data(openpyxl.chart.Reference(book.active, min_col=4, min_row=1, max_row=2))
        book.create_chartsheet("图").add_chart(chart)
        book.active.cell(2, 400, "远")

    path = saved(tmp_path / "a.xlsx", ROW, change=add)
    assert recognise(open_extract(path))[0].header.row == 1


def test_panic_of_the_reader_is_a_refusal(tmp_path, monkeypatch):
    class Panic(BaseException):
        """As pyo3 raises it: no Exception."""

    def panic(_data):
        raise Panic

    path = saved(tmp_path / "a.xlsx", ROW)
    monkeypatch.setattr(workbook.fastexcel, "read_excel", panic)
    with pytest.raises(Refused, match="损坏"):
        open_extract(path)
