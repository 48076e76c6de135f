"""Says of a file that fits no contract which one is closest, and what it misses."""

import re
from collections.abc import Sequence

from ingest.contract import Contract, contracts
from ingest.errors import Problem, Refused
from ingest.header import header_key
from ingest.match import Match, known_names
from ingest.stacked import rank
from ingest.titles import is_titled, titles_of

_SHOWN_ALIASES = 6
_COUNTING = "序号"
# In a header of few columns one that is known may well be the telling one.
_FEW_COLUMNS = 3
# By these, too, people keep the columns of a line apart.
_APART = re.compile(r'[，,；;、|"\s]+')
_FEWEST_APART = 2
_UNSPLIT = (
    "未知的文件格式：{where}第 {row} 行看来是表头，但整行在一个单元格里，没有分成列"
    "（例如用中文逗号或空格分隔，或整行加了引号）；"
    "请改用英文逗号或制表符分隔，在 Excel 中可用“数据”里的“分列”，再重新提交"
)


def _example(contract: Contract) -> str:
    """A column name by which the contract would be known."""
    columns = [column for column in contract.all_columns().values() if column.aliases]
    names = (c.aliases[0] for c in sorted(columns, key=lambda c: not c.required))
    telling = next((name for name in names if name not in contract.generic), None)
    return f"，如“{telling}”" if telling else ""


def _levels_hint(match: Match, missing: str) -> str:
    """What else to say where the missing column is there, but in several levels."""
    groups = (group for group in match.contract.require_any if group[0] == missing)
    names = {missing, *(name for group in groups for name in group)}
    columns = [match.header.columns[p].name for n in names for p in match.undecided.get(n, ())]
    if not columns:
        return ""
    shown = "".join(f"“{column}”" for column in columns)
    return f"；{shown}是不同的级，不能确定应采用哪一级；请把应采用的一列去掉括号后重新提交"


def _stand_in_hint(match: Match, missing: str) -> str:
    """What else to say where another column would do if it were certain what it means."""
    others = match.contract.all_columns()[missing].stand_in
    shown = next((name for other in others if (name := match.column_name(other))), None)
    if shown is None:
        return ""
    return f"；“{shown}”不能确定是不是监管转办的日期：如果是，请把列名改为“监管转办日期”"


def _counting_hint(match: Match, missing: str) -> str:
    """What else to say where the rows are only counted: the next file counts them anew."""
    column = match.contract.all_columns()[missing]
    keys = {key for column in match.header.columns for key in column.keys}
    if column.type != "identifier" or _COUNTING not in keys:
        return ""
    return f"；“{_COUNTING}”在每份文件里都重新排，不能当编号：请加上一列各件始终不变的编号"


def _title_hint(match: Match, aliases: Sequence[str]) -> str:
    """What else to say where the titles seem to tell what the missing column would."""
    keys = [header_key(alias) for alias in aliases]
    # 考试日期：3月20日 tells something else than what the exam is called.
    titles = sorted(titles_of(match.table, match.header), key=lambda t: ":" in header_key(t))
    shown = next((t for t in titles if any(key in header_key(t) for key in keys)), None)
    if shown is None:
        return ""
    return f"；表头上方的“{shown}”不能代替这一列：请在表中加上“{aliases[0]}”一列，每一行都写上"


def _named(match: Match) -> list[str]:
    return [column.name for column in match.header.columns if column.name]


def _is_close(match: Match) -> bool:
    """Whether a contract knows more of a header than names of people, or one column of many."""
    return bool(match.targets or match.sections) and (
        match.recognised > 1 or len(_named(match)) <= _FEW_COLUMNS
    )


def _unsplit(match: Match) -> bool:
    """Whether the names of several columns stand in one cell."""
    names = _named(match)
    pieces = _APART.split(names[0]) if len(names) == 1 else []
    _written, keys = known_names()
    return len(keys.intersection(map(header_key, pieces))) >= _FEWEST_APART


def unknown_layout(matches: Sequence[Match]) -> Refused:
    """The refusal of a file of whose first rows these are the readings."""
    # Columns too general to be certain fit better than a few of another contract's own, and what
    # the title says goes before both.
    near = max(
        filter(_is_close, matches),
        key=lambda m: (
            is_titled(m.contract, m.table, m.header),
            m.recognised * (m.specific or not m.missing),
            -len(m.missing),
            rank(m),
        ),
        default=None,
    )
    if near is None:
        unsplit = next(filter(_unsplit, matches), None)
        if unsplit is not None:
            where = f"工作表“{unsplit.table.sheet}”" if unsplit.table.sheet else ""
            message = _UNSPLIT.format(where=where, row=unsplit.header.row)
            return Refused([Problem(unsplit.header.row, None, None, "unknown_layout", message)])
        titles = "、".join(contract.title_zh for contract in contracts().values())
        message = f"未知的文件格式：前几行中没有找到认识的表头；可以装载的有：{titles}"
        message += "；新的来源要先加一份合约"
        return Refused([Problem(None, None, None, "unknown_layout", message)])
    where = f"工作表“{near.table.sheet}”" if near.table.sheet else ""
    problems = []
    for name in near.missing:
        aliases = near.contract.all_columns()[name].aliases
        message = (
            f"未知的文件格式：最接近的是“{near.contract.title_zh}”（{near.contract.id}），"
            f"但{where}第 {near.header.row} 行的表头中缺少必需的列，"
            f"可用的列名：{'、'.join(aliases[:_SHOWN_ALIASES])}{_levels_hint(near, name)}"
            f"{_stand_in_hint(near, name)}{_counting_hint(near, name)}{_title_hint(near, aliases)}"
        )
        problems.append(Problem(near.header.row, aliases[0], None, "missing_column", message))
    if not problems:
        message = (
            f"未知的文件格式：{where}第 {near.header.row} 行的列名太笼统，"
            f"看不出是否为“{near.contract.title_zh}”；请使用更明确的列名{_example(near.contract)}"
        )
        problems.append(Problem(near.header.row, None, None, "unknown_layout", message))
    return Refused(problems)
