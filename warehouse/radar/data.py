"""The rows of one period within a scope, and the earlier periods they are compared with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import polars as pl

from warehouse.coverage import Coverage
from warehouse.entities import entities
from warehouse.periods import Period
from warehouse.radar.question import Answer, Ran
from warehouse.request import run
from warehouse.scope import Scope
from warehouse.tracing import preceding

_NAMED = re.compile(r"\$(\w+)")
WHOLE = "全部"
# What a test is about where it is about no one thing.
EVERY = "all"


@dataclass(frozen=True)
class Span:
    """The days of a period that an entity's extracts cover, and the whole periods before it."""

    first: date
    last: date
    history: tuple[Period, ...]
    asked: Period

    @property
    def period(self) -> Period:
        """The days looked at as a period; the one asked for where they are all of it."""
        if (self.asked.start, self.asked.end) == (self.first, self.last):
            return self.asked
        return Period(f"{self.first}..{self.last}", self.first, self.last)

    @property
    def base_first(self) -> date:
        """Where the history begins; the first day looked at where there is none."""
        starts = [one.start for one in self.history if one.start]
        return min(starts, default=self.first)

    @property
    def history_words(self) -> str:
        """The history as people call it."""
        if not self.history:
            return ""
        if len(self.history) == 1:
            return self.history[0].label_zh
        return f"{self.history[-1].label_zh}至{self.history[0].label_zh}"


@dataclass(frozen=True)
class Data:
    """What a signal may ask: one period, one scope."""

    cursor: duckdb.DuckDBPyConnection
    asked: Period
    held: dict[str, Coverage]
    scope: Scope

    def span(self, entity: str) -> Span | None:
        """The covered days of the period; None where the extracts hold none of it."""
        held = self.held.get(entity)
        if held is None or not held.touches(self.asked):
            return None
        first = max(self.asked.start or held.first, held.first)
        last = min(self.asked.end or held.last, held.last)
        return Span(first, last, preceding(self.asked, held), self.asked)

    def frame(self, sql: str, **values: Any) -> pl.DataFrame:  # noqa: ANN401  SQL values
        """The rows of a query; `{seen}` in it is the scope."""
        text = sql.replace("{seen}", seen(self.scope))
        named = set(_NAMED.findall(text))
        values.setdefault("scope", sorted(self.scope.sub_branches or ()))
        return run(self.cursor, text, {k: v for k, v in values.items() if k in named})


def seen(scope: Scope) -> str:
    """SQL that lets through what the scope may see."""
    if scope.sub_branches is None:
        return "true"
    return "sub_branch in (select unnest($scope::varchar[]))"


def places(frame: pl.DataFrame) -> Iterator[tuple[str | None, bool, pl.DataFrame]]:
    """All rows together, then those of each named sub-branch: name, is it everybody, rows."""
    named = frame["sub_branch"].drop_nulls().unique().sort().to_list()
    yield None, True, frame
    if len(named) > 1:
        for name in named:
            yield name, False, frame.filter(pl.col("sub_branch") == name)


def where_of(sub_branch: str | None) -> tuple[str, dict[str, Any]]:
    """SQL for one sub-branch, or for everybody."""
    if sub_branch is None:
        return "true", {}
    return "sub_branch = $sub_branch", {"sub_branch": sub_branch}


def who(sub_branch: str | None) -> str:
    """How a sentence begins."""
    return sub_branch or WHOLE


def one_of(sub_branch: str | None) -> tuple[str, ...]:
    """The sub-branches of a question."""
    return (sub_branch,) if sub_branch else ()


def not_run(signal_id: str, why: str) -> Answer:
    """A signal that could not be looked for."""
    return Answer(Ran(signal_id, 0, 0, "", why))


def no_data(signal_id: str, entity: str) -> Answer:
    """A signal without extracts of its period."""
    return not_run(signal_id, f"所选期间没有{entities()[entity].name_zh}数据")


NO_HISTORY = "之前没有覆盖完整的同类期间可比"


def percent(hits: float, cases: float) -> str:
    """A share with one decimal, as sentences have it."""
    return f"{100 * hits / cases:.1f}%" if cases else "—"
