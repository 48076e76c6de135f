"""Random damage: to cells, rows, columns and sheets before a file is written, to bytes after."""

from collections.abc import Callable
from datetime import date, datetime
from random import Random

from tests.ingest.fuzz.ledgers import LEDGERS, Cell, Ledger, Sheet, shown

DATES: tuple[str, ...] = (
    "2024/3/5", "2024.3.5", "2024年3月5日", "20240305", "２０２４－０３－０５", "2024-03-05 10:20:00",
    "2024-03-05T10:20:00", "2024-03-05T10:20:00+08:00", "2024-03-05T10:20:00Z", "2024-03-05 10:20:00-05",
    "2024-03-05 24:00:00", "2024-3-5 7:05", "01/02/2024", "1/2/24", "24-03-05", "05.03.2024", "2024-13-05",
    "2024-02-30", "2023-02-29", "2024-00-10", "45356", "45356.5", "1900-01-01", "0001-01-01", "2024-3",
    "2024年3月", "昨天", "epoch", "infinity", "today", "2024-03-05 (BC)", "2024-03-05 25:61:00", "March 5, 2024",
    "5 Mar 2024", "2024-065", "2024-W10-2", "20240230", "2024 03 05", "2024/03-05", "2024-03-05 上午10:20",
    "2024-03-05 10:20:00.123456789", "２０２４年３月５日", "民国113年3月5日", "2024-03-05 UTC", "2024-03-05 10",
    "2024-03-0５", "二〇二四年三月五日", "2024--03-05", "-2024-03-05", "2024-03-05-", "2024-03-05;2024-03-06",
    "2024-03-05 10:20:00 America/New_York", "12024-03-05", "2024-03-05 10:20 PM", "240305", "202403051020",
)  # fmt: skip
NUMBERS: tuple[str, ...] = (
    "1,234.50", "１２３４.５", "1.2e3", "1E+05", "12,5", "1.234,56", "1 234", "1,23,456", "¥88.5", "￥1,000元",
    "3.5万", "0.1亿", "-5", "+7", "(500)", "5-", "0x1F", "1_000", "1__0", "NaN", "nan", "inf", "-inf", "1e400",
    "0.005", "0.004", "99999999999999999999", "1/2", "50%", "五", "壹佰元", "1..5", "1.5.2", ".5", "5.", "--5",
    "007", "约200", "200+", "1,", ",1", "true", "1\u00a0000", "1'000", "85分", "90/100", "100/90", "缺考", "免考", "85%",
    "1 2", "12 人", "3.7人", "USD 5", "5元5角", "1万2千", "−5", "٣", "²", "１２，５", "1e3", "1.0000000001",
)  # fmt: skip
TEXTS: tuple[str, ...] = (
    "", " ", "\u3000", "无", "-", "/", "NULL", "null", "#N/A", "#REF!", "#DIV/0!", "N/A", "None", "nan",
    "合计", "小计", "总计：", "备注", "制表人:李", "注1", "说明文字", "=1+1", "=SUM(A1:A9)", "+cmd", "@x", "'001", '"',
    '""', 'a"b', '"a"b', "a,b", "a;b", "a\tb", "a|b", "a\nb", "a\r\nb", "a\rb", "\x00", "a\x00b", "a\x01b", "\x1a",
    "a\x0bb", "a\x0cb", "a\x1cb", "a\x85b", "a\u2028b", "\u202e123", "\u200b1", "a\u200bb", "\ufeffx", "😀投诉", "𠮷野家",
    "信用卡業務", "貸款", "ＡＢＣ１２３", "0012", "1e5", "4.40305E+17", "44030519900101123X", "13812345678",
    "１３８１２３４５６７８", "138 1234 5678", "6222021234567890123", "a@b.com", "张三先生", "是", "否", "有", "Y", "2", "√",
    "x" * 5000, "长" * 40_000, "{value}", "{}", "$x", "%s", "\\", "\\n", "<b>", "&amp;", "_x000D_", "_x0041_",
    "A-0", "信 用 卡", "信用卡.", "投诉编号", "é", "e\u0301", "ﬁ", "ß", "ı", "İ", "１-1", "1", "0", "true", "TRUE",
    "2024-03-05", "http://a.b/c?d=e", "第一支行 ", " 第一支行", "第 一支行", "支行１１", "\ud7ff", "\uffff", "\ue000",
)  # fmt: skip
HEADERS: tuple[str, ...] = (
    "", " ", "投诉编号", "收到日期", "受理日期", "办结日期", "投诉金额(万元)", "投诉金额（亿元）", "业务类别", "投诉渠道",
    "被投诉机構", "投 诉 编 号", "*投诉编号", "投诉编号（必填）", "备注", "新增列", "考试名称", "成绩", "工号", "总分", "满分",
    "实务板块", "实务板块(60分)", "项目编号", "审查意见", "意见序号", "编号", "序号", "小计", "合计", "投诉编号\n", "金额",
    "回复日期", "机构", "投诉人数(人)", "x" * 300, "13812345678", "日期", "产品", "状态", "撤诉日期",
)  # fmt: skip
FOOTERS = (
    "合计",
    "小 计",
    "总计:",
    "制表人：张三",
    "备注：以上",
    "审核",
    "以下空白",
    "说明",
    "——完——",
)
_VALID = (
    date(2024, 4, 5),
    datetime(2024, 4, 5, 9, 30),
    0,
    -3,
    12.5,
    1e15,
    440305199001011234,
    1e-7,
)
Mutation = Callable[[Ledger, Random], None]
ByteMutation = Callable[[bytes, Random], bytes]


