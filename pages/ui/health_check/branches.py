"""The elements by sub-branch: points of 100 over what was judged there, and how much that is."""

import plotly.graph_objects as go
import polars as pl

from pages.ui import formats, frames, theme
from pages.ui.figures_rows import height_of
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse.health_check import Element
from warehouse.health_score import ElementScore, HealthScore

# Low scores warm, high ones blue, both pale enough for dark figures on them.
SCALE = ((0.0, "#e8b0aa"), (0.6, "#f7f3ea"), (1.0, "#9dc3e6"))
Branches = dict[str | None, HealthScore]


def judged(found: Branches) -> tuple[list[str | None], list[Element]]:
    """The sub-branches and the elements that have at least one judged cell."""
    branches = [name for name, score in found.items() if score.reached is not None]
    elements = {
        one.element.id: one.element
        for name in branches
        for one in found[name].elements
        if one.reached is not None
    }
    order = [one.element for score in found.values() for one in score.elements]
    return branches, list({e.id: e for e in order if e.id in elements}.values())


def figure(ask: Queries, found: Branches) -> go.Figure:
    """The heat table: score in each cell with the judged share of the element's weight."""
    branches, elements = judged(found)
    names = ask.in_order("sub_branch", branches)
    cells = [[_cell(found[name], element) for element in elements] for name in names]
    drawn = theme.figure(height=height_of(len(names), row=34, foot=90))
    drawn.add_heatmap(
        z=[[one.score if one else None for one in line] for line in cells],
        text=[[_written(one) for one in line] for line in cells],
        texttemplate="%{text}",
        textfont={"size": theme.FONT_SIZE, "color": theme.INK},
        colorscale=[list(stop) for stop in SCALE],
        zmin=0,
        zmax=100,
        showscale=False,
        xgap=2,
        ygap=2,
        hoverongaps=False,
        hovertext=[
            [
                f"{label} · {name_of(e)}<br>{_hover(one)}"
                for e, one in zip(elements, line, strict=True)
            ]
            for label, line in zip(frames.labels("sub_branch", names), cells, strict=True)
        ],
        hoverinfo="text",
    )
    drawn.update_xaxes(
        tickmode="array",
        tickvals=list(range(len(elements))),
        ticktext=[name_of(element) for element in elements],
        side="top",
        showgrid=False,
        zeroline=False,
    )
    drawn.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(names))),
        ticktext=[theme.shortened(label) for label in frames.labels("sub_branch", names)],
        autorange="reversed",
        showgrid=False,
        zeroline=False,
    )
    return drawn


def _cell(score: HealthScore, element: Element) -> ElementScore | None:
    held = next(one for one in score.elements if one.element.id == element.id)
    return held if held.reached is not None else None


def _share(one: ElementScore) -> str:
    return formats.number(one.judged_share)


def _written(one: ElementScore | None) -> str:
    if one is None:
        return formats.NO_DATA
    return f"<b>{formats.number(one.score)}</b>  " + theme.muted(
        _("评 {share}%").format(share=_share(one))
    )


def _hover(one: ElementScore | None) -> str:
    if one is None:
        return _("没有可以评估的指标")
    names = _("、").join(name_of(assessed.asked) for assessed in one.judged)
    return _("得分率 {score}%，评估了权重的 {share}%<br>{names}").format(
        score=formats.number(one.score, 1), share=_share(one), names=names
    )


def frame(ask: Queries, found: Branches) -> tuple[pl.DataFrame, list[Column]]:
    """The heat table as rows: score and judged share of every cell."""
    branches, elements = judged(found)
    names = ask.in_order("sub_branch", branches)
    held: dict[str, list[object]] = {"branch": list[object](frames.labels("sub_branch", names))}
    columns = [Column("branch", _("支行（部门）"))]
    for element in elements:
        cells = [_cell(found[name], element) for name in names]
        held[element.id] = [one.score if one else None for one in cells]
        held[f"{element.id}.judged"] = [one.judged_weight if one else None for one in cells]
        columns += [
            Column(element.id, _("{name}得分率").format(name=name_of(element)), "number", 1, "%"),
            Column(
                f"{element.id}.judged",
                _("{name}已评估权重").format(name=name_of(element)),
                "number",
                1,
            ),
        ]
    return pl.DataFrame(held, infer_schema_length=None), columns
