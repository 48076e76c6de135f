"""The pack of a meeting: the same slides as one HTML file that any browser opens offline."""

import argparse
from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse.handouts.deck import Meeting, drawn
from warehouse.handouts.handout import add_options
from warehouse.handouts.html_slides import HtmlSlides
from warehouse.handouts.issued import delivered
from warehouse.home import Home, current_home
from warehouse.periods import Period
from warehouse.request import Where
from warehouse.scope import Scope


@dataclass(frozen=True, kw_only=True)
class Pack(Meeting):
    """Finished slides as one HTML file."""

    kind = "pack"


def meeting_pack(
    cursor: duckdb.DuckDBPyConnection,
    home: Home,
    period: Period,
    *,
    scope: Scope,
    where: Where | None = None,
    at: datetime | None = None,
) -> Pack:
    """The pack of a period; who took on which alert, now or by then, the installation says."""
    canvas = HtmlSlides(f"{period.label_zh}消保例会材料")
    return drawn(Pack, canvas, cursor, home, period, scope=scope, where=where, at=at)


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command that writes the pack."""
    command = commands.add_parser("pack", help="写出一个期间的例会材料（单个网页文件，离线可看）")
    add_options(command, ".html")


def run(options: argparse.Namespace) -> str:
    """Write the pack; says what is missing in it."""
    home = current_home()
    return delivered(
        options,
        ".html",
        "例会材料是网页文件",
        lambda cursor, period: meeting_pack(cursor, home, period, scope=Scope.everything()),
    )
