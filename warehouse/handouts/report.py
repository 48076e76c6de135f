"""The quarterly report: a Word template whose slots are filled from the registry."""

import argparse
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import duckdb
from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from lxml.etree import XMLSyntaxError

from warehouse.handouts import blocks, word
from warehouse.handouts.answers import Answers
from warehouse.handouts.facts import Facts
from warehouse.handouts.handout import Handout, HandoutError, add_options
from warehouse.handouts.issued import delivered
from warehouse.handouts.slots import Filled, Slot, SlotError
from warehouse.lake import state
from warehouse.periods import Period
from warehouse.request import Where
from warehouse.scope import Scope

TEMPLATE = Path(__file__).with_name("quarterly_report.docx")
COVERAGE = "coverage"
# What comes of a file that is cut off, damaged, locked with a password or no Word file at all.
UNREADABLE = (
    PackageNotFoundError,
    BadZipFile,
    XMLSyntaxError,
    zlib.error,
    KeyError,
    ValueError,
    RuntimeError,
    OSError,
)


@dataclass(frozen=True, kw_only=True)
class Report(Handout):
    """A finished report and how many slots it has."""

    kind = "report"
    asked: int

    @property
    def summary(self) -> str:
        """How much of it is filled."""
        return f"本稿 {self.asked - len(self.gaps)}/{self.asked} 处已由数据填充"


def quarterly_report(
    cursor: duckdb.DuckDBPyConnection,
    period: Period,
    *,
    scope: Scope,
    where: Where | None = None,
    template: Path = TEMPLATE,
    keep: Path | None = None,
) -> Report:
    """The report of a period; what people wrote in the document `keep` stays in it.

    Raises HandoutError where a document cannot be read or the template asks for what is not there.
    """
    document = _opened(template)
    kept = _own_texts(_opened(keep)) if keep else {}
    facts = Facts(cursor, period, scope, dict(where or {}))
    read = state(cursor)
    answers = Answers(facts, snapshot=read.number)
    try:
        _fill(document, answers)
    except SlotError as error:
        raise HandoutError(str(error)) from None
    for name, control in word.controls(document).items():
        if name in kept:
            word.put_own_text(control, kept[name])
    held = BytesIO()
    document.save(held)
    return Report(
        period=period,
        scope=scope,
        where=facts.where,
        state=read,
        content=held.getvalue(),
        facts=tuple(facts.used),
        gaps=tuple(answers.gaps),
        asked=answers.asked,
    )


def _opened(path: Path) -> WordDocument:
    try:
        return Document(str(path))
    except UNREADABLE:
        message = f"打不开 Word 文件 {path.name}：应为 .docx，且没有加密或损坏"
        raise HandoutError(message) from None


def _own_texts(document: WordDocument) -> dict[str, list[object]]:
    """What people wrote, by the name of the place."""
    found = {name: word.own_text(control) for name, control in word.controls(document).items()}
    return {name: elements for name, elements in found.items() if elements is not None}


def _fill(document: WordDocument, answers: Answers) -> None:
    """Fill every slot; how many there were is known only after all the others."""

    def answer(slot: Slot) -> Filled:
        return Filled(slot.text) if slot.name == COVERAGE else answers.filled(slot)

    def last(slot: Slot) -> Filled:
        return Filled(answers.coverage_line() if slot.name == COVERAGE else slot.text)

    late = []
    for paragraph in list(word.paragraphs(document)):
        block = blocks.slot_of(paragraph)
        if block is None:
            word.fill(paragraph, answer)
        elif block.option(0) == "definitions":
            late.append((paragraph, block))
        else:
            blocks.draw(document, paragraph, block, answers)
    for paragraph, block in late:
        blocks.draw(document, paragraph, block, answers)
    for paragraph in word.paragraphs(document):
        word.fill(paragraph, last)


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command that writes a report."""
    command = commands.add_parser("report", help="写出一个期间的季度报告（Word）")
    add_options(command, ".docx")
    command.add_argument("--template", type=Path, default=TEMPLATE, help="本行改过的模板")
    command.add_argument("--keep", type=Path, help="旧稿：保留人工填写的段落")


def run(options: argparse.Namespace) -> str:
    """Write the report; says how much of it could be filled."""

    def made(cursor: duckdb.DuckDBPyConnection, period: Period) -> Report:
        return quarterly_report(
            cursor,
            period,
            scope=Scope.everything(),
            template=options.template,
            keep=options.keep,
        )

    return delivered(options, ".docx", "报告是 Word 文件", made)
