"""The restatement log: issued numbers that the data give differently today, and why."""

import argparse
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from warehouse import time_machine
from warehouse.errors import SnapshotMissing
from warehouse.handouts import bulletin, deck, issued, pack, report
from warehouse.handouts.handout import Handout, write
from warehouse.handouts.issued import Issued, IssuedError
from warehouse.home import Home, current_home
from warehouse.lake import open_reader, open_state, reading
from warehouse.periods import parse_period
from warehouse.registry import dimensions, headline_indicators
from warehouse.report import FORMATS, render
from warehouse.request import Where
from warehouse.scope import Scope
from warehouse.time_machine import Moved, Question

PLACES = 5
COMMANDS = ("issued", "restatements", "moved", "reproduce")
SCHEMA = {
    "issued": pl.String,
    "issued_at": pl.String,
    "by": pl.String,
    "snapshot": pl.Int64,
    "indicator": pl.String,
    "name": pl.String,
    "period": pl.String,
    "filters": pl.String,
    "before": pl.Float64,
    "after": pl.Float64,
    "unit": pl.String,
    "files": pl.String,
    "rows": pl.Int64,
    "places": pl.String,
}
EMPTY = pl.DataFrame(schema=SCHEMA)
# Made by a page, as they are laid out like one.
BY_PAGE = ("profiles", "profiles_details")