def _sheet(ledger: Ledger, rng: Random) -> Sheet:
    return rng.choice(ledger.sheets)


def _data(sheet: Sheet) -> list[int]:
    return list(range(sheet.header + 1, len(sheet.rows)))


def _place(ledger: Ledger, rng: Random) -> tuple[Sheet, list[Cell], int] | None:
    sheet = _sheet(ledger, rng)
    rows = [sheet.rows[i] for i in _data(sheet) if sheet.rows[i]]
    if not rows:
        return None
    row = rng.choice(rows)
    return sheet, row, rng.randrange(len(row))


def _written_into(texts: tuple[Cell, ...]) -> Mutation:
    def mutate(ledger: Ledger, rng: Random) -> None:
        if place := _place(ledger, rng):
            _, row, at = place
            row[at] = rng.choice(texts)

    return mutate


def _kind(ledger: Ledger, rng: Random, *kinds: type) -> tuple[list[Cell], int] | None:
    found = [
        (row, at)
        for sheet in ledger.sheets
        for row in sheet.rows[sheet.header + 1 :]
        for at, cell in enumerate(row)
        if isinstance(cell, kinds)
    ]
    return rng.choice(found) if found else None


def date_spelling(ledger: Ledger, rng: Random) -> None:
    """A date is written in another way, or is none."""
    if place := _kind(ledger, rng, date):
        place[0][place[1]] = rng.choice(DATES)


def date_column(ledger: Ledger, rng: Random) -> None:
    """Every cell of a date column is written otherwise."""
    for row in _sheet(ledger, rng).rows:
        for at, cell in enumerate(row):
            if isinstance(cell, date) and rng.random() < 0.5:
                row[at] = rng.choice(DATES)


def number_spelling(ledger: Ledger, rng: Random) -> None:
    """A number is written in another way, or is none."""
    if place := _kind(ledger, rng, int, float):
        place[0][place[1]] = rng.choice(NUMBERS)


def cells_swapped(ledger: Ledger, rng: Random) -> None:
    """Two cells of a row change places."""
    if place := _place(ledger, rng):
        _, row, at = place
        other = rng.randrange(len(row))
        row[at], row[other] = row[other], row[at]


def cell_padded(ledger: Ledger, rng: Random) -> None:
    """White space and invisible marks around a cell."""
    if place := _place(ledger, rng):
        _, row, at = place
        pads = (" ", "\u3000", "\u00a0", "\t", "\n", "\u200b", "\u200f", "\ufeff", "'", "\x7f")
        row[at] = rng.choice(pads) + shown(row[at]) + rng.choice(("", *pads))


