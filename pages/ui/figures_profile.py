"""Figures of one sub-branch beside its group."""

from collections.abc import Sequence

import plotly.graph_objects as go

from pages.ui import theme
from pages.ui.figures_rows import height_of, rows_axis
from pages.ui.text import _

ROW = 34


def shares(
    labels: Sequence[str],
    own: Sequence[float],
    group: Sequence[float],
    texts: Sequence[str],
    *,
    width: int = 190,
) -> go.Figure:
    """Shares as bars, the share in the whole group as an upright stroke on each."""
    figure = theme.figure(height=height_of(len(labels), row=ROW, foot=80))
    rows = list(range(len(labels)))
    figure.add_bar(
        x=list(own),
        y=rows,
        orientation="h",
        name=_("本支行占比"),
        marker={"color": theme.ACCENT_SOFT},
        hovertext=[f"{label}<br>{text}" for label, text in zip(labels, texts, strict=True)],
        hoverinfo="text",
    )
    figure.add_scatter(
        x=list(group),
        y=rows,
        mode="markers",
        name=_("全部支行占比"),
        marker={
            "symbol": "line-ns",
            "size": 22,
            "line": {"width": 4, "color": theme.INK},
        },
        hovertext=[_("全部支行 {share:.1f}%").format(share=share) for share in group],
        hoverinfo="text",
    )
    rows_axis(figure, labels, width=width)
    top = max([*own, *group, 1])
    figure.update_xaxes(range=[0, top * 1.05], ticksuffix="%", nticks=3, tickangle=0)
    figure.update_layout(
        annotations=[
            {
                "text": text,
                "x": 1,
                "xref": "paper",
                "xanchor": "left",
                "xshift": 6,
                "y": at,
                "showarrow": False,
            }
            for at, text in enumerate(texts)
        ],
        margin={"t": 34, "r": 14 + max((theme.text_width(text) for text in texts), default=0)},
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
    )
    return figure
