"""Lays the complaints out as yearly ledgers, each in the form that its year's system exports."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from openpyxl.worksheet.worksheet import Worksheet

from ingest.demo import complaint_rows as layout
from ingest.demo import faults, story
from ingest.demo.complaints import Case
from ingest.demo.draws import stream
from ingest.demo.timeline import Timeline
from ingest.demo.writers import Cell, add_header, add_title, new_sheet, save, write_csv

Record = dict[str, Cell]

OLD_SYSTEM = layout.Style(
    yes_no=("是", "否"),
    variants={
        "中、后台业务渠道": "中后台",
        "移动客户端": "手机银行",
        "营业现场": "营业场所",
        "网银渠道": "网银",
    },
    variant_share=1.0,
    framed_cause_share=1.0,
    write_date=layout.slash_date,
)
KEPT_BY_HAND = layout.Style(
    yes_no=("是", "否"),
    variants={"移动客户端": "移动端", "业务操作及效率": "业务效率和操作"},
    variant_share=0.3,
    framed_cause_share=0.35,
    write_date=layout.mixed_date,
    has_hand_written_rows=True,
)
NEW_SYSTEM = layout.Style(
    yes_no=("1", "0"),
    variants={"定价收费": "收费定价", "管理制度、业务规则与流程": "制度、业务规则与流程"},
    variant_share=0.5,
    framed_cause_share=0.0,
    write_date=layout.iso_date,
)
_FULL_WIDTH_AMOUNT = "投诉金额（万元）"


@dataclass(frozen=True)
class _Ledger:
    """One yearly ledger: the days it covers and the day on which it was made."""

    year: int
    first: date
    last: date
    made_on: date

    @property
    def period(self) -> str:
        """The covered days as the preamble states them."""
        return f"统计期间:{_chinese(self.first)}至{_chinese(self.last)}"

    @property
    def title(self) -> str:
        """The title row."""
        return f"{story.BRANCH}{self.year}年消费投诉台账{story.MARK}"

    def file_name(self, suffix: str) -> str:
        """The file's name; a year that is not over says how far it goes."""
        months = f"{self.first.month}-{self.last.month}月"
        part = "" if self.last.month == 12 else months.removeprefix(f"{self.last.month}-")
        return f"{story.PREFIX}投诉台账_{self.year}年{part}.{suffix}"


def write_ledgers(folder: Path, timeline: Timeline, cases: list[Case], seed: int) -> list[Path]:
    """Write one ledger per year: CSV of the old system, a workbook, CSV of the new system."""
    rng = stream(seed, "complaint ledgers")
    paths: list[Path] = []
    carried_over: list[Case] = []
    for year in timeline.years:
        ledger = _ledger(timeline, year)
        own = [case for case in cases if case.course.received.year == year]
        if year == timeline.years[-1]:
            paths.append(_write_new_system(rng, folder, ledger, carried_over + own))
        elif year == timeline.years[-2]:
            paths.append(_write_workbook(rng, folder, ledger, own))
            carried_over = [case for case in own if _is_unfinished(case, ledger.made_on)]
        else:
            paths.append(_write_old_system(rng, folder, ledger, own))
    return paths


def _ledger(timeline: Timeline, year: int) -> _Ledger:
    first, last = max(timeline.start, date(year, 1, 1)), min(timeline.end, date(year, 12, 31))
    # Early in the new year some cases are still open; by spring none of an older year is.
    made_on = date(year + 1, 1, 5) if year == timeline.years[-1] - 1 else date(year + 1, 3, 10)
    return _Ledger(year, first, last, min(made_on, timeline.end))


def _is_unfinished(case: Case, day: date) -> bool:
    return layout.status(case, day) in {"待受理", "处理中", "待回访", "超期未办结"}


def _records(
    rng: Random, ledger: _Ledger, cases: Iterable[Case], style: layout.Style
) -> list[Record]:
    return [
        {"seq": seq, **layout.ledger_row(rng, case, seen_on=ledger.made_on, style=style)}
        for seq, case in enumerate(cases, start=1)
    ]


def _write_old_system(rng: Random, folder: Path, ledger: _Ledger, cases: list[Case]) -> Path:
    records = _records(rng, ledger, cases, OLD_SYSTEM)
    headers = {**layout.HEADERS, "complaint_id": "投诉编号"}
    rows: list[list[Cell]] = [[ledger.title], [ledger.period], list(headers.values())]
    rows += [[record.get(field) for field in headers] for record in records]
    rows += [
        _total_row(records),
        ["制表人:演示甲", "复核人:演示乙", f"填报日期:{_chinese(ledger.made_on)}"],
    ]
    padded = [row + [None] * (len(headers) - len(row)) for row in rows]
    path = folder / ledger.file_name("csv")
    write_csv(path, padded, encoding="gb18030")
    return path


def _write_workbook(rng: Random, folder: Path, ledger: _Ledger, cases: list[Case]) -> Path:
    records = _records(rng, ledger, cases, KEPT_BY_HAND)
    faults.spoil_workbook(records)
    sheet = new_sheet("投诉台账")
    add_title(sheet, ledger.title, width=len(layout.HEADERS))
    made = f"{ledger.period}    制表日期:{_chinese(ledger.made_on)}"
    add_title(sheet, made, width=len(layout.HEADERS))
    _add_grouped_header(sheet)
    for record in records:
        sheet.append([record.get(field) for field in layout.HEADERS])
    sheet.append(_total_row(records))
    path = folder / ledger.file_name("xlsx")
    save(path, sheet)
    return path


def _add_grouped_header(sheet: Worksheet) -> None:
    upper: list[str | None] = ["序号"]
    lower: list[str | None] = [None]
    spans = []
    for group, columns in layout.GROUPS.items():
        spans.append((len(upper) + 1, len(upper) + len(columns)))
        upper += [group, *[None] * (len(columns) - 1)]
        lower += [_FULL_WIDTH_AMOUNT if f == "amount_10k" else n for f, n in columns.items()]
    add_header(sheet, [*upper, "备注"])
    add_header(sheet, [*lower, None])
    row = sheet.max_row
    for first, last in spans:
        sheet.merge_cells(start_row=row - 1, end_row=row - 1, start_column=first, end_column=last)
    for column in (1, len(upper) + 1):
        sheet.merge_cells(start_row=row - 1, end_row=row, start_column=column, end_column=column)


def _write_new_system(rng: Random, folder: Path, ledger: _Ledger, cases: list[Case]) -> Path:
    records = _records(rng, ledger, cases, NEW_SYSTEM)
    faults.spoil_csv(records)
    rows: list[list[Cell]] = [[ledger.title], [ledger.period], list(layout.HEADERS.values())]
    rows += [[record.get(field) for field in layout.HEADERS] for record in records]
    path = folder / ledger.file_name("csv")
    write_csv(path, rows, encoding="utf-8-sig")
    return path


def _total_row(records: list[Record]) -> list[Cell]:
    """The total of complainants and of amounts, as the ledger's keeper adds them up."""
    totals: Record = {
        "seq": "合计",
        "people": sum(int(str(r["people"])) for r in records),
        "amount_10k": round(sum(float(str(r["amount_10k"] or 0)) for r in records), 2),
    }
    return [totals.get(field) for field in layout.HEADERS]


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