def restatements(home: Home, now: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """One line per issued number that moved since, with the files and rows that moved it."""
    return pl.concat([EMPTY, *(restated(home, now, one) for one in issued.read(home))])


def restated(home: Home, now: duckdb.DuckDBPyConnection, one: Issued) -> pl.DataFrame:
    """The same of a single hand-out."""
    return pl.DataFrame(list(_of(home, now, one)), schema=SCHEMA, orient="row")


def _of(home: Home, now: duckdb.DuckDBPyConnection, one: Issued) -> Iterator[dict[str, object]]:
    stated: list[tuple[Question, float | None]] = [
        (Question(held.indicator_id, held.period, held.where), held.value)
        for held in one.stated
        if issued.is_known(held)
    ]
    found = time_machine.moved(now, stated, scope=one.scope)
    if not found:
        return
    with ExitStack() as stack:
        before, since = None, pl.Series(dtype=pl.String)
        with suppress(SnapshotMissing):
            before = stack.enter_context(reading(open_state(home, one.state)))
            since = time_machine.batches_between(before, now)["batch_id"]
        for moved in found:
            yield {
                "issued": one.title,
                "issued_at": one.at.astimezone().strftime("%Y-%m-%d %H:%M"),
                "by": one.by,
                "snapshot": one.state.number,
                **line_of(before, now, moved, since=since, scope=one.scope),
            }


def line_of(
    before: duckdb.DuckDBPyConnection | None,
    now: duckdb.DuckDBPyConnection,
    moved: Moved,
    *,
    since: pl.Series,
    scope: Scope,
) -> dict[str, object]:
    """One moved number as a line: what, from what to what, by which files and rows.

    `since` are the batches that were loaded in between.
    """
    asked = moved.asked
    known: dict[str, object] = {
        "indicator": asked.id,
        "name": asked.name_zh,
        "period": moved.question.period.id,
        "filters": filters_zh(moved.question.where),
        "before": moved.before,
        "after": moved.after,
        "unit": asked.unit,
    }
    if before is None:
        return known | {"files": "当时的快照已不在，查不到原因", "rows": None, "places": ""}
    found = time_machine.causes(before, now, moved.question, since=since, scope=scope)
    if found.is_empty():
        reason = "机构基数或数据日期变化" if asked.base else "数据日期变化"
        return known | {"files": reason, "rows": 0, "places": ""}
    since = found.filter("is_loaded_since")["file_name"].fill_null("（原行已不在）")
    files = since.unique(maintain_order=True).to_list()
    if not found["is_loaded_since"].all():
        files.append("数据日期或机构变化")
    places = [_place(row) for row in found.head(PLACES).iter_rows(named=True)]
    more = [f"另 {found.height - PLACES} 行"] if found.height > PLACES else []
    return known | {
        "files": "、".join(files),
        "rows": found.height,
        "places": "；".join([*places, *more]),
    }


def _place(row: Mapping[str, Any]) -> str:
    """A row that made a number move: what became of it, and where it is in which file."""
    same = "" if row["is_loaded_since"] else "（行未变）"
    where = f"{row['file_name'] or '—'} 第{row['source_row'] or '—'}行（{row['key']}）"
    return f"{row['state']}{same}：{where}"


def filters_zh(where: Where) -> str:
    """Filters in words."""
    return (
        "；".join(
            f"{dimensions()[name].name_zh}：{'、'.join(v or '未填报' for v in values)}"
            for name, values in where.items()
        )
        or "未筛选"
    )


def moved_between(
    home: Home, first: int, last: int | None, period_id: str, *, scope: Scope
) -> pl.DataFrame:
    """The headline numbers of a period that differ between two snapshots, and by which rows."""
    period = parse_period(period_id)
    questions = [Question(one.id, period) for one in headline_indicators()]
    with (
        reading(open_reader(home, snapshot=first)) as before,
        reading(open_reader(home, snapshot=last)) as now,
    ):
        stated = time_machine.values(before, questions, scope=scope)
        since = time_machine.batches_between(before, now)["batch_id"]
        lines = [
            line_of(before, now, one, since=since, scope=scope)
            for one in time_machine.moved(now, stated, scope=scope)
        ]
    names = [name for name in SCHEMA if name not in ("issued", "issued_at", "by", "snapshot")]
    return pl.DataFrame(lines, schema={name: SCHEMA[name] for name in names}, orient="row")


def listing(home: Home) -> pl.DataFrame:
    """Every issued hand-out as a line."""
    return pl.DataFrame(
        [
            (
                one.number,
                issued.KINDS.get(one.kind, one.kind),
                one.period.id,
                one.state.number,
                "全辖" if one.sub_branches is None else "、".join(one.sub_branches),
                one.file_name,
                one.by,
                one.at.astimezone().strftime("%Y-%m-%d %H:%M"),
                len(one.stated),
            )
            for one in issued.read(home)
        ],
        schema=[
            "number", "kind", "period", "snapshot", "scope", "file", "by", "at", "numbers",
        ],
        orient="row",
    )  # fmt: skip


def reproduced(home: Home, one: Issued) -> bytes:
    """The hand-out once more, from the snapshot that it was issued from."""
    with reading(open_state(home, one.state)) as cursor:
        return made_again(cursor, home, one).content


def made_again(cursor: duckdb.DuckDBPyConnection, home: Home, one: Issued) -> Handout:
    """The hand-out once more, as the state that the cursor reads gives it."""
    period, scope, where = one.period, one.scope, one.where
    match one.kind:
        case report.Report.kind:
            return report.quarterly_report(cursor, period, scope=scope, where=where)
        case deck.Deck.kind:
            return deck.meeting_deck(cursor, home, period, scope=scope, where=where, at=one.at)
        case pack.Pack.kind:
            return pack.meeting_pack(cursor, home, period, scope=scope, where=where, at=one.at)
        case bulletin.Bulletin.kind | bulletin.DetailedBulletin.kind as kind:
            details = kind == bulletin.DetailedBulletin.kind
            return bulletin.monthly_bulletin(
                cursor, period, scope=scope, where=where, details=details
            )
        case kind if kind in BY_PAGE:
            message = f"{one.title}：请在页面“交付物”的“已发布”中重出"
            raise IssuedError(message)
        case unknown:
            message = f"{one.title}：本版本的程序不会重出“{unknown}”这种材料"
            raise IssuedError(message)


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands of the time machine."""
    command = commands.add_parser("issued", help="列出已发布的材料")
    command.add_argument("--format", choices=FORMATS, default="table")
    command = commands.add_parser("restatements", help="重述记录：已发布而现在不同的数字及原因")
    command.add_argument("--format", choices=FORMATS, default="table")
    command = commands.add_parser("moved", help="两个快照之间哪些主要数字变了、因为哪些行")
    command.add_argument("--from", dest="first", type=int, required=True, metavar="SNAPSHOT")
    command.add_argument("--to", dest="last", type=int, metavar="SNAPSHOT", help="默认为最新")
    command.add_argument("--period", required=True, help="如 2025Q4")
    command.add_argument("--format", choices=FORMATS, default="table")
    command = commands.add_parser("reproduce", help="按发布时的快照重出一份已发布的材料")
    command.add_argument("number", type=int)
    command.add_argument("--out", type=Path, required=True, metavar="FILE")


def run(options: argparse.Namespace) -> str:
    """What one of these commands says."""
    home = current_home()
    match options.command:
        case "issued":
            return render(listing(home), options.format)
        case "restatements":
            with reading(open_reader(home)) as now:
                return render(restatements(home, now), options.format)
        case "moved":
            found = moved_between(
                home, options.first, options.last, options.period, scope=Scope.everything()
            )
            return render(found, options.format)
        case _:
            one = issued.issued(home, options.number)
            write(reproduced(home, one), options.out)
            return f"{options.out}\n{one.title}，快照 #{one.state.number}"
