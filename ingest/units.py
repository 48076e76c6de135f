"""The unit of a column's numbers, as its header, the group above it or the title rows tell it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ingest.contract import Column
from ingest.errors import Problem, refuse
from ingest.header import header_key
from ingest.match import Match
from ingest.read.table import Row

# What things are counted in; none of these changes the number.
_COUNTED = re.compile(
    "人次|人|份|户|家|个|台|名|篇|次|场|张|处|间|套|件|笔|条|项|本|册|岁|网点|天|日"
)
_SCALES = {"": 1, "十": 10, "百": 100, "千": 1000}
_LARGE = {"": 1, "万": 10**4, "亿": 10**8}
_SCALED = re.compile(r"([十百千]?)([万亿]?)(.*)")
_BRACKET = re.compile(r"\(([^()]*)\)")
_BRACKETS = re.compile(r"(?:\([^()]*\)\*?)+")
_STATED = re.compile(r"单位[:为是]?([^()]*)")
_OUR_MONEY = re.compile(r"人民币|rmb|cny|单位|[:为]")
_MONEY = re.compile(
    "(?:新加坡|[美港欧日澳加新台])?[元圆]|[港欧外台]币|美金|日币|英镑|角|usd|hkd|eur|jpy|gbp|[$€£]"
)
# What is none of these is a remark such as (如有), no unit.
_UNIT_LIKE = re.compile(r"[十百千万亿元角分钟秒时天日周币钱镑郎%‰]|^[a-z$€£¥]{1,5}$")
_MEASURED = ("decimal", "count", "integer")
_RULE = "unit_unknown"


@dataclass(frozen=True)
class Unit:
    """What a header says of a column's numbers: a factor, or words that nobody knows."""

    factor: int = 1
    unknown: str | None = None

    @property
    def is_fatal(self) -> bool:
        """Whether the numbers cannot be taken as they are."""
        return self.unknown is not None and bool(_UNIT_LIKE.search(self.unknown))

    @property
    def is_remark(self) -> bool:
        """Whether the words are none of a unit: (如有), (必填)."""
        return self.unknown is not None and not self.is_fatal


def _scale(text: str) -> tuple[int, str]:
    """The factor at the front of 百万元, and what is left of it."""
    found = _SCALED.fullmatch(text)
    if found is None:
        return 1, text
    small, large, base = found.groups()
    return _SCALES[small] * _LARGE[large], base


def _is_money(text: str) -> bool:
    return bool(_MONEY.fullmatch(_scale(_OUR_MONEY.sub("", text))[1]))


def _factor(column: Column, text: str) -> int | None:
    """What the numbers are to be multiplied by, where the column knows this unit."""
    word = text.replace("圆", "元")
    known = {header_key(unit): factor for unit, factor in column.unit_by_header.items()}
    if word in known:
        return known[word]
    scale, base = _scale(word)
    if base in known:
        return scale * known[base]
    if column.type == "decimal":
        # A scale alone is one of money; hours are never counted in 万.
        return scale if not base and "元" in known else None
    return scale if not base or _COUNTED.fullmatch(base) else None


def _quoted(pieces: Iterable[str]) -> str:
    """Several pieces of a header, each to stand in quotation marks of its own."""
    return "”和“".join(pieces)


def _read(column: Column, text: str) -> Unit:
    """The unit that the words in a bracket mean."""
    bare = {piece: _OUR_MONEY.sub("", piece) for piece in re.split(r"[,;、/]", text)}
    read = {piece: _factor(column, bare[piece]) for piece in bare if bare[piece]}
    factors = {factor for factor in read.values() if factor is not None}
    strange = [piece for piece, factor in read.items() if factor is None]
    unit_like = [bare[piece] for piece in strange if _UNIT_LIKE.search(bare[piece])]
    if unit_like:
        return Unit(unknown=unit_like[0])
    if len(factors) > 1:
        return Unit(unknown=_quoted(piece for piece in read if piece not in strange))
    if factors or (not read and "元" in column.unit_by_header):
        return Unit(factors.pop() if factors else 1)
    return Unit(unknown=_quoted(strange) or text) if text else Unit()


def _level_rows(match: Match) -> list[Row]:
    """The rows of the header, its lowest level first."""
    header = match.header
    return match.table.rows(header.row - header.levels + 1, header.row)[::-1]


