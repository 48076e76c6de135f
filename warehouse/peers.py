"""Sub-branches beside their peers: value, rank, the median of the group, and how far from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

import duckdb
import polars as pl

from warehouse import coverage, periods
from warehouse.errors import QueryError
from warehouse.indicators import ZERO_KINDS, compute
from warehouse.periods import Period
from warehouse.registry import Indicator, indicator, listed_indicators
from warehouse.request import Where
from warehouse.scope import Scope
from warehouse.standing import Cell, Standing

LEVEL = "支行"
EVERYBODY = Scope.everything()
NOTHING, ZERO = Cell(), Cell(0.0, 0.0)
_FIGURES: dict[str, type[pl.DataType]] = {
    "value": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
}
SCHEMA: dict[str, type[pl.DataType]] = {
    "sub_branch": pl.String,
    **_FIGURES,
    "rank": pl.Int64,
    "of": pl.Int64,
    "median": pl.Float64,
    "gap": pl.Float64,
    "distance": pl.Float64,
    "is_beyond_chance": pl.Boolean,
    "is_ranked": pl.Boolean,
    "reason": pl.String,
}
ACROSS_SCHEMA: dict[str, type[pl.DataType]] = {
    "sub_branch": pl.String,
    **_FIGURES,
    "median": pl.Float64,
}


@dataclass(frozen=True)
class Member:
    """One sub-branch of the group with the days on which it opened and closed."""

    name: str
    opened: date | None = None
    closed: date | None = None

    def absence(self, period: Period) -> str:
        """Why it has no place in a period; empty when it was open at some time of it."""
        if self.opened and period.end and self.opened > period.end:
            return f"{self.opened} 开业"
        if self.closed and period.start and self.closed < period.start:
            return f"{self.closed} 已撤并"
        return ""


@dataclass(frozen=True)
class Place:
    """Where one sub-branch stands by one indicator: a row of `peers`."""

    sub_branch: str
    value: float | None
    numerator: float | None
    denominator: float | None
    rank: int | None
    of: int
    median: float | None
    gap: float | None
    distance: float | None
    is_beyond_chance: bool | None
    is_ranked: bool
    reason: str


def places(found: pl.DataFrame) -> list[Place]:
    """The rows of a result of `peers`."""
    return [Place(**row) for row in found.iter_rows(named=True)]


def comparable() -> tuple[Indicator, ...]:
    """The listed indicators that sub-branches can be compared by, in the registry's order."""
    return tuple(one for one in listed_indicators() if "sub_branch" in one.dimensions)


def members(cursor: duckdb.DuckDBPyConnection) -> tuple[Member, ...]:
    """The group in the bank's own order: organisations of the level 支行.

    Without an organisation table every organisation that has rows is its own sub-branch.
    """
    rows = cursor.execute(
        "select org_name, org_level, opened_date, closed_date from lake.core.organisation"
    ).fetchall()
    if not rows:
        named = coverage.values(cursor, "sub_branch", scope=EVERYBODY)
        return tuple(Member(name) for name in named if name is not None)
    held = {name: Member(name, *days) for name, level, *days in rows if level == LEVEL}
    order = coverage.in_display_order(cursor, "sub_branch", held)
    return tuple(held[name] for name in order if name is not None)


def peers(
    cursor: duckdb.DuckDBPyConnection,
    indicator_id: str,
    period: Period,
    *,
    where: Where | None = None,
    scope: Scope,
    benchmark: Scope = EVERYBODY,
    group: Sequence[Member] | None = None,
) -> pl.DataFrame:
    """Every sub-branch of the scope with rank and group median, best first, unranked ones last.

    `of` is how many are ranked, `gap` the way to the median and `distance` the same in robust
    standard deviations of the group, both positive on the better side. `benchmark` says over whom
    rank and median are taken: by default the whole group, of which a reader with a narrower scope
    learns one median and the places of his own, never the value of another sub-branch. `group`
    spares asking for the members again.
    """
    asked = indicator(indicator_id)
    _check(asked, where)
    found = compute(cursor, indicator_id, period, by=("sub_branch",), where=where, scope=EVERYBODY)
    held = {name: Cell(*figures) for name, *figures in found.iter_rows()}
    group = members(cursor) if group is None else group
    missing = [one for one in group if one.name not in held and not one.absence(period)]
    zero = _zero(cursor, asked, period, where) if missing else NOTHING
    cells = held | {one.name: zero for one in missing}
    reasons = {
        one.name: one.absence(period) or _reason(asked, cells.get(one.name), is_told=bool(held))
        for one in group
    }
    standing = Standing.of_group(
        asked,
        {name: cells[name] for name, why in reasons.items() if not why and _sees(benchmark, name)},
    )
    rows = [
        _row(standing, name, cells.get(name, NOTHING), why)
        for name, why in reasons.items()
        if _sees(scope, name)
    ]
    # The group's own order decides among equals; the sort is stable.
    rows.sort(key=lambda row: standing.ranks.get(str(row["sub_branch"]), len(reasons) + 1))
    return pl.DataFrame(rows, schema=SCHEMA)


