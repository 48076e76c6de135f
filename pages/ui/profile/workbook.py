"""The profiles as one workbook: contents, one sheet per sub-branch, definitions."""

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import polars as pl
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from pages.ui import formats, peer_words
from pages.ui.profile import cases, details, gaps, head, ranks
from pages.ui.profile.heading import Heading
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse.profile import EXAM_CUTS, Profile
from warehouse.registry import dimensions, indicator
from warehouse.spreadsheet import without_formula

# More cases than that are no reading matter; the explanation of the number lists all of them.
CASES_AT_MOST = 500
SHEET_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_TITLE, _SECTION, _HEAD = Font(bold=True, size=16), Font(bold=True, size=12), Font(bold=True)
_HEAD_FILL = PatternFill("solid", fgColor="E4E8EC")
WIDTHS = (26, 30, 13, 13, 13, 13, 13, 13, 15, 13, 13, 26)


def build(
    heading: Heading,
    profiles: Iterable[Profile],
    *,
    on_sheet: Callable[[str], object] = str,
) -> bytes:
    """The workbook as a file; `on_sheet` hears the name of each sub-branch that is done."""
    book = Workbook()
    contents = book.worksheets[0]
    contents.title = _("目录")
    taken = {contents.title, _("口径")}
    rows: list[tuple[str, str, str, str]] = []
    asked: dict[str, None] = {}
    for held in profiles:
        title = _free_title(held.name, taken)
        _profile(_Sheet(book.create_sheet(title)), heading, held)
        first = held.findings[0].gap if held.findings else None
        words = peer_words.behind(indicator(first.indicator_id), first.place) if first else ""
        rows.append((held.name, title, head.base_words(held), words))
        asked.update(dict.fromkeys(held.places))
        on_sheet(held.name)
    _contents(_Sheet(contents), heading, rows)
    _definitions(_Sheet(book.create_sheet(_("口径"))), heading, list(asked))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _free_title(name: str, taken: set[str]) -> str:
    """A sheet name that Excel accepts and that no other sheet bears."""
    plain = _FORBIDDEN.sub("_", name)[:SHEET_NAME] or "_"
    title, number = plain, 1
    while title.casefold() in {one.casefold() for one in taken}:
        number += 1
        title = f"{plain[: SHEET_NAME - 4]}({number})"
    taken.add(title)
    return title


@dataclass
class _Sheet:
    """A sheet that is written from top to bottom."""

    sheet: Worksheet
    row: int = field(default=1)

    def __post_init__(self) -> None:
        for at, width in enumerate(WIDTHS):
            self.sheet.column_dimensions[chr(ord("A") + at)].width = width

    def line(self, text: str, font: Font | None = None) -> Cell:
        cell = self.sheet.cell(self.row, 1, _safe(text))
        if font is not None:
            cell.font = font
        self.row += 1
        return cell

    def head(self, title: str, heading: Heading, *more: str) -> None:
        """What stands above everything."""
        if heading.notice:
            self.line(heading.notice, _HEAD)
        self.line(title, _TITLE)
        for text in (*more, *heading.lines):
            self.line(text)

    def section(self, text: str) -> None:
        self.row += 1
        self.line(text, _SECTION)

    def table(self, frame: pl.DataFrame, columns: Sequence[Column]) -> None:
        for at, column in enumerate(columns, start=1):
            cell = self.sheet.cell(self.row, at, _safe(column.heading))
            cell.font, cell.fill = _HEAD, _HEAD_FILL
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        for row in frame.iter_rows(named=True):
            self.row += 1
            for at, column in enumerate(columns, start=1):
                self._write(at, column, row)
        self.row += 1

    def _write(self, at: int, column: Column, row: Mapping[str, Any]) -> None:
        value = row[column.name]
        cell = self.sheet.cell(self.row, at, _safe(value))
        if isinstance(value, float | int) and not isinstance(value, bool):
            cell.number_format = "#,##0" + ("." + "0" * column.decimals if column.decimals else "")
        elif isinstance(value, datetime):
            cell.number_format = "yyyy-mm-dd hh:mm"
        elif isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"


def _safe(value: Any) -> Any:  # noqa: ANN401 - a cell can hold anything
    """The value as a cell may hold it: no text acts as a formula, no control characters."""
    if isinstance(value, str):
        return without_formula(ILLEGAL_CHARACTERS_RE.sub("", value))
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone().replace(tzinfo=None)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return value