def _filled_left(row: Row, position: int) -> str:
    """The text of a merged group cell, which stands in its first cell only."""
    return next((cell for cell in reversed(row[: position + 1]) if cell), "")


def _bracketed(text: str) -> str | None:
    found = _BRACKETS.findall(header_key(text))
    return ",".join(_BRACKET.findall(found[-1])) if found else None


def _of_header(match: Match, name: str, column: Column) -> Unit | None:
    """The unit in a column's own name, else in the name of its group; None without any."""
    bracket = _bracketed(match.column_name(name) or "")
    own = None if bracket is None else _read(column, bracket)
    if own is not None and not own.is_remark:
        return own
    for row in _level_rows(match)[1:]:
        group = _bracketed(_filled_left(row, match.targets[name]))
        # What a group has in brackets may concern its other columns.
        if group is not None and (unit := _read(column, group)).unknown is None:
            return unit
        if group is not None and column.unit_by_header and _is_money(group):
            return Unit(unknown=group)
    return own


def _title_words(match: Match) -> list[str]:
    """What the title rows give as units: behind 单位, and in brackets."""
    rows = list(match.preamble)
    for first, last in match.repeats:
        rows += match.table.rows(first, last)[: last - first]
    words: list[str] = []
    for row in rows:
        pieces = [header_key(piece) for cell in row if cell for piece in cell.split()]
        text = "、".join(piece for piece in pieces if piece)
        stated = [
            part for found in _STATED.findall(text) for part in re.split("[,;、/和及]", found)
        ]
        words += [_OUR_MONEY.sub("", part) for part in (*stated, *_BRACKET.findall(text))]
    return list(dict.fromkeys(word for word in words if word))


def _of_titles(column: Column, words: list[str]) -> Unit | None:
    """The unit of the title rows, where it is one of this column's kind; refused when unclear."""
    if "元" in column.unit_by_header:
        found = [word for word in words if not _scale(word)[1] or _is_money(word)]
    else:
        scaled = ((word, *_scale(word)) for word in words)
        found = [word for word, scale, base in scaled if scale > 1 and _COUNTED.fullmatch(base)]
    if not found:
        return None
    if len(found) > 1 or column.type != "decimal" or not _scale(found[0])[1]:
        message = (
            f"表头上方的标题写有单位“{'、'.join(found)}”，不能确定属于哪一列，没有猜测；"
            "请把单位写进列名的括号里，如“金额(万元)”，再放回收件箱"
        )
        raise refuse("unit_unclear", message)
    factor = _factor(column, found[0])
    return Unit(unknown=found[0]) if factor is None else Unit(factor)


def _units(match: Match) -> dict[str, Unit]:
    columns = match.contract.all_columns()
    measured = [name for name in match.targets if columns[name].type in _MEASURED]
    words = _title_words(match) if measured else []
    found = {}
    for name in measured:
        column = columns[name]
        unit = _of_header(match, name, column)
        if unit is None or unit.is_remark:
            unit = _of_titles(column, words) or unit
        if unit is not None:
            found[name] = unit
    return found


def factors_of(match: Match) -> dict[str, int]:
    """What the numbers of each column are to be multiplied by, where it is not 1."""
    return {name: unit.factor for name, unit in _units(match).items() if unit.factor != 1}


def without_unknown_units(match: Match) -> Match:
    """The match without the columns whose unit nobody knows, which are named."""
    targets, notes = dict(match.targets), list(match.notes)
    for name, unit in _units(match).items():
        if unit.unknown is None:
            continue
        shown = match.column_name(name)
        message = f"列“{shown}”括号或标题中的“{unit.unknown}”不是这一列已知的单位"
        if not unit.is_fatal:
            message += "，数值照原样装载；请核对"
            notes.append(Problem(match.header.row, shown, None, _RULE, message))
            continue
        message += "，没有换算"
        if match.contract.all_columns()[name].required:
            raise refuse(_RULE, f"{message}；请换算成已知的单位后放回收件箱", row=match.header.row)
        del targets[name]
        message += "，该列没有装载；请换算后改写列名，如“金额(元)”“人次”“学时(小时)”"
        notes.append(Problem(match.header.row, shown, None, _RULE, message))
    return replace(match, targets=targets, notes=notes)
