"""What all figures with one row per value share: height and axis of the rows."""

from collections.abc import Sequence

import plotly.graph_objects as go

from pages.ui import theme

ROW = 38
FOOT = 70


def height_of(rows: int, *, row: int = ROW, foot: int = FOOT) -> int:
    """Height of a figure with so many rows."""
    return max(150, rows * row + foot)


def rows_axis(
    figure: go.Figure,
    labels: Sequence[str],
    notes: Sequence[str] = (),
    *,
    width: int = theme.LABEL_WIDTH,
) -> None:
    """Rows from the top in the order given: each label, with a note of the second rank after it."""
    words = [theme.shortened(label, width) for label in labels]
    if notes:
        words = [f"{w}  {theme.muted(note)}" for w, note in zip(words, notes, strict=True)]
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(labels))),
        ticktext=words,
        range=[len(labels) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
    )
