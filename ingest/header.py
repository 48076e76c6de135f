"""Headers of one to three levels: the names that each column of a sheet may go by."""

import re
import unicodedata
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from ingest.read.table import Row
from warehouse.codes import match_key

_BRACKETS = str.maketrans("[【〔{]】〕}", "(((())))")
# Soft hyphen, word joiner and the like, which nobody sees in a header.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_LAST_BRACKET = re.compile(r"\([^()]*\)$")
_LAST_BRACKETS = re.compile(r"(?:\([^()]*\)\*?)+$")
# Signs by which forms mark a column that must be filled.
_MARKS = "*:?·.、★☆※▲△◆◇●○■□"
# complaint_id and Complaint ID: systems join the words of a name, people do not. 1_1 is not 11.
_JOINED = re.compile("(?<=[a-z0-9])_(?=[a-z])|(?<=[a-z])_(?=[0-9])")
# (必填)投诉编号, 1.1投诉编号, (3)投诉编号: what stands in front of a name and is no part of it.
_IN_FRONT = re.compile(
    r"^(?:\((?:必填项?|选填项?|非必填|必输|可选|\d{1,2})\)|\d{1,2}(?:\.\d{1,2})?[.、)]|\d{1,2}\.\d{1,2})(?=\D)"
)
# 您的工号, 请选择您所在的支行: how questionnaires ask for it.
_ASKED = re.compile("^(?:请(?:输入|填写|选择))?您(?:所在的?|的)(?=.)")
# 收到日期 Received Date, Branch/机构: the same in English, in words rather than in OA or USD.
_ENGLISH = r"(?=[^\n/]*[a-z]{2})[A-Za-z][A-Za-z0-9 .'&_-]*"
_IN_TWO_LANGUAGES = re.compile(
    rf"(?:{_ENGLISH}\s*[\n/]\s*)?([^A-Za-z\s][^\n]*?)(?:\s*[\s/]\s*{_ENGLISH})?"
)
# Beside the name these say what it does not: another unit, or the code of what it names.
_UNIT_WORD = re.compile(
    r"\b(?:usd|hkd|eur|gbp|jpy|mop|k|wan|thousand|million|billion|min|mins|minutes?|secs?|seconds?|percent|rate|ratio)\b",
    re.IGNORECASE,
)
_CODE_WORD = re.compile(r"\b(?:id|code|no|number)\b", re.IGNORECASE)
_NUMBERED = re.compile("[号码]")
# Longer cells are no names, and would take long.
_LONGEST_NAME = 80


@lru_cache(maxsize=20_000)
def header_key(text: str) -> str:
    """The form in which two spellings of a column name compare equal."""
    return _JOINED.sub("", _plain_key(text))


def _plain_key(text: str) -> str:
    """The same with all its underscores, which a part of an exam is called by."""
    return match_key(_INVISIBLE.sub("", text)).translate(_BRACKETS).strip(_MARKS)


def last_brackets(name: str) -> list[str]:
    """What stands in each of the brackets behind a column's name: (满分120分)(必填)."""
    found = _LAST_BRACKETS.search(header_key(name))
    return re.findall(r"\(([^()]*)\)", found.group()) if found else []


# 甲 and 乙 head the columns of words in official tables, whose numbers start behind them.
_LETTERED = ("甲", "乙", "丙", "丁", "栏次", "行次")
_FEWEST_NUMBERED = 3


def _number(cell: str) -> int | None:
    # ③=①+② says how the column is made.
    text = cell.split("=", maxsplit=1)[0].strip("()（）.、 ")
    if len(text) == 1:
        return int(unicodedata.numeric(text, -1))
    return int(text) if text.isascii() and text.isdigit() else None


def is_numbering(row: Row) -> bool:
    """Whether a row does nothing but number the columns of the header above it: ① ② ③."""
    found = [(i, _number(cell)) for i, cell in enumerate(row) if cell and cell not in _LETTERED]
    if len(found) < _FEWEST_NUMBERED or any(number is None for _, number in found):
        return False
    steps = {(number or 0) - index for index, number in found}
    return len(steps) == 1 and (found[0][1] == 1 or steps == {1})


@dataclass(frozen=True)
class HeaderColumn:
    """One column: the name to show, and the keys it may be recognised by, best first."""

    name: str
    keys: tuple[str, ...]
    # The name without the brackets behind it.
    bare: str = ""


@dataclass(frozen=True)
class Header:
    """The header of a sheet: its last row as Excel counts, its levels and its columns."""

    row: int
    levels: int
    columns: tuple[HeaderColumn, ...]


def _filled_right(row: Sequence[str | None], width: int) -> list[str | None]:
    # A merged group name stands in its first cell only.
    filled: list[str | None] = []
    current: str | None = None
    for index in range(width):
        current = (row[index] if index < len(row) else None) or current
        filled.append(current)
    return filled


def _name(levels: Sequence[str | None]) -> str:
    return next((text for text in reversed(levels) if text), "")


def _column(
    levels: Sequence[str | None], groups: Sequence[str | None], shared: Set[str]
) -> HeaderColumn:
    name = _name(levels)
    keys = [header_key(name)]
    joined = [text for text in (*groups, levels[-1]) if text]
    if len(joined) > 1:
        keys.append(header_key("".join(joined)))
    bare = _plain_key(name)
    # 收到日期(YYYY-MM-DD)(必填) has two remarks behind its name.
    while (shorter := _LAST_BRACKET.sub("", bare)) not in ("", bare):
        bare = shorter.strip("*")
        keys.append(header_key(bare))
    own = _own_name(name)
    own = keys[0] if own in shared else own
    shortest = _LAST_BRACKETS.sub("", own).strip(_MARKS) or own
    return HeaderColumn(
        name, tuple(dict.fromkeys(key for key in (*keys, own, shortest) if key)), bare
    )


def _says_more(name: str) -> bool:
    """Whether the English of a name says more than the same again: USD, or the code of it."""
    is_code = _CODE_WORD.search(name) and not _NUMBERED.search(name)
    return bool(is_code or _UNIT_WORD.search(name))


@lru_cache(maxsize=20_000)
def _own_name(name: str) -> str:
    """A column's name without its number, (必填) in front of it and its English."""
    if len(name) > _LONGEST_NAME:
        return header_key(name)
    found = _IN_TWO_LANGUAGES.fullmatch(name.strip())
    key = header_key(found[1] if found and not _says_more(name) else name)
    return header_key(_ASKED.sub("", _IN_FRONT.sub("", key))) or key


def _shared(names: Sequence[str]) -> set[str]:
    """What several columns would be called alike if only numbers or English told them apart."""
    by_own: dict[str, set[str]] = {}
    for name in names:
        by_own.setdefault(_own_name(name), set()).add(header_key(name))
    return {own for own, keys in by_own.items() if len(keys) > 1}


def read_header(levels: Sequence[Row], *, row: int, width: int) -> Header:
    """The header that these rows make, the last of which is in row `row` (1-based)."""
    padded = [([*level] + [None] * width)[:width] for level in levels]
    groups = [_filled_right(row, width) for row in padded[:-1]]
    levelled = [[level[i] for level in padded] for i in range(width)]
    shared = _shared([_name(column) for column in levelled])
    columns = tuple(
        _column(column, [group[i] for group in groups], shared) for i, column in enumerate(levelled)
    )
    return Header(row, len(levels), columns)
