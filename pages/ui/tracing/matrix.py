"""Category by cause for the chosen sub-branches: how many, and how far beyond the usual."""

from typing import Any

import plotly.graph_objects as go
import polars as pl

from pages.ui import explanation, formats, frames, points, theme
from pages.ui.explanation import Cell
from pages.ui.figures_spread import wrapped
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _, name_of
from pages.ui.tracing import traced
from warehouse.numerals import half_up
from warehouse.registry import dimensions
from warehouse.tracing import COUNT, Tracing

ROWS, COLUMNS = "category_group", "cause_group"
CUT = (ROWS, COLUMNS)
MARK = "■"
# More rows or columns than these are read by nobody; the table lists every one.
LIMITS = {ROWS: 18, COLUMNS: 14}
# Fewer missing cases than this are written as none.
LEAST = 0.5
# Within so many standard deviations a cell stays pale; from so many on it takes the full shade.
USUAL, REACH = 2, 8
# Fewer than usual is blue, more is warm; both pale enough for dark figures.
_BLUE, _PALE, _WARM = "#9dc3e6", "#f8f9fa", "#e59b93"


def figure(ask: Queries, found: Tracing) -> go.Figure:
    """The heat table: count and excess in every cell, shaded by how far that is from usual."""
    rows, columns, held = _laid_out(ask, found)
    drawn = theme.figure(height=max(240, 46 * len(rows) + 110))
    cells = [[held.get((row, column)) for column in columns] for row in rows]
    names = frames.labels(ROWS, rows)
    tops = frames.labels(COLUMNS, columns)
    drawn.add_heatmap(
        z=[[_shade(one) for one in line] for line in cells],
        text=[[_written(one) for one in line] for line in cells],
        texttemplate="%{text}",
        textfont={"size": theme.FONT_SIZE - 1, "color": theme.INK},
        colorscale=_scale(),
        zmin=-REACH,
        zmax=REACH,
        showscale=False,
        xgap=2,
        ygap=2,
        hovertext=[
            [f"{name} × {top}<br>{_hover(one)}" for top, one in zip(tops, line, strict=True)]
            for name, line in zip(names, cells, strict=True)
        ],
        hoverinfo="text",
    )
    drawn.update_xaxes(
        tickmode="array",
        tickvals=list(range(len(columns))),
        ticktext=[wrapped(top) for top in tops],
        side="top",
        showgrid=False,
        zeroline=False,
        tickangle=0,
    )
    drawn.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(rows))),
        ticktext=[theme.shortened(name) for name in names],
        autorange="reversed",
        showgrid=False,
        zeroline=False,
    )
    points.link(
        drawn,
        [Cell(COUNT, {ROWS: row}) for row in rows],
        lambda cell: explanation.href_of(ask, cell),
        across=[Cell(only={COLUMNS: column}) for column in columns],
    )
    return drawn


Cells = dict[tuple[str | None, str | None], dict[str, Any]]


def _laid_out(ask: Queries, found: Tracing) -> tuple[list[str | None], list[str | None], Cells]:
    """Rows and columns to draw, in display order, and every cell."""
    held = {(one[ROWS], one[COLUMNS]): one for one in found.cells.iter_rows(named=True)}
    rows, columns = (ask.in_order(cut, _largest(found, cut, most)) for cut, most in LIMITS.items())
    return rows, columns, {key: one for key, one in held.items() if not _is_nothing(one)}


def _largest(found: Tracing, cut: str, most: int) -> list[str | None]:
    """The values with unusual cells, then those with most cases; those without any are left out."""
    cells = found.cells.filter((pl.col("count") > 0) | (pl.col("excess").abs() >= LEAST))
    ranked = (
        cells.group_by(cut, maintain_order=True)
        .agg(pl.col("is_unusual").any(), pl.col("count").sum())
        .sort("is_unusual", "count", descending=True, maintain_order=True)
    )
    return ranked[cut].to_list()[:most]


def left_out(found: Tracing) -> str:
    """What is not drawn because nobody could read so much; empty when all is."""
    counts = {cut: found.cells[cut].n_unique() for cut in LIMITS}
    names = [
        _("{name}只画 {most} 种").format(name=name_of(dimensions()[cut]), most=most)
        for cut, most in LIMITS.items()
        if counts[cut] > most
    ]
    return _("、").join(names) + _("，其余在表格中 · ") if names else ""


def _is_nothing(one: dict[str, Any]) -> bool:
    """Neither a case now nor a whole one missing: such cells only pad the table."""
    return not one["count"] and abs(one["excess"] or 0) < LEAST


def _scale() -> list[list[float | str]]:
    edge = USUAL / REACH / 2
    return [[0, _BLUE], [0.5 - edge, _PALE], [0.5 + edge, _PALE], [1, _WARM]]


def _shade(one: dict[str, Any] | None) -> float | None:
    return None if one is None else one["distance"] or 0


def _written(one: dict[str, Any] | None) -> str:
    if one is None:
        return ""
    count = formats.number(one["count"])
    if one["excess"] is None or half_up(one["excess"]) == 0:
        return count
    mark = f"{MARK} " if one["is_unusual"] else ""
    return f"{mark}<b>{count}</b><br>{theme.muted(formats.signed(one['excess']))}"


def _hover(one: dict[str, Any] | None) -> str:
    if one is None:
        return _("本期和以往都没有")
    text = formats.amount(one["count"], unit=_("件"))
    if one["expected"] is None:
        return text
    return _("{count}，以往平均 {expected} 件，{excess}<br>校正后 p 值 {p}").format(
        count=text,
        expected=formats.number(one["expected"], 1),
        excess=formats.signed(one["excess"], 1),
        p=traced.p_words(one["q_value"]),
    )


def frame(ask: Queries, found: Tracing) -> pl.DataFrame:
    """Every cell as a row, in display order."""
    places = {
        cut: {value: at for at, value in enumerate(ask.in_order(cut, found.cells[cut].to_list()))}
        for cut in CUT
    }
    listed = sorted(
        (one for one in found.cells.iter_rows(named=True) if not _is_nothing(one)),
        key=lambda one: (places[ROWS][one[ROWS]], places[COLUMNS][one[COLUMNS]]),
    )
    return pl.DataFrame(listed, schema=found.cells.schema).with_columns(
        pl.Series("row", frames.labels(ROWS, [one[ROWS] for one in listed]), pl.String),
        pl.Series("column", frames.labels(COLUMNS, [one[COLUMNS] for one in listed]), pl.String),
        pl.Series("p", [traced.p_words(one["q_value"]) for one in listed], pl.String),
    )


def columns() -> list[Column]:
    """The columns of the table."""
    return [
        Column("row", name_of(dimensions()[ROWS])),
        Column("column", name_of(dimensions()[COLUMNS])),
        Column("count", _("本期"), "number", unit=_("件")),
        Column("expected", _("以往平均"), "number", 1, _("件")),
        Column("excess", _("多出"), "change", 1, _("件")),
        Column("p", _("校正后 p 值"), "number"),
    ]
