"""The bulletin: numbers are the registry's, small counts stay hidden, the file is safe to open."""

import csv
import json
import os
import re
import shutil
import subprocess
from contextlib import redirect_stdout
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path

import duckdb
import openpyxl
import pytest
from openpyxl.workbook import Workbook

from tests.conftest import installed_at
from tests.tables import fill_lake
from warehouse import numerals
from warehouse.__main__ import main
from warehouse.handouts import bulletin_sheets, issued
from warehouse.handouts.bulletin import Bulletin, monthly_bulletin
from warehouse.handouts.bulletin_sheets import FIGURES, TABLES, counts_of
from warehouse.handouts.cross_table import WITHHELD
from warehouse.handouts.restatements import reproduced
from warehouse.handouts.settings import small_counts
from warehouse.handouts.sheets import CUT, Book, Gap, Number, safe_text
from warehouse.indicators import compute
from warehouse.lake import open_reader, reading
from warehouse.periods import parse_period
from warehouse.registry import dimensions, indicator
from warehouse.scope import Scope

MONTH = "2025-11"
EVERYTHING = Scope.everything()
BRANCH = "城东支行"


@pytest.fixture(scope="module")
def made(cursor: duckdb.DuckDBPyConnection) -> Bulletin:
    return monthly_bulletin(cursor, parse_period(MONTH), scope=EVERYTHING)


@pytest.fixture(scope="module")
def detailed(cursor: duckdb.DuckDBPyConnection) -> Bulletin:
    return monthly_bulletin(cursor, parse_period(MONTH), scope=EVERYTHING, details=True)


def opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(BytesIO(content))


def lines(book: Workbook, sheet: str) -> list[tuple]:
    return list(book[sheet].iter_rows(values_only=True))


def cells(content: bytes) -> dict[str, list[tuple]]:
    book = opened(content)
    return {name: lines(book, name) for name in book.sheetnames}


def words(content: bytes) -> str:
    return "\n".join(
        str(value)
        for sheet in cells(content).values()
        for line in sheet
        for value in line
        if value is not None
    )


def tables(content: bytes) -> list[list[list]]:
    """The cross tables, each from its head to its total."""
    found: list[list[list]] = []
    for line in cells(content)["交叉表"]:
        row = [value for value in line if value is not None]
        if "占比（%）" in row:
            found.append([])
        if found and len(row) > 2 and len(row) == len(found[-1][0] if found[-1] else row):
            found[-1].append(row)
    return found


def asked_of_the_command(home: Path, name: str, *extra: str) -> float:
    out = StringIO()
    with installed_at(home), redirect_stdout(out):
        assert main(["indicator", name, "--period", MONTH, "--format", "json", *extra]) == 0
    (row,) = json.loads(out.getvalue())["rows"]
    return row["value"]


@pytest.mark.parametrize("scope", [None, BRANCH])
def test_totals_are_what_the_command_gives(cursor, demo_home: Path, scope: str | None) -> None:
    held = EVERYTHING if scope is None else Scope(frozenset({scope}))
    book = cells(monthly_bulletin(cursor, parse_period(MONTH), scope=held).content)
    shown = {line[0]: line for line in book["通报"]}
    assert book["通报"][0][0] == "2025年11月投诉情况通报"
    extra = () if scope is None else ("--where", f"sub_branch={scope}")
    for name in FIGURES:
        asked = indicator(name)
        value = asked_of_the_command(demo_home, name, *extra)
        line = shown[asked.name_zh]
        assert line[1] == float(numerals.half_up(value, asked.decimals))
        assert line[2] == asked.unit
    assert "较上期" in shown["投诉量"][3]
    assert "较上年同期" in shown["投诉量"][4] or "持平" in shown["投诉量"][4]
    assert "示例阈值98.0%" in shown["处理及时率"][5]


def test_heads_say_what_the_bulletin_rests_on(made: Bulletin) -> None:
    for sheet in cells(made.content).values():
        head = "\n".join(str(line[0]) for line in sheet[:4])
        assert "期间：2025年11月　范围：全辖　筛选：未筛选　数据截至：2026-" in head
        assert f"数据快照：#{made.state.number}" in head
        assert "演示数据" in head
        assert "注意" not in head
    assert "本稿 23/23 处已由数据填充" in made.said
    assert made.gaps == ()


@pytest.mark.parametrize(("row", "column"), TABLES)
def test_cross_tables_add_up_to_their_parts(cursor, row: str, column: str) -> None:
    found = compute(
        cursor, "complaint_count", parse_period(MONTH), by=(row, column), scope=EVERYTHING
    )
    table = counts_of(cursor, found, row, column, limit=0)
    for by, labels, totals in (
        (row, table.rows, [line[-1] for line in table.grid[:-1]]),
        (column, table.columns, table.grid[-1][:-1]),
    ):
        parts = compute(cursor, "complaint_count", parse_period(MONTH), by=(by,), scope=EVERYTHING)
        assert dict(zip(labels, totals, strict=True)) == {
            name or "未填报": value for name, value in parts.select(by, "value").iter_rows()
        }
    assert table.at(table.corner) == found["value"].sum() == 449


