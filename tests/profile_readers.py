"""Readers of handed-out profiles: what is printed, and who tries to work out what is not."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import openpyxl
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

from warehouse.handouts.cross_table import WITHHELD
from warehouse.registry import dimensions, indicator

COUNT, TIMELY = "complaint_count", "complaint_timely_rate"
CUTS = ("category_group", "cause_group")
MOST = 10_000
PATIENCE_S = 20
# What the solver says where nothing fits.
INFEASIBLE = 2


@dataclass
class Printed:
    """What the workbook of one sub-branch says, by section."""

    ranks: dict[str, dict[str, object]] = field(default_factory=dict)
    courses: dict[str, dict[str, dict[str, object]]] = field(default_factory=dict)
    mixes: dict[str, dict[str, dict[str, object]]] = field(default_factory=dict)


def books(content: bytes) -> dict[str, openpyxl.Workbook]:
    """The workbooks of an archive by file name."""
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        return {
            name: openpyxl.load_workbook(io.BytesIO(held.read(name)))
            for name in held.namelist()
            if name.endswith(".xlsx")
        }


def printed(content: bytes) -> dict[str, Printed]:
    """What an archive prints, by sub-branch."""
    return {book.sheetnames[1]: _read(book.worksheets[1]) for book in books(content).values()}


def _read(sheet) -> Printed:
    lines = [tuple(row) for row in sheet.iter_rows(values_only=True)]
    found = Printed()
    for title, table in _tables(lines):
        if title == "名次":
            found.ranks = {str(row["指标"]): row for row in table}
        elif title.startswith("每月"):
            found.courses[title.removeprefix("每月")] = {str(row["月份"]): row for row in table}
        elif title.startswith("投诉结构"):
            name = title.removeprefix("投诉结构：按")
            found.mixes[name] = {str(row[name] or "未填报"): row for row in table}
    return found


def _tables(lines: list[tuple]) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """Each section with the rows of its table, by the names in its head."""
    starts = [
        n
        for n, line in enumerate(lines)
        if isinstance(line[0], str)
        and line[1] is None
        and (line[0] == "名次" or line[0].startswith(("每月", "投诉结构")))
    ]
    for start in starts:
        head = [None if name is None else str(name).split("（")[0] for name in lines[start + 1]]
        rows = []
        for line in lines[start + 2 :]:
            if not any(value is not None for value in line):
                break
            rows.append({name: v for name, v in zip(head, line, strict=True) if name})
        yield lines[start][0], rows if head[1] else []


Cell = tuple[str, ...]


class Attacker:
    """Knows all that is printed, how it adds up, and the bank's own totals; solves for the rest.

    Every count is a whole number from 0 on; "<5" is 1 to 4 and the mark of a mix 5 or more.
    """

    def __init__(self, told: dict[str, Printed], limit: int, everything: int) -> None:
        self.told, self.limit = told, limit
        self.cells: dict[Cell, int] = {}
        self.low: list[float] = []
        self.high: list[float] = []
        # Each adds up to nothing: the parts of a whole, less the whole.
        self.rows: list[dict[int, float]] = []
        months = sorted({m for one in told.values() for m in one.courses[_name(COUNT)]})[-3:]
        for name, one in told.items():
            self._counts(name, one, months)
            self._timely(name, one, months)
        self._shares(everything)

    def at(self, *cell: str) -> int:
        """The number of the unknown of this name."""
        if cell not in self.cells:
            self.cells[cell] = len(self.cells)
            self.low.append(0)
            self.high.append(MOST)
        return self.cells[cell]

    def known(self, cell: Cell, value: object) -> None:
        """Take in what is printed of a cell."""
        at = self.at(*cell)
        if isinstance(value, int | float):
            self.low[at] = self.high[at] = round(value)
        elif value == f"<{self.limit}":
            self.low[at], self.high[at] = 1, self.limit - 1
        elif value == WITHHELD and cell[0] in CUTS:
            self.low[at] = self.limit

    def adds_up(self, parts: list[int], whole: int) -> None:
        """Parts that are a whole."""
        self.rows.append({**dict.fromkeys(parts, 1.0), whole: -1.0})

    def _counts(self, name: str, one: Printed, months: list[str]) -> None:
        total = self.at("total", name)
        self.known(("total", name), one.ranks[_name(COUNT)]["数值"])
        for month in months:
            self.known(("month", name, month), one.courses[_name(COUNT)][month][_name(COUNT)])
        self.adds_up([self.at("month", name, month) for month in months], total)
        for cut in CUTS:
            table = one.mixes[dimensions()[cut].name_zh]
            for label, row in table.items():
                self.known((cut, name, label), row["投诉量"])
                if isinstance(row["占比"], int | float) and isinstance(row["投诉量"], int):
                    assert row["占比"] > 0
            if table:
                self.adds_up([self.at(cut, name, label) for label in table], total)

    def _timely(self, name: str, one: Printed, months: list[str]) -> None:
        row = one.ranks.get(_name(TIMELY), {})
        self._both(("timely", name), row.get("分子"), row.get("分母"))
        for month in months:
            held = one.courses[_name(TIMELY)][month]
            rate, below = held[_name(TIMELY)], held[indicator(TIMELY).denominator_zh]
            is_told = isinstance(rate, int | float) and isinstance(below, int | float)
            self._both(
                ("timely", name, month),
                round(rate * below / 100) if is_told else None,
                below if is_told else None,
            )
        for part in ("timely", "late"):
            self.adds_up([self.at(part, name, month) for month in months], self.at(part, name))

    def _both(self, cell: Cell, above: object, below: object) -> None:
        late = ("late", *cell[1:])
        self.at(*cell), self.at(*late)
        if isinstance(above, int | float) and isinstance(below, int | float):
            self.known(cell, above)
            self.known(late, below - above)

    def _shares(self, everything: int) -> None:
        """The shares of the whole group tell its totals to whoever knows how many there are."""
        for cut in CUTS:
            name_zh = dimensions()[cut].name_zh
            told = [one.mixes[name_zh] for one in self.told.values() if one.mixes[name_zh]]
            labels = sorted({label for table in told for label in table})
            for label in labels:
                share = next(t[label]["全部支行占比"] for t in told if label in t)
                if isinstance(share, int | float):
                    whole = self.at(f"{cut} of all", label)
                    self.known((f"{cut} of all", label), share * everything / 100)
                    # A sub-branch that is told nothing of may have any number of them.
                    parts = [
                        self.at(cut, name, label)
                        for name, one in self.told.items()
                        if not one.mixes[name_zh] or label in one.mixes[name_zh]
                    ]
                    self.adds_up(parts, whole)

    def solution(
        self,
        aim: np.ndarray | None = None,
        within: Mapping[Cell, tuple[float, float]] | None = None,
    ) -> np.ndarray | None:
        """Whole numbers that fit all that is printed, and lie within bounds; None if none do."""
        low, high = np.array(self.low), np.array(self.high)
        for cell, (least, most) in (within or {}).items():
            at = self.cells[cell]
            low[at], high[at] = max(low[at], least), min(high[at], most)
        if (low > high).any():
            return None
        size = len(self.cells)
        matrix = lil_array((len(self.rows), size))
        for n, row in enumerate(self.rows):
            for column, factor in row.items():
                matrix[n, column] = factor
        solved = milp(
            np.zeros(size) if aim is None else aim,
            constraints=LinearConstraint(matrix.tocsr(), 0, 0),
            bounds=Bounds(low, high),
            integrality=np.ones(size),
            options={"time_limit": PATIENCE_S},
        )
        if solved.x is None:
            # Out of time is no proof that nothing fits.
            assert solved.status == INFEASIBLE, solved.message
            return None
        return np.round(solved.x)

    def leaks(self) -> list[tuple[Cell, int]]:
        """The small counts that are certain, printed or worked out: the same in every solution."""
        first = self.solution()
        assert first is not None
        certain = {
            cell: round(first[at]) for cell, at in self.cells.items() if 0 < first[at] < self.limit
        }

        def drop(other: np.ndarray) -> None:
            for cell in [c for c, value in certain.items() if other[self.cells[c]] != value]:
                del certain[cell]

        # Solutions that lie far apart settle most cells at once, the rest are tried one by one.
        for sign in (1, -1):
            far = self.solution(np.full(len(self.cells), float(sign)))
            if far is not None:
                drop(far)
        for cell, value in list(certain.items()):
            for bounds in ((value + 1, MOST), (0, value - 1)):
                other = self.solution(within={cell: bounds}) if cell in certain else None
                if other is not None:
                    drop(other)
        return sorted(certain.items())


def _name(what: str) -> str:
    return indicator(what).name_zh
