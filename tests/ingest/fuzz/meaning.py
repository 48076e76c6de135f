"""What a cell means, written down a second time and strictly: every value it may be loaded as."""

import csv
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import zhconv

from tests.ingest.fuzz.reading import Cell, stripped

_CODES = Path(__file__).parents[3] / "warehouse" / "codes"
_DASHES = (
    *("-", "--", "—", "——", "－", "/", "#N/A", "N/A", "n/a", "None", "\\N"),
    *("NULL", "null", "Null", "(null)", "(NULL)", "<null>", "<NULL>"),
    *("NaN", "nan", "NAN", "NaT", "<NA>"),
)
_NOTHING = (*_DASHES, "无", "NA")
# Never a name; a free text may quote it.
_FAILED = ("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!")
_DAY = r"(\d{4})(?: (\d\d?) (\d\d?)|-(\d\d?)-(\d\d?)|/(\d\d?)/(\d\d?)|\.(\d\d?)\.(\d\d?)|年(\d\d?)月(\d\d?)[日号]?)"
_TIME = r"(?:[ T]*(\d\d?)[:时点](\d\d?)(?:(?:分?|[:分](\d\d?)秒?)?(?:\.\d{1,9})?)?(?: ?\+08(?::?00)?)?)?"
_SPELLED = re.compile(_DAY + _TIME)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?: (\d\d?):(\d\d)(?::(\d\d))?|(\d\d)(\d\d)(\d\d))?")
_NUMBER = re.compile(r"([-+]?)(\d+(?:_\d+)*|\d{1,3}(?:,\d{3})+)?(\.\d*)?([Ee][-+]?\d+)?([万亿]?)")
# Days that systems write where there is none.
_ZEROS = re.compile(r"0{8}|0{14}|0000[-/.]00?[-/.]00?([ T].*)?")
_FILLERS = {(1, 1, 1), (1753, 1, 1), (1900, 1, 1), (1970, 1, 1), (2099, 12, 31), (9999, 12, 31)}
_UNITS = "人次|人|天|日|份|篇|次|场|家|户|名|个|项|条"
_MASK = re.compile(r"\*+|某+")
# The value cannot be loaded; the row has to go back.
BAD = object()
Meaning = Callable[[Cell], set[Any]]


