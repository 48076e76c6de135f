"""Charts as pictures for HTML: bars and lines reckoned in points, with their numbers as a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, log10

from warehouse import numerals
from warehouse.handouts.canvas import LINE, RATES, Box, Chart, Series
from warehouse.handouts.fitting import POINTS_PER_CM, fitting_size, width_of

NO_NUMBER = "—"
LEADING, SMALLEST = 1.2, 6.5
# In points: the tallest row of bars, the gap beside labels, the legend, the ends of a line chart.
TALLEST_ROW, GAP, LEGEND, HEAD, BASE = 56.0, 8.0, 24.0, 30.0, 24.0
# Which part of a row is bars (the gap of PowerPoint's charts), and how much of a chart is labels.
FILLED, MOST_LABEL = 1 / 1.45, 0.48
MOST_TICKS = 5
# Digits are narrower than what the reckoning of fits takes for any Latin character.
DIGITS = 0.87


@dataclass(frozen=True)
class Words:
    """A text in a chart; `whole` where it had to be cut."""

    kind: str
    x: float
    y: float
    size: float
    words: str
    anchor: str = "start"
    whole: str = ""


@dataclass(frozen=True)
class Bar:
    """A bar, or the key of a series in the legend."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True)
class Line:
    """A straight line of a chart's frame."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str = LINE


@dataclass(frozen=True)
class Course:
    """A line through months that follow each other without a gap."""

    points: Sequence[tuple[float, float]]
    colour: str


@dataclass
class Picture:
    """A chart in points, with its numbers as a table for those who do not see it."""

    title: str
    kind_zh: str
    width: float
    height: float
    names: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    lines: list[Line] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    marks: list[tuple[float, float, str]] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)


def number(value: float | None, chart: Chart) -> str:
    """A number of a chart as it is written beside its bar or point."""
    if value is None:
        return NO_NUMBER
    return numerals.written(value, 1 if chart.number_format == RATES else 0)


def pictured(box: Box, chart: Chart) -> Picture:
    """A chart drawn for a box of this size."""
    picture = Picture(
        title=chart.title,
        kind_zh="条形图" if chart.kind == "bar" else "折线图",
        width=box.width * POINTS_PER_CM,
        height=box.height * POINTS_PER_CM,
        names=[one.name for one in chart.series],
        rows=[
            (label, [number(one.values[at], chart) for one in chart.series])
            for at, label in enumerate(chart.labels)
        ],
    )
    top = _legend(picture, chart.series) if len(chart.series) > 1 else 0.0
    if chart.kind == "bar":
        _bars(picture, chart, top)
    else:
        _lines(picture, chart, top)
    return picture


def _legend(picture: Picture, series: Sequence[Series]) -> float:
    """Draw which colour is which; gives the height that it takes."""
    size, x = 12.0, 0.0
    for one in series:
        picture.bars.append(Bar(x, 4, size, size, one.colour))
        picture.words.append(Words("name", x + size + 5, 4 + size / 2, size, one.name))
        x += size + 5 + width_of(one.name) * size + 2 * GAP
    return LEGEND


def _bars(picture: Picture, chart: Chart, top: float) -> None:
    if not chart.labels:
        return
    count, many = len(chart.labels), len(chart.series)
    row = min((picture.height - top) / count, TALLEST_ROW)
    most = picture.width * MOST_LABEL
    size = min(
        fitting_size(
            label, most / POINTS_PER_CM, row / POINTS_PER_CM, largest=14, smallest=SMALLEST
        )
        for label in chart.labels
    )
    widest = max(width_of(label) for label in chart.labels) * size
    # Half an em stays free, as in the reckoning of what fits.
    left = min(widest + size, most)
    thick = row * FILLED / many
    value_size = min(14.0, max(thick * 0.92, SMALLEST), size * 1.25)
    written = [[number(value, chart) for value in one.values] for one in chart.series]
    longest = max((width_of(text) for texts in written for text in texts), default=0)
    room = picture.width - left - GAP - longest * value_size - GAP
    highest = max((v for one in chart.series for v in one.values if v is not None), default=0)
    start = left + GAP
    for at, label in enumerate(chart.labels):
        middle = top + row * (at + 0.5)
        picture.words += _label(label, left, middle, size, row)
        for n, one in enumerate(chart.series):
            value = one.values[at]
            y = middle + thick * (n - many / 2)
            length = room * value / highest if value and highest > 0 else 0.0
            if length > 0:
                picture.bars.append(Bar(start, y, length, thick * 0.94, one.colour))
            x = start + length + GAP / 2
            picture.words.append(Words("value", x, y + thick / 2, value_size, written[n][at]))
    picture.lines.append(Line(start, top, start, top + row * count))


def _label(label: str, right: float, middle: float, size: float, row: float) -> Iterator[Words]:
    """A label in as many lines as it takes, ending at the bars; cut where the row is too low."""
    lines = _wrapped(label, right - size / 2, size)
    held = max(1, floor(row / (size * LEADING)))
    whole = ""
    if len(lines) > held:
        lines, whole = [*lines[: held - 1], f"{lines[held - 1][:-1]}…"], label
    first = middle - size * LEADING * (len(lines) - 1) / 2
    for at, line in enumerate(lines):
        yield Words("label", right, first + at * size * LEADING, size, line, "end", whole)


def _wrapped(text: str, width: float, size: float) -> list[str]:
    """The text in lines of this width; between any characters, as Chinese is set."""
    lines = [""]
    for char in text:
        if lines[-1] and width_of(lines[-1] + char) * size > width:
            lines.append("")
        lines[-1] += char
    return [line.strip() for line in lines]


def _lines(picture: Picture, chart: Chart, top: float) -> None:
    known = [value for one in chart.series for value in one.values if value is not None]
    ticks = _ticks(min(known), max(known)) if known else []
    size = 12.0
    left = max((width_of(number(tick, chart)) for tick in ticks), default=0) * size + GAP
    upper, lower = top + HEAD, picture.height - BASE
    # The lowest point keeps room for its number above the months.
    ground = lower - HEAD * 0.8
    step = (picture.width - left) / max(len(chart.labels), 1)
    for tick in ticks:
        y = _height(tick, ticks, upper, ground)
        picture.lines.append(Line(left, y, picture.width, y, "E3E7EB"))
        picture.words.append(Words("tick", left - GAP, y, size, number(tick, chart), "end"))
    picture.lines.append(Line(left, lower, picture.width, lower))
    widest = max((width_of(label) for label in chart.labels), default=1)
    small = max(min(size, step * 0.96 / (widest * DIGITS)), SMALLEST)
    places = [left + step * (at + 0.5) for at in range(len(chart.labels))]
    for x, label in zip(places, chart.labels, strict=True):
        picture.words.append(Words("label", x, lower + BASE / 2, small, label, "middle"))
    for one in chart.series:
        run: list[tuple[float, float]] = []
        for at, (x, value) in enumerate(zip(places, one.values, strict=True)):
            if value is None:
                # A month without a number breaks the line: nothing is drawn through it.
                _course(picture, run, one)
                run = []
                continue
            y = _height(value, ticks, upper, ground)
            run.append((x, y))
            text = number(value, chart)
            fit = max(min(size, step / width_of(text)), SMALLEST)
            aside = size if _is_valley(one.values, at) else -size
            picture.words.append(Words("value", x, y + aside, fit, text, "middle"))
        _course(picture, run, one)


def _is_valley(values: Sequence[float | None], at: int) -> bool:
    """Whether the line comes from above and goes up again, so that there is room below only."""
    here = values[at] or 0.0
    beside = (*values[max(at - 1, 0) : at], *values[at + 1 : at + 2])
    known = [value for value in beside if value is not None]
    return bool(known) and min(known) >= here and max(known) > here


def _course(picture: Picture, run: Sequence[tuple[float, float]], one: Series) -> None:
    if len(run) > 1:
        picture.courses.append(Course(tuple(run), one.colour))
    picture.marks += [(x, y, one.colour) for x, y in run]


def _height(value: float, ticks: Sequence[float], upper: float, lower: float) -> float:
    return lower - (lower - upper) * (value - ticks[0]) / (ticks[-1] - ticks[0])


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers around these two, at least two of them."""
    span = max(high - low, 1.0)
    step = 10.0 ** floor(log10(span / MOST_TICKS))
    step *= next(n for n in (1, 2, 5, 10) if span / (step * n) <= MOST_TICKS)
    first, last = floor(low / step), ceil(high / step)
    return [at * step for at in range(first, max(last, first + 1) + 1)]
