"""What slides are made of and where it goes, whatever the file: texts, tiles, tables, charts."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.handouts.fitting import cut_to_fit, fitting_size, height_of

WIDTH, HEIGHT, EDGE = 33.867, 19.05, 1.2
INNER = WIDTH - 2 * EDGE
TOP, BOTTOM = 2.7, 17.6
TITLE_SIZE = 28
# Colours as six hexadecimal digits.
INK, MUTED, LINE, ACCENT, SOFT = "1F2933", "5B6770", "B8C1C9", "0B5394", "B8C1C9"
COLOURS = {"met": "00785A", "near": "9A6700", "missed": "B3261E"}
HEAD_FILL, PAPER = "E8F0F8", "FFFFFF"
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
    colour: str = ACCENT


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


@dataclass(frozen=True)
class Grid:
    """A table as it fits: widths of columns and heights of rows in centimetres, the size of texts.

    The first row is its head.
    """

    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    heights: Sequence[float]
    size: float


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
        colour: str = INK,
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
        place = Box(box.left, box.top, box.width, sum(heights[:shown]))
        self._table(place, Grid(rows[:shown], columns, heights[:shown], size))
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
    def _text(self, box: Box, words: str, size: float, *, colour: str, bold: bool) -> None:
        """Draw a text that fits."""

    @abstractmethod
    def _frame(self, box: Box, verdict: str) -> None:
        """Draw the edge of a tile."""

    @abstractmethod
    def _table(self, box: Box, grid: Grid) -> None:
        """Draw a table that fits."""

    @abstractmethod
    def _chart(self, box: Box, chart: Chart) -> None:
        """Draw a chart without its title."""


def colour_of(words: str) -> str:
    """The colour of a text: that of the verdict with which it begins, or the usual one."""
    verdict = next((name for name, word in WORDS.items() if words.startswith(word)), "")
    return COLOURS.get(verdict, INK)
