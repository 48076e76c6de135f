"""The quarterly report: numbers are the registry's, gaps are said, words of people stay."""

import json
import os
import random
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from contextlib import redirect_stdout
from copy import deepcopy
from io import BytesIO, StringIO
from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pytest
from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import installed_at
from tests.tables import fill_lake
from warehouse import numerals
from warehouse.__main__ import main
from warehouse.handouts import word
from warehouse.handouts.facts import Facts, MissingFactError
from warehouse.handouts.handout import HandoutError
from warehouse.handouts.report import TEMPLATE, Report, quarterly_report
from warehouse.handouts.settings import small_counts
from warehouse.handouts.slots import SLOT, pieces
from warehouse.handouts.suppression import together, told_apart
from warehouse.handouts.template import CONTENT
from warehouse.lake import open_reader, reading
from warehouse.periods import parse_period
from warehouse.registry import indicator, indicators
from warehouse.scope import Scope

QUARTER = "2025Q4"
EVERYTHING = Scope.everything()


@pytest.fixture(scope="module")
def made(cursor: duckdb.DuckDBPyConnection) -> Report:
    return quarterly_report(cursor, parse_period(QUARTER), scope=EVERYTHING)


def opened(report: Report):
    return Document(BytesIO(report.content))


def texts(report: Report) -> list[str]:
    return [paragraph.text for paragraph in word.paragraphs(opened(report))]


def template_of(tmp_path: Path, *lines: str) -> Path:
    """A template of these paragraphs, in the shipped one's styles."""
    document = Document(str(TEMPLATE))
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    for line in lines:
        document.add_paragraph(line)
    path = tmp_path / "模板.docx"
    document.save(str(path))
    return path


def asked_of_the_command(home: Path, name: str, period: str) -> str:
    """The value that the command line gives, written as the report writes it."""
    out = StringIO()
    with installed_at(home), redirect_stdout(out):
        assert main(["indicator", name, "--period", period, "--format", "json"]) == 0
    (row,) = json.loads(out.getvalue())["rows"]
    asked = indicator(name)
    if row["value"] is None:
        return ""
    limit = small_counts().limit(asked)
    if asked.kind in ("count", "sum", "stock") and 0 < row["value"] < limit:
        return f"少于{limit}{asked.unit}"
    return f"{numerals.written(row['value'], asked.decimals)}{asked.unit}"


def test_every_number_of_the_text_is_what_the_command_gives(made: Report, demo_home: Path) -> None:
    found = "\n".join(texts(made))
    compared = 0
    for _style, text in CONTENT:
        names = [m[1] for m in SLOT.finditer(text) if m[1] in indicators()]
        if not names:
            continue
        pattern = ""
        place = 0
        for match in SLOT.finditer(text):
            pattern += re.escape(text[place : match.start()])
            place = match.end()
            if match[1] in indicators():
                expected = asked_of_the_command(demo_home, match[1], QUARTER)
                assert expected, match[1]
                pattern += re.escape(expected)
                compared += 1
            else:
                pattern += r"[^\n]+?"
        pattern += re.escape(text[place:])
        assert re.search(pattern, found), text
    assert compared > 60
    assert made.gaps == ()
    assert f"本稿 {made.asked}/{made.asked} 处已由数据填充" in found
    assert "{{" not in found


def test_tables_add_up_and_small_counts_are_put_together(made: Report, cursor) -> None:
    (table,) = [t for t in opened(made).tables if t.cell(0, 0).text == "业务大类"]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    numbers = [int(re.sub(r"\D", "", row[1])) for row in rows[1:]]
    assert sum(numbers[:-1]) == numbers[-1] == 1260
    assert min(numbers) >= small_counts().suppress_below
    assert sum(float(row[2].rstrip("%")) for row in rows[1:-1]) == pytest.approx(100)


