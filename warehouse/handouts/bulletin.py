"""The bulletin of complaints as an Excel workbook, for everything or for one sub-branch."""

import argparse
from dataclasses import dataclass

import duckdb

from warehouse import coverage
from warehouse.errors import QueryError
from warehouse.handouts.answers import Answers
from warehouse.handouts.bulletin_sheets import INTERNAL, Writer
from warehouse.handouts.facts import Facts
from warehouse.handouts.handout import Handout, add_options
from warehouse.handouts.issued import delivered
from warehouse.lake import state
from warehouse.periods import Period
from warehouse.request import Where
from warehouse.scope import Scope


@dataclass(frozen=True, kw_only=True)
class Bulletin(Handout):
    """A finished bulletin and how many numbers it asked for."""

    kind = "bulletin"
    asked: int

    @property
    def summary(self) -> str:
        """How much of it is filled."""
        return f"本稿 {self.asked - len(self.gaps)}/{self.asked} 处已由数据填充"


@dataclass(frozen=True, kw_only=True)
class DetailedBulletin(Bulletin):
    """A bulletin with the rows counted, for use inside the bank only."""

    kind = "bulletin_details"


def monthly_bulletin(
    cursor: duckdb.DuckDBPyConnection,
    period: Period,
    *,
    scope: Scope,
    where: Where | None = None,
    details: bool = False,
) -> Bulletin:
    """The bulletin of a period; with the rows counted its small counts are not hidden."""
    facts = Facts(cursor, period, scope, dict(where or {}), hides_small=not details)
    read = state(cursor)
    answers = Answers(facts, snapshot=read.number)
    content = Writer(answers).content()
    return (DetailedBulletin if details else Bulletin)(
        period=period,
        scope=scope,
        where=facts.where,
        state=read,
        content=content,
        facts=tuple(facts.used),
        gaps=tuple(answers.gaps),
        asked=answers.asked,
    )


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command that writes a bulletin."""
    command = commands.add_parser("bulletin", help="写出一个期间的投诉情况通报（Excel）")
    add_options(command, ".xlsx")
    command.add_argument("--sub-branch", metavar="NAME", help="只写一家支行")
    command.add_argument(
        "--details", action="store_true", help=f"附逐件明细，小件数不作隐藏（{INTERNAL}）"
    )


def run(options: argparse.Namespace) -> str:
    """Write the bulletin; says what is missing in it."""

    def made(cursor: duckdb.DuckDBPyConnection, period: Period) -> Bulletin:
        scope = _scope(cursor, options.sub_branch)
        return monthly_bulletin(cursor, period, scope=scope, details=options.details)

    return delivered(options, ".xlsx", "通报是 Excel 文件", made)


def _scope(cursor: duckdb.DuckDBPyConnection, name: str | None) -> Scope:
    """One sub-branch, or everything; raises QueryError for one that the data do not know."""
    everything = Scope.everything()
    if name is None:
        return everything
    known = [held for held in coverage.values(cursor, "sub_branch", scope=everything) if held]
    if name not in known:
        message = f"没有支行“{name}”；已有：{'、'.join(known)}"
        raise QueryError(message)
    return Scope(frozenset({name}))
