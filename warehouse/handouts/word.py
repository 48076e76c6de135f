"""Word documents at the level of their XML: runs, highlights, own text of people, native charts."""

import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.chart.xmlwriter import ChartXmlWriter
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.oxml import parse_xml as parse_chart
from pptx.util import Pt

from warehouse.handouts.slots import Filled, Slot, pieces

HIGHLIGHT = WD_COLOR_INDEX.YELLOW
# Text that people write is kept in a content control whose tag begins so.
TAG = "write:"
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHART_URI = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_FONT = "仿宋"
_NUMBER = re.compile(r"[−-]?[\d,.]+\D{0,8}")


def paragraphs(document: Document) -> Iterator[Paragraph]:
    """Every paragraph: of the body, of tables however deep, of headers and footers."""
    yield from _within(document)
    for section in document.sections:
        for part in (section.header, section.footer):
            yield from _within(part)


def _within(holder: Any) -> Iterator[Paragraph]:
    # Content controls hold paragraphs that python-docx does not list.
    for element in holder._element.iter(qn("w:p")):
        yield Paragraph(element, holder)


def fill(paragraph: Paragraph, answer: Callable[[Slot], Filled]) -> None:
    """Put the answers in place of the paragraph's slots; all else keeps its look."""
    runs = paragraph.runs
    if "{{" not in "".join(run.text for run in runs):
        return
    found = pieces([run.text for run in runs])
    for piece in found:
        source = runs[piece.run]._element
        copy = deepcopy(source)
        runs[0]._element.addprevious(copy)
        run = Run(copy, paragraph)
        if piece.slot is None:
            run.text = piece.text
            continue
        filled = answer(piece.slot)
        run.text = filled.text
        if filled.is_gap:
            run.font.highlight_color = HIGHLIGHT
    for run in runs:
        run._element.getparent().remove(run._element)


def controls(document: Document) -> dict[str, Any]:
    """The content controls that people write in, by name."""
    found = {}
    for control in document.element.body.iter(qn("w:sdt")):
        tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
        name = "" if tag is None else tag.get(qn("w:val"))
        if name.startswith(TAG):
            found[name.removeprefix(TAG)] = control
    return found


def make_control(paragraph: Paragraph, name: str, hint: str) -> None:
    """Turn a paragraph into a content control that shows a hint until somebody writes in it."""
    control = OxmlElement("w:sdt")
    settings = OxmlElement("w:sdtPr")
    for kind, value in (("w:alias", name), ("w:tag", TAG + name)):
        child = OxmlElement(kind)
        child.set(qn("w:val"), value)
        settings.append(child)
    settings.append(OxmlElement("w:showingPlcHdr"))
    content = OxmlElement("w:sdtContent")
    control.extend((settings, content))
    paragraph._element.addprevious(control)
    content.append(paragraph._element)
    for run in paragraph.runs[1:]:
        run._element.getparent().remove(run._element)
    run = paragraph.runs[0] if paragraph.runs else paragraph.add_run()
    run.text = hint
    run.font.highlight_color = HIGHLIGHT


def own_text(control: Any) -> list[Any] | None:
    """What somebody wrote in a control, as elements; nothing while it still shows its hint."""
    settings, content = control.find(qn("w:sdtPr")), control.find(qn("w:sdtContent"))
    if settings.find(qn("w:showingPlcHdr")) is not None and _is_highlighted(content):
        return None
    return list(content)


def _is_highlighted(content: Any) -> bool:
    """Whether all text still looks like the hint: not every editor clears the other mark."""
    runs = [run for run in content.iter(qn("w:r")) if "".join(run.itertext()).strip()]
    marked = [run.find(f"{qn('w:rPr')}/{qn('w:highlight')}") is not None for run in runs]
    return bool(marked) and all(marked)


def put_own_text(control: Any, elements: Sequence[Any]) -> None:
    """Put what somebody wrote into a control of another document."""
    settings, content = control.find(qn("w:sdtPr")), control.find(qn("w:sdtContent"))
    for child in list(content):
        content.remove(child)
    content.extend(deepcopy(element) for element in elements)
    hint = settings.find(qn("w:showingPlcHdr"))
    if hint is not None:
        settings.remove(hint)


