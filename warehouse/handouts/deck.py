"""The slides of a meeting as a PowerPoint file with native charts and speaker notes."""

import argparse
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import duckdb

from warehouse import acknowledgements, alerts
from warehouse.handouts.answers import Answers
from warehouse.handouts.canvas import Canvas
from warehouse.handouts.deck_slides import Slides, told_by
from warehouse.handouts.facts import Facts, MissingFactError
from warehouse.handouts.handout import Handout, add_options
from warehouse.handouts.issued import delivered
from warehouse.handouts.slides import PowerPoint
from warehouse.home import Home, current_home
from warehouse.lake import state
from warehouse.periods import Period
from warehouse.request import Where
from warehouse.scope import Scope


@dataclass(frozen=True, kw_only=True)
class Meeting(Handout):
    """Finished slides of a meeting, in whatever kind of file."""

    count: int

    @property
    def summary(self) -> str:
        """How many slides there are."""
        return f"{self.count} 页"


@dataclass(frozen=True, kw_only=True)
class Deck(Meeting):
    """Finished slides as a PowerPoint file."""

    kind = "deck"


Kind = TypeVar("Kind", bound=Meeting)


def meeting_deck(
    cursor: duckdb.DuckDBPyConnection,
    home: Home,
    period: Period,
    *,
    scope: Scope,
    where: Where | None = None,
    at: datetime | None = None,
) -> Deck:
    """The slides of a period; who took on which alert, now or by then, the installation says."""
    return drawn(Deck, PowerPoint(), cursor, home, period, scope=scope, where=where, at=at)


def drawn(
    kind: type[Kind],
    canvas: Canvas,
    cursor: duckdb.DuckDBPyConnection,
    home: Home,
    period: Period,
    *,
    scope: Scope,
    where: Where | None = None,
    at: datetime | None = None,
) -> Kind:
    """The slides of a period on this canvas, so that every kind of file says the same."""
    facts = Facts(cursor, period, scope, dict(where or {}))
    read = state(cursor)
    answers = Answers(facts, snapshot=read.number)
    foot = told_by(facts, read.number, _dates(answers), answers.scope_zh(), answers.filters_zh())
    lights = alerts.evaluate(cursor, where=facts.where, scope=scope)
    taken_on = acknowledgements.read(home, until=at)
    every = Slides(canvas, answers, lights, taken_on, foot).every()
    for draw in every:
        draw()
    return kind(
        period=period,
        scope=scope,
        where=facts.where,
        state=read,
        content=canvas.saved(),
        facts=tuple(facts.used),
        gaps=tuple(answers.gaps),
        count=len(every),
    )


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
    add_options(command, ".pptx")


def run(options: argparse.Namespace) -> str:
    """Write the slides; says what is missing in them."""
    home = current_home()
    return delivered(
        options,
        ".pptx",
        "幻灯片是 PowerPoint 文件",
        lambda cursor, period: meeting_deck(cursor, home, period, scope=Scope.everything()),
    )