def test_charts_are_chart_objects_with_the_data_of_the_registry(made: Report, cursor) -> None:
    with zipfile.ZipFile(BytesIO(made.content)) as held:
        charts = sorted(n for n in held.namelist() if n.startswith("word/charts/chart"))
        books = sorted(n for n in held.namelist() if n.startswith("word/embeddings/"))
        assert len(charts) == len(books) == 3
        book = openpyxl.load_workbook(BytesIO(held.read(books[0]))).active
        xml = held.read(charts[0]).decode()
    rows = list(book.iter_rows(min_row=2, values_only=True))
    assert len(rows) == 13
    from warehouse.indicators import compute

    found = compute(
        cursor,
        "complaint_count",
        parse_period("2024-12-01..2025-12-31"),
        by=("month",),
        scope=EVERYTHING,
    )
    assert dict(rows) == dict(found.select("month", "value").iter_rows())
    for month, value in rows:
        assert month in xml
        assert f"<c:v>{float(value)}</c:v>" in xml


def highlighted(report: Report) -> list[str]:
    return [
        run.text
        for paragraph in word.paragraphs(opened(report))
        for run in paragraph.runs
        if run.font.highlight_color == WD_COLOR_INDEX.YELLOW and run.text.startswith("【")
    ]


def test_a_quarter_without_extracts_has_gaps_and_no_number(cursor) -> None:
    report = quarterly_report(cursor, parse_period("2019Q1"), scope=EVERYTHING)
    gaps = highlighted(report)
    assert Counter(f"【{gap}】" for gap in report.gaps) == Counter(gaps)
    assert len(gaps) == len(report.gaps) > 80
    assert "【缺2019年第1季度《投诉台账》（投诉量）】" in gaps
    left = re.sub(r"【[^】]*】", "", "\n".join(texts(report)))
    for asked in indicators().values():
        assert not re.search(rf"\d{re.escape(asked.unit)}", left.replace("16至60日", "")) or (
            asked.unit in ("%", "小时")
        ), asked.unit
    assert not re.search(r"\d%", left.replace("（%）", ""))
    assert f"{len(gaps)} 处缺数据" in left


def test_a_part_that_is_missing_is_named(tmp_path: Path) -> None:
    home = fill_lake(
        tmp_path / "lake",
        ("2026-01-01", "2026-03-31"),
        complaint="""
            complaint_id | received_at | decided_at | status | satisfaction
            1            | 2026-02-01  | 2026-02-05 | 已办结 |
        """,
    )
    template = template_of(
        tmp_path, "{{satisfaction_rate}}", "{{exam_pass_rate}}", "{{complaint_count}}"
    )
    with reading(open_reader(home)) as cursor:
        report = quarterly_report(
            cursor, parse_period("2026Q1"), scope=EVERYTHING, template=template
        )
    assert texts(report)[:3] == [
        "【2026年第1季度投诉处理满意率无法计算：已评价为0】",
        "【缺2026年第1季度《考试成绩》（考试及格率）】",
        "少于5件",
    ]


def test_a_slot_that_word_has_split_is_found_and_keeps_its_look(tmp_path: Path, cursor) -> None:
    path = template_of(tmp_path)
    document = Document(str(path))
    paragraph = document.add_paragraph("投诉")
    for text, bold in (("{{compl", True), ("aint_count", None), ("}}", True), ("。", None)):
        paragraph.add_run(text).bold = bold
    document.save(str(path))
    report = quarterly_report(cursor, parse_period(QUARTER), scope=EVERYTHING, template=path)
    (held,) = [p for p in word.paragraphs(opened(report)) if p.text.startswith("投诉")]
    assert held.text == "投诉1,260件。"
    assert [(run.text, run.bold) for run in held.runs] == [
        ("投诉", None),
        ("1,260件", True),
        ("。", None),
    ]


@given(st.lists(st.text("ab{}|中", max_size=6), max_size=6))
def test_pieces_lose_and_add_nothing(runs: list[str]) -> None:
    found = pieces(runs)
    assert "".join(piece.text for piece in found) == "".join(runs)
    assert [p.text for p in found if p.slot] == [m[0] for m in SLOT.finditer("".join(runs))]


@pytest.mark.parametrize(
    ("slot", "said"),
    [
        ("{{complaints}}", "没有这样的指标或字段"),
        ("{{complaint_count|yesterday}}", "看不懂“yesterday”"),
        ("{{complaint_count|section=x}}", "不能按 section 筛选"),
        ("{{table|nothing|cause}}", "没有指标“nothing”"),
        ("{{table|complaint_count|section}}", "不能按“section”划分"),
        ("{{top|complaint_count}}", "应写作 top|指标|维度|个数"),
    ],
)
def test_a_slot_that_asks_for_nothing_is_named(
    tmp_path: Path, cursor, slot: str, said: str
) -> None:
    path = template_of(tmp_path, slot)
    with pytest.raises(HandoutError, match=re.escape(said)) as raised:
        quarterly_report(cursor, parse_period(QUARTER), scope=EVERYTHING, template=path)
    assert slot in str(raised.value)


