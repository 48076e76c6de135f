"""Lying bars on a scale of 0 to 100 %: thresholds as black marks, the numbers in one column."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from pages.ui import status, theme
from pages.ui.figures_rows import height_of, rows_axis

GAP = 8
# Twenty sub-branches have to fit a laptop screen.
ROW = 30
TICKS = (0, 50, 100)


@dataclass(frozen=True)
class Bar:
    """One row: its name, the share in percent, and the words that stand at its end."""

    label: str
    value: float | None
    words: str
    verdict: str = "no_threshold"
    threshold: float | None = None

    @property
    def colour(self) -> str:
        """Green, yellow, red where there is a verdict; the plain colour where none is asked for."""
        return theme.ACCENT if self.verdict == "no_threshold" else status.COLOURS[self.verdict]

    @property
    def text(self) -> str:
        """The words with the mark of the verdict in front."""
        is_judged = self.value is not None and self.verdict != "no_threshold"
        return f"{status.MARKS[self.verdict]} {self.words}" if is_judged else self.words


def to_hundred(rows: Sequence[Bar]) -> go.Figure:
    """The rows from the top in the order given."""
    figure = theme.figure(height=height_of(len(rows), row=ROW, foot=54))
    figure.add_bar(
        x=[row.value for row in rows],
        y=list(range(len(rows))),
        orientation="h",
        marker={"color": [row.colour for row in rows]},
        customdata=[row.label for row in rows],
        hovertext=[f"{row.label}<br>{row.text}" for row in rows],
        hoverinfo="text",
        showlegend=False,
    )
    for place, row in enumerate(rows):
        figure.add_annotation(
            # In the margin, where a full bar cannot reach it.
            x=1,
            xref="paper",
            xshift=GAP,
            xanchor="left",
            y=place,
            text=row.text,
            showarrow=False,
            font={"color": theme.INK if row.value is not None else theme.MUTED},
        )
        if row.threshold is not None:
            _mark_threshold(figure, place, row.threshold)
    rows_axis(figure, [row.label for row in rows])
    longest = max((theme.text_width(row.text) for row in rows), default=0)
    figure.update_layout(margin={"r": longest + 2 * GAP})
    figure.update_xaxes(
        range=[0, 100.3],
        tickvals=list(TICKS),
        ticktext=[f"{tick}%" for tick in TICKS],
        tickangle=0,
    )
    return figure


def _mark_threshold(figure: go.Figure, place: int, threshold: float) -> None:
    figure.add_shape(
        type="line",
        x0=threshold,
        x1=threshold,
        y0=place - 0.5,
        y1=place + 0.5,
        line={"color": theme.INK, "width": 2},
    )
