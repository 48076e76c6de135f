"""How large a sheet may be: readers keep a place for every cell up to the last, blank or not."""

from ingest.errors import refuse
from ingest.mask import masked_texts

# A million rows of sixty columns take about 1.5 GB.
MOST_CELLS = 1 << 26
# No ledger is wider; a wider sheet has strayed cells.
MOST_COLUMNS = 500


def letters_of(column: int) -> str:
    """The letters of a column, numbered from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def check_extent(sheet: str, last_row: int, last_column: int) -> None:
    """Raises Refused when the sheet is larger than memory may be."""
    if last_row * (last_column + 1) > MOST_CELLS:
        raise _too_large(sheet, f"一直用到第 {last_row} 行、{letters_of(last_column)} 列")


def check_width(sheet: str, width: int) -> None:
    """Raises Refused when the sheet has more columns than any table."""
    if width > MOST_COLUMNS:
        raise _too_large(sheet, f"有 {width} 列（一直用到 {letters_of(width - 1)} 列）")


def check_text_width(width: int) -> None:
    """Raises Refused when a text file has more columns than any table."""
    if width > MOST_COLUMNS:
        message = f"有 {width} 列，为防止耗尽内存没有装载；请检查分隔符，删除多余的列后重新提交"
        raise refuse("too_large", message)


def _too_large(sheet: str, extent: str) -> Exception:
    (shown,) = masked_texts((sheet,))
    message = (
        f"工作表“{shown}”{extent}，为防止耗尽内存没有打开；"
        "请删除远处多余的单元格（选中数据以外的行和列，右键“删除”）后保存，再放入"
    )
    return refuse("too_large", message)