def test_small_counts_are_hidden_and_the_tables_share_their_totals(made: Bulletin) -> None:
    limit = small_counts().suppress_below
    found = tables(made.content)
    assert len(found) == len(TABLES)
    for table in found:
        numbers = [value for line in table[1:] for value in line[1:-1]]
        assert all(
            value in (f"<{limit}", WITHHELD) or value == 0 or value >= limit for value in numbers
        )
        assert f"<{limit}" in numbers
        assert table[-1][-2:] == [449, 100]
        shares = [line[-1] for line in table[1:-1] if line[-1] != "—"]
        assert sum(shares) == pytest.approx(100) or len(shares) < len(table) - 2
    first, second, third = found
    by_row = [(line[0], line[-2]) for line in first[1:-1]]
    assert by_row == [(line[0], line[-2]) for line in second[1:-1]]
    assert by_row == list(zip(third[0][1:-2], third[-1][1:-2], strict=True))
    assert all(isinstance(total, int) for _name, total in by_row)
    assert f"少于{limit}件的写作“<{limit}”" in words(made.content)
    assert "明细" not in opened(made.content).sheetnames


def test_with_the_rows_nothing_is_hidden_and_the_file_says_so(
    detailed: Bulletin, cursor, demo_home: Path
) -> None:
    found = tables(detailed.content)
    for table in found:
        body = [line[1:-2] for line in table[1:-1]]
        assert [sum(column) for column in zip(*body, strict=True)] == table[-1][1:-2]
        assert [sum(line) for line in body] == [line[-2] for line in table[1:-1]]
    for sheet in cells(detailed.content).values():
        assert any("内部使用 不得外传" in str(line[0]) for line in sheet[:5])
    assert "较小的件数未作隐藏。内部使用 不得外传" in words(detailed.content)
    assert all("不得外传" in sheet.oddHeader.right.text for sheet in opened(detailed.content))


def listed(content: bytes) -> tuple[list[str], list[dict[str, object]]]:
    """Names and rows of the sheet of rows."""
    held = cells(content)["明细"]
    at = next(n for n, line in enumerate(held) if "投诉编号（工单号）" in line)
    return list(held[at]), [dict(zip(held[at], line, strict=True)) for line in held[at + 1 :]]


def test_rows_are_those_counted_with_real_dates_and_ids_as_text(detailed: Bulletin) -> None:
    names, rows = listed(detailed.content)
    assert len(rows) == 449
    assert all(re.search("[一-鿿]", name) for name in names)
    assert len(set(names)) == len(names)
    for row in rows:
        assert isinstance(row["投诉编号（工单号）"], str)
        assert isinstance(row["收到投诉时间"], date | datetime)
        assert f"{row['收到投诉时间']:%Y-%m}" == MONTH
    sheet = opened(detailed.content)["明细"]
    head_row = next(
        n for n, line in enumerate(sheet.iter_rows(values_only=True), 1) if None not in line
    )
    assert sheet.freeze_panes == f"A{head_row + 1}"
    assert sheet.auto_filter.ref == f"A{head_row}:{sheet.dimensions.split(':')[1]}"
    assert sheet.print_title_rows == f"${head_row}:${head_row}"
    assert "最多列20,000件" in words(detailed.content)


def test_every_sheet_is_ready_to_print(detailed: Bulletin) -> None:
    for sheet in opened(detailed.content):
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == (9, 1)
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows
        assert "&P" in sheet.oddFooter.center.text
        assert any(str(one).startswith("A1:") for one in sheet.merged_cells.ranges)


def test_more_rows_than_fit_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulletin_sheets, "MOST_ROWS", 7)
    content = made_of(tmp_path, complaints(9)).content
    assert len(listed(content)[1]) == 7
    assert "共9件，本表列出7件（最多列7件）" in words(content)


def complaints(count: int, **also: str) -> list[dict[str, str]]:
    return [
        {
            "complaint_id": f"{number:05d}",
            "received_at": "2025-11-03",
            "org_name": "甲支行",
            "category": "贷款",
            "cause": "定价收费",
            "intake_channel": "客服热线",
            **also,
        }
        for number in range(count)
    ]


def made_of(
    root: Path, rows: list[dict[str, str]], *, details: bool = True, scope: Scope = EVERYTHING
) -> Bulletin:
    home = fill_lake(root / "lake", ("2024-01-01", "2025-12-31"), complaint=rows)
    with reading(open_reader(home)) as held:
        return monthly_bulletin(held, parse_period(MONTH), scope=scope, details=details)


