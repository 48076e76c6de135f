"""The control chart of one light: values with their intervals, the limits, the light by month."""

from collections.abc import Sequence

import plotly.graph_objects as go

from pages.ui import figures_trend, formats, status, theme
from pages.ui.alerts import lights
from pages.ui.text import _
from warehouse.alert_states import State
from warehouse.alert_verdicts import Point

SHAPES = {"red": "square", "yellow": "triangle-up", "green": "circle", "none": "circle-open"}
NAMED_MONTHS = 14
QUARTER_STARTS = ("01", "04", "07", "10")
Course = Sequence[tuple[Point, State]]


def control_chart(course: Course, *, unit: str, decimals: int, limit_name: str) -> go.Figure:
    """Values by month with their limits as steps, named at their ends; marks show the light."""
    figure = theme.figure(height=380)
    at = list(range(len(course)))
    points = [point for point, _state in course]
    _band(figure, at, points)
    labels = [
        _step(figure, at, [p.limit for p in points], limit_name, theme.BAD, "dash"),
        _step(figure, at, [p.warning for p in points], _("警戒限"), theme.WARN, "dot"),
        _step(figure, at, [p.centre for p in points], _("平常"), theme.NEUTRAL, "dot"),
    ]
    _values(figure, at, course, unit, decimals)
    _end_names(figure, at, [one for one in labels if one is not None], unit, decimals)
    _months(figure, [point.month for point in points])
    figure.update_yaxes(title_text=unit, rangemode="tozero" if _is_near_zero(points) else "normal")
    return figure


def _months(figure: go.Figure, months: Sequence[str]) -> None:
    """The month axis; of a long course only the months in which a quarter begins are named."""
    named = [
        at
        for at, month in enumerate(months)
        if len(months) <= NAMED_MONTHS or month[-2:] in QUARTER_STARTS
    ]
    figure.update_xaxes(
        tickmode="array",
        tickvals=named,
        ticktext=figures_trend.month_ticks([months[at] for at in named]),
        showgrid=False,
        zeroline=False,
        tickangle=0,
        range=[-0.5, len(months) - 0.5],
    )


def _is_near_zero(points: Sequence[Point]) -> bool:
    """Whether the axis can begin at zero without flattening the course."""
    known = [point.value for point in points if point.value is not None]
    return not known or min(known) < 0.6 * max(known)


def _band(figure: go.Figure, at: Sequence[int], points: Sequence[Point]) -> None:
    """A bar for what the true value of each judged month may be."""
    xs: list[int | None] = []
    ys: list[float | None] = []
    for x, point in zip(at, points, strict=True):
        if point.low is not None and point.verdict != "none":
            xs += [x, x, None]
            ys += [point.low, point.high, None]
    if xs:
        figure.add_scatter(
            x=xs,
            y=ys,
            name=_("95% 区间"),
            mode="lines",
            line={"color": theme.ACCENT_SOFT, "width": 6},
            connectgaps=False,
            hoverinfo="skip",
            showlegend=False,
        )


def _step(
    figure: go.Figure,
    at: Sequence[int],
    values: Sequence[float | None],
    name: str,
    colour: str,
    dash: str,
) -> tuple[str, float, str] | None:
    known = [value for value in values if value is not None]
    if not known:
        return None
    figure.add_scatter(
        x=list(at),
        y=list(values),
        name=name,
        mode="lines",
        line={"color": colour, "width": 2, "dash": dash, "shape": "hvh"},
        hoverinfo="skip",
        showlegend=False,
    )
    return name, known[-1], colour


def _values(figure: go.Figure, at: Sequence[int], course: Course, unit: str, decimals: int) -> None:
    # A value of too few cases is drawn nowhere.
    values = [None if p.reason in ("few", "no_data") else p.value for p, _state in course]
    figure.add_scatter(
        x=list(at),
        y=values,
        name=_("数值"),
        mode="lines+markers",
        line={"color": theme.ACCENT, "width": 2.5},
        marker={
            "size": 12,
            "symbol": [SHAPES[state.colour] for _point, state in course],
            "color": [status.COLOURS[lights.STATUS[state.colour]] for _point, state in course],
            "line": {"color": theme.PAPER, "width": 1},
        },
        hovertext=[_hover(point, state, unit, decimals) for point, state in course],
        hoverinfo="text",
        connectgaps=False,
        showlegend=False,
    )


def _hover(point: Point, state: State, unit: str, decimals: int) -> str:
    written = formats.amount(point.value, unit=unit, decimals=decimals)
    text = f"{formats.month(point.month)}<br>{formats.labelled(_('数值'), written)}"
    if point.denominator is not None:
        text += f"<br>n = {formats.number(point.denominator)}"
    return text + "<br>" + formats.labelled(_("灯"), lights.colour_name(state.colour))


def _end_names(
    figure: go.Figure,
    at: Sequence[int],
    labels: Sequence[tuple[str, float, str]],
    unit: str,
    decimals: int,
) -> None:
    """Names and last values of the limits beside their ends, pushed apart where they touch."""
    texts = [
        f"{name} {formats.amount(value, unit=unit, decimals=decimals)}"
        for name, value, _colour in labels
    ]
    if not texts:
        return
    figure.update_layout(margin={"r": 24 + max(map(theme.text_width, texts))})
    placed = sorted(zip(labels, texts, strict=True), key=lambda one: one[0][1])
    room = _room(figure)
    lowest: float | None = None
    for (_name, value, colour), text in placed:
        lowest = value if lowest is None else max(value, lowest + room)
        figure.add_annotation(
            x=at[-1],
            y=lowest,
            text=text,
            xshift=14,
            showarrow=False,
            xanchor="left",
            font={"color": colour, "size": theme.FONT_SIZE},
        )


def _room(figure: go.Figure) -> float:
    """As much of the axis as one line of writing takes."""
    drawn = [value for trace in figure.data for value in trace.y if value is not None]
    return (max(drawn) - min(drawn)) * 0.075 if drawn else 1.0
