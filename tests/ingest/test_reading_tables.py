"""One file may hold several tables: sheets beside and tables below one another."""

import duckdb
import openpyxl
import pytest

from ingest.match import Match
from ingest.read.open import open_extract
from ingest.recognise import recognise

COMPLAINTS = ["投诉编号", "收到日期", "被投诉机构", "投诉金额(元)"]
EXAMS = ["考试名称", "考试日期", "工号", "成绩"]


def book(path, **sheets):
    """A workbook with these sheets, each a list of rows."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return recognise(open_extract(path))


def text(path, rows, delimiter=","):
    """A text file with these rows, each with its own number of cells."""
    lines = [delimiter.join("" if cell is None else str(cell) for cell in row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return recognise(open_extract(path))


def outline(matches: list[Match]) -> list[tuple]:
    """Contract, sheet, header row, levels and last row of each."""
    return [
        (m.contract.id, m.table.sheet, m.header.row, m.header.levels, m.last_row) for m in matches
    ]


def staged(con: duckdb.DuckDBPyConnection, match: Match) -> list[tuple]:
    """Row numbers and first cells of the rows that belong to one table."""
    match.stage(con)
    return con.execute("select _row, c0 from cells where c0 is not null order by _row").fetchall()


STACKED = [
    ["某行投诉台账"],
    COMPLAINTS,
    ["A1", "2024-03-05", "东湖支行", 1],
    ["合计", None, None, 1],
    [],
    ["考试成绩表"],
    ["统计期间：2024年1月1日至2024年3月31日", None, "单位：分"],
    EXAMS,
    ["一季度考试", "2024-03-01", "1001", 90],
    ["一季度考试", "2024-03-01", "1002", 80],
]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_tables_of_two_kinds_below_one_another(con, tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    first, second = book(path, 表=STACKED) if kind == "xlsx" else text(path, STACKED)
    sheet = "表" if kind == "xlsx" else None
    assert outline([first, second]) == [
        ("complaint_ledger", sheet, 2, 1, 4),
        ("exam_scores", sheet, 8, 1, None),
    ]
    assert staged(con, first) == [(3, "A1"), (4, "合计")]
    assert staged(con, second) == [(9, "一季度考试"), (10, "一季度考试")]
    assert [[c for c in row if c] for row in first.preamble] == [["某行投诉台账"]]
    assert [[c for c in row if c] for row in second.preamble] == [
        [],
        ["考试成绩表"],
        ["统计期间：2024年1月1日至2024年3月31日", "单位：分"],
    ]


@pytest.mark.parametrize("gap", [[], [[]], [["考试成绩表"]], [[], ["考试成绩表"], []]])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_whatever_stands_between_two_tables_no_row_changes_hands(con, tmp_path, kind, gap):
    rows = [COMPLAINTS, *([f"A{i}", "2024-03-05", "东湖支行", i] for i in range(200)), *gap]
    rows += [EXAMS, *(["一季度考试", "2024-03-01", str(1000 + i), 90] for i in range(50))]
    path = tmp_path / f"a.{kind}"
    first, second = book(path, 表=rows) if kind == "xlsx" else text(path, rows)
    assert [cell for _, cell in staged(con, first)] == [f"A{i}" for i in range(200)]
    assert [row for row, _ in staged(con, second)] == [203 + len(gap) + i for i in range(50)]


def test_every_sheet_that_fits_is_a_table_and_the_others_are_named(tmp_path):
    rows = [COMPLAINTS, ["A1", "2024-03-05", "东湖支行", 1]]
    found = book(
        tmp_path / "a.xlsx",
        一月=rows,
        说明=[["填表说明"], ["请按要求填写"]],
        二月=[["二月"], *rows],
        考试=[EXAMS, ["一季度考试", "2024-03-01", "1001", 90]],
    )
    assert outline(found) == [
        ("complaint_ledger", "一月", 1, 1, None),
        ("complaint_ledger", "二月", 2, 1, None),
        ("exam_scores", "考试", 1, 1, None),
    ]
    assert [(p.rule, p.sheet, p.message) for p in found[0].notes] == [
        ("sheet_ignored", "说明", "工作表“说明”没有装载")
    ]
    assert found[1].notes == found[2].notes == []


@pytest.mark.parametrize(
    "between",
    [[], [["二月投诉台账"]], [[], ["二月投诉台账"], []], [["小计", None, None, 1], ["第2页"]]],
)
def test_a_repeated_header_continues_its_table(con, tmp_path, between):
    rows = [["一月投诉台账"], COMPLAINTS, ["A1", "2024-01-05", "东湖支行", 1], *between]
    rows += [COMPLAINTS, ["A2", "2024-02-05", "东湖支行", 1]]
    (found,) = book(tmp_path / "a.xlsx", 表=rows)
    last = 4 + len(between)
    footer = sum(row[:1] == ["小计"] for row in between)
    assert found.last_row is None
    assert found.repeats == ((4 + footer, last),)


def test_the_same_kind_with_other_columns_is_another_table(tmp_path):
    rows = [COMPLAINTS, ["A1", "2024-01-05", "东湖支行", 1], []]
    rows += [[*COMPLAINTS[:3], "投诉金额(万元)"], ["A2", "2024-02-05", "东湖支行", 1]]
    found = book(tmp_path / "a.xlsx", 表=rows)
    assert [(m.header.row, m.last_row) for m in found] == [(1, 2), (4, None)]


def test_a_second_table_may_have_a_header_of_two_levels(con, tmp_path):
    rows = [COMPLAINTS, ["A1", "2024-01-05", "东湖支行", 1], [], ["考试"]]
    rows += [["考试名称", "考试日期", "人员", None, "成绩"], [None, None, "工号", "姓名", None]]
    rows += [["一季度考试", "2024-03-01", "1001", "甲", 90]]
    first, second = book(tmp_path / "a.xlsx", 表=rows)
    assert outline([first, second])[1] == ("exam_scores", "表", 6, 2, None)
    assert staged(con, second) == [(7, "一季度考试")]
    assert second.column_name("person_key") == "工号"


def test_a_thousand_page_breaks_are_one_table(tmp_path):
    page = [COMPLAINTS, *([f"A{i}", "2024-01-05", "东湖支行", i] for i in range(20))]
    (found,) = text(tmp_path / "a.csv", page * 1000)
    assert len(found.repeats) == 999


SPARSE = [["A2", "2024-03-06"], ["A3", None, "东湖支行"]]


@pytest.mark.parametrize("above", [[], [[]], [["东湖支行"]]])
@pytest.mark.parametrize("below", [COMPLAINTS, EXAMS])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_rows_of_few_cells_above_a_further_header_stay_data(con, tmp_path, kind, above, below):
    rows = [COMPLAINTS, ["A1", "2024-03-05", "东湖支行", 1], *above, *SPARSE, ["第二页"], below]
    rows += [["A4", "2024-03-07", "1001", 4]]
    path = tmp_path / f"a.{kind}"
    found = book(path, 表=rows) if kind == "xlsx" else text(path, rows)
    header = len(rows) - 1
    repeats = found[0].repeats
    title = repeats[0][0] if below is COMPLAINTS else found[0].last_row + 1
    assert title == header - 1
    assert [row for row, cell in staged(con, found[0]) if cell in ("A2", "A3")] == [
        header - 3,
        header - 2,
    ]


def test_a_further_opinion_above_a_further_header_stays_data(tmp_path):
    reviews = ["项目编号", "审查项目名称", "审查意见"]
    rows = [reviews, ["X1", "甲", "改一"], [], [None, None, "改二"], ["二月"], reviews]
    (found,) = book(tmp_path / "a.xlsx", 表=[*rows, ["X2", "乙", "改三"]])
    assert found.repeats == ((5, 6),)
