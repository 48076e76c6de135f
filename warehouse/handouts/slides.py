"""Slides at the level of shapes: where texts, tiles, tables and charts go, and PowerPoint's own."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Cm, Pt

from warehouse.handouts.fitting import cut_to_fit, fitting_size, height_of

WIDTH, HEIGHT, EDGE = 33.867, 19.05, 1.2
INNER = WIDTH - 2 * EDGE
TOP, BOTTOM = 2.7, 17.6
FONT, TITLE_SIZE = "微软雅黑", 28
INK, MUTED, LINE = (
    RGBColor(0x1F, 0x29, 0x33),
    RGBColor(0x5B, 0x67, 0x70),
    RGBColor(0xB8, 0xC1, 0xC9),
)
ACCENT, SOFT = RGBColor(0x0B, 0x53, 0x94), RGBColor(0xB8, 0xC1, 0xC9)
COLOURS = {
    "met": RGBColor(0x00, 0x78, 0x5A),
    "near": RGBColor(0x9A, 0x67, 0x00),
    "missed": RGBColor(0xB3, 0x26, 0x1E),
}
# How the numbers of charts are written.
COUNTS, RATES = "#,##0", "0.0"
WORDS = {"met": "● 达标", "near": "▲ 接近", "missed": "■ 未达标"}


@dataclass(frozen=True)
class Box:
    """A place on a slide in centimetres."""

    left: float
    top: float
    width: float
    height: float

    def columns(self, count: int, gap: float = 0.6) -> "list[Box]":
        """The box divided side by side."""
        width = (self.width - gap * (count - 1)) / count
        return [
            Box(self.left + at * (width + gap), self.top, width, self.height) for at in range(count)
        ]


BODY = Box(EDGE, TOP, INNER, BOTTOM - TOP)


@dataclass(frozen=True)
class Tile:
    """One number: name, value, verdict and change in words."""

    name: str
    value: str
    note: str
    verdict: str = ""


@dataclass(frozen=True)
class Series:
    """One row of values of a chart."""

    name: str
    values: Sequence[float | None]
    colour: RGBColor = ACCENT


@dataclass(frozen=True)
class Chart:
    """What a chart shows; kind: bar, line."""

    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    kind: str
    number_format: str

    @property
    def label_size(self) -> float:
        """The size of its labels: smaller where there are many."""
        count = len(self.labels)
        return 12 if count <= 14 else max(7, 12 * 14 / count)


class Canvas(ABC):
    """Where slides are drawn: decides places, sizes and what fits, once for every kind of file.

    Everything after `new_slide` goes onto that slide.
    """

    def new_slide(self, title: str, foot: str, notes: str) -> None:
        """Begin a slide with its title, foot and speaker notes."""
        self._begin(Box(EDGE, 0.7, INNER, 1.6), title, notes)
        self.text(Box(EDGE, 17.8, INNER, 0.9), foot, largest=11, smallest=8, colour=MUTED)

    def text(
        self,
        box: Box,
        words: str,
        *,
        largest: float = 20,
        smallest: float = 12,
        colour: RGBColor = INK,
        bold: bool = False,
    ) -> None:
        """A text in a box, as large as fits."""
        size = fitting_size(words, box.width, box.height, largest=largest, smallest=smallest)
        kept = cut_to_fit(words, box.width, box.height, size)
        self._text(box, kept, size, colour=colour, bold=bold)

    def tiles(self, box: Box, held: Sequence[Tile], *, per_row: int = 4) -> None:
        """Numbers in rows of equal boxes."""
        rows = [held[at : at + per_row] for at in range(0, len(held), per_row)]
        height = (box.height - 0.5 * (len(rows) - 1)) / max(len(rows), 1)
        for at, row in enumerate(rows):
            place = Box(box.left, box.top + at * (height + 0.5), box.width, height)
            for tile, cell in zip(row, place.columns(per_row), strict=False):
                self._tile(cell, tile)

    def _tile(self, box: Box, tile: Tile) -> None:
        self._frame(box, tile.verdict)
        left, width = box.left + 0.35, box.width - 0.7
        name, value = Box(left, box.top + 0.25, width, 0.9), Box(left, box.top + 1.2, width, 1.6)
        self.text(name, tile.name, largest=14, smallest=10, bold=True)
        self.text(value, tile.value, largest=32, smallest=14, bold=True)
        word = WORDS.get(tile.verdict, "")
        colour = COLOURS.get(tile.verdict, MUTED)
        self.text(
            Box(left, box.top + 2.9, width, 0.8), word, largest=14, smallest=10, colour=colour
        )
        rest = Box(left, box.top + 3.7, width, max(box.height - 3.9, 0.8))
        self.text(rest, tile.note, largest=13, smallest=9, colour=MUTED)

    def table(
        self,
        box: Box,
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        size: float = 13,
    ) -> int:
        """A table with a head row; as many rows as fit. Gives how many body rows were left out."""
        scale = box.width / sum(widths)
        columns = [width * scale for width in widths]
        heights = [
            max(
                height_of(cell, width - 0.4, size) for cell, width in zip(row, columns, strict=True)
            )
            + 0.25
            for row in rows
        ]
        shown = 0
        while shown < len(rows) and sum(heights[: shown + 1]) <= box.height:
            shown += 1
        shown = max(shown, min(2, len(rows)))
        self._table(box, rows[:shown], columns, heights[:shown], size)
        return len(rows) - shown

    def chart(self, box: Box, chart: Chart) -> None:
        """A chart with its title above."""
        title = Box(box.left, box.top, box.width, 0.9)
        self.text(title, chart.title, largest=15, smallest=11, bold=True)
        self._chart(Box(box.left, box.top + 1, box.width, box.height - 1), chart)

    @abstractmethod
    def saved(self) -> bytes:
        """The finished file."""

    @abstractmethod
    def _begin(self, box: Box, title: str, notes: str) -> None:
        """Begin a slide; its title stands in the box."""

    @abstractmethod
    def _text(self, box: Box, words: str, size: float, *, colour: RGBColor, bold: bool) -> None:
        """Draw a text that fits."""

    @abstractmethod
    def _frame(self, box: Box, verdict: str) -> None:
        """Draw the edge of a tile."""

    @abstractmethod
    def _table(
        self,
        box: Box,
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        heights: Sequence[float],
        size: float,
    ) -> None:
        """Draw a table that fits; the first row is its head."""

    @abstractmethod
    def _chart(self, box: Box, chart: Chart) -> None:
        """Draw a chart without its title."""


def verdict_of(words: str) -> str:
    """The verdict that a text begins with, or none."""
    return next((name for name, word in WORDS.items() if words.startswith(word)), "")


class PowerPoint(Canvas):
    """Slides as a PowerPoint file with native charts."""

    def __init__(self) -> None:
        self.deck: Any = Presentation()
        self.deck.slide_width, self.deck.slide_height = Cm(WIDTH), Cm(HEIGHT)
        self.slide: Any = None

    def saved(self) -> bytes:
        """The file."""
        held = BytesIO()
        self.deck.save(held)
        return held.getvalue()

    def _begin(self, box: Box, title: str, notes: str) -> None:
        self.slide = self.deck.slides.add_slide(self.deck.slide_layouts[5])
        holder = self.slide.shapes.title
        holder.left, holder.top, holder.width, holder.height = _place(box)
        kept = cut_to_fit(title, box.width, box.height, TITLE_SIZE)
        _write(holder.text_frame, kept, TITLE_SIZE, colour=INK, bold=True)
        self.slide.notes_slide.notes_text_frame.text = notes

    def _text(self, box: Box, words: str, size: float, *, colour: RGBColor, bold: bool) -> None:
        shape = self.slide.shapes.add_textbox(*_place(box))
        _write(shape.text_frame, words, size, colour=colour, bold=bold)

    def _frame(self, box: Box, verdict: str) -> None:
        frame = self.slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *_place(box))
        frame.fill.solid()
        frame.fill.fore_color.rgb = RGBColor(0xFF, 0xFF, 0xFF)
        frame.line.color.rgb = COLOURS.get(verdict, LINE)
        frame.line.width = Pt(2 if verdict else 1)
        frame.shadow.inherit = False

    def _table(
        self,
        box: Box,
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        heights: Sequence[float],
        size: float,
    ) -> None:
        place = Box(box.left, box.top, box.width, sum(heights))
        held = self.slide.shapes.add_table(len(rows), len(widths), *_place(place)).table
        for at, width in enumerate(widths):
            held.columns[at].width = Cm(width)
        for at, (row, height) in enumerate(zip(rows, heights, strict=True)):
            held.rows[at].height = Cm(height)
            for column, words in enumerate(row):
                _cell(held.cell(at, column), words, size, is_head=at == 0)

    def _chart(self, box: Box, chart: Chart) -> None:
        is_bar = chart.kind == "bar"
        data = CategoryChartData(number_format=chart.number_format)
        data.categories = list(chart.labels)
        for one in chart.series:
            data.add_series(one.name, list(one.values))
        kind = XL_CHART_TYPE.BAR_CLUSTERED if is_bar else XL_CHART_TYPE.LINE_MARKERS
        drawn = self.slide.shapes.add_chart(kind, *_place(box), data).chart
        drawn.font.size, drawn.font.name = Pt(chart.label_size), FONT
        drawn.has_title = False
        drawn.has_legend = len(chart.series) > 1
        if drawn.has_legend:
            drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        plot = drawn.plots[0]
        plot.has_data_labels = True
        plot.data_labels.number_format = chart.number_format
        plot.data_labels.number_format_is_linked = False
        drawn.value_axis.has_major_gridlines = False
        if is_bar:
            drawn.category_axis.reverse_order = True
            drawn.value_axis.visible = False
            # The length of a bar is its value only from zero on.
            drawn.value_axis.minimum_scale = 0
            plot.gap_width = 45
            plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
        else:
            plot.data_labels.position = XL_LABEL_POSITION.ABOVE
        for one, line in zip(chart.series, plot.series, strict=True):
            if is_bar:
                line.format.fill.solid()
                line.format.fill.fore_color.rgb = one.colour
            else:
                line.format.line.color.rgb = one.colour
                line.smooth = False


def _place(box: Box) -> tuple[Cm, Cm, Cm, Cm]:
    return Cm(box.left), Cm(box.top), Cm(box.width), Cm(box.height)


def _write(frame: Any, words: str, size: float, *, colour: RGBColor, bold: bool) -> None:
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.TOP
    for at, line in enumerate(words.split("\n")):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        _style(paragraph.add_run(), line, size, colour=colour, bold=bold)


def _style(run: Any, words: str, size: float, *, colour: RGBColor, bold: bool) -> None:
    run.text = words
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, FONT
    run.font.color.rgb = colour
    # Chinese takes the East Asian font, which python-pptx does not set.
    properties = run._r.get_or_add_rPr()
    asian = properties.makeelement(qn("a:ea"), {"typeface": FONT})
    properties.append(asian)


def _cell(cell: Any, words: str, size: float, *, is_head: bool) -> None:
    cell.margin_left = cell.margin_right = Cm(0.15)
    cell.margin_top = cell.margin_bottom = Cm(0.08)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor(0xE8, 0xF0, 0xF8) if is_head else RGBColor(0xFF, 0xFF, 0xFF)
    colour = COLOURS.get(verdict_of(words), INK)
    for at, line in enumerate(words.split("\n")):
        paragraph = cell.text_frame.paragraphs[0] if at == 0 else cell.text_frame.add_paragraph()
        _style(paragraph.add_run(), line, size, colour=colour, bold=is_head)
