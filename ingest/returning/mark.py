"""What a 退回单 says of itself, so that it is known again when it comes back corrected."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.errors import refuse
from ingest.read.table import Table

SUMMARY = "退回说明"
MARK_LABEL = "系统识别码（请勿改动）"
# No column of an extract begins with this sign, so ours are found wherever they are moved to.
SIGN = "※"
REASON, EXPECTED, LIKELY = f"{SIGN}退回原因", f"{SIGN}应为", f"{SIGN}可能的值"
ORIGINAL_ROW, SEAL = f"{SIGN}原行号", f"{SIGN}校验（请勿改动）"
EXTRA = (REASON, EXPECTED, LIKELY, ORIGINAL_ROW, SEAL)
SURPLUS = f"{SIGN}多出的内容"
_SCANNED_ROWS = 120


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MarkedTable(_Model):
    """One sheet of a 退回单: the table of the original file whose rows it holds."""

    sheet: str
    contract: str
    header_row: int
    rows: int
    original_sheet: str | None
    original_header_row: int
    counts_from_1904: bool = False
    # Headers whose meaning only the values of the whole file could tell.
    resolved: dict[str, str] = {}
    # The columns that were read; the corrected sheet must still have them.
    columns: tuple[str, ...] = ()


class Mark(_Model):
    """The file that a 退回单 belongs to, and what stands in its sheets."""

    version: int = 1
    file: str
    sha256: str
    submitted_by: str
    returned_at: str
    tables: tuple[MarkedTable, ...] = ()


def _has(table: Table, text: str) -> bool:
    return any(text in row for row in table.rows(1, _SCANNED_ROWS))


def is_slip(tables: Sequence[Table]) -> bool:
    """Whether these are the sheets of a 退回单, be it a damaged one."""
    return any(
        (table.sheet == SUMMARY and _has(table, MARK_LABEL))
        or (table.sheet is not None and _has(table, SEAL))
        for table in tables
    )


def read_mark(tables: Sequence[Table]) -> Mark:
    """The mark in the summary sheet; raises Refused when it is gone or damaged."""
    for table in tables:
        for row in table.rows(1, _SCANNED_ROWS) if table.sheet == SUMMARY else ():
            if row and row[0] == MARK_LABEL:
                text = "".join(cell for cell in row[1:] if cell)
                try:
                    return Mark.model_validate_json(text)
                except ValidationError:
                    break
    message = (
        f"这是一份退回单，但工作表“{SUMMARY}”中的系统识别码已被删除或改动，无法确认是哪个文件的退回单；"
        "请从 ingest/returned 重新取一份，只改标红的单元格后再放回"
    )
    raise refuse("slip_mark", message)
