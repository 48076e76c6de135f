"""Month marts: the subjects' measures summed by month, refreshed by the load for touched months."""

import hashlib
from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date
from functools import cache

import duckdb

from warehouse import codes, schema
from warehouse.registry import Subject, subjects

# Organisations decide every row's sub-branch, so a change there touches everything.
_TOUCHES_ALL = ("organisation",)
# What of a subject decides the contents of its marts; its wording does not.
_SHAPE = {"id", "measures", "value", "weight", "marts"}


@dataclass(frozen=True)
class Affected:
    """Which months of an entity's marts a load touches; `everything` when it is most of them."""

    months: frozenset[date | None]
    data_dates: frozenset[date]
    everything: bool = False

    def __or__(self, other: "Affected") -> "Affected":
        return Affected(
            self.months | other.months,
            self.data_dates | other.data_dates,
            self.everything or other.everything,
        )


@cache
def _definition_digest() -> str:
    parts = [(schema.SQL / "views" / f"{name}.sql").read_bytes() for name in schema.VIEWS]
    parts.extend(path.read_bytes() for path in sorted(codes.FOLDER.glob("*.csv")))
    parts.extend(
        subject.model_dump_json(include=_SHAPE).encode() for subject in subjects().values()
    )
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:10]


def table_name(subject: Subject) -> str:
    """Name of the table of a subject's marts.

    It changes with the definitions: an outdated mart is never read.
    """
    return f"{subject.id}__{_definition_digest()}"


def mart_tables() -> dict[str, Subject]:
    """The subject of every table of marts that these definitions ask for, by the table's name."""
    return {table_name(subject): subject for subject in subjects().values() if subject.marts}


def narrowest(subject: Subject, needed: Set[str]) -> str | None:
    """The subject's smallest mart that holds these dimensions, if one does."""
    fitting = [mart for mart, held in subject.marts.items() if needed <= set(held)]
    return min(fitting, key=lambda mart: len(subject.marts[mart]), default=None)


def relation(subject: Subject, mart: str) -> str:
    """SQL of the rows of one mart."""
    return f"(select * exclude (mart) from lake.marts.{table_name(subject)} where mart = '{mart}')"


def select_sql(subject: Subject, mart: str, condition: str) -> str:
    """SQL that computes a mart from its subject, for the rows that meet a condition."""
    columns = [*subject.marts[mart], *_distributed(subject)]
    return f"""
        select
            date_trunc('month', event_date)::date as event_date,
            {", ".join([*columns, *_sums(subject)])},
        from {subject.id}
        where {condition}
        group by all
    """


def _distributed(subject: Subject) -> list[str]:
    """The column whose whole distribution the marts keep, if there is one."""
    return [subject.value] if subject.value else []


def _sums(subject: Subject) -> list[str]:
    # Sums of doubles are exact for counts and take half the memory of sums of integers.
    return [f"sum({measure}::double) as {measure}" for measure in subject.measures]


def _all_sql(subject: Subject, condition: str, *, reads_once: bool) -> str:
    """SQL that computes all marts of a subject; a mart that another one holds is summed from it.

    `reads_once` looks the rows up but once and keeps them in memory while they are summed.
    """
    marts = subject.marts
    dimensions = dict.fromkeys(name for held in marts.values() for name in held)
    value = _distributed(subject)
    parts = [
        f"""
        picked as {"" if reads_once else "not"} materialized (
            select
                date_trunc('month', event_date)::date as event_date,
                {", ".join([*dimensions, *value, *subject.measures])},
            from {subject.id}
            where {condition}
        )
        """
    ]
    for mart, held in sorted(marts.items(), key=lambda item: -len(item[1])):
        wider = [name for name in marts if set(held) < set(marts[name])]
        source = min(wider, key=lambda name: len(marts[name]), default="picked")
        columns = ", ".join(["event_date", *held, *value, *_sums(subject)])
        parts.append(f"{mart} as materialized (select {columns} from {source} group by all)")
    found = " union all by name ".join(f"select '{mart}' as mart, * from {mart}" for mart in marts)
    return f"with {', '.join(parts)} {found}"


