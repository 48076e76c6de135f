"""What the bars of a distribution stand for: the cases whose value lies between two limits."""

import plotly.graph_objects as go
import polars as pl

from pages.ui.explanation import Cell
from pages.ui.figures_spread import LAST_DAY, SCORE_STEP
from warehouse.detail import AGE_EDGES, Between

BEST_SCORE = 100


def days(figure: go.Figure) -> list[Cell]:
    """The bars of days of handling; the last one holds all longer ones."""
    return [_cell(day, None if day >= LAST_DAY else day + 1) for day in figure.data[0].x or ()]


def scores(figure: go.Figure) -> list[Cell]:
    """The bars of scores in steps; the full mark belongs to the highest one."""
    starts = [middle - SCORE_STEP / 2 for middle in figure.data[0].x or ()]
    ends = [start + SCORE_STEP for start in starts]
    return [
        _cell(start, None if end >= BEST_SCORE else end)
        for start, end in zip(starts, ends, strict=True)
    ]


def ages() -> list[Cell]:
    """The bands of the ages of open cases."""
    return [_cell(low, high) for low, high in zip(AGE_EDGES, (*AGE_EDGES[1:], None), strict=True)]


def whole(values: pl.Series) -> list[Cell]:
    """Rows of a table with one whole number each."""
    return [_cell(value, value + 1) for value in values]


def _cell(low: float, high: float | None) -> Cell:
    return Cell(between=Between(low, high))
