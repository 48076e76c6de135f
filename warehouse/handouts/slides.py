"""Slides as a PowerPoint file, drawn shape by shape."""

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

from warehouse.handouts.canvas import (
    COLOURS,
    HEAD_FILL,
    HEIGHT,
    INK,
    LINE,
    PAPER,
    TITLE_SIZE,
    WIDTH,
    Box,
    Canvas,
    Chart,
    Grid,
    colour_of,
)
from warehouse.handouts.fitting import cut_to_fit

FONT = "微软雅黑"
# So many bars fill a chart.
FILLING = 8
_rgb = RGBColor.from_string


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

    def _text(self, box: Box, words: str, size: float, *, colour: str, bold: bool) -> None:
        shape = self.slide.shapes.add_textbox(*_place(box))
        _write(shape.text_frame, words, size, colour=colour, bold=bold)

    def _frame(self, box: Box, verdict: str) -> None:
        frame = self.slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *_place(box))
        frame.fill.solid()
        frame.fill.fore_color.rgb = _rgb(PAPER)
        frame.line.color.rgb = _rgb(COLOURS.get(verdict, LINE))
        frame.line.width = Pt(2 if verdict else 1)
        frame.shadow.inherit = False

    def _table(self, box: Box, grid: Grid) -> None:
        count = (len(grid.rows), len(grid.widths))
        held = self.slide.shapes.add_table(*count, *_place(box)).table
        for at, width in enumerate(grid.widths):
            held.columns[at].width = Cm(width)
        for at, (row, height) in enumerate(zip(grid.rows, grid.heights, strict=True)):
            held.rows[at].height = Cm(height)
            for column, words in enumerate(row):
                _cell(held.cell(at, column), words, grid.size, is_head=at == 0)

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
            # A single bar is no wall: none is thicker than where bars fill the chart.
            wide = 100 * (FILLING / len(chart.labels) - len(chart.series))
            plot.gap_width = round(min(max(wide, 45), 500))
            plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
        else:
            plot.data_labels.position = XL_LABEL_POSITION.ABOVE
        for one, line in zip(chart.series, plot.series, strict=True):
            if is_bar:
                line.format.fill.solid()
                line.format.fill.fore_color.rgb = _rgb(one.colour)
            else:
                line.format.line.color.rgb = _rgb(one.colour)
                line.smooth = False


def _place(box: Box) -> tuple[Cm, Cm, Cm, Cm]:
    return Cm(box.left), Cm(box.top), Cm(box.width), Cm(box.height)


def _write(frame: Any, words: str, size: float, *, colour: str, bold: bool) -> None:
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.TOP
    for at, line in enumerate(words.split("\n")):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        _style(paragraph.add_run(), line, size, colour=colour, bold=bold)


def _style(run: Any, words: str, size: float, *, colour: str, bold: bool) -> None:
    run.text = words
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, FONT
    run.font.color.rgb = _rgb(colour)
    # Chinese takes the East Asian font, which python-pptx does not set.
    properties = run._r.get_or_add_rPr()
    asian = properties.makeelement(qn("a:ea"), {"typeface": FONT})
    properties.append(asian)


def _cell(cell: Any, words: str, size: float, *, is_head: bool) -> None:
    cell.margin_left = cell.margin_right = Cm(0.15)
    cell.margin_top = cell.margin_bottom = Cm(0.08)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = _rgb(HEAD_FILL if is_head else PAPER)
    colour = colour_of(words)
    for at, line in enumerate(words.split("\n")):
        paragraph = cell.text_frame.paragraphs[0] if at == 0 else cell.text_frame.add_paragraph()
        _style(paragraph.add_run(), line, size, colour=colour, bold=is_head)
