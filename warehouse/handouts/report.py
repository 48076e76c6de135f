"""The quarterly report: a Word template whose slots are filled from the registry."""

import argparse
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import duckdb
from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError

from warehouse.disk import whole_or_not
from warehouse.errors import QueryError, WarehouseError
from warehouse.handouts import blocks, word
from warehouse.handouts.answers import Answers
from warehouse.handouts.facts import Fact, Facts
from warehouse.handouts.issued import issue
from warehouse.handouts.slots import Filled, Slot, SlotError
from warehouse.home import current_home
from warehouse.lake import open_reader, reading, snapshot_id
from warehouse.periods import Period, parse_period
from warehouse.request import Where
from warehouse.scope import Scope

TEMPLATE = Path(__file__).with_name("quarterly_report.docx")
COVERAGE = "coverage"


class HandoutError(WarehouseError):
    """A hand-out could not be made for a reason that a person can act on."""


@dataclass(frozen=True)
class Report:
    """A finished report: its bytes, its numbers, how much could be filled, and what is missing."""

    content: bytes
    facts: tuple[Fact, ...]
    asked: int
    gaps: tuple[str, ...]
    snapshot: int

    @property
    def said(self) -> str:
        """How much of it is filled, and why the rest is not."""
        filled = f"{self.asked - len(self.gaps)}/{self.asked}"
        line = f"本稿 {filled} 处已由数据填充（快照 #{self.snapshot}）"
        return "\n".join([line, *(f"  {gap}" for gap in dict.fromkeys(self.gaps))])


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
    answers = Answers(facts, snapshot=snapshot_id(cursor))
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
        held.getvalue(), tuple(facts.used), answers.asked, tuple(answers.gaps), answers.snapshot
    )


def _opened(path: Path) -> WordDocument:
    try:
        return Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError, OSError):
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
    command.add_argument("--period", required=True, help="如 2025Q4")
    command.add_argument("--out", type=Path, required=True, metavar="FILE.docx")
    command.add_argument("--template", type=Path, default=TEMPLATE, help="本行改过的模板")
    command.add_argument("--keep", type=Path, help="旧稿：保留人工填写的段落")
    command.add_argument("--snapshot", type=int, help="按某个快照重出同样的数字")
    command.add_argument("--issue", metavar="BY", help="登记为已发布，写明由谁发布")


def run(options: argparse.Namespace) -> str:
    """Write the report; says how much of it could be filled."""
    period = parse_period(options.period)
    if options.out.suffix.lower() != ".docx":
        message = f"{options.out.name}：报告是 Word 文件，文件名应以 .docx 结尾"
        raise QueryError(message)
    with reading(open_reader(current_home(), snapshot=options.snapshot)) as cursor:
        made = quarterly_report(
            cursor,
            period,
            scope=Scope.everything(),
            template=options.template,
            keep=options.keep,
        )
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with whole_or_not(options.out) as note:
        note.write_bytes(made.content)
    said = f"{options.out}\n{made.said}"
    if options.issue is None:
        return said
    found = issue(
        current_home(),
        kind="report",
        period=period,
        snapshot=made.snapshot,
        scope=Scope.everything(),
        where={},
        file_name=options.out.name,
        content=made.content,
        by=options.issue,
        facts=made.facts,
    )
    return f"{said}\n已登记为 {found.title}"