def test_what_people_wrote_stays_when_it_is_made_again(
    tmp_path: Path, made: Report, cursor
) -> None:
    document = opened(made)
    controls = word.controls(document)
    assert set(controls) == {"工作亮点", "存在的问题", "制度建设", "经验总结", "工作计划"}
    content = controls["工作亮点"].find(qn("w:sdtContent"))
    paragraph = Paragraph(content.find(qn("w:p")), document)
    for run in paragraph.runs:
        run._element.getparent().remove(run._element)
    paragraph.add_run("本季度走进十所学校。")
    second = deepcopy(paragraph._element)
    content.append(second)
    old = tmp_path / "旧稿.docx"
    document.save(str(old))
    again = quarterly_report(cursor, parse_period("2026Q1"), scope=EVERYTHING, keep=old)
    held = texts(again)
    assert held.count("本季度走进十所学校。") == 2
    assert "（请填写：做什么、由谁负责、何时完成）" in held
    assert not any("（请填写：本季度做了什么" in text for text in held)
    third = tmp_path / "三稿.docx"
    third.write_bytes(again.content)
    once_more = quarterly_report(cursor, parse_period(QUARTER), scope=EVERYTHING, keep=third)
    assert texts(once_more).count("本季度走进十所学校。") == 2


def test_what_is_no_word_file_is_said(tmp_path: Path, cursor) -> None:
    path = tmp_path / "坏.docx"
    path.write_bytes(b"PK nothing")
    with pytest.raises(HandoutError, match="打不开 Word 文件 坏.docx"):
        quarterly_report(cursor, parse_period(QUARTER), scope=EVERYTHING, template=path)


def counted(tmp_path: Path, first: int, second: int):
    """A lake with so many complaints in two quarters; every second one is late."""
    rows = [
        {
            "complaint_id": f"{month}-{n}",
            "received_at": f"2025-{month}-02",
            "decided_at": f"2025-{month}-{'28' if n % 2 else '05'}",
            "status": "已办结",
        }
        for month, count in (("04", first), ("07", second))
        for n in range(count)
    ]
    return fill_lake(tmp_path, ("2025-01-01", "2025-12-31"), complaint=rows)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (100, 160, "较上期显著上升60.0%"),
        (100, 104, "较上期上升4.0%，变化不显著（n=104）"),
        (50, 50, "与上期持平"),
        (160, 100, "较上期显著下降37.5%"),
        (3, 60, "较上期的变化因件数少于5不列"),
    ],
)
def test_a_change_is_called_significant_only_beyond_chance(
    tmp_path: Path, first: int, second: int, said: str
) -> None:
    home = counted(tmp_path, first, second)
    with reading(open_reader(home)) as cursor:
        facts = Facts(cursor, parse_period("2025Q3"), EVERYTHING)
        assert facts.change("complaint_count", "previous") == said


def test_no_change_is_told_of_a_period_that_is_not_over(tmp_path: Path) -> None:
    home = fill_lake(
        tmp_path,
        ("2025-01-01", "2025-08-15"),
        complaint="""
            complaint_id | received_at
            1            | 2025-05-01
            2            | 2025-08-01
        """,
    )
    with reading(open_reader(home)) as cursor:
        facts = Facts(cursor, parse_period("2025Q3"), EVERYTHING)
        with pytest.raises(MissingFactError, match="未满期（数据截至2025-08-15）"):
            facts.change("complaint_count", "previous")


