"""The first sheet of a 退回单: what became of the file, why, and what to do now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from ingest.contract import contracts
from ingest.errors import Problem
from ingest.header import header_key
from ingest.read.table import Row
from ingest.result import RowCounts
from ingest.returning.mark import MARK_LABEL, REASON, SIGN, SUMMARY, Mark
from ingest.returning.sheet import ReturnedTable

Line = tuple[str, ...]
_SHOWN_REASONS = 60
_SHOWN_ROWS = 8
_SHOWN_CELLS = 12
_FEWEST_ALIKE = 0.45
# A cell of a workbook holds no more signs than this.
_CHUNK = 30_000


@dataclass(frozen=True)
class Story:
    """What is told of one file that goes back in part or whole."""

    mark: Mark
    returned_at: datetime
    rows: RowCounts
    tables: Sequence[ReturnedTable]
    # Reasons that stand for the whole file, and its first rows when nothing more could be read.
    problems: Sequence[Problem] = ()
    head: Sequence[Row] = ()
    original_is_returned: bool = False


def summary_lines(story: Story) -> Iterator[Line]:
    """The summary, line by line."""
    rows = story.rows
    yield (SUMMARY,)
    yield ("文件", story.mark.file)
    yield ("报送单位", story.mark.submitted_by)
    yield ("退回时间", f"{story.returned_at.astimezone():%Y-%m-%d %H:%M}")
    loaded = rows.inserted + rows.updated + rows.unchanged
    yield ("结果", "整个文件退回，没有装载任何行" if not loaded else "其余各行已装载，下列各行退回")
    yield (
        "读入",
        f"{rows.read} 行 = 装载 {loaded} + 退回 {rows.quarantined} + 忽略 {rows.ignored}",
    )
    yield ()
    yield from _whole_file(story)
    yield from _reasons(story.tables)
    yield from _sheets(story)
    yield from _instructions(story)
    yield from _first_rows(story.head)
    yield ()
    text = story.mark.model_dump_json()
    chunks = [text[at : at + _CHUNK] for at in range(0, len(text), _CHUNK)]
    yield (MARK_LABEL, *chunks)


def _whole_file(story: Story) -> Iterator[Line]:
    if not story.problems:
        return
    yield ("整份退回的原因",)
    for problem in story.problems:
        sheet = f"工作表“{problem.sheet}”" if problem.sheet else ""
        row = f"第 {problem.row} 行" if problem.row else ""
        yield (f"{sheet}{row}" or "整个文件", problem.message)
    yield from _candidates(story)
    yield ()


def _candidates(story: Story) -> Iterator[Line]:
    """For each column that is missing the header of the file that most likely means it."""
    for problem in story.problems:
        if problem.rule != "missing_column" or not problem.row or not problem.column:
            continue
        known = _known_names()
        present = [
            cell
            for row in story.head[problem.row - 1 : problem.row]
            for cell in row
            if cell and header_key(cell) not in known
        ]
        close = _closest_header(problem.column, present)
        if close:
            yield (
                "可能的列",
                f"缺少的“{problem.column}”可能就是文件中的“{close}”，请改成可用的列名",
            )


def _known_names() -> set[str]:
    columns = (c for contract in contracts().values() for c in contract.all_columns().values())
    return {header_key(alias) for column in columns for alias in column.aliases}


def _closest_header(wanted: str, present: Sequence[str]) -> str:
    likeness = {
        name: SequenceMatcher(None, header_key(wanted), header_key(name)).ratio()
        for name in present
    }
    best = max(likeness, key=lambda name: likeness[name], default="")
    return best if best and likeness[best] >= _FEWEST_ALIKE else ""


def _reasons(tables: Sequence[ReturnedTable]) -> Iterator[Line]:
    counts: dict[tuple[str, str], list[int]] = {}
    examples: dict[tuple[str, str], str] = {}
    for table in tables:
        for row in table.rows:
            for issue in row.issues:
                key = (issue.rule, issue.column or "整行")
                counts.setdefault(key, []).append(row.number)
                examples.setdefault(key, issue.message)
    if not counts:
        return
    yield ("列", "原因（每类举一例）", "首个原行号", "行数")
    for key in sorted(counts, key=lambda one: -len(counts[one]))[:_SHOWN_REASONS]:
        yield (key[1], examples[key], str(counts[key][0]), str(len(counts[key])))
    if len(counts) > _SHOWN_REASONS:
        yield ("", f"另有 {len(counts) - _SHOWN_REASONS} 类原因，见各行")
    yield ()


def _sheets(story: Story) -> Iterator[Line]:
    if not story.tables:
        return
    yield ("工作表", "内容", "", "退回行数")
    for marked, table in zip(story.mark.tables, story.tables, strict=True):
        title = table.match.contract.title_zh
        along = sum(1 for row in table.rows if not row.issues)
        more = f"；同一事项的另 {along} 行随同列出" if along else ""
        if table.left_out:
            more += f"；另有 {table.left_out} 行没有列入（行数太多或单元格太长），请改原文件"
        yield (marked.sheet, f"{title}{more}", "", str(table.returned))
    yield ()


def _instructions(story: Story) -> Iterator[Line]:
    yield ("怎样改好放回",)
    if not story.tables:
        yield ("1", "按上面的原因改好原文件（或从系统重新导出），用原来的文件名或新文件名均可")
        yield ("2", "放回收件箱 ingest/inbox；本说明不用放回")
        return
    yield ("1", "在后面的工作表中只改标红的单元格；黄色单元格请核对；标题、表头和列的次序保持不变")
    yield ("2", f"右侧以“{SIGN}”开头的各列是说明，不会装载；不要删除“{SIGN}原行号”和“{SIGN}校验”")
    yield ("3", "“可能的值”只是提示，系统没有替您改动；请核对原始凭证后再填")
    yield ("4", f"列数或引号有误的行，核对无误后请清空该行的“{REASON}”，表示确认")
    yield ("5", "不再需要的行可以整行删除；没有改动而仍有错的行会再次退回")
    yield ("6", "保存为 xlsx，放回收件箱 ingest/inbox：只重新装载这里列出的行，其余数据不受影响")
    yield ("注意", "本工作簿含未遮盖的原始数据，只交还报送单位，用后请按规定删除")


def _first_rows(head: Sequence[Row]) -> Iterator[Line]:
    shown = [row for row in head[:_SHOWN_ROWS] if any(row)]
    if not shown:
        return
    yield ()
    yield ("读到的前几行", "（供核对表头，原样列出）")
    for row in shown:
        yield ("", *(cell or "" for cell in row[:_SHOWN_CELLS]))
