"""What a workbook shows by a cell's number format: percentages, and numbers that are names."""

import zipfile

import openpyxl
import pytest

from ingest.read import sheet_scan
from ingest.read.number_format import is_scaled, number_format
from ingest.read.open import open_extract
from tests.ingest.conftest import Desk
from tests.ingest.test_reading_sheets import SPELLINGS, rewritten

EXAM = ["考试名称", "考试日期", "工号", "成绩"]
LEDGER = ["投诉编号", "收到日期", "被投诉机构", "投诉金额(元)"]
SCORES = "select score::double from lake.core.exam_result order by source_row"


def saved(path, *rows):
    """A workbook of these rows; a pair is a value and its format."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row, start=1):
            value, code = cell if isinstance(cell, tuple) else (cell, "General")
            book.active.cell(number, column, value).number_format = code
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("0%", "0.85", "85%"),
        ("0%", "0.854", "85.4%"),
        ("0.00%", "0.28499999999999998", "28.5%"),
        ("0%;[Red]-0%", "-0.05", "-5%"),
        ("[Red][<0.6]0%;0.0%_ ", "1", "100%"),
        ("#,##0.0%", "12", "1200%"),
        ("00000000", "124", "00000124"),
        ("00000000", "1234567890", "1234567890"),
        ("00000000", "0", "00000000"),
        ("00000000;@", "124.0", "00000124"),
        ('"T"000000', "124", "T000124"),
        (r"\T000000_ ", "124", "T000124"),
        ('"TS2024-"0', "124", "TS2024-124"),
        ('"T"General', "124", "T124"),
        ('"投诉"0000"号"', "7", "投诉0007号"),
        (r"0000\-0000", "12340001", "1234-0001"),
        ("000-000", "1234567", "1234-567"),
    ],
)
def test_what_is_shown_is_told_by_the_format(code, value, shown):
    found = number_format(code)
    assert found is not None
    assert found.shown(value) == shown


@pytest.mark.parametrize(
    "code",
    [
        *("General", "0", "0.00", "#,##0", "#,##0.00", "yyyy-mm-dd", "0.00E+00", "@", "# ?/?"),
        *('0"%"', r"0\%", '0"人"', '0.0"小时"', '"¥"#,##0.00', '"RMB "0', '"约"0', "[$USD] 00"),
        *(r'0\.0,"万"', r'0\.0000"万元"', r"00\:00", "[<1]0%;0", "[>5]00;0", "[DBNum1]00", ""),
    ],
)
def test_formats_of_amounts_and_days_say_nothing_more(code):
    assert number_format(code) is None


@pytest.mark.parametrize(("code", "value"), [("00", "5.5"), ("00", "-5"), ("00;-00;", "0")])
def test_numbers_that_a_format_of_names_does_not_fit_stay(code, value):
    found = number_format(code)
    assert found is not None
    assert found.shown(value) is None


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_shown_texts_are_read_however_the_xml_is_spelt(tmp_path, spelling):
    row = [(124, '"T"000000'), (0.85, "0%"), ("文字", "0%"), ("#REF!", "0%"), (1.5, "0.00")]
    path = rewritten(saved(tmp_path / "a.xlsx", ["a"], ["x", *row]), SPELLINGS[spelling])
    (table,) = open_extract(path)
    assert table.head[1] == ["x", "T000124", "85%", "文字", "#REF!", "1.5"]
    assert [problem.message[:7] for problem in table.notes(1, None)] == ["有 1 个单元"]


def test_identifiers_are_loaded_as_they_are_shown(desk: Desk) -> None:
    saved(
        desk.home.inbox / "a.xlsx",
        LEDGER,
        [(124, "00000000"), "2024-03-05", "城东支行", (100, "00000")],
        [(125, '"T"000000'), "2024-03-05", "城东支行", (0.5, "0%")],
        [(126, '"T"000000'), "2024-03-05", "城东支行", 5],
    )
    (result,) = desk.run()
    stored = "select complaint_id, claim_amount_yuan::double from lake.core.complaint order by 1"
    assert desk.ask(stored) == [("00000124", 100.0), ("T000126", 5.0)]
    assert [(p["row"], p["value"]) for p in result["problems"]] == [(3, "50%")]
    assert "“投诉金额(元)”的值“50%”不是数字" in result["problems"][0]["message"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_percentage_is_a_mark_where_a_hundred_is_full(desk: Desk, kind: str) -> None:
    marks = [("85%", 0.85, None), ("85.5％", 0.855, 100), ("85", 85, 120), ("85%", 0.85, 120)]
    if kind == "csv":
        lines = [f"一季度,2024-03-20,1000{n},{m[0]},{m[2] or ''}" for n, m in enumerate(marks)]
        desk.drop("考试.csv", "\n".join([",".join([*EXAM, "满分"]), *lines, ""]))
    else:
        rows = [
            ["一季度", "2024-03-20", f"1000{n}", m[1] if m[1] == 85 else (m[1], "0%"), m[2]]
            for n, m in enumerate(marks)
        ]
        saved(desk.home.inbox / "a.xlsx", [*EXAM, "满分"], *rows)
    (result,) = desk.run()
    assert desk.ask(SCORES) == [(85.0,), (85.5,), (85.0,)]
    (problem,) = result["problems"]
    assert (problem["row"], problem["rule"], problem["value"]) == (5, "type_score", "85%")


def test_a_percentage_of_a_section_goes_back(desk: Desk) -> None:
    head = "考试名称,考试日期,工号,法律法规板块(40分)"
    result = desk.load(
        "考试.csv", f"{head}\n一季度,2024-03-20,10001,30\n一季度,2024-03-20,10002,30%\n"
    )
    assert [(p["row"], p["value"]) for p in result["problems"]] == [(3, "30%")]


def test_cells_that_name_no_style_have_the_first_one(tmp_path):
    path = saved(tmp_path / "a.xlsx", [(7, "General")])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    styles = parts["xl/styles.xml"].decode()
    parts["xl/styles.xml"] = styles.replace('numFmtId="0"', 'numFmtId="9"').encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert open_extract(path)[0].head == [["700%"]]


def test_formats_hold_in_every_piece_of_a_large_sheet(tmp_path, monkeypatch):
    monkeypatch.setattr(sheet_scan, "_PIECE_BYTES", 512)
    (table,) = open_extract(saved(tmp_path / "a.xlsx", *[[(7, "0000")]] * 50))
    assert {row[0] for row in table.head} == {"0007"}


@pytest.mark.parametrize(
    "code",
    [
        *("0!.0,", '0!.0,"万"', r'0\.0,"万"', "#,##0,", "#,##0.00,,", "0,", '0"."0,'),
        *(r'0\.0000"万元"', '0!.0000"万"'),
    ],
)
def test_a_number_that_is_shown_by_the_thousand_is_read_and_told(desk: Desk, code: str) -> None:
    rows = [LEDGER, ["A1", "2026-03-05", "城东支行", (12345, code)]]
    saved(desk.home.inbox / "台账.xlsx", *rows)
    (result,) = desk.run()
    assert [(p["rule"], p["row"], p["message"]) for p in result["problems"]] == [
        (
            "scaled_number",
            2,
            "有 1 个数字按千或万缩小显示，读取的是原来的数（12345）；"
            "请核对列名中的单位与原来的数一致",
        )
    ]
    assert desk.ask("select claim_amount_yuan::int from lake.core.complaint") == [(12345,)]


@pytest.mark.parametrize(
    "code",
    [
        *("General", "0.00", "#,##0", "#,##0.00", '#,##0.00"万"', '0.0"万元"', r"#,##0.00_ "),
        *("_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * 0_ ;_ @_ ", r"0000\.00\.00", "yyyy.m.d", '0"元"'),
        *('[$-804]yyyy"年"m"月"', "@", "", '0.00;"(0,)"', '"A,"0'),
    ],
)
def test_other_formats_of_amounts_are_not_called_scaled(code):
    assert not is_scaled(code)


@pytest.mark.parametrize("header", ["投诉金额(元)", "投诉金额(万元)", "投诉金额"])
@pytest.mark.parametrize("code", ['0.00"万元"', '#,##0.0"万"', "0.00万"])
def test_a_number_that_is_shown_in_ten_thousands_is_so_many(
    desk: Desk, header: str, code: str
) -> None:
    rows = [[*LEDGER[:3], header], ["A1", "2026-03-05", "城东支行", (1.2345, code)]]
    saved(desk.home.inbox / "台账.xlsx", *rows)
    (result,) = desk.run()
    assert result["problems"] == []
    assert desk.ask("select claim_amount_yuan::int from lake.core.complaint") == [(12345,)]


@pytest.mark.parametrize("code", ['0"元"', '0.00"千元"', '0"万年历"', '"万"0', '0"美元"'])
def test_other_units_change_no_number(code):
    found = number_format(code)
    assert found is None or not found.unit