@pytest.mark.parametrize(("hides", "said"), [(True, "n<5"), (False, "n=3")])
def test_a_reason_tells_no_small_sample(tmp_path: Path, hides: bool, said: str) -> None:
    rows = [
        {"complaint_id": str(n), "received_at": "2025-10-02", "decided_at": "2025-10-09"}
        for n in range(3)
    ]
    home = fill_lake(tmp_path, ("2025-01-01", "2025-12-31"), complaint=rows)
    with reading(open_reader(home)) as cursor:
        facts = Facts(cursor, parse_period(QUARTER), EVERYTHING, hides_small=hides)
        with pytest.raises(MissingFactError, match=f"样本过少（{said}），不予列示"):
            facts.fact("handling_days_median")


@given(st.lists(st.integers(1, 30), min_size=1, max_size=12), st.integers(2, 8))
def test_no_small_count_stands_alone_or_follows_by_subtraction(
    counts: list[int], limit: int
) -> None:
    counts = sorted(counts, reverse=True)
    shares = [float(share) for share in numerals.shares(counts)]
    parts = pl.DataFrame(
        {
            "label": [f"类{n}" for n in range(len(counts))],
            "value": [float(count) for count in counts],
            "share": shares,
        }
    )
    kept = together(parts, limit)
    values = kept["value"].to_list()
    if sum(counts) >= limit:
        assert all(value is not None and value >= limit for value in values)
        assert sum(values) == sum(counts)
    else:
        assert kept.height == 1
    # What was put together holds at least two, so the total less the others tells none apart.
    hidden = [count for count in counts if count < limit]
    assert len(hidden) == 0 or parts.height - kept.height + 1 >= 2 or parts.height == 1


@given(
    st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), min_size=1, max_size=8),
    st.integers(2, 6),
    st.randoms(use_true_random=False),
)
def test_a_comparison_beside_both_lists_tells_no_small_count_apart(
    counts: list[tuple[int, int]], limit: int, shuffled: random.Random
) -> None:
    """Whoever has both totals, the list of either side and the comparison learns no small count."""
    moved = pl.DataFrame(counts, schema={"current": pl.Float64, "base": pl.Float64}, orient="row")
    moved = moved.with_columns(pl.Series("label", [f"类{n}" for n in range(len(counts))]))
    shown = told_apart(moved, limit)
    for side in ("current", "base"):
        held = moved.filter(pl.col(side) > 0)
        order = list(range(held.height))
        # Lists may break ties in any way.
        shuffled.shuffle(order)
        parts = held[order].sort(side, descending=True, maintain_order=True)
        listed = together(parts.select("label", value=side, share=pl.lit(0.0)), limit)
        known = set(listed.drop_nulls("value")["label"]) | set(shown["label"])
        hidden = held.filter(~pl.col("label").is_in(known))[side].to_list()
        assert held.filter(pl.col("label").is_in(known) & (pl.col(side) < limit)).is_empty()
        if hidden and len(hidden) < held.height:
            # Their sum is known: at least two of them, and not all of them small.
            assert len(hidden) >= 2
            assert sum(hidden) >= limit


def test_the_command_writes_the_report_and_says_what_is_missing(
    tmp_path: Path, demo_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out" / "季报.docx"
    with installed_at(demo_home):
        assert main(["report", "--period", QUARTER, "--out", str(target)]) == 0
        assert re.search(r"本稿 (\d+)/\1 处", capsys.readouterr().out)
        assert main(["report", "--period", QUARTER, "--out", "x.txt"]) == 2
        assert (
            main(["report", "--period", QUARTER, "--out", str(target), "--snapshot", "9999"]) == 1
        )
        assert "没有快照 #9999" in capsys.readouterr().err
    assert Document(str(target)).paragraphs[0].text == "消费者权益保护工作季度报告"


def test_the_shipped_template_is_what_its_script_writes() -> None:
    from warehouse.handouts.template import build

    shipped = [p.text for p in word.paragraphs(Document(str(TEMPLATE)))]
    assert shipped == [p.text for p in word.paragraphs(build())]


def test_it_opens_in_libreoffice_and_becomes_a_pdf(made: Report, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("REQUIRE_OFFICE") == "1":
            pytest.fail("LibreOffice is not on this machine")
        pytest.skip("LibreOffice is not on this machine")
    (tmp_path / "季报.docx").write_bytes(made.content)
    subprocess.run(
        [
            office,
            "--headless",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "季报.docx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    pdf = (tmp_path / "季报.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert 5 <= len(re.findall(rb"/Type\s*/Page[^s]", pdf)) <= 20