def as_text(ledger: Ledger, rng: Random) -> None:
    """Numbers and dates as text, as exports do."""
    for row in _sheet(ledger, rng).rows:
        for at, cell in enumerate(row):
            if cell is not None and rng.random() < 0.5:
                row[at] = shown(cell)


def leading_zeros(ledger: Ledger, rng: Random) -> None:
    """Numbers with zeros in front, or text that looks like a number."""
    if place := _place(ledger, rng):
        _, row, at = place
        row[at] = rng.choice(("000", "0")) + shown(row[at])


def row_dropped(ledger: Ledger, rng: Random) -> None:
    """A row is gone, be it a title or the header."""
    sheet = _sheet(ledger, rng)
    at = rng.randrange(len(sheet.rows)) if sheet.rows else 0
    del sheet.rows[at : at + 1]
    sheet.header -= at <= sheet.header


def row_duplicated(ledger: Ledger, rng: Random) -> None:
    """A row stands twice, perhaps far apart and perhaps changed."""
    sheet = _sheet(ledger, rng)
    if data := _data(sheet):
        row = list(sheet.rows[rng.choice(data)])
        if row and rng.random() < 0.5:
            row[rng.randrange(len(row))] = rng.choice(TEXTS)
        sheet.rows.insert(rng.choice(data), row)


def rows_shuffled(ledger: Ledger, rng: Random) -> None:
    """The data in another order."""
    sheet = _sheet(ledger, rng)
    tail = sheet.rows[sheet.header + 1 :]
    rng.shuffle(tail)
    sheet.rows[sheet.header + 1 :] = tail


def _insert(sheet: Sheet, row: list[Cell], rng: Random) -> None:
    at = rng.randint(0, len(sheet.rows))
    sheet.rows.insert(at, row)
    sheet.header += at <= sheet.header


def blank_rows(ledger: Ledger, rng: Random) -> None:
    """Blank rows anywhere, with or without delimiters."""
    sheet = _sheet(ledger, rng)
    for _ in range(rng.randint(1, 3)):
        _insert(sheet, rng.choice(([], [None] * 10, [" "], ["", ""])), rng)


def total_row(ledger: Ledger, rng: Random) -> None:
    """A total, a signature or a note anywhere."""
    sheet = _sheet(ledger, rng)
    width = len(sheet.rows[0]) if sheet.rows else 9
    row: list[Cell] = [None] * max(width, 3)
    row[rng.choice((0, 0, 1))] = rng.choice(FOOTERS)
    row[rng.randrange(1, len(row))] = rng.choice((3, 5, "5", 101.5, None, "张三"))
    _insert(sheet, row, rng)


def header_repeated(ledger: Ledger, rng: Random) -> None:
    """The header again, as at page breaks."""
    sheet = _sheet(ledger, rng)
    if 0 <= sheet.header < len(sheet.rows):
        _insert(sheet, list(sheet.rows[sheet.header]), rng)


def second_table(ledger: Ledger, rng: Random) -> None:
    """Another ledger below the first."""
    sheet = _sheet(ledger, rng)
    other = LEDGERS[rng.choice(list(LEDGERS))](f"S{rng.getrandbits(60):015x}").sheets[0]
    sheet.rows += [[] for _ in range(rng.randint(0, 2))]
    sheet.rows += other.rows[rng.randint(0, max(other.header, 0)) :]


def ragged_row(ledger: Ledger, rng: Random) -> None:
    """A row with a cell too many or too few."""
    if place := _place(ledger, rng):
        _, row, at = place
        if rng.random() < 0.5:
            row.insert(at, rng.choice(TEXTS))
        else:
            del row[at]


def _every_row(sheet: Sheet) -> int:
    return max(map(len, sheet.rows), default=0)


def columns_swapped(ledger: Ledger, rng: Random) -> None:
    """Two columns change places, header and all."""
    sheet = _sheet(ledger, rng)
    width = _every_row(sheet)
    if width:
        one, other = rng.randrange(width), rng.randrange(width)
        for row in sheet.rows:
            row += [None] * (width - len(row))
            row[one], row[other] = row[other], row[one]


