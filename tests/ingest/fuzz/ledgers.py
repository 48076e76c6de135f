"""Valid ledgers as grids of cells, and the bytes that they make as text or workbook."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import openpyxl

Cell = Any
Rows = list[list[Cell]]


@dataclass
class Sheet:
    """One table with what stands around it; `header` is the index of its last header row."""

    name: str
    rows: Rows
    header: int
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    state: str = "visible"


@dataclass
class Ledger:
    """One file before it is written."""

    sheets: list[Sheet]
    is_workbook: bool
    encoding: str = "utf-8"
    delimiter: str = ","
    newline: str = "\n"
    quotes: str = "needed"
    is_1904: bool = False

    def written(self) -> bytes:
        """The bytes of the file."""
        return _workbook(self) if self.is_workbook else _text(self)


def shown(cell: Cell) -> str:
    """A cell as a text file shows it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime) and (cell.hour or cell.minute):
        return f"{cell:%Y-%m-%d %H:%M}"
    return f"{cell:%Y-%m-%d}" if isinstance(cell, date) else str(cell)


def _quoted(text: str, ledger: Ledger) -> str:
    special = any(mark in text for mark in (ledger.delimiter, '"', "\r", "\n"))
    if ledger.quotes == "all" or (special and ledger.quotes == "needed"):
        return '"' + text.replace('"', '""') + '"'
    return text


def _text(ledger: Ledger) -> bytes:
    rows = ledger.sheets[0].rows
    lines = [ledger.delimiter.join(_quoted(shown(c), ledger) for c in row) for row in rows]
    text = "".join(line + ledger.newline for line in lines)
    return text.encode(ledger.encoding, "replace")


def _workbook(ledger: Ledger) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    if ledger.is_1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for sheet in ledger.sheets:
        target = book.create_sheet(sheet.name)
        for number, row in enumerate(sheet.rows, start=1):
            for place, cell in enumerate(row, start=1):
                _put(target, number, place, cell)
        for top, left, bottom, right in sheet.merged:
            target.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        for row in sheet.hidden:
            target.row_dimensions[row].hidden = True
        target.sheet_state = sheet.state
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _put(target: Any, row: int, column: int, cell: Cell) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        # The workbook format has no room for control characters.
        cell = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", cell).replace("\uffff", "")[:32_000]
    target.cell(row, column, cell)


COMPLAINT = [
    "投诉编号",
    "收到日期",
    "办结日期",
    "被投诉机构",
    "业务类别",
    "投诉金额",
    "是否重复投诉",
    "投诉人数",
    "投诉人姓名",
    "投诉内容",
]
_CATEGORIES = ("信用卡", "借记卡", "贷款", "人民币储蓄", "外汇业务？")
_ORGS = ("第一支行", "第二支行", "滨江支行", "支行11")


def _complaint(number: str, at: int) -> list[Cell]:
    return [
        f"{number}-{at}",
        date(2024, 1 + at, 3 + at),
        date(2024, 1 + at, 9 + 2 * at) if at != 2 else None,
        _ORGS[at % 4],
        _CATEGORIES[at % 5],
        (1234.5, 20, 0, 99999.99, 7)[at % 5],
        "是" if at % 2 else "否",
        1 + at,
        f"王小{'明红刚丽军'[at % 5]}",
        f'说“慢”, 请回电1381234562{at % 10}\n"急"' if at % 3 == 0 else f"收费{at}元不合理",
    ]


def _complaints(number: str, rows: int = 5) -> Rows:
    return [_complaint(number, at) for at in range(rows)]


def complaint_csv(number: str) -> Ledger:
    """A plain complaint ledger in UTF-8."""
    return Ledger([Sheet("台账", [list(COMPLAINT), *_complaints(number)], 0)], False)


def long_csv(number: str) -> Ledger:
    """Many complaints, so that many cells can be damaged at once."""
    rows = [_complaint(f"{number}-{n}", n % 5) for n in range(60)]
    return Ledger([Sheet("台账", [list(COMPLAINT), *rows], 0)], False)