def table_before(
    document: Document,
    paragraph: Paragraph,
    rows: Sequence[Sequence[str]],
    *,
    widths_cm: Sequence[float] | None = None,
) -> None:
    """A table with a head row before a paragraph; numbers stand right, words left."""
    table = document.add_table(rows=0, cols=len(rows[0]))
    table.style = "Table Grid"
    table.autofit = widths_cm is None
    right = [_is_of_numbers([row[at] for row in rows[1:]]) for at in range(len(rows[0]))]
    for at, row in enumerate(rows):
        cells = table.add_row().cells
        for column, text in enumerate(row):
            target = cells[column].paragraphs[0]
            target.style = document.styles["表格"]
            target.add_run(text).bold = at == 0
            if right[column]:
                target.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if widths_cm is not None:
                cells[column].width = Cm(widths_cm[column])
    for column, width in enumerate(widths_cm or ()):
        table.columns[column].width = Cm(width)
    head = table.rows[0]._tr.get_or_add_trPr()
    head.append(OxmlElement("w:tblHeader"))
    for line in table.rows:
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    paragraph._element.addprevious(table._element)


def _is_of_numbers(texts: Sequence[str]) -> bool:
    """Whether a column holds numbers, with their units, and what stands for a missing one."""
    return all(_NUMBER.fullmatch(text) or text == "—" or text.startswith("少于") for text in texts)


def chart_in(
    document: Document,
    paragraph: Paragraph,
    *,
    kind: str,
    labels: Sequence[str],
    name: str,
    values: Sequence[float | None],
    number_format: str,
    height_cm: float = 7.5,
) -> None:
    """A native chart, editable in Word, in the place of a paragraph's text; kind: bar, months."""
    chart_type = XL_CHART_TYPE.BAR_CLUSTERED if kind == "bar" else XL_CHART_TYPE.LINE_MARKERS
    data = CategoryChartData(number_format=number_format)
    data.categories = list(labels)
    data.add_series(name, list(values))
    element = parse_chart(ChartXmlWriter(chart_type, data).xml.encode())
    _style(Chart(element, None), is_bar=kind == "bar")
    package = document.part.package
    number = 1 + sum(str(p.partname).startswith("/word/charts/") for p in package.iter_parts())
    book = Part(
        PackURI(f"/word/embeddings/chart{number}.xlsx"),
        _SHEET_TYPE,
        CategoryWorkbookWriter(data).xlsx_blob,
        package,
    )
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), _CHART_TYPE, b"", package)
    link = part.relate_to(book, RELATIONSHIP_TYPE.PACKAGE)
    element._add_externalData().rId = link
    part._blob = _serialised(element)
    used = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    paragraph.clear()
    paragraph.paragraph_format.first_line_indent = Cm(0)
    # A line of a fixed height would cut the chart off.
    paragraph.paragraph_format.line_spacing = 1.0
    paragraph.add_run()._element.append(_inline(used, number, name, height_cm))


def _serialised(element: Any) -> bytes:
    return bytes(etree.tostring(element, xml_declaration=True, encoding="UTF-8", standalone=True))


def _style(chart: Chart, *, is_bar: bool) -> None:
    chart.font.size, chart.font.name = Pt(10), _FONT
    chart.has_legend = False
    chart.has_title = False
    plot = chart.plots[0]
    plot.has_data_labels = True
    plot.data_labels.show_value = True
    chart.value_axis.has_major_gridlines = not is_bar
    if is_bar:
        # The first category stands on top, as in the table beside it.
        chart.category_axis.reverse_order = True
        chart.value_axis.visible = False
        chart.value_axis.minimum_scale = 0
        plot.gap_width = 40
    else:
        plot.data_labels.position = None
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM


def _inline(link: str, number: int, name: str, height_cm: float) -> Any:
    width, height = Cm(15.5), Cm(height_cm)
    title = name.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return parse_xml(
        f"<w:drawing {nsdecls('w', 'wp', 'a', 'r')}>"
        '<wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{1000 + number}" name="Chart {number}" descr="{title}"/>'
        f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{_CHART_URI}">'
        f'<c:chart xmlns:c="{_CHART_URI}" r:id="{link}"/></a:graphicData></a:graphic>'
        f"</wp:inline></w:drawing>"
    )