ATTACKS = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", " =1")


def test_no_text_runs_as_a_formula_or_breaks_the_file(tmp_path: Path) -> None:
    rows = complaints(len(ATTACKS))
    for row, attack in zip(rows, ATTACKS, strict=True):
        row |= {
            "content_masked": attack,
            "category": attack,
            "org_name": attack,
            "product": "a\x00\x0bb",
        }
    content = made_of(tmp_path, rows).content
    for sheet in opened(content):
        for line in sheet.iter_rows():
            for cell in line:
                assert cell.data_type != "f"
                if isinstance(cell.value, str):
                    assert safe_text(cell.value) == cell.value
    _names, found = listed(content)
    assert {str(row["投诉内容"])[0] for row in found} == {"'"}
    assert {row["具体产品"] for row in found} == {"ab"}
    assert [row["投诉编号（工单号）"] for row in found] == [f"{n:05d}" for n in range(len(ATTACKS))]


def test_what_a_cell_holds() -> None:
    book = Book("上")
    sheet = book.sheet("一", (10, 10))
    sheet.table(
        ("a", "b"),
        [
            (Number(2.675, 2), Gap("缺")),
            (datetime(2025, 1, 2, 3, 4), datetime(2025, 1, 2)),
            (True, None),
            ("长" * 40_000, 12345),
        ],
    )
    held = opened(book.content())["一"]
    assert (held["A2"].value, held["A2"].number_format) == (2.68, "#,##0.00")
    assert held["B2"].fill.fgColor.rgb == "00FFF2A8"
    assert held["A3"].value == datetime(2025, 1, 2, 3, 4)
    assert held["B3"].number_format == "yyyy-mm-dd"
    assert (held["A4"].value, held["B4"].value) == ("是", None)
    assert len(held["A5"].value) == 32_767
    assert held["A5"].value.endswith(CUT)


def test_one_sub_branch_holds_no_other_ones(cursor) -> None:
    others = [
        name
        for (name,) in cursor.execute(
            "select distinct sub_branch from complaint_case where sub_branch is not null"
        ).fetchall()
        if name != BRANCH
    ]
    assert len(others) > 10
    for details in (False, True):
        held = monthly_bulletin(
            cursor, parse_period(MONTH), scope=Scope(frozenset({BRANCH})), details=details
        )
        text = words(held.content)
        assert f"范围：{BRANCH}" in text
        assert not [name for name in others if name in text]
        if details:
            ids = {row["投诉编号（工单号）"] for row in listed(held.content)[1]}
            own = cursor.execute(
                """
                select complaint_id from complaint_case
                where sub_branch = $name and strftime(received_date, '%Y-%m') = $month
                """,
                {"name": BRANCH, "month": MONTH},
            ).fetchall()
            assert ids == {number for (number,) in own}


@pytest.mark.parametrize("details", [False, True])
def test_a_month_without_extracts_has_gaps_and_no_number(cursor, details: bool) -> None:
    held = monthly_bulletin(cursor, parse_period("2019-03"), scope=EVERYTHING, details=details)
    assert "缺2019年3月《投诉台账》（投诉量）" in held.gaps
    book = cells(held.content)
    for line in book["通报"][4 + details :]:
        assert not [value for value in line if isinstance(value, int | float)], line
    text = words(held.content)
    assert "注意：投诉数据只有 20" in text
    assert text.count("【缺2019年3月《投诉台账》（投诉量）】") == 4 + details
    assert tables(held.content) == []
    assert not [v for line in book["交叉表"] for v in line if isinstance(v, int | float)]


def test_nothing_loaded_is_said(tmp_path: Path) -> None:
    home = fill_lake(
        tmp_path / "lake",
        ("2025-01-01", "2025-12-31"),
        exam_result="""
            exam_id | staff_ref | exam_date
        """,
    )
    with reading(open_reader(home)) as held:
        made = monthly_bulletin(held, parse_period(MONTH), scope=EVERYTHING, details=True)
    assert "注意：还没有装载投诉数据" in words(made.content)
    assert "数据截至：—" in words(made.content)


@pytest.mark.parametrize(
    ("count", "said"),
    [(3, "投诉少于5件，不列交叉表"), (9, "（件，N=9）")],
)
def test_a_handful_is_not_told_apart(tmp_path: Path, count: int, said: str) -> None:
    held = made_of(tmp_path, complaints(count), details=False)
    text = words(held.content)
    assert said in text
    shown = {line[0]: line for line in cells(held.content)["通报"]}
    assert shown["投诉量"][1] == ("少于5" if count < 5 else count)
    if count < 5:
        assert not re.search(rf"(?<!\d){count}件", text)


