"""Which figures of sub-branches are not told, so that no small count can be worked out.

A figure is told whole or not at all. Not told is one that counts 0 < n < limit cases in its
numerator, in its denominator or in what lies between (a rate of 38 in 40 tells the other 2). With
it go the next larger ones of other sub-branches until together they are not small, so that the
bank's own total gives nothing away; whatever states one of these counts once more; and the other
measures of the same cases. What is not promised: that two figures of different cases, both told,
have no small difference.
"""

from collections.abc import Mapping
from math import inf, isfinite
from statistics import median
from typing import Any

import polars as pl

from warehouse import numerals
from warehouse.handouts import cross_table
from warehouse.handouts.facts import written
from warehouse.peers import SCHEMA
from warehouse.registry import Indicator, indicator
from warehouse.standing import Cell, Standing

REASON = "件数少，或可由其推算出较小的件数，不列"
# A subject, and what is counted in it.
Key = tuple[str, str]
UNTOLD: dict[str, Any] = {
    "rank": None,
    "of": 0,
    "median": None,
    "gap": None,
    "distance": None,
    "is_beyond_chance": None,
    "is_ranked": False,
}
FIGURES: dict[str, Any] = {"value": None, "numerator": None, "denominator": None}


def counted(asked: Indicator, cell: Cell) -> dict[Key, int]:
    """The counts of cases that a figure states or lets work out."""
    above, below = round(cell.numerator or 0), round(cell.denominator or 0)
    match asked.kind:
        case "ratio":
            rest = f"{asked.denominator} - {asked.numerator}"
            return {
                _above(asked): above,
                _below(asked): below,
                (asked.subject, rest): below - above,
            }
        case "mean" | "percentile":
            return {_below(asked): below}
        case _:
            return {_above(asked): above}


def _above(asked: Indicator) -> Key:
    return asked.subject, asked.numerator or ""


def _below(asked: Indicator) -> Key:
    return asked.subject, asked.denominator or ""


def _measures_of(asked: Indicator) -> Key:
    """What all measures of the same cases have in common."""
    return asked.subject, f"of {asked.denominator}"


def small(counts: Mapping[str, int], limit: int) -> set[str]:
    """The labels of small counts, with those that keep them from being worked out of a total."""
    there = {label: count for label, count in counts.items() if count > 0}
    return {label for label, name in cross_table.pooled(there, limit).items() if name != label}


def withheld(cells: Mapping[str, Mapping[str, Cell]], limit: int) -> dict[str, set[str]]:
    """By indicator, those of the sub-branches whose figure is not told."""
    secret = _secret(cells, limit)
    found: dict[str, set[str]] = {what: set() for what in cells}
    is_new = True
    while is_new:
        is_new = False
        for what, held in cells.items():
            asked = indicator(what)
            for name in held.keys() - found[what]:
                if any(name in secret.get(key, ()) for key in _stated(asked, held[name])):
                    found[what].add(name)
                    is_new = True
                    if asked.kind == "ratio":
                        # Who knows both of its counts has the figure.
                        for key in (_above(asked), _measures_of(asked)):
                            secret.setdefault(key, set()).add(name)
    return found


def _stated(asked: Indicator, cell: Cell) -> set[Key]:
    of_cases = {_measures_of(asked)} if asked.denominator else set()
    return {*counted(asked, cell)} | of_cases


def _secret(cells: Mapping[str, Mapping[str, Cell]], limit: int) -> dict[Key, set[str]]:
    """By what is counted, the sub-branches whose count is small or protects a small one."""
    by_key: dict[Key, dict[str, int]] = {}
    for what, held in cells.items():
        for name, cell in held.items():
            for key, count in counted(indicator(what), cell).items():
                by_key.setdefault(key, {})[name] = count
    return {key: small(counts, limit) for key, counts in by_key.items()}


def told(asked: Indicator, found: pl.DataFrame, hidden: set[str]) -> pl.DataFrame:
    """A result of `peers` without the figures of some.

    With them go rank, median and distance of all the others, which depend on them; the reason says
    between which bounds they lie, by the listed figures alone.
    """
    if not hidden:
        return found
    rows = list(found.iter_rows(named=True))
    listed = {
        row["sub_branch"]: Cell(row["value"], row["numerator"], row["denominator"])
        for row in rows
        if row["is_ranked"] and row["sub_branch"] not in hidden
    }
    standing = Standing.of_group(asked, listed)
    return pl.DataFrame(
        [
            row | UNTOLD | FIGURES | {"reason": REASON}
            if row["sub_branch"] in hidden
            else row | UNTOLD | _bounds(standing, row, len(hidden))
            for row in rows
        ],
        schema=SCHEMA,
    )


def _bounds(standing: Standing, row: Mapping[str, Any], hidden: int) -> dict[str, str]:
    rank = standing.ranks.get(row["sub_branch"])
    if rank is None:
        return {}
    said = f"另有{hidden}家因件数少不列：名次在{rank}至{rank + hidden}之间"
    values = [cell.value for cell in standing.cells.values() if cell.value is not None]
    low, high = median([*values, *[-inf] * hidden]), median([*values, *[inf] * hidden])
    if isfinite(low) and isfinite(high):
        asked = standing.asked
        said += f"，支行中位数在{numerals.written(low, asked.decimals)}至{written(asked, high)}之间"
    return {"reason": said}