def text_of(cell: Cell) -> str | None:
    """A cell as text, numbers as a person would write them."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    found: str | None = stripped(cell if cell is None or isinstance(cell, str) else str(cell))
    protected = re.fullmatch('="([^"=][^"]*)?"', found or "")
    return stripped(protected[1]) if protected else found


def _narrow(text: str) -> str:
    return "".join(
        unicodedata.normalize("NFKC", mark) if "\uff01" <= mark <= "\uff5e" else mark
        for mark in text
    )


def text(cell: Cell) -> set[Any]:
    """The text itself."""
    found = text_of(cell)
    if isinstance(cell, (datetime, date)):
        return {f"{cell:%Y-%m-%d}", f"{cell:%Y-%m-%d %H:%M:%S}"}
    if isinstance(cell, float) and not cell.is_integer():
        return {repr(cell), f"{cell:.15g}", f"{Decimal(repr(cell)):f}"}
    if found in _FAILED:
        return {None, found}
    # A formula in a workbook that has no result stands as its text.
    written = {cell} if isinstance(cell, str) and cell.startswith('="') else set()
    return {None if found in _DASHES else found} | written


def organisation(cell: Cell) -> set[Any]:
    """A name, in which no blank stands between two Chinese characters."""
    han = "[\u3400-\u9fff]"
    between = re.compile(f"(?<={han})[ \t\r\n\f\u3000\u00a0]+(?={han})")
    return {between.sub("", one) if isinstance(one, str) else one for one in text(cell)}


def key(cell: Cell) -> set[Any]:
    """An identifier: kept to the letter, never a number in scientific notation."""
    found = text(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) >= 1e15:
        return {BAD}
    marked = {one[1:] for one in found if isinstance(one, str) and re.fullmatch("'[^'`=]+", one)}
    return {one for one in found if one not in {f"'{bare}" for bare in marked}} | marked


# The hours that a word for a part of the day leaves certain, and what they count as.
_PARTS_OF_DAY = {
    "上午": {hour: hour for hour in range(12)},
    "AM": {**{hour: hour for hour in range(12)}, 12: 0},
    "凌晨": {hour: hour for hour in range(6)},
    "中午": {11: 11, 12: 12},
    "下午": {hour: hour % 12 + 12 for hour in range(1, 24)},
    "PM": {hour: hour % 12 + 12 for hour in range(1, 24)},
    "晚上": {hour: hour % 12 + 12 for hour in (*range(6, 12), *range(18, 24))},
}
_TOLD = re.compile(
    r"(\d{4})[-/.年](\d\d?)[-/.月](\d\d?)[日号]?\s*(\(?)(?:(?:星期|周)([一二三四五六日天]))?(\)?)"
    r"(?:\s*([上下]午|中午|凌晨|晚上)?\s*(\d\d?)[:时点](\d\d?)(?:分|[:分](\d\d?)秒?)?\s*([AP]M)?)?",
    re.IGNORECASE,
)


def _told(plain: str) -> Any:
    """A day with its weekday or with a time of twelve hours; None where it has neither."""
    match = _TOLD.fullmatch(plain)
    if match is None:
        return None
    *day, opened, weekday, closed, half, hour, minute, second, letters = match.groups()
    if not (weekday or half or letters):
        return None
    hours = _PARTS_OF_DAY.get((half or letters or "").upper(), {h: h for h in range(24)})
    if bool(opened) != bool(closed) or (opened and not weekday) or (half and letters):
        return BAD
    try:
        clock = (hours[int(hour)], int(minute), int(second or 0)) if hour else ()
        moment = datetime(*map(int, day), *clock)
    except (KeyError, ValueError):
        return BAD
    if weekday and "一二三四五六日".index(weekday.replace("天", "日")) != moment.weekday():
        return BAD
    return moment if 1900 <= moment.year <= 2099 else BAD


def point_in_time(cell: Cell) -> set[Any]:
    """A day or time in one of the documented spellings, or BAD."""
    if isinstance(cell, date) and (cell.year, cell.month, cell.day) in _FILLERS:
        return {None}
    if isinstance(cell, datetime):
        return {cell.replace(microsecond=0)} if 1900 <= cell.year <= 2099 else {BAD}
    if isinstance(cell, date):
        return {datetime(cell.year, cell.month, cell.day)}
    found = text_of(cell)
    if found is None or found in _NOTHING:
        return {None}
    plain = _narrow(found).strip()
    if _ZEROS.fullmatch(plain):
        return {None}
    if re.fullmatch(r"[2-7]\d{4}(\.\d+)?", plain):
        days = timedelta(seconds=round(float(plain) * 86400))
        return {datetime(1899, 12, 30) + days, datetime(1904, 1, 1) + days}
    if (told := _told(plain)) is not None:
        return {told}
    match = _SPELLED.fullmatch(plain) or _COMPACT.fullmatch(plain)
    if match is None:
        return {BAD}
    parts = [int(part) for part in match.groups() if part is not None]
    try:
        moment = datetime(*parts)
    except (ValueError, TypeError):
        return {BAD}
    if (moment.year, moment.month, moment.day) in _FILLERS:
        return {None}
    fraction = re.search(r":\d\d(\.\d+)", plain)
    moment += timedelta(seconds=float(fraction[1])) if fraction else timedelta()
    floored = moment.replace(microsecond=int(f"{fraction[1][1:]:0<6}"[:6])) if fraction else moment
    return {moment, floored} if 1900 <= moment.year <= 2099 else {BAD}


def day(cell: Cell) -> set[Any]:
    """The day of a point in time."""
    return {one.date() if isinstance(one, datetime) else one for one in point_in_time(cell)}


def number(cell: Cell, *, places: int, factor: int = 1) -> set[Any]:
    """An exact number; thousands marks only where they belong."""
    if isinstance(cell, (bool, datetime, date)):
        return {BAD}
    found = text_of(cell) if not isinstance(cell, float) else repr(cell)
    if found is None or found in _NOTHING:
        return {None}
    plain = re.sub(r"人民币|^([-+]?)[¥￥] ?|元$", r"\1", _narrow(found)).strip()
    match = _NUMBER.fullmatch(plain)
    if match is None or not (match[2] or len(match[3] or "") > 1):
        return {BAD}
    sign, whole, fraction, exponent, scale = (part or "" for part in match.groups())
    value = Decimal(f"{sign}{re.sub('[,_]', '', whole) or '0'}{fraction}{exponent}") * factor
    value *= {"": 1, "万": 10_000, "亿": 100_000_000}[scale]
    if abs(value) >= Decimal(10) ** 20:
        return {BAD}
    step = Decimal(1).scaleb(-places)
    # What the store has no place for is rounded; the reader keeps six places before that.
    kept = value.quantize(Decimal("0.000001") * factor)
    return {
        v.quantize(step, how) for v in (value, kept) for how in (ROUND_HALF_UP, ROUND_HALF_EVEN)
    }


def whole_number(cell: Cell) -> set[Any]:
    """A whole number, perhaps with a unit."""
    plain = re.sub(f"({_UNITS})$", "", _narrow(cell.strip())) if isinstance(cell, str) else cell
    found = number(plain, places=6)
    return {
        int(one)
        if isinstance(one, Decimal) and one == int(one)
        else one
        if one in (None, BAD)
        else BAD
        for one in found
    }


def mark(cell: Cell) -> set[Any]:
    """The points of a mark: 85, 85分, 90/100; none where somebody was not there."""
    found = text_of(cell) if not isinstance(cell, float) else repr(cell)
    if (
        found is None
        or found in _NOTHING
        or found in ("缺考", "缺席", "未参加", "未参考", "旷考", "弃考", "免考", "免试", "豁免")
    ):
        return {None}
    match = re.fullmatch(
        r"(\d+(?:\.\d+)?)\s*[分%]?\s*(?:/\s*\d+(?:\.\d+)?\s*分?)?", _narrow(found).strip()
    )
    return {BAD} if match is None else number(match[1], places=3)


def _folded(value: str) -> str:
    folded = unicodedata.normalize("NFKC", value)
    bare = re.sub(r"[\s\u200b-\u200f\ufeff]+", "", folded)
    return zhconv.convert(bare, "zh-hans").casefold()


@cache
def _names(code_list: str) -> dict[str, str]:
    with (_CODES / f"{code_list}.csv").open(encoding="utf-8", newline="") as file:
        return {
            _folded(spelling): row["name"]
            for row in csv.DictReader(file)
            for spelling in (row["name"], *row["aliases"].split("|"))
            if spelling
        }


def code(cell: Cell, *, code_list: str, own: dict[str, str] | None = None) -> set[Any]:
    """The canonical name of a value that the code list knows, else the text itself."""
    known = _names(code_list) | {_folded(k): v for k, v in (own or {}).items()}
    return {known.get(_folded(one), one) if isinstance(one, str) else one for one in text(cell)}


_YES = {
    "是",
    "y",
    "yes",
    "true",
    "t",
    "1",
    "√",
    "✓",
    "✔",
    "☑",
    "有",
    "对",
    "已批准",
    "批准",
    "同意",
    "已审批",
}
_NO = {
    "否",
    "n",
    "no",
    "false",
    "f",
    "0",
    "×",
    "x",
    "✗",
    "✘",
    "☐",
    "无",
    "没有",
    "不",
    "不是",
    "非",
    "未",
    "未批准",
}


def flag(cell: Cell) -> set[Any]:
    """Yes or no."""
    found = text_of(cell)
    if found is None or found in _DASHES:
        return {None}
    folded = _folded(found)
    return {True} if folded in _YES else {False} if folded in _NO else {BAD}


def is_masked(loaded: Any, wanted: set[Any]) -> bool:
    """Whether the loaded text is the cell with parts of it masked and all others in their order."""
    if not isinstance(loaded, str):
        return False
    for one in wanted:
        if isinstance(one, str):
            plain = _narrow(one)
            parts = [re.escape(_narrow(part)) for part in _MASK.split(loaded)]
            if len(parts) > 1 and re.fullmatch(r"[\s\S]*?".join(parts), plain):
                return True
            # Where a text holds a long number, its full-width marks are written narrow.
            if _narrow(loaded) == plain and re.search(r"(?:\d[\s.-]{0,3}){9}\d", plain):
                return True
    return False