def _contents(sheet: _Sheet, heading: Heading, rows: Sequence[tuple[str, str, str, str]]) -> None:
    sheet.head(_("一支行一页"), heading)
    sheet.section(_("目录"))
    start = sheet.row
    frame = pl.DataFrame(
        [(name, words, base) for name, _title, base, words in rows],
        schema=["name", "gap", "base"],
        orient="row",
    )
    sheet.table(
        frame,
        [
            Column("name", _("支行")),
            Column("gap", _("落后最多的指标")),
            Column("base", _("机构基数")),
        ],
    )
    for at, (_name, title, _base, _words) in enumerate(rows, start=start + 1):
        cell = sheet.sheet.cell(at, 1)
        cell.hyperlink = f"#'{title}'!A1"
        cell.style = "Hyperlink"
    sheet.sheet.column_dimensions["B"].width = 90
    sheet.sheet.column_dimensions["C"].width = 60


def _profile(sheet: _Sheet, heading: Heading, held: Profile) -> None:
    sheet.head(held.name, heading, head.base_words(held))
    sheet.section(_("名次"))
    sheet.table(ranks.frame(held.places), ranks.file_columns())
    sheet.section(_("落后最多的指标"))
    for number, finding in enumerate(held.findings, start=1):
        asked = indicator(finding.gap.indicator_id)
        sheet.line(f"{number}. {peer_words.behind(asked, finding.gap.place)}", _HEAD)
        found = finding.cases
        if not found.frame.is_empty():
            sheet.line(_cases_words(found.words, len(found.frame)))
            listed = cases.shown(found).head(CASES_AT_MOST)
            sheet.table(listed, cases.file_columns(found))
    sheet.line(gaps.remark(held))
    _courses(sheet, held)
    _mixes(sheet, held)
    for what, by in EXAM_CUTS:
        if by in held.exams:
            sheet.section(_("考试薄弱处：按{name}").format(name=name_of(dimensions()[by])))
            sheet.table(held.exams[by], details.exam_columns(what, by))


def _cases_words(which: str, count: int) -> str:
    text = _("{which}，共 {count} 件").format(which=which, count=formats.number(count))
    if count > CASES_AT_MOST:
        text += _("，列前 {listed} 件").format(listed=formats.number(CASES_AT_MOST))
    return text


def _courses(sheet: _Sheet, held: Profile) -> None:
    for what, course in held.courses.items():
        asked = indicator(what)
        sheet.section(_("每月{name}").format(name=name_of(asked)))
        sheet.table(
            course,
            [
                Column("month", _("月份")),
                Column("value", name_of(asked), "number", asked.decimals, asked.unit),
                Column("denominator", asked.denominator_zh or _("分母"), "number"),
                Column("median", _("支行中位数"), "number", 1, asked.unit),
                Column("is_incomplete", _("未满月")),
            ],
        )


def _mixes(sheet: _Sheet, held: Profile) -> None:
    for by, found in held.mixes.items():
        name = name_of(dimensions()[by])
        sheet.section(_("投诉结构：按{name}").format(name=name))
        if held.limit and found.is_empty():
            sheet.line(_("件数少，列出会让人推算出较小的件数，不列"))
            continue
        sheet.table(
            found,
            [
                Column(by, name),
                Column("count", _("投诉量"), "number", 0, _("件")),
                Column("share", _("占比"), "number", 1, "%"),
                Column("group_share", _("全部支行占比"), "number", 1, "%"),
            ],
        )


def _definitions(sheet: _Sheet, heading: Heading, asked: Sequence[str]) -> None:
    sheet.head(_("口径"), heading)
    sheet.row += 1
    frame = pl.DataFrame(
        [
            {
                "name": name_of(one),
                "unit": one.unit,
                "definition": one.definition_zh,
                "basis": one.basis_zh,
                "caveats": _("；").join(one.caveats_zh),
            }
            for one in map(indicator, asked)
        ],
        schema=dict.fromkeys(("name", "unit", "definition", "basis", "caveats"), pl.String),
    )
    sheet.table(
        frame,
        [
            Column("name", _("指标")),
            Column("unit", _("单位")),
            Column("definition", _("口径")),
            Column("basis", _("归期")),
            Column("caveats", _("注意")),
        ],
    )
    for letter, width in zip("BCDE", (14, 90, 26, 60), strict=True):
        sheet.sheet.column_dimensions[letter].width = width
    for text in remarks():
        sheet.line(text)


def remarks() -> tuple[str, ...]:
    """How places, medians and gaps are meant, for the definitions sheet."""
    return (
        _(
            "名次：按指标的好坏方向，第 1 名最好，数值相同名次相同；"
            "样本不足或没有数据的不参与排名。"
        ),
        _("支行中位数：参与排名的全部支行的中位数，不是平均数。"),
        _(
            "差距：与中位数之差，好于中位数为正。不同单位的差距除以支行间通常差异后比较；"
            "通常差异为稳健标准差（由绝对中位差、四分位距折算，取较大者）。"
        ),
        _(
            "可能是偶然：比率用本支行与其余支行合计之差的 95% 置信区间（Newcombe–Wilson），"
            "按基数计算的件数用泊松分布；其他指标不作判断。"
        ),
    )
