"""Says for each bad cell what was expected there and which value is likely meant."""

from dataclasses import dataclass

import duckdb

from ingest.code_map import canonical_names, known_codes
from ingest.contract import Column
from ingest.match import Match
from ingest.returning.likely import closest, likely_dates, likely_numbers
from ingest.sql import fill, identifier
from warehouse.codes import match_key

_EXPECTED = {
    "timestamp": "日期或日期时间，如 2024-03-05 或 2024-03-05 10:20:00",
    "date": "日期，如 2024-03-05",
    "period_start": "期间，如 2024-03、2024Q1 或 2024-03-01",
    "period_end": "期间，如 2024-03、2024Q1 或 2024-03-31",
    "integer": "整数，如 3",
    "decimal": "数字，如 1200.50（单位以表头为准）",
    "count": "数字，如 200、1.2万 或 约200",
    "boolean": "是 或 否",
    "score": "分数，如 85、90/100；未考写 缺考 或 免考",
    "identifier": "完整的编号（文本格式）",
}
_DATES = ("timestamp", "date", "period_start", "period_end")
_NUMBERS = ("integer", "decimal", "count", "score")
_MOST_NAMES = 6
# Columns of the core tables that name an organisation.
ORGANISATION_COLUMNS = ("org_name", "parent_org_name")


@dataclass(frozen=True)
class Issue:
    """One reason for which a row goes back."""

    rule: str
    column: str | None
    message: str


@dataclass(frozen=True)
class Advice:
    """What was expected in a cell and what is likely meant; both may be empty."""

    expected: str
    likely: str


class Adviser:
    """Knows the columns of one table, and the organisations and codes that its cells may name."""

    def __init__(self, con: duckdb.DuckDBPyConnection, match: Match, *, has_lake: bool) -> None:
        self.match = match
        self.columns = match.contract.all_columns()
        self._targets = {
            match.header.columns[position].name: name for name, position in match.targets.items()
        }
        self._organisations = _organisations(con, match, has_lake=has_lake)
        self._names: dict[str, list[str]] = {}
        self._closest: dict[tuple[str, str], str] = {}

    def position(self, column: str | None) -> int | None:
        """Where the column of an issue stands in the header; None for the whole row."""
        if column in self._targets:
            return self.match.targets[self._targets[column]]
        names = [one.name for one in self.match.header.columns]
        return names.index(column) if column in names else None

    def advice(self, issue: Issue, cell: str | None) -> Advice:
        """What to put instead of this cell."""
        target = self._targets.get(issue.column or "")
        if issue.rule == "row_shape":
            return Advice("每格内容与表头对齐；核对无误后清空本行的退回原因", "")
        if issue.rule == "duplicate_key" or target is None:
            return Advice("", "")
        column = self.columns[target]
        own = next((r for r in self.match.contract.rules if r.id == issue.rule), None)
        if own is not None and own.values:
            return Advice(_listed(own.values), closest(cell or "", own.values))
        if own is not None:
            return Advice("", "")
        return Advice(_expected(column), self._likely(target, cell))

    def hint(self, position: int, cell: str | None) -> str:
        """The known name most like a cell whose value is unknown; empty where there is none."""
        target = self._targets.get(self.match.header.columns[position].name)
        if not cell or target is None:
            return ""
        names = self._known_names(target)
        if not names or cell in names or match_key(cell) in known_codes(self.columns[target]):
            return ""
        key = (target, cell)
        if key not in self._closest:
            self._closest[key] = closest(cell, names)
        return self._closest[key]

    def _known_names(self, target: str) -> list[str]:
        if target not in self._names:
            column = self.columns[target]
            names: list[str] = []
            if target in ORGANISATION_COLUMNS:
                names = self._organisations
            elif column.code_list is not None:
                names = sorted({*canonical_names(column), *column.values})
            self._names[target] = names
        return self._names[target]

    def _likely(self, target: str, cell: str | None) -> str:
        kind = self.columns[target].type
        if cell is None:
            return ""
        if kind in _DATES:
            return " 或 ".join(likely_dates(cell))
        if kind in _NUMBERS:
            return " 或 ".join(likely_numbers(cell))
        return self.hint(self.match.targets[target], cell)


def _listed(names: tuple[str, ...]) -> str:
    more = " 等" if len(names) > _MOST_NAMES else ""
    return "、".join(names[:_MOST_NAMES]) + more


def _expected(column: Column) -> str:
    if column.formats:
        return "只接受这些写法：" + "、".join(column.formats)
    if column.true_values or column.false_values:
        return _listed((*column.true_values, *column.false_values))
    return _EXPECTED.get(column.type, "不能为空" if column.required else "")


def _organisations(con: duckdb.DuckDBPyConnection, match: Match, *, has_lake: bool) -> list[str]:
    """The names of the organisations that the lake knows, else those that the file repeats."""
    names: set[str] = set()
    if has_lake:
        rows = con.execute("select org_name from lake.core.organisation").fetchall()
        names = {name for (name,) in rows}
    if names:
        return sorted(names)
    for target in ORGANISATION_COLUMNS:
        if target in match.targets:
            cell = identifier(f"c{match.targets[target]}")
            statement = fill(
                """
                select <<cell>> from cells
                where <<cell>> is not null
                    and _row not in (select _row from ignored)
                group by all
                having count(*) > 2
                """,
                cell=cell,
            )
            names.update(name for (name,) in con.execute(statement).fetchall())
    return sorted(names)
