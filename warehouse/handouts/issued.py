"""Hand-outs that were issued: their snapshot and their numbers, in a file that is only added to."""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb
from filelock import FileLock

from warehouse.disk import append_line
from warehouse.errors import QueryError, WarehouseError
from warehouse.handouts.facts import Fact
from warehouse.handouts.handout import Handout, check_name, write
from warehouse.home import Home, current_home
from warehouse.lake import State, open_reader, reading
from warehouse.periods import Period, parse_period
from warehouse.registry import indicators
from warehouse.request import Where
from warehouse.scope import Scope

LOCK_TIMEOUT_S = 10
NAME_LENGTH = 60
KINDS = {
    "report": "季度报告",
    "deck": "例会幻灯片",
    "pack": "例会材料（网页）",
    "bulletin": "投诉情况通报",
    "bulletin_details": "投诉情况通报（含明细）",
    "profiles": "一支行一页（全部支行）",
    "profiles_details": "一支行一页（全部支行，含个案）",
}


class IssuedError(WarehouseError):
    """The list of issued hand-outs cannot be read; the message names file, line and what to do."""


@dataclass(frozen=True)
class Stated:
    """One number that a hand-out stated."""

    indicator_id: str
    period: Period
    where: Where
    value: float
    numerator: float | None
    denominator: float | None


@dataclass(frozen=True)
class Issued:
    """One issued hand-out; `sha256` is that of the file as it went out."""

    number: int
    kind: str
    period: Period
    state: State
    sub_branches: tuple[str, ...] | None
    where: Where
    file_name: str
    sha256: str
    by: str
    at: datetime
    stated: tuple[Stated, ...]

    @property
    def scope(self) -> Scope:
        """What its reader could see."""
        held = self.sub_branches
        return Scope.everything() if held is None else Scope(frozenset(held))

    def is_for(self, scope: Scope) -> bool:
        """Whether a reader of this scope may see it: it tells of nothing beyond."""
        seen, held = scope.sub_branches, self.sub_branches
        return seen is None or (held is not None and seen.issuperset(held))

    @property
    def title(self) -> str:
        """Number, kind and period, as people name it."""
        return f"{self.number}号 {self.period.label_zh}{KINDS.get(self.kind, self.kind)}"


def issue(home: Home, made: Handout, *, file_name: str, by: str) -> Issued:
    """Register a hand-out as issued; raises QueryError without a name."""
    who = " ".join(by.split())[:NAME_LENGTH]
    if not who:
        message = "登记为已发布须写明由谁发布"
        raise QueryError(message)
    path = home.issued
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{path}.lock", timeout=LOCK_TIMEOUT_S):
        held = made.scope.sub_branches
        found = Issued(
            number=max((one.number for one in read(home)), default=0) + 1,
            kind=made.kind,
            period=made.period,
            state=made.state,
            sub_branches=None if held is None else tuple(sorted(held)),
            where=made.where,
            file_name=file_name,
            sha256=made.sha256,
            by=who,
            at=datetime.now(UTC),
            stated=stated(made.facts),
        )
        append_line(path, json.dumps(_record(found), ensure_ascii=False))
    return found


def delivered(
    options: argparse.Namespace,
    suffix: str,
    name_zh: str,
    make: Callable[[duckdb.DuckDBPyConnection, Period], Handout],
) -> str:
    """Make a hand-out as its command was told, write it, register it where asked; what to say."""
    period = parse_period(options.period)
    check_name(options.out, suffix, name_zh)
    home = current_home()
    with reading(open_reader(home, snapshot=options.snapshot)) as cursor:
        made = make(cursor, period)
    write(made.content, options.out)
    said = f"{options.out}\n{made.said}"
    if options.issue is None:
        return said
    found = issue(home, made, file_name=options.out.name, by=options.issue)
    return f"{said}\n已登记为 {found.title}"


def stated(facts: Sequence[Fact]) -> tuple[Stated, ...]:
    """Every number once, in the order of the hand-out."""
    found: dict[tuple[object, ...], Stated] = {}
    for fact in facts:
        where = {name: tuple(values) for name, values in fact.where.items()}
        key = (fact.asked.id, fact.period.id, tuple(sorted(where.items())))
        found.setdefault(
            key,
            Stated(fact.asked.id, fact.period, where, fact.value, fact.numerator, fact.denominator),
        )
    return tuple(found.values())


def _record(one: Issued) -> dict[str, object]:
    return {
        "number": one.number,
        "kind": one.kind,
        "period": one.period.id,
        "snapshot": one.state.number,
        "committed_at": one.state.committed_at.isoformat(),
        "sub_branches": one.sub_branches,
        "where": one.where,
        "file_name": one.file_name,
        "sha256": one.sha256,
        "by": one.by,
        # To the millisecond: what was taken on in the same second before counts.
        "at": one.at.isoformat(timespec="milliseconds"),
        "stated": [
            [s.indicator_id, s.period.id, s.where, s.value, s.numerator, s.denominator]
            for s in one.stated
        ],
    }


def read(home: Home) -> list[Issued]:
    """Every issued hand-out, oldest first; raises IssuedError naming a line that cannot be read.

    A line is not passed over: what was issued must not be forgotten without a word.
    """
    if not home.issued.exists():
        return []
    found = []
    for number, line in enumerate(home.issued.read_bytes().split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(_parsed(json.loads(line)))
        except (ValueError, KeyError, TypeError, QueryError):
            message = (
                f"{home.issued.name} 第 {number} 行无法识别，可能写到一半时中断："
                "请从备份恢复该文件，或确认该行从未发布后删去"
            )
            raise IssuedError(message) from None
    return found


def _parsed(held: dict[str, Any]) -> Issued:
    branches = held["sub_branches"]
    return Issued(
        number=int(held["number"]),
        kind=str(held["kind"]),
        period=parse_period(held["period"]),
        state=State(int(held["snapshot"]), datetime.fromisoformat(held["committed_at"])),
        sub_branches=None if branches is None else tuple(branches),
        where=_where(held["where"]),
        file_name=str(held["file_name"]),
        sha256=str(held["sha256"]),
        by=str(held["by"]),
        at=datetime.fromisoformat(held["at"]),
        stated=tuple(
            Stated(name, parse_period(period), _where(where), value, numerator, denominator)
            for name, period, where, value, numerator, denominator in held["stated"]
        ),
    )


def _where(held: dict[str, list[str | None]]) -> Where:
    return {name: tuple(values) for name, values in held.items()}


def issued(home: Home, number: int) -> Issued:
    """The hand-out of this number; raises QueryError when there is none."""
    every = read(home)
    found = next((one for one in every if one.number == number), None)
    if found is None:
        known = "、".join(str(one.number) for one in every) or "还没有"
        message = f"没有 {number} 号已发布的材料；已登记的：{known}"
        raise QueryError(message)
    return found


def is_known(one: Stated) -> bool:
    """Whether the registry still has the indicator that was stated."""
    return one.indicator_id in indicators()
