"""Rows and sheets of forms that are no records: samples, what to fill in, reports of nothing."""

import re
from collections.abc import Iterable

from ingest.errors import refuse
from ingest.header import header_key
from ingest.levels import ORG
from ingest.match import Match
from ingest.read.table import Row

SAMPLE, INSTRUCTION, NOTHING = "sample_row", "instruction_row", "zero_row"

_SAMPLE_WORD = "(?:填写|填报)?(?:示例|样例|范例|举例|例)"
_SAMPLE = re.compile(
    rf"[(（【\[]?{_SAMPLE_WORD}(?:数据|行)?\s*\d*[)）】\]]?[:：]?|[(（【\[]{_SAMPLE_WORD}[)）】\]].*"
)
# Samples stand right below the header.
_SAMPLES_UP_TO = 5
_INSTRUCTION = re.compile(r"[(（【\[]?(?:必填|选填|非必填|必输|必录|下拉选择|格式\s*[:：])")
# 年月日, 元: a row of units that change no number; 万元 would.
_UNIT = re.compile(
    "年[-/.]?月[-/.]?日|yyyy[-/.]?mm[-/.]?dd|日期|文本|文字|数字|字符|元|[(（]元[)）]|人|人次|件|份|天|分|个|是/否",
    re.IGNORECASE,
)
_SCALED = "(?:[十百千]?万|[百千亿])(?:元|人次|人|份)?"
_SCALED_UNIT = re.compile(rf"[(（]?{_SCALED}[)）]?")
# 必填，单位：万元 changes the numbers below as well; 必填，超过1万元时 does not.
_ASKED_UNIT = re.compile(
    rf"(?:^|单位\s*[:：为是]?\s*|[,，;；、(（\s]){_SCALED}(?=$|[,，;；。、)）\s])"
)
# A day or a number of its own makes a record, whatever its texts say.
_DATUM = re.compile(r"(?=.*\d)[\d\s:：/.年月日T-]{6,}")
_FEWEST_INSTRUCTIONS = 2
# A form of nothing is short; further down a row of these words goes back.
_NOTHING_UP_TO = 100
_DASHES = re.compile("[/／\\\\—–-]+|0")
_NONE = re.compile("无|零|没有|暂无|不涉及|零报告")
_ABSENT = "无|没有|暂无|未发生|未收到|未接到|未受理|未开展"
_KIND = "新增|相关|此类|任何|有效|客户|消费者?|金融|监管|重大|本"
_THING = (
    "投诉|转办|举报|工单|案件|数据|记录|情况|事项|业务|活动|审查|培训|考试|检查|宣传|问题|发生|项目"
)
_ZERO = re.compile(
    rf"[^,，;；。:：]{{0,20}}?(?:零报告|零投诉|(?:{_ABSENT})(?:{_KIND})*(?:{_THING})+)"
    r"(?:[,，(（]?零报告[)）]?)?[。.!！]?"
)
# Sheets that hold something else than the data of the form, and so do not say it in passing.
_VOID_SHEET = re.compile(
    rf"(?:{_SAMPLE_WORD}|样表|填报模板|填写模板|模板|模版|作废|已作废|废弃)(?:数据|行|表|件|记录)?"
    r"[（(]?\d*[)）]?"
)
_NUMBER = re.compile(r"\d{1,5}")
_BESIDE = ("序号", "月份", "填报月份", "填报单位", "填报机构")


def is_void(sheet: str | None) -> bool:
    """Whether a sheet's name says that its rows do not count: 示例, 模板, 作废."""
    return bool(_VOID_SHEET.fullmatch(sheet or ""))


def says_nothing(cell: str) -> bool:
    """Whether a cell says in words that there is nothing to report: 本月无投诉, 零报告."""
    return bool(_ZERO.fullmatch(cell))


def form_rows(match: Match, keys: Iterable[str]) -> dict[str, list[int]]:
    """The rows near the header that are no records, by rule; `keys` are the columns of the key."""
    key = next((match.targets[name] for name in keys), None)
    head = match.table.head[: match.last_row]
    found: dict[str, list[int]] = {SAMPLE: [], INSTRUCTION: [], NOTHING: []}
    for number in range(
        match.header.row + 1, min(match.header.row + _NOTHING_UP_TO, len(head)) + 1
    ):
        row = head[number - 1]
        is_near = number <= match.header.row + _SAMPLES_UP_TO
        if is_near and _is_sample(row, key):
            found[SAMPLE].append(number)
        elif is_near and _is_instruction(row, number):
            found[INSTRUCTION].append(number)
        elif _is_of_nothing(match, row, key):
            found[NOTHING].append(number)
    return found


def _is_sample(row: Row, key: int | None) -> bool:
    first = next((cell for cell in row if cell), "")
    of_key = row[key] if key is not None and key < len(row) else None
    return any(_SAMPLE.fullmatch(cell) for cell in (first, of_key or ""))


def _is_instruction(row: Row, number: int) -> bool:
    """Whether a row tells what to fill in; raises Refused where it changes the numbers below."""
    cells = [cell for cell in row if cell]
    asks = sum(bool(_INSTRUCTION.match(cell)) for cell in cells) >= _FEWEST_INSTRUCTIONS
    scaled = [c for c in cells if (_ASKED_UNIT.search if asks else _SCALED_UNIT.fullmatch)(c)]
    is_of_units = all(_UNIT.fullmatch(cell) or cell in scaled for cell in cells)
    if len(cells) < _FEWEST_INSTRUCTIONS or not (asks or is_of_units):
        return False
    if any(map(_DATUM.fullmatch, cells)):
        return False
    if scaled:
        message = (
            f"第 {number} 行写的是各列的单位（{scaled[0]}），没有换算；"
            "请把单位写进列名的括号里，如“金额(万元)”，删去这一行后放回收件箱"
        )
        raise refuse("unit_unclear", message, row=number)
    return True


def _is_of_nothing(match: Match, row: Row, key: int | None) -> bool:
    """Whether a row says 无 in the column of the key, or alone that there is nothing."""
    filled = {place: cell for place, cell in enumerate(row) if cell}
    if len(filled) == 1:
        ((place, cell),) = filled.items()
        if says_nothing(cell):
            return place not in _of_case(match)
        return place in (0, key) and bool(_NONE.fullmatch(cell))
    if key is None or not _is_nothing(filled.get(key, "")):
        return False
    columns = match.header.columns
    beside = {match.targets.get(ORG), *match.levels}
    return all(
        _is_nothing(cell)
        or place in beside
        or (place < len(columns) and header_key(columns[place].name) in _BESIDE)
        or (place == 0 and _NUMBER.fullmatch(cell))
        for place, cell in filled.items()
    )


def _is_nothing(cell: str) -> bool:
    return bool(_NONE.fullmatch(cell) or _DASHES.fullmatch(cell)) or says_nothing(cell)


def _of_case(match: Match) -> set[int | None]:
    """The columns in which a further opinion or issue of the case above may stand alone."""
    child = match.contract.row_child
    return {match.targets.get(name) for name in child[1].columns} if child else set()
