"""One question to a subject: which relation answers it, on what condition, with what values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb
import polars as pl

from warehouse import marts
from warehouse.errors import QueryError
from warehouse.periods import Period
from warehouse.registry import TIME_DIMENSIONS, Subject, dimensions
from warehouse.scope import Scope

Where = Mapping[str, Sequence[str | None]]

_TIME_SQL = {
    "month": "strftime(event_date, '%Y-%m')",
    "quarter": "year(event_date) || 'Q' || quarter(event_date)",
    "year": "year(event_date)::varchar",
}


@dataclass(frozen=True)
class Request:
    """One question to a subject, turned into a relation, a condition and its parameters."""

    subject: Subject
    period: Period
    by: tuple[str, ...]
    where: Where
    scope: Scope
    mart: str | None = None
    parameters: dict[str, Any] = field(default_factory=dict)

    def over_rows(self) -> "Request":
        """The same question to the rows themselves."""
        return replace(self, mart=None)

    @property
    def relation(self) -> str:
        """The mart that answers the question, else the subject's rows, groups included."""
        held = self.subject.id
        if self.mart is not None:
            held = marts.relation(self.subject, self.mart)
        return with_groups(held, self.names)

    @property
    def names(self) -> tuple[str, ...]:
        """Every dimension that the question touches."""
        return (*self.by, *self.where)

    def condition(self, *, dated: bool = True) -> str:
        """SQL for the filters; fills `parameters` with every value."""
        parts = ["true"]
        if dated and self.period.start is not None:
            parts.append("event_date between $start and $end")
            self.parameters.update(start=self.period.start, end=self.period.end)
        for index, (name, wanted) in enumerate(self.where.items()):
            parts.append(_matches(name, f"where_{index}", wanted, self.parameters))
        if self.scope.sub_branches is not None:
            parts.append("sub_branch in (select unnest($scope::varchar[]))")
            self.parameters["scope"] = sorted(self.scope.sub_branches)
        return " and ".join(parts)

    def columns(self) -> list[str]:
        """The cut as SQL expressions with their names."""
        return [f"{_TIME_SQL[name]} as {name}" if name in _TIME_SQL else name for name in self.by]


def with_groups(relation: str, names: Iterable[str]) -> str:
    """The relation with a column for each dimension that is a code list's grouping of another.

    A value that the code list does not know is its own group.
    """
    groups = [dimensions()[name] for name in dict.fromkeys(names) if dimensions()[name].group_of]
    if not groups:
        return relation
    columns = ", ".join(
        f"coalesce(code_of_{g.id}.group_name, held.{g.group_of}) as {g.id}" for g in groups
    )
    joins = " ".join(
        f"left join lake.meta.code as code_of_{g.id} on code_of_{g.id}.dimension = '{g.code_list}' "
        f"and held.{g.group_of} = code_of_{g.id}.name"
        for g in groups
    )
    return f"(select held.*, {columns} from {relation} as held {joins})"


def _matches(
    name: str, parameter: str, wanted: Sequence[str | None], parameters: dict[str, Any]
) -> str:
    parameters[parameter] = [value for value in wanted if value is not None]
    column = _TIME_SQL.get(name, name)
    found = f"{column} in (select unnest(${parameter}::varchar[]))"
    return f"({found} or {column} is null)" if None in wanted else found


def make_request(
    subject: Subject,
    period: Period,
    by: Sequence[str],
    where: Where,
    scope: Scope,
    *,
    allowed: Sequence[str] = (),
) -> Request:
    """The question, answered by the narrowest mart that holds what it needs, else by the rows.

    Raises QueryError for a dimension that the subject, or the indicator, may not be cut by.
    """
    allowed = allowed or (*subject.dimensions, *TIME_DIMENSIONS)
    for name in (*by, *where):
        if name not in allowed:
            message = f"不能按“{name}”划分或筛选；可用的维度：{'、'.join(allowed)}"
            raise QueryError(message)
    needed = {dimensions()[name].group_of or name for name in (*by, *where)} - set(TIME_DIMENSIONS)
    if scope.sub_branches is not None:
        needed.add("sub_branch")
    mart = marts.narrowest(subject, needed) if period.is_whole_months else None
    return Request(subject, period, tuple(by), dict(where), scope, mart)


def run(cursor: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, Any]) -> pl.DataFrame:
    """The result of a query, given just the parameters that it names."""
    used = {name: value for name, value in parameters.items() if f"${name}" in sql}
    return cursor.execute(sql, used or None).pl()
