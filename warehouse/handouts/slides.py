"""Slides at the level of shapes: titles, texts that fit, tiles, tables, native charts, foots."""

from collections.abc import Sequence
from dataclasses import dataclass
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
FONT = "微软雅黑"
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


def presentation() -> Any:
    """An empty deck of 16:9."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Cm(WIDTH), Cm(HEIGHT)
    return deck


def new_slide(deck: Any, title: str, foot: str, notes: str) -> Any:
    """A slide with its title, foot and speaker notes."""
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    holder = slide.shapes.title
    holder.left, holder.top, holder.width, holder.height = Cm(EDGE), Cm(0.7), Cm(INNER), Cm(1.6)
    _write(holder.text_frame, title, 28, bold=True, box=Box(EDGE, 0.7, INNER, 1.6))
    text(slide, Box(EDGE, 17.8, INNER, 0.9), foot, largest=11, smallest=8, colour=MUTED)
    slide.notes_slide.notes_text_frame.text = notes
    return slide


def text(
    slide: Any,
    box: Box,
    words: str,
    *,
    largest: float = 20,
    smallest: float = 12,
    colour: RGBColor = INK,
    bold: bool = False,
) -> None:
    """A text in a box, as large as fits."""
    shape = slide.shapes.add_textbox(Cm(box.left), Cm(box.top), Cm(box.width), Cm(box.height))
    size = fitting_size(words, box.width, box.height, largest=largest, smallest=smallest)
    _write(shape.text_frame, words, size, box=box, colour=colour, bold=bold)


def _write(
    frame: Any,
    words: str,
    size: float,
    *,
    box: Box,
    colour: RGBColor = INK,
    bold: bool = False,
) -> None:
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.TOP
    lines = cut_to_fit(words, box.width, box.height, size).split("\n")
    for at, line in enumerate(lines):
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


def tiles(slide: Any, box: Box, held: Sequence[Tile], *, per_row: int = 4) -> None:
    """Numbers in rows of equal boxes."""
    rows = [held[at : at + per_row] for at in range(0, len(held), per_row)]
    height = (box.height - 0.5 * (len(rows) - 1)) / max(len(rows), 1)
    for at, row in enumerate(rows):
        place = Box(box.left, box.top + at * (height + 0.5), box.width, height)
        for tile, cell in zip(row, place.columns(per_row), strict=False):
            _tile(slide, cell, tile)


def _tile(slide: Any, box: Box, tile: Tile) -> None:
    frame = slide.shapes.add_shape(
        MSO_SHAPE.RECTANGLE, Cm(box.left), Cm(box.top), Cm(box.width), Cm(box.height)
    )
    frame.fill.solid()
    frame.fill.fore_color.rgb = RGBColor(0xFF, 0xFF, 0xFF)
    frame.line.color.rgb = COLOURS.get(tile.verdict, LINE)
    frame.line.width = Pt(2 if tile.verdict else 1)
    frame.shadow.inherit = False
    left, width = box.left + 0.35, box.width - 0.7
    text(
        slide, Box(left, box.top + 0.25, width, 0.9), tile.name, largest=14, smallest=10, bold=True
    )
    text(
        slide, Box(left, box.top + 1.2, width, 1.6), tile.value, largest=32, smallest=14, bold=True
    )
    word = WORDS.get(tile.verdict, "")
    colour = COLOURS.get(tile.verdict, MUTED)
    text(slide, Box(left, box.top + 2.9, width, 0.8), word, largest=14, smallest=10, colour=colour)
    rest = Box(left, box.top + 3.7, width, max(box.height - 3.9, 0.8))
    text(slide, rest, tile.note, largest=13, smallest=9, colour=MUTED)


def table(
    slide: Any,
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
        max(height_of(cell, width - 0.4, size) for cell, width in zip(row, columns, strict=True))
        + 0.25
        for row in rows
    ]
    shown = 0
    while shown < len(rows) and sum(heights[: shown + 1]) <= box.height:
        shown += 1
    shown = max(shown, min(2, len(rows)))
    shape = slide.shapes.add_table(
        shown, len(widths), Cm(box.left), Cm(box.top), Cm(box.width), Cm(sum(heights[:shown]))
    )
    held = shape.table
    for at, width in enumerate(columns):
        held.columns[at].width = Cm(width)
    for at in range(shown):
        held.rows[at].height = Cm(heights[at])
        for column, words in enumerate(rows[at]):
            _cell(held.cell(at, column), words, size, is_head=at == 0)
    return len(rows) - shown


def _cell(cell: Any, words: str, size: float, *, is_head: bool) -> None:
    cell.margin_left = cell.margin_right = Cm(0.15)
    cell.margin_top = cell.margin_bottom = Cm(0.08)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor(0xE8, 0xF0, 0xF8) if is_head else RGBColor(0xFF, 0xFF, 0xFF)
    verdict = next((name for name, word in WORDS.items() if words.startswith(word)), "")
    colour = COLOURS.get(verdict, INK)
    for at, line in enumerate(words.split("\n")):
        paragraph = cell.text_frame.paragraphs[0] if at == 0 else cell.text_frame.add_paragraph()
        _style(paragraph.add_run(), line, size, colour=colour, bold=is_head)


def chart(
    slide: Any,
    box: Box,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    kind: str,
    number_format: str,
) -> None:
    """A native chart with its title above; kind: bar, line."""
    text(slide, Box(box.left, box.top, box.width, 0.9), title, largest=15, smallest=11, bold=True)
    is_bar = kind == "bar"
    data = CategoryChartData(number_format=number_format)
    data.categories = list(labels)
    for one in series:
        data.add_series(one.name, list(one.values))
    kind_of = XL_CHART_TYPE.BAR_CLUSTERED if is_bar else XL_CHART_TYPE.LINE_MARKERS
    place = (Cm(box.left), Cm(box.top + 1), Cm(box.width), Cm(box.height - 1))
    drawn = slide.shapes.add_chart(kind_of, *place, data).chart
    size = 12 if len(labels) <= 14 else max(7, 12 * 14 / len(labels))
    drawn.font.size, drawn.font.name = Pt(size), FONT
    drawn.has_title = False
    drawn.has_legend = len(series) > 1
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    plot = drawn.plots[0]
    plot.has_data_labels = True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = number_format, False
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
    for one, line in zip(series, plot.series, strict=True):
        if is_bar:
            line.format.fill.solid()
            line.format.fill.fore_color.rgb = one.colour
        else:
            line.format.line.color.rgb = one.colour
            line.smooth = False
