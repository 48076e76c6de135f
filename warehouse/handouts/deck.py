"""The slides of a meeting as a PowerPoint file with native charts and speaker notes."""

import argparse
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import duckdb

from warehouse import acknowledgements, alerts
from warehouse.disk import whole_or_not
from warehouse.errors import QueryError
from warehouse.handouts import slides
from warehouse.handouts.answers import Answers
from warehouse.handouts.deck_slides import Slides, told_by
from warehouse.handouts.facts import Fact, Facts, MissingFactError
from warehouse.handouts.issued import issue
from warehouse.home import Home, current_home
from warehouse.lake import open_reader, reading, snapshot_id
from warehouse.periods import Period, parse_period
from warehouse.request import Where
from warehouse.scope import Scope


@dataclass(frozen=True)
class Deck:
    """Finished slides: their bytes, their numbers, what is missing, and the snapshot."""

    content: bytes
    facts: tuple[Fact, ...]
    gaps: tuple[str, ...]
    count: int
    snapshot: int

    @property
    def said(self) -> str:
        """How many slides there are, and what is missing in them."""
        lines = [f"{self.count} 页（快照 #{self.snapshot}）"]
        return "\n".join([*lines, *(f"  {gap}" for gap in dict.fromkeys(self.gaps))])


def meeting_deck(
    cursor: duckdb.DuckDBPyConnection,
    home: Home,
    period: Period,
    *,
    scope: Scope,
    where: Where | None = None,
) -> Deck:
    """The slides of a period; who took on which alert comes from the installation."""
    facts = Facts(cursor, period, scope, dict(where or {}))
    snapshot = snapshot_id(cursor)
    answers = Answers(facts, snapshot=snapshot)
    deck = slides.presentation()
    foot = told_by(facts, snapshot, _dates(answers), answers.scope_zh(), answers.filters_zh())
    lights = alerts.evaluate(cursor, where=facts.where, scope=scope)
    drawn = Slides(deck, answers, lights, acknowledgements.read(home), foot).every()
    for draw in drawn:
        draw()
    held = BytesIO()
    deck.save(held)
    return Deck(held.getvalue(), tuple(facts.used), tuple(answers.gaps), len(drawn), snapshot)


def _dates(answers: Answers) -> str:
    """The last day that all extracts reach, and that any does where they differ."""
    try:
        days = answers.last_days()
    except MissingFactError:
        return "—"
    first, last = min(days.values()), max(days.values())
    return f"{last}" if first == last else f"{first} 至 {last}（各数据不同）"


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command that writes the slides."""
    command = commands.add_parser("deck", help="写出一个期间的例会幻灯片（PowerPoint）")
    command.add_argument("--period", required=True, help="如 2025Q4")
    command.add_argument("--out", type=Path, required=True, metavar="FILE.pptx")
    command.add_argument("--snapshot", type=int, help="按某个快照重出同样的数字")
    command.add_argument("--issue", metavar="BY", help="登记为已发布，写明由谁发布")


def run(options: argparse.Namespace) -> str:
    """Write the slides; says what is missing in them."""
    period = parse_period(options.period)
    if options.out.suffix.lower() != ".pptx":
        message = f"{options.out.name}：幻灯片是 PowerPoint 文件，文件名应以 .pptx 结尾"
        raise QueryError(message)
    home = current_home()
    with reading(open_reader(home, snapshot=options.snapshot)) as cursor:
        made = meeting_deck(cursor, home, period, scope=Scope.everything())
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with whole_or_not(options.out) as note:
        note.write_bytes(made.content)
    said = f"{options.out}\n{made.said}"
    if options.issue is None:
        return said
    found = issue(
        current_home(),
        kind="deck",
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
