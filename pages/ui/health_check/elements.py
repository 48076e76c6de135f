"""The elements at a glance: weight, judged part and points reached of each."""

from collections import Counter

import plotly.graph_objects as go
import polars as pl

from pages.ui import formats, status, theme
from pages.ui.figures_rows import height_of, rows_axis
from pages.ui.health_check import scored
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse.health_score import ElementScore, HealthScore

NOT_JUDGED = "#dfe4e8"
WORST_FIRST = ("missed", "near", "met", "few", "too_early", "no_threshold", "no_data")


def headline(found: HealthScore) -> str:
    """Points reached of the weight that could be judged, in one sentence."""
    judged = formats.number(found.judged_weight, 1)
    if found.reached is None:
        return _("<b>没有可以评估的指标</b>：所选期间和筛选下，没有一个指标同时有数据和阈值。")
    return _(
        "已评估权重 <b>{judged}</b>/100，得 <b>{reached}</b>；"
        "其余 {rest} 的权重没有数据或不作判定，不折算、不推算。"
    ).format(
        judged=judged,
        reached=formats.number(found.reached, 1),
        rest=formats.number(100 - found.judged_weight, 1),
    )


def tally(found: HealthScore) -> str:
    """How many indicators have each verdict, worst first."""
    counts = Counter(one.verdict for element in found.elements for one in element.indicators)
    return "　".join(
        status.html(
            verdict,
            _("{word} {count} 项").format(word=status.word(verdict), count=counts[verdict]),
        )
        for verdict in WORST_FIRST
        if counts[verdict]
    )


def figure(found: HealthScore) -> go.Figure:
    """A bar per element as long as its weight: reached, judged but not reached, not judged."""
    rows = [_row(one) for one in found.elements]
    drawn = theme.figure(height=height_of(len(rows), row=46, foot=110))
    parts = (
        (_("得分"), "reached", theme.ACCENT, ""),
        (_("已评估、未得"), "lost", theme.ACCENT_SOFT, ""),
        (_("无数据/未评估"), "rest", NOT_JUDGED, "/"),
    )
    for name, column, colour, shape in parts:
        drawn.add_bar(
            x=[row[column] for row in rows],
            y=list(range(len(rows))),
            orientation="h",
            name=name,
            width=0.62,
            marker={
                "color": colour,
                "line": {"color": theme.PAPER, "width": 1},
                "pattern": {
                    "shape": shape,
                    "bgcolor": colour,
                    "fgcolor": theme.NEUTRAL,
                    "size": 6,
                    "solidity": 0.15,
                },
            },
            hovertext=[f"{row['name']}<br>{row['words']}" for row in rows],
            hoverinfo="text",
        )
    for at, row in enumerate(rows):
        drawn.add_annotation(
            x=row["weight"], y=at, text=row["words"], showarrow=False, xanchor="left", xshift=8
        )
    rows_axis(drawn, [str(row["name"]) for row in rows])
    heaviest = max(float(str(row["weight"])) for row in rows)
    drawn.update_layout(
        barmode="stack",
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "traceorder": "normal"},
        margin={"t": 44},
    )
    drawn.update_xaxes(
        title_text=_("权重（合计 100）"),
        range=[0, heaviest * 2.1],
        tickvals=list(range(0, int(heaviest) + 1, 5)),
    )
    return drawn


def frame(found: HealthScore) -> pl.DataFrame:
    """The same as a table."""
    return pl.DataFrame([_row(one) for one in found.elements], infer_schema_length=None)


def columns() -> list[Column]:
    """The columns of the table of elements."""
    return [
        Column("name", _("要素")),
        Column("minimum", _("最低权重"), "number"),
        Column("weight", _("权重"), "number", 1),
        Column("judged", _("已评估权重"), "number", 1),
        Column("held", _("得分"), "number", 1),
        Column("score", _("得分率（只算已评估）"), "number", 1, "%"),
    ]


def _row(one: ElementScore) -> dict[str, float | str | None]:
    reached = one.reached or 0.0
    words = (
        _("得 {reached} / 已评估 {judged} / 权重 {weight}").format(
            reached=formats.number(one.reached, 1),
            judged=formats.number(one.judged_weight, 1),
            weight=scored.points(one.element.weight),
        )
        if one.reached is not None
        else _("未评估 / 权重 {weight}").format(weight=scored.points(one.element.weight))
    )
    return {
        "name": name_of(one.element),
        "minimum": one.element.minimum_weight,
        "weight": one.element.weight,
        "judged": one.judged_weight,
        "held": one.reached,
        "score": one.score,
        "reached": reached,
        "lost": one.judged_weight - reached,
        "rest": one.element.weight - one.judged_weight,
        "words": words,
    }