def column_dropped(ledger: Ledger, rng: Random) -> None:
    """A column is gone."""
    sheet = _sheet(ledger, rng)
    at = rng.randrange(max(_every_row(sheet), 1))
    for row in sheet.rows:
        del row[at : at + 1]


def column_duplicated(ledger: Ledger, rng: Random) -> None:
    """A column stands twice, the second time perhaps with other values."""
    sheet = _sheet(ledger, rng)
    at, to = rng.randrange(max(_every_row(sheet), 1)), rng.randrange(max(_every_row(sheet), 1))
    changed = rng.random() < 0.5
    for number, row in enumerate(sheet.rows):
        cell = row[at] if at < len(row) else None
        if changed and number > sheet.header and rng.random() < 0.5:
            cell = rng.choice(TEXTS)
        row.insert(to, cell)


def column_inserted(ledger: Ledger, rng: Random) -> None:
    """A new or blank column somewhere."""
    sheet = _sheet(ledger, rng)
    to, name = rng.randint(0, _every_row(sheet)), rng.choice(HEADERS)
    cell = rng.choice((None, "x", *TEXTS[:20]))
    for number, row in enumerate(sheet.rows):
        row += [None] * (to - len(row))
        row.insert(to, name if number == sheet.header else cell if number > sheet.header else None)


def column_renamed(ledger: Ledger, rng: Random) -> None:
    """A column goes by another name, perhaps that of another one."""
    sheet = _sheet(ledger, rng)
    if 0 <= sheet.header < len(sheet.rows) and sheet.rows[sheet.header]:
        header = sheet.rows[sheet.header]
        header[rng.randrange(len(header))] = rng.choice(HEADERS)


def delimiter_changed(ledger: Ledger, rng: Random) -> None:
    """Another delimiter."""
    ledger.delimiter = rng.choice((",", ";", "\t", "|", ":", "^"))


def encoding_changed(ledger: Ledger, rng: Random) -> None:
    """Another encoding, with or without a mark."""
    ledger.encoding = rng.choice(
        (
            "utf-8",
            "utf-8-sig",
            "gb18030",
            "gbk",
            "utf-16",
            "utf-16-le",
            "utf-16-be",
            "big5",
            "utf-32",
        )
    )


def newline_changed(ledger: Ledger, rng: Random) -> None:
    """Other line ends."""
    ledger.newline = rng.choice(
        ("\r", "\r\n", "\n", "\n\n", "\r\r\n", "\n\r", "\u2028", "\x85", "\x0c\n")
    )


def quotes_changed(ledger: Ledger, rng: Random) -> None:
    """Everything quoted, or nothing."""
    ledger.quotes = rng.choice(("all", "none"))


def merged_cells(ledger: Ledger, rng: Random) -> None:
    """Cells of a column are merged, so that only the first keeps its value."""
    sheet = _sheet(ledger, rng)
    if data := _data(sheet):
        top, column = rng.choice(data) + 1, rng.randint(1, 9)
        bottom = min(top + rng.randint(0, 2), len(sheet.rows))
        right = column + rng.randint(0, 1)
        sheet.merged = [(top, column, bottom, right)]


def hidden_rows(ledger: Ledger, rng: Random) -> None:
    """Rows that a filter hides."""
    sheet = _sheet(ledger, rng)
    sheet.hidden |= {rng.randint(1, max(len(sheet.rows), 1)) for _ in range(2)}


def extra_sheet(ledger: Ledger, rng: Random) -> None:
    """Another sheet: a note, a pivot or a ledger, perhaps hidden."""
    other = LEDGERS[rng.choice(list(LEDGERS))](f"X{rng.getrandbits(60):015x}").sheets[0]
    note = Sheet("说明", [["填表说明"], ["投诉编号", "必填"]], 0)
    chosen = rng.choice((other, note, Sheet("空", [], -1)))
    chosen.name = f"附{len(ledger.sheets)}"
    chosen.state = rng.choice(("visible", "visible", "hidden", "veryHidden"))
    ledger.sheets.insert(rng.randint(0, len(ledger.sheets)), chosen)


def day_count(ledger: Ledger, rng: Random) -> None:
    """The other day count of workbooks."""
    ledger.is_1904 = not ledger.is_1904