def long_xlsx(number: str) -> Ledger:
    """The same as a workbook."""
    ledger = long_csv(number)
    ledger.is_workbook = True
    return ledger


def complaint_gb(number: str) -> Ledger:
    """A complaint ledger in GB18030 with titles, two header rows, a total and a signature."""
    blank: Rows = [[None] * 10]
    upper = ["基本情况", None, None, None, None, "处理情况", None, None, "客户", None]
    rows = [["2024年投诉台账"] + [None] * 9, ["统计期间:2024年1月1日至2024年6月30日"] + [None] * 9]
    rows += [upper, list(COMPLAINT), *_complaints(number), *blank]
    rows += [["合计", None, None, None, None, 101261.49] + [None] * 4, ["制表人:张三"] + [None] * 9]
    return Ledger([Sheet("台账", rows, 3)], False, encoding="gb18030", newline="\r\n")


def complaint_xlsx(number: str) -> Ledger:
    """The same as a workbook with true dates and numbers."""
    ledger = complaint_gb(number)
    ledger.is_workbook = True
    ledger.sheets[0].merged = [(1, 1, 1, 10), (3, 1, 3, 5), (3, 6, 3, 8)]
    return ledger


EXAM = [
    "考试名称",
    "考试日期",
    "工号",
    "姓名",
    "机构",
    "法律法规板块(40分)",
    "实务板块(60分)",
    "成绩",
    "补考成绩",
]


def _exams(number: str) -> Rows:
    marks = [
        (38, 55.5, 93.5, None),
        (20, 30, 50, 71),
        (None, None, "缺考", None),
        (40, 60, 100, None),
    ]
    return [
        [
            f"消保考试{number}" if at in (0, 2) else None,
            date(2024, 6, 18) if at == 0 else None,
            f"{number[-5:]}{at}",
            f"李{'一二三四'[at]}",
            _ORGS[at],
            *mark,
        ]
        for at, mark in enumerate(marks)
    ]


def exam_csv(number: str) -> Ledger:
    """Exam scores with two sections, the exam's name in the first rows only."""
    return Ledger([Sheet("成绩", [list(EXAM), *_exams(number)], 0)], False, delimiter="\t")


def exam_xlsx(number: str) -> Ledger:
    """The same as a workbook with a title."""
    rows = [["2024年消保考试成绩表"], list(EXAM), *_exams(number)]
    return Ledger([Sheet("成绩", rows, 1)], True)


REVIEW = [
    "项目编号",
    "产品名称",
    "送审单位",
    "送审日期",
    "审查日期",
    "审查结论",
    "发现问题数",
    "审查意见",
    "是否采纳",
]


def review_csv(number: str) -> Ledger:
    """Reviews of which two have several opinions, each in a row of its own."""
    rows: Rows = []
    for at, opinions in enumerate((2, 1, 3)):
        first = [
            f"{number}-{at}",
            f"理财{at}号",
            "零售部",
            date(2024, 2, 1 + at),
            date(2024, 2, 9 + at),
        ]
        first += [("同意", "修改后同意", "不同意")[at], opinions]
        for n in range(opinions):
            case = first if n == 0 else [None] * 7
            rows.append([*case, f"第{n}条意见：提示{at}", ("采纳", "未采纳")[n % 2]])
    return Ledger([Sheet("审查", [list(REVIEW), *rows], 0)], False, delimiter=";")


def two_sheets(number: str) -> Ledger:
    """A workbook with complaints in one sheet and exam scores in another."""
    first, second = complaint_xlsx(number).sheets[0], exam_xlsx(number).sheets[0]
    return Ledger([first, second], True)


LEDGERS: dict[str, Callable[[str], Ledger]] = {
    one.__name__: one
    for one in (
        long_csv,
        long_xlsx,
        complaint_csv,
        complaint_gb,
        complaint_xlsx,
        exam_csv,
        exam_xlsx,
        review_csv,
        two_sheets,
    )
}