def _existing(con: duckdb.DuckDBPyConnection) -> set[str]:
    # A list of tables would tell their sizes too, and read them all for it.
    return {table for _, table, _ in schema.columns_of(con, "lake", ("marts",))}


def is_up_to_date(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the lake holds every mart that these definitions ask for."""
    return mart_tables().keys() <= _existing(con)


def bring_up_to_date(con: duckdb.DuckDBPyConnection) -> None:
    """Build the marts that these definitions ask for and drop those they no longer do."""
    wanted, existing = mart_tables(), _existing(con)
    if wanted.keys() == existing:
        return
    con.execute("begin transaction")
    empty = set()
    for name in sorted(existing - wanted.keys()):
        con.execute(f'drop table lake.marts."{name}"')
    for name, subject in wanted.items():
        if name not in existing:
            summed = _all_sql(subject, "true", reads_once=False)
            made = con.execute(f"create table lake.marts.{name} as {summed}").fetchone()
            empty |= {name} if made == (0,) else set()
    columns = schema.columns_of(con, "lake", ("marts",)) if empty else {}
    schema.write_once(con, {column: kind for column, kind in columns.items() if column[1] in empty})
    con.execute("commit")


def affected_months(con: duckdb.DuckDBPyConnection, entity: str, changed: str) -> Affected:
    """The months in which the rows named in table `changed`(row_key) stand at this moment."""
    if entity in _TOUCHES_ALL or _is_most(con, entity, changed):
        return Affected(frozenset(), frozenset(), everything=True)
    parts = [
        f"select event_date from {subject.id} where row_key in (select row_key from {changed})"
        for subject in _subjects_of(entity)
        if subject.marts
    ]
    rows: list[tuple[date | None]] = []
    if parts and con.execute(f"select 1 from {changed} limit 1").fetchone():
        rows = con.execute(
            f"""
            select distinct date_trunc('month', event_date)::date
            from ({" union all ".join(parts)})
            """
        ).fetchall()
    months = frozenset(month for (month,) in rows)
    row = con.execute(
        "select coverage_to from data_date where entity = $entity", {"entity": entity}
    ).fetchone()
    return Affected(months, frozenset([row[0]] if row and row[0] else []))


def _is_most(con: duckdb.DuckDBPyConnection, entity: str, changed: str) -> bool:
    """Whether so many rows change that summing everything anew is cheaper than finding months."""
    row = con.execute(
        f"select (select count(*) from {changed}) * 2 >= (select count(*) from lake.core.{entity})"
    ).fetchone()
    return bool(row and row[0])


def refresh(con: duckdb.DuckDBPyConnection, entity: str, affected: Affected) -> None:
    """Recompute the touched months of an entity's marts, inside the caller's transaction."""
    touched = subjects().values() if entity in _TOUCHES_ALL else _subjects_of(entity)
    for subject in touched:
        if subject.marts:
            _refresh_subject(con, subject, affected)


def _refresh_subject(con: duckdb.DuckDBPyConnection, subject: Subject, affected: Affected) -> None:
    table = f"lake.marts.{table_name(subject)}"
    if affected.everything:
        con.execute(f"delete from {table}")
        con.execute(f"insert into {table} by name {_all_sql(subject, 'true', reads_once=False)}")
        return
    # A later data date lets time limits fall due without any row having changed.
    first = min(affected.data_dates, default=None)
    condition = """
        (date_trunc('month', event_date)::date in (select unnest($months::date[])))
        or (event_date is null and $undated)
        or (event_date >= date_trunc('month', $first::date))
    """
    values: dict[str, object] = {
        "months": [month for month in affected.months if month is not None],
        "undated": None in affected.months,
        "first": first,
    }
    con.execute(f"delete from {table} where {condition}", values)
    summed = _all_sql(subject, condition, reads_once=True)
    con.execute(f"insert into {table} by name {summed}", values)


def _subjects_of(entity: str) -> Iterable[Subject]:
    return [subject for subject in subjects().values() if subject.entity == entity]
