"""What a workbook says about the cells of a sheet that their text does not."""

from dataclasses import dataclass

from ingest.errors import Problem
from ingest.read.merged import Span
from ingest.read.struck import struck_note

# What is shown for the numbers of errors in binary workbooks.
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}


@dataclass(frozen=True)
class SheetFacts:
    """Hidden rows, (row, column, text) of cells read otherwise, and cells that reach down."""

    hidden_rows: tuple[int, ...] = ()
    failed: tuple[tuple[int, int, str], ...] = ()
    uncalculated: tuple[tuple[int, int, str], ...] = ()
    # None where nobody has looked for numbers that are too long.
    long: tuple[tuple[int, int, str], ...] | None = None
    formatted: tuple[tuple[int, int, str], ...] = ()
    merged: tuple[Span, ...] = ()
    struck_rows: tuple[int, ...] = ()
    # Numbers that are shown by the thousand or the like, each with its value.
    scaled: tuple[tuple[int, int, str], ...] = ()

    @property
    def replaced(self) -> list[tuple[int, int, str]]:
        """Every cell whose text must say more than its value does."""
        return [*self.failed, *self.uncalculated, *(self.long or ()), *self.formatted]

    def notes(
        self, sheet: str | None, first: int, last: int | None, *, header_row: int = 0
    ) -> list[Problem]:
        """Remarks about the rows of one table."""
        found = []
        end = float("inf") if last is None else last
        hidden = [row for row in self.hidden_rows if first <= row <= end]
        if hidden:
            message = f"含 {len(hidden)} 个隐藏行（被筛选或隐藏），已一并装载"
            found.append(Problem(hidden[0], None, None, "hidden_rows", message, sheet))
        if struck := [row for row in self.struck_rows if max(first, header_row + 1) <= row <= end]:
            found.append(struck_note(sheet, struck))
        for cells, rule, words in (
            (self.failed, "failed_formula", "个单元格的公式出错（显示为 {0}），没有值；请改正公式"),
            (
                self.uncalculated,
                "uncalculated_formula",
                "个单元格只有公式（{0}），没有计算结果；请用 Excel 打开、重新计算并保存",
            ),
            (
                self.scaled,
                "scaled_number",
                "个数字按千或万缩小显示，读取的是原来的数（{0}）；请核对列名中的单位与原来的数一致",
            ),
        ):
            own = [cell for cell in cells if first <= cell[0] <= end]
            if own:
                row, _, text = own[0]
                message = f"有 {len(own)} {words.format(text)}"
                found.append(Problem(row, None, text, rule, message, sheet))
        return found
