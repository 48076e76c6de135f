"""The cells with the largest excess, the unusual ones set apart by colour and mark."""

from typing import Any

import plotly.graph_objects as go
import polars as pl

from pages.ui import explanation, formats, points, theme
from pages.ui.explanation import Cell
from pages.ui.figures_rows import height_of, rows_axis
from pages.ui.queries import Queries
from pages.ui.table import Column, Links
from pages.ui.text import _
from pages.ui.tracing import traced
from warehouse.tracing import COUNT, Tracing

MOST, LEAST = 15, 8
MARK = "■"
WIDTH = 300


def shown(found: Tracing) -> pl.DataFrame:
    """The unusual cells, filled up with the next largest so that few are seen in proportion."""
    return found.cells.head(max(LEAST, min(found.unusual.height, MOST)))


def figure(ask: Queries, found: Tracing) -> go.Figure:
    """A bar per cell: cases beyond expectation, or cases where nothing is to be expected."""
    cells = shown(found)
    drawn = theme.figure(height=height_of(len(cells), row=52))
    rows = list(cells.iter_rows(named=True))
    labels = [traced.label(row) for row in rows]
    values = [row["count"] if row["excess"] is None else row["excess"] for row in rows]
    texts = [_written(row) for row in rows]
    drawn.add_bar(
        x=values,
        y=list(range(len(rows))),
        orientation="h",
        text=texts,
        textposition="outside",
        cliponaxis=False,
        marker={"color": [theme.BAD if row["is_unusual"] else theme.UNKNOWN for row in rows]},
        hovertext=[_hover(label, row) for label, row in zip(labels, rows, strict=True)],
        hoverinfo="text",
        showlegend=False,
    )
    rows_axis(drawn, labels)
    drawn.update_yaxes(ticktext=[_two_lines(row) for row in rows])
    top = max([value for value in values if value > 0], default=1)
    longest = max((theme.text_width(text) for text in texts), default=0)
    title = _("比以往平均多出的件数") if found.history else _("件")
    drawn.update_xaxes(title_text=title, range=[min([0, *values]), top * (1.05 + longest / 190)])
    points.link(drawn, cells_of(found, cells), lambda cell: explanation.href_of(ask, cell))
    return drawn


def cells_of(found: Tracing, cells: pl.DataFrame) -> list[Cell]:
    """What each row stands for: the count of the cell."""
    return [one.within(Cell(COUNT)) for one in explanation.rows_of(cells, found.cut)]


def links(ask: Queries, found: Tracing, cells: pl.DataFrame) -> Links:
    """The way from every row of the table to its explanation."""
    return Links(cells_of(found, cells), lambda cell: explanation.href_of(ask, cell))


def _two_lines(row: dict[str, Any]) -> str:
    place, category, cause = traced.names(row)
    what = theme.shortened(_("{category} × {cause}").format(category=category, cause=cause), WIDTH)
    return f"{theme.shortened(place, WIDTH)}<br>{theme.muted(what)}"


def _written(row: dict[str, Any]) -> str:
    if row["excess"] is None:
        return formats.amount(row["count"], unit=_("件"))
    mark = f"{MARK} " if row["is_unusual"] else ""
    return mark + _("{excess}（{count} / {expected}）").format(
        excess=formats.signed(row["excess"], 1),
        count=formats.number(row["count"]),
        expected=formats.number(row["expected"], 1),
    )


def _hover(label: str, row: dict[str, Any]) -> str:
    words = _("异常") if row["is_unusual"] else _("在随机波动范围内或未作判断")
    return f"{label}<br>{_written(row)}<br>{words} · " + _("校正后 p 值 {p}").format(
        p=traced.p_words(row["q_value"])
    )


def frame(found: Tracing, cells: pl.DataFrame) -> pl.DataFrame:
    """The cells as a table: in words where people read, in numbers in the file."""
    return cells.with_columns(
        pl.Series("label", [traced.label(row) for row in cells.iter_rows(named=True)], pl.String),
        pl.Series("p", [traced.p_words(q) for q in cells["q_value"]], pl.String),
        pl.Series("verdict", [_verdict(row) for row in cells.iter_rows(named=True)], pl.String),
        pl.lit(found.period.label_zh).alias("period"),
    )


def legend(found: Tracing) -> str:
    """What colour, mark and brackets mean here."""
    if not found.history:
        return _("灰色：没有以往可比，未作判断")
    mark = _("红色 ■ 为异常") if found.refusal is None else _("灰色：未作判断")
    return mark + _("，括号内为本期件数 / 以往平均")


def _verdict(row: dict[str, Any]) -> str:
    if row["q_value"] is None:
        return _("未判断")
    return _("异常") if row["is_unusual"] else _("随机范围内")


def columns(found: Tracing) -> list[Column]:
    """The columns of the cells."""
    base = found.base.label_zh if found.base else _("对比期")
    return [
        Column("label", _("支行 · 业务大类 × 原因")),
        Column("count", _("本期"), "number", unit=_("件"), of=Cell(COUNT)),
        Column("base", base, "number", unit=_("件")),
        Column("change", _("增减"), "change", unit=_("件")),
        Column("earlier", _("以往合计"), "number", unit=_("件")),
        Column("expected", _("以往平均"), "number", 1, _("件")),
        Column("excess", _("多出"), "change", 1, _("件")),
        Column("p", _("校正后 p 值"), "number"),
        Column("verdict", _("判断")),
    ]
