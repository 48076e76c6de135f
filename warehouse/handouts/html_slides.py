"""Slides as one HTML file: every place in centimetres, every size in points, charts as SVG."""

from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from warehouse.handouts.canvas import (
    COLOURS,
    HEIGHT,
    INK,
    LINE,
    MUTED,
    TITLE_SIZE,
    WIDTH,
    Box,
    Canvas,
    Chart,
    Grid,
    colour_of,
)
from warehouse.handouts.fitting import cut_to_fit, fitting_size
from warehouse.handouts.pictures import pictured

TEMPLATE = Path(__file__).with_name("pack.html.j2")
# Where notes are printed: three columns under the slide, put together, in centimetres.
NOTES = Box(0, 0, 8.6, 3 * 5.0)


@dataclass(frozen=True)
class Part:
    """One thing on a slide; `kind` says how the template draws it."""

    kind: str
    box: Box
    content: object = None
    size: float = 0
    colour: str = ""
    bold: bool = False


@dataclass(frozen=True)
class Slide:
    """A slide with its notes and what stands on it."""

    title: str
    box: Box
    notes: str
    notes_size: float
    parts: list[Part] = field(default_factory=list)


class HtmlSlides(Canvas):
    """Slides as one HTML file that needs nothing else."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.slides: list[Slide] = []

    def saved(self) -> bytes:
        """The file."""
        settings = {"title": self.title, "slides": self.slides, "width": WIDTH, "height": HEIGHT}
        colours = {"ink": INK, "muted": MUTED, "line": LINE, "colour_of": colour_of}
        made = _environment().from_string(TEMPLATE.read_text(encoding="utf-8"))
        return made.render(**settings, **colours, title_size=TITLE_SIZE).encode()

    def _begin(self, box: Box, title: str, notes: str) -> None:
        kept = cut_to_fit(title, box.width, box.height, TITLE_SIZE)
        printed = fitting_size(notes, NOTES.width, NOTES.height, largest=9, smallest=5)
        self.slides.append(Slide(kept, box, notes, printed))

    def _add(self, part: Part) -> None:
        self.slides[-1].parts.append(part)

    def _text(self, box: Box, words: str, size: float, *, colour: str, bold: bool) -> None:
        if words:
            self._add(Part("text", box, words, size, colour, bold))

    def _frame(self, box: Box, verdict: str) -> None:
        self._add(Part("frame", box, size=2 if verdict else 1, colour=COLOURS.get(verdict, LINE)))

    def _table(self, box: Box, grid: Grid) -> None:
        self._add(Part("table", box, grid, grid.size))

    def _chart(self, box: Box, chart: Chart) -> None:
        self._add(Part("chart", box, pictured(box, chart)))


def _environment() -> Environment:
    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