def _check(asked: Indicator, where: Where | None) -> None:
    if "sub_branch" not in asked.dimensions:
        message = f"“{asked.name_zh}”不能按支行划分，无法比较支行"
        raise QueryError(message)
    if {"sub_branch", "org_name"} & set(where or {}):
        message = "比较支行时总是与全部支行比，不能再按支行或机构筛选"
        raise QueryError(message)


def _sees(scope: Scope, name: str) -> bool:
    return scope.sub_branches is None or name in scope.sub_branches


def _zero(
    cursor: duckdb.DuckDBPyConnection, asked: Indicator, period: Period, where: Where | None
) -> Cell:
    """What a sub-branch without rows counts as: nothing found in covered time is a true zero."""
    if asked.kind not in ZERO_KINDS:
        return NOTHING
    whole = compute(cursor, asked.id, period, where=where, scope=EVERYBODY)["value"][0]
    return NOTHING if whole is None else ZERO


def _reason(asked: Indicator, cell: Cell | None, *, is_told: bool) -> str:
    """Why a sub-branch is not compared; empty when it is.

    `is_told`: the extracts tell of such cases in the period at all.
    """
    if cell is None or cell.value is None:
        if asked.base is not None and (cell is None or cell.denominator is None):
            return "没有机构基数"
        return (
            f"没有数据（{asked.denominator_zh} 0）"
            if is_told and asked.denominator_zh
            else "没有数据"
        )
    if asked.is_too_few(cell.denominator):
        return f"{asked.denominator_zh} {cell.denominator:,.0f}，少于 {asked.minimum_n} 不比较"
    return ""


def _row(standing: Standing, name: str, cell: Cell, reason: str) -> dict[str, object]:
    asked, rank = standing.asked, standing.ranks.get(name)
    compared = NOTHING if reason else cell
    return {
        "sub_branch": name,
        **_shown(asked, cell)._asdict(),
        "rank": rank,
        "of": len(standing.ranks),
        "median": standing.middle,
        "gap": standing.gap(compared),
        "distance": standing.distance(compared),
        "is_beyond_chance": standing.is_beyond_chance(name, compared),
        "is_ranked": rank is not None,
        "reason": reason or ("" if rank is not None else "不分好坏，不排名"),
    }


def _shown(asked: Indicator, cell: Cell) -> Cell:
    """The cell without a value where so few cases say nothing."""
    return cell._replace(value=None) if asked.is_too_few(cell.denominator) else cell


def across(
    cursor: duckdb.DuckDBPyConnection,
    indicator_id: str,
    period: Period,
    cut: str,
    *,
    where: Where | None = None,
    scope: Scope,
    benchmark: Scope = EVERYBODY,
    group: Sequence[Member] | None = None,
) -> pl.DataFrame:
    """The indicator per value of a cut for every sub-branch of the scope, and the group's median.

    By month every covered month is there. A cell with fewer cases than the indicator wants is
    blank and outside the median.
    """
    asked = indicator(indicator_id)
    _check(asked, where)
    found = compute(
        cursor, indicator_id, period, by=(cut, "sub_branch"), where=where, scope=EVERYBODY
    )
    held = {
        (part, name): _shown(asked, Cell(*figures)) for part, name, *figures in found.iter_rows()
    }
    spans = _covered_months(cursor, asked, period) if cut == "month" else {}
    if not spans:
        spans = dict.fromkeys(found[cut].unique(maintain_order=True), period)
    zero = ZERO if asked.kind in ZERO_KINDS and held else NOTHING
    group = members(cursor) if group is None else group
    rows: list[tuple[object, ...]] = []
    for part, span in spans.items():
        cells = {
            one.name: held.get((part, one.name), NOTHING if one.absence(span) else zero)
            for one in group
        }
        middle = _median(cells, benchmark)
        rows += [(part, n, *cell, middle) for n, cell in cells.items() if _sees(scope, n)]
    return pl.DataFrame(rows, schema={cut: pl.String, **ACROSS_SCHEMA}, orient="row")


def _covered_months(
    cursor: duckdb.DuckDBPyConnection, asked: Indicator, period: Period
) -> dict[str, Period]:
    """The months of a period that the extracts touch."""
    held = coverage.coverage(cursor).get(asked.entity)
    if held is None:
        return {}
    first = max(period.start or held.first, held.first)
    last = min(period.end or held.last, held.last)
    return {month.id: month for month in periods.months_between(first, last)}


def _median(cells: Mapping[str, Cell], benchmark: Scope) -> float | None:
    values = [
        c.value for name, c in cells.items() if c.value is not None and _sees(benchmark, name)
    ]
    return median(values) if values else None
