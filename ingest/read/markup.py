"""Tables that core systems write as HTML or XML and name .xls: every cell as text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import accumulate
from xml.etree import ElementTree as ET

from ingest.errors import refuse
from ingest.read.merged import Span
from ingest.read.table import WHITE_SPACE

Grid = list[list[str | None]]
_HTML = re.compile(
    r"\s*(?:(?:<!--.*?-->|<\?.*?\?>|<%.*?%>)\s*)*<(?:!doctype\s+html|html|head|meta|title|link|base"
    r"|style|script|body|table|thead|tbody|tr|div|center|form|font|span|p|h[1-6]|b|br|hr)\b",
    re.I | re.S,
)
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_SS = f"{{{_SPREADSHEET}}}"
_EXCEL = "{urn:schemas-microsoft-com:office:excel}"
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
_MOST_COLUMNS = 16_384
_BROKEN = "文件名是表格，内容是网页或 XML，而且不完整；请用 Excel 打开并另存为 xlsx 后再试"


def is_html(start: str) -> bool:
    """Whether a text begins like a web page."""
    return _HTML.match(start.lstrip(WHITE_SPACE)) is not None


def is_spreadsheet_xml(start: str) -> bool:
    """Whether a text begins like an XML spreadsheet of 2003."""
    return start.lstrip(WHITE_SPACE).startswith("<?xml") and _SPREADSHEET in start


def _span(text: str | None) -> int:
    return min(max(int(text), 1), _MOST_COLUMNS) if text and text.strip().isdecimal() else 1


class _Tables(HTMLParser):
    """Collects the rows of all tables; a table inside a cell comes before the one around it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: Grid = []
        self.merged: list[Span] = []
        self.open: list[Grid] = []
        self.cell: list[str] | None = None
        self.spans: list[dict[int, int]] = []
        self.down: list[list[Span]] = []
        self.size = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._end_cell()
            self.open.append([])
            self.spans.append({})
            self.down.append([])
        elif self.open and tag == "tr":
            self._end_cell()
            self.open[-1].append([])
        elif self.open and tag in ("td", "th"):
            self._end_cell()
            given = dict(attrs)
            self.cell = []
            self.size = (_span(given.get("colspan")), _span(given.get("rowspan")))
        elif tag == "br" and self.cell is not None:
            self.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()
        if tag == "table" and self.open:
            self._end_table(self.open.pop(), self.down.pop())
            self.spans.pop()

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data)

    def _end_table(self, rows: Grid, down: list[Span]) -> None:
        kept = [len(self.open) == 0 or any(row) for row in rows]
        numbers = list(accumulate(kept, initial=len(self.rows)))
        for span in down:
            last = min(span.last, len(rows))
            self.merged.append(Span(span.column, numbers[span.first], numbers[last]))
        self.rows += [row for row, is_kept in zip(rows, kept, strict=True) if is_kept]

    def _end_cell(self) -> None:
        if self.cell is None:
            return
        if not self.open[-1]:
            self.open[-1].append([])
        row, spans, number = self.open[-1][-1], self.spans[-1], len(self.open[-1])
        # A cell that reaches down keeps its place free in the rows below.
        while spans.get(len(row), 0) >= number:
            row.append(None)
        columns, rows = self.size
        for column in range(len(row), len(row) + columns):
            if rows > 1:
                spans[column] = number + rows - 1
        if rows > 1 and columns == 1:
            self.down[-1].append(Span(len(row), number, number + rows - 1))
        row += ["".join(self.cell).replace("\xa0", " "), *[None] * (columns - 1)]
        self.cell = None


def html_rows(text: str) -> tuple[Grid, list[Span]]:
    """The rows of every table of a web page, one after another, and the cells that reach down.

    Raises Refused when there is none.
    """
    parser = _Tables()
    parser.feed(text)
    parser.close()
    while parser.open:
        parser.handle_endtag("table")
    if not parser.rows:
        message = "这是网页（HTML），里面没有表格；请用 Excel 打开并另存为 xlsx 后再试"
        raise refuse("unreadable", message)
    return parser.rows, parser.merged


def _value(cell: ET.Element) -> str | None:
    data = cell.find(f"{_SS}Data")
    if data is None:
        return None
    text = "".join(data.itertext())
    kind = data.get(f"{_SS}Type")
    if kind == "DateTime":
        return text.replace("T", " ").removesuffix(".000")
    if kind == "Boolean":
        return "true" if text.strip() == "1" else "false"
    return text


@dataclass(frozen=True)
class Worksheet:
    """One sheet of an XML spreadsheet, and its cells that reach down."""

    name: str
    rows: Grid
    merged: list[Span]
    is_hidden: bool


def _cells(row: ET.Element, number: int, merged: list[Span]) -> list[str | None]:
    found: list[str | None] = []
    for cell in row.iterfind(f"{_SS}Cell"):
        place = _span(cell.get(f"{_SS}Index")) - 1
        found += [None] * (place - len(found))
        across = int(cell.get(f"{_SS}MergeAcross") or 0)
        down = int(cell.get(f"{_SS}MergeDown") or 0)
        if down > 0 and across == 0:
            merged.append(Span(len(found), number, number + down))
        found += [_value(cell), *[None] * min(across, _MOST_COLUMNS)]
    return found


def spreadsheet_sheets(text: str) -> Iterator[Worksheet]:
    """Each sheet of an XML spreadsheet; raises Refused when it is broken."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise refuse("unreadable", _BROKEN)
    try:
        book = ET.fromstring(_DECLARED.sub("", text.lstrip(WHITE_SPACE), count=1))  # noqa: S314 - no entities
        for sheet in book.iterfind(f"{_SS}Worksheet"):
            rows: Grid = []
            merged: list[Span] = []
            for row in sheet.iterfind(f"{_SS}Table/{_SS}Row"):
                place = int(row.get(f"{_SS}Index") or len(rows) + 1) - 1
                rows += [[] for _ in range(min(place, 1 << 20) - len(rows))]
                rows.append(_cells(row, len(rows) + 1, merged))
            shown = sheet.findtext(f"{_EXCEL}WorksheetOptions/{_EXCEL}Visible") or ""
            is_hidden = shown.strip() in ("SheetHidden", "SheetVeryHidden")
            yield Worksheet(sheet.get(f"{_SS}Name") or "Sheet1", rows, merged, is_hidden)
    except (ET.ParseError, ValueError):
        raise refuse("unreadable", _BROKEN) from None
