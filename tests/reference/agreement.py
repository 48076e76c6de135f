"""Lays the warehouse's answer beside the reference's and says where they differ."""

from collections.abc import Sequence
from math import isclose

import duckdb
import polars as pl

from tests.reference import Frames, Where, reference
from warehouse.indicators import compute
from warehouse.periods import Period
from warehouse.scope import Scope

FIGURES = ("value", "numerator", "denominator")
TOLERANCE = 1e-9
Cell = tuple[str | None, ...]
Figures = tuple[float | None, ...]


def differences(
    cursor: duckdb.DuckDBPyConnection,
    frames: Frames,
    indicator_id: str,
    period: Period,
    *,
    by: Sequence[str] = (),
    where: Where | None = None,
    scope: Scope,
) -> list[str]:
    """Every cell in which the two disagree, with both figures."""
    answers = [
        _cells(found, by)
        for found in (
            compute(cursor, indicator_id, period, by=by, where=where, scope=scope),
            reference(frames, indicator_id, period, by=by, where=where, scope=scope),
        )
    ]
    asked = f"{indicator_id} {period.id} by={list(by)} where={where} scope={scope.sub_branches}"
    nothing = (None, None, None)
    return [
        f"{asked}: {cell}: SQL {answers[0].get(cell, nothing)}, by the definitions "
        f"{answers[1].get(cell, nothing)} (value, numerator, denominator)"
        for cell in dict.fromkeys([*answers[0], *answers[1]])
        if not _agree(*(answer.get(cell, nothing) for answer in answers))
    ]


def _cells(found: pl.DataFrame, by: Sequence[str]) -> dict[Cell, Figures]:
    """Cell → figures, without the cells in which nothing was counted (there are none to show)."""
    cells = {row[: len(by)]: row[len(by) :] for row in found.select(*by, *FIGURES).iter_rows()}
    if len(cells) < found.height:
        message = f"a cell occurs twice: {found}"
        raise AssertionError(message)
    return {cell: row for cell, row in cells.items() if not by or row[1] or row[2]}


def _agree(one: Figures, other: Figures) -> bool:
    """The same value, absent or there alike; figures behind an absent value may be 0 or absent."""
    if (one[0] is None) != (other[0] is None):
        return False
    pairs = [(a or 0.0, b or 0.0) for a, b in zip(one, other, strict=True)]
    return all(isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE) for a, b in pairs)
