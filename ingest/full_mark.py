"""The full mark of an exam where its header or the title rows state it, not a column of its own."""

import re

from ingest.errors import Refused, refuse
from ingest.header import header_key, last_brackets
from ingest.match import Match

_NUMBER = r"(\d+(?:\.\d+)?)"
# 满分3人 and 满分5% say how many had all points.
_STATED = re.compile(rf"满分[:为是]?{_NUMBER}(?:分(?!钟)|(?=[,;、。/()]|[及合]格|$))")
_BRACKET_ALONE = re.compile(rf"{_NUMBER}分制?")
# 成绩(120) may state a full mark; 成绩(2024) and 成绩(1) do not, and (100) says nothing new.
_BARE = re.compile(r"(?!(?:19|20)\d\d$|100$)\d{2,4}")
# What stands in front of 满分 where it is that of the whole exam.
_OF_THE_WHOLE = re.compile(r"(?:^|[,;、。/(:]|卷面?|考试|成绩|总分|测试|测验|测评|考核|竞赛)$")
_OF_A_PART = re.compile(
    r"(?:题|部分|板块|模块|科目|案例|分析|实务|实操|操作|[笔面机]试|单选|多选|判断|简答|论述)[(:]?$"
)
_BEHIND_BRACKET = re.compile(r"\([^()]*\)$")
# 总分:850 and 总分:85 are what a team or one person had; 120 and 150 are full marks.
_LONE_TOTAL = re.compile(
    r"(?:^|[,;、。(]|考试|测试|试卷|卷面)总分[:为是]?([5-9]0|1\d0|200)分?(?=[,;、。)]|$)"
)
# So is 总分150分 of a title that also counts people or averages.
_OF_MANY = re.compile("均|最高|最低|人")
_TOTAL = re.compile(rf"总分[:为是]?{_NUMBER}分")


def stated_full_mark(match: Match) -> str | None:
    """What all points of the total are, by its own header or else by the titles above.

    Raises Refused where the header or the titles give several or may mean a part of the exam.
    """
    columns = match.contract.columns.items()
    totals = [match.column_name(name) for name, column in columns if column.full_score]
    names = [name for name in totals if name]
    for name in names:
        if found := _of_header(name):
            return found
    return _of_titles(match) if names else None


def _unclear(doubt: str) -> Refused:
    return refuse("full_mark_unclear", f"{doubt}，没有猜测；请加上“满分”一列，再放回收件箱")


def _of_header(name: str) -> str | None:
    brackets = last_brackets(name)
    marks = [mark for text in brackets for mark in _STATED.findall(text)]
    marks += [found.group(1) for text in brackets if (found := _BRACKET_ALONE.fullmatch(text))]
    if len(set(marks)) > 1 or (not marks and any(map(_BARE.fullmatch, brackets))):
        raise _unclear(f"列“{name}”括号里的数字不能确定是不是满分")
    return marks[0] if marks else None


def _is_of_the_whole(before: str) -> bool:
    """Whether the full mark behind these words is that of the exam, not of one of its parts."""
    before = _BEHIND_BRACKET.sub("", before)
    if "其中" in before or _OF_A_PART.search(before):
        return False
    return bool(_OF_THE_WHOLE.search(before))


def _of_titles(match: Match) -> str | None:
    marks: list[str] = []
    is_certain = True
    titles = [header_key(cell) for row in match.preamble for cell in row if cell]
    for title in titles:
        for found in _STATED.finditer(title):
            marks += [found.group(1), *_TOTAL.findall(title)]
            is_certain &= _is_of_the_whole(title[: found.start()])
    if not marks:
        marks = [mark for t in titles if not _OF_MANY.search(t) for mark in _LONE_TOTAL.findall(t)]
    if len(set(marks)) > 1:
        shown = "、".join(dict.fromkeys(marks))
        doubt = f"表头上方的标题写有几个满分（{shown}），不能确定成绩一列的满分是哪一个"
        raise _unclear(doubt)
    if not is_certain:
        doubt = f"表头上方的标题写有满分 {marks[0]}，不能确定是否为成绩一列的满分"
        raise _unclear(doubt)
    return marks[0] if marks else None