GRID: dict[str, Mutation] = {
    "cell_text": _written_into(TEXTS),
    "cell_date": _written_into(DATES),
    "cell_number": _written_into(NUMBERS),
    "cell_typed": _written_into((*_VALID, True, False, "#N/A", "#REF!", "=A1", "=1/0")),
    **{
        one.__name__: one
        for one in (
            date_spelling, date_column, number_spelling, cells_swapped, cell_padded, as_text,
            leading_zeros, row_dropped, row_duplicated, rows_shuffled, blank_rows, total_row,
            header_repeated, second_table, ragged_row, columns_swapped, column_dropped,
            column_duplicated, column_inserted, column_renamed, delimiter_changed, encoding_changed,
            newline_changed, quotes_changed, merged_cells, hidden_rows, extra_sheet, day_count,
        )
    },
}  # fmt: skip


def _at(data: bytes, rng: Random) -> int:
    return rng.randrange(len(data) + 1)


def bit_flipped(data: bytes, rng: Random) -> bytes:
    """One bit is another."""
    at = _at(data, rng)
    return data[:at] + bytes(b ^ 1 << rng.randrange(8) for b in data[at : at + 1]) + data[at + 1 :]


def byte_inserted(data: bytes, rng: Random) -> bytes:
    """A byte more, most often one that means something."""
    at = _at(data, rng)
    return (
        data[:at]
        + bytes([rng.choice(b'",;\t|\n\r\0\x1a\xff\xfe\x80' + rng.randbytes(1))])
        + data[at:]
    )


def bytes_deleted(data: bytes, rng: Random) -> bytes:
    """Some bytes are gone."""
    at = _at(data, rng)
    return data[:at] + data[at + rng.choice((1, 1, 2, 7, 40)) :]


def bytes_doubled(data: bytes, rng: Random) -> bytes:
    """A part stands twice."""
    at, length = _at(data, rng), rng.choice((1, 2, 16, 100))
    return data[: at + length] + data[at:]


def truncated(data: bytes, rng: Random) -> bytes:
    """The end is missing, or the beginning."""
    at = _at(data, rng)
    return data[:at] if rng.random() < 0.8 else data[at:]


def zeroed(data: bytes, rng: Random) -> bytes:
    """A block of zeros, as after a crash."""
    at, length = _at(data, rng), rng.choice((1, 4, 64, 512))
    return data[:at] + b"\0" * len(data[at : at + length]) + data[at + length :]


def spliced(data: bytes, rng: Random) -> bytes:
    """The beginning of one file and the end of another."""
    ledger = LEDGERS[rng.choice(list(LEDGERS))](f"B{rng.getrandbits(60):015x}")
    other = ledger.written()
    if rng.random() < 0.3:
        return data + other
    return data[: _at(data, rng)] + other[_at(other, rng) :]


def noise(data: bytes, rng: Random) -> bytes:
    """Several random bytes in a row."""
    at, length = _at(data, rng), rng.choice((1, 3, 20))
    return data[:at] + rng.randbytes(length) + data[at + length :]


BYTES: dict[str, ByteMutation] = {
    one.__name__: one
    for one in (
        bit_flipped,
        byte_inserted,
        bytes_deleted,
        bytes_doubled,
        truncated,
        zeroed,
        spliced,
        noise,
    )
}
MUTATIONS = (*GRID, *BYTES)
CELLS = (
    *("cell_text", "cell_date", "cell_number", "date_spelling", "date_spelling", "number_spelling"),
    *("number_spelling", "cells_swapped", "cell_padded", "leading_zeros", "row_duplicated"),
)
Steps = list[tuple[str, int]]


def mutated(kind: str, number: str, steps: Steps) -> bytes:
    """The bytes of a ledger after these mutations, those of cells first."""
    ledger = LEDGERS[kind](number)
    for name, seed in steps:
        if name in GRID:
            GRID[name](ledger, Random(f"{name}{seed}"))
    data = ledger.written()
    for name, seed in steps:
        if name in BYTES:
            data = BYTES[name](data, Random(f"{name}{seed}"))
    return data