@pytest.mark.parametrize(("details", "said"), [(False, "（n<5）"), (True, "（n=3）")])
def test_a_small_sample_is_not_told_in_the_reason_either(
    tmp_path: Path, details: bool, said: str
) -> None:
    rows = complaints(3, decided_at="2025-11-05") + [
        {**row, "complaint_id": f"x{n}"} for n, row in enumerate(complaints(6))
    ]
    held = made_of(tmp_path, rows, details=details)
    assert f"2025年11月处理时长中位数样本过少{said}，不予列示" in held.gaps
    assert f"2025年11月处理时长中位数样本过少{said}" in words(held.content)


def test_a_month_of_no_complaints_is_no_gap(tmp_path: Path) -> None:
    held = made_of(tmp_path, complaints(6, received_at="2025-10-03"), details=True)
    shown = {line[0]: line for line in cells(held.content)["通报"]}
    assert shown["投诉量"][1] == 0
    text = words(held.content)
    assert "2025年11月没有收到投诉" in text
    assert f"本稿 {held.asked - len(held.gaps)}/{held.asked} 处已由数据填充" in text
    assert not any("没有收到投诉" in gap for gap in held.gaps)


def test_it_is_issued_and_reproduced_with_the_same_cells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = complaints(12) + [
        {**row, "complaint_id": f"x{n}", "org_name": "乙支行", "category": "信用卡"}
        for n, row in enumerate(complaints(8))
    ]
    home = fill_lake(tmp_path / "lake", ("2024-01-01", "2025-12-31"), complaint=rows)
    files = []
    with installed_at(home.root):
        for number, extra in enumerate(([], ["--details"], ["--sub-branch", "乙支行"])):
            files.append(tmp_path / "out" / f"{number}.xlsx")
            told = ["--period", MONTH, "--out", str(files[-1]), "--issue", "王某", *extra]
            assert main(["bulletin", *told]) == 0
        said = capsys.readouterr().out
        assert "已登记为 1号 2025年11月投诉情况通报\n" in said
        assert "已登记为 2号 2025年11月投诉情况通报（含明细）" in said
        fill_lake(
            home.root,
            ("2024-01-01", "2025-12-31"),
            complaint=[{**complaints(1)[0], "complaint_id": "late", "org_name": "乙支行"}],
        )
        assert main(["restatements", "--format", "csv"]) == 0
        assert len(capsys.readouterr().out.splitlines()) >= 4
        for number, path in enumerate(files, start=1):
            again = reproduced(home, issued.issued(home, number))
            assert cells(again) == cells(path.read_bytes())
            now = tmp_path / "now.xlsx"
            assert main(["bulletin", "--period", MONTH, "--out", str(now)]) == 0
            assert cells(now.read_bytes()) != cells(path.read_bytes())
    assert issued.issued(home, 3).sub_branches == ("乙支行",)
    assert "甲支行" not in words(files[2].read_bytes())


def test_wrong_use_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = fill_lake(tmp_path / "lake", ("2024-01-01", "2025-12-31"), complaint=complaints(1))
    target = str(tmp_path / "a.xlsx")
    with installed_at(home.root):
        wrong = ["bulletin", "--period", MONTH, "--out"]
        assert main([*wrong, "a.txt"]) == 2
        assert "文件名应以 .xlsx 结尾" in capsys.readouterr().err
        assert main([*wrong, target, "--sub-branch", "丙支行"]) == 2
        assert "没有支行“丙支行”；已有：甲支行" in capsys.readouterr().err
        assert main([*wrong, target, "--snapshot", "9999"]) == 1
    with installed_at(tmp_path / "empty"):
        assert main([*wrong, target]) == 1
    assert not Path(target).exists()


def test_it_opens_in_libreoffice(detailed: Bulletin, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    # Calc is a package of its own: Writer and Impress alone cannot read a workbook.
    if office is None or not (Path(office).resolve().parent / "libsclo.so").exists():
        if os.environ.get("REQUIRE_OFFICE") == "1":
            pytest.fail("LibreOffice Calc is not on this machine")
        pytest.skip("LibreOffice Calc is not on this machine")
    (tmp_path / "通报.xlsx").write_bytes(detailed.content)
    subprocess.run(
        [
            office,
            "--headless",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--convert-to",
            # Every sheet as a file, in UTF-8.
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "通报.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    for sheet, held in cells(detailed.content).items():
        with (tmp_path / f"通报-{sheet}.csv").open(encoding="utf-8", newline="") as file:
            found = list(csv.reader(file))
        assert found[0][0] == held[0][0]
        assert len(found) == len(held)
    assert dimensions()["category_group"].name_zh in (tmp_path / "通报-交叉表.csv").read_text()
