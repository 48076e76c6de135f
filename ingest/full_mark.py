"""The full mark of an exam where its header or the title rows state it, not a column of its own."""

import re

from ingest.errors import refuse
from ingest.header import header_key
from ingest.match import Match

_MARK = r"(\d+(?:\.\d+)?)"
_IN_HEADER = re.compile(rf"\((?:卷面|试卷)?(?:满分)?[:为是]?{_MARK}分?制?\)$")
_IN_TITLE = re.compile(rf"满分[:为是]?{_MARK}")


def stated_full_mark(match: Match) -> str | None:
    """What all points of the total are, by its own header or else by the titles above.

    Raises Refused where the titles give several: those of parts of the exam, or of others.
    """
    columns = match.contract.columns.items()
    totals = [match.column_name(name) for name, column in columns if column.full_score]
    for name in totals:
        found = _IN_HEADER.search(header_key(name or ""))
        if found:
            return found.group(1)
    if not any(totals):
        return None
    titles = (header_key(cell) for row in match.preamble for cell in row if cell)
    marks = list(dict.fromkeys(mark for title in titles for mark in _IN_TITLE.findall(title)))
    if len(marks) > 1:
        message = (
            f"表头上方的标题写有几个满分（{'、'.join(marks)}），不能确定成绩一列的满分是哪一个，"
            "没有猜测；请加上“满分”一列，再放回收件箱"
        )
        raise refuse("full_mark_unclear", message)
    return marks[0] if marks else None
