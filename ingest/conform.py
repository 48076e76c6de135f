"""Turns cells into typed columns of the core table: parsed, coded, masked, keyed and hashed."""

from dataclasses import dataclass, field

import duckdb

from ingest import parse, values
from ingest.code_map import create_map
from ingest.contract import Column, Contract
from ingest.mask import suspicious
from ingest.recognise import Match
from ingest.resolve import is_of_months
from ingest.source import section_name
from ingest.sql import fill, identifier, literal, names
from ingest.targets import table_columns
from ingest.unclear import unclear_columns
from ingest.units import factors_of

CHECKED_TYPES = (
    "timestamp",
    "date",
    "period_start",
    "period_end",
    "integer",
    "decimal",
    "count",
    "boolean",
    "score",
)
_SECTION_TYPE = "decimal(9, 3)"
_HELPER_TYPES = {"timestamp": "timestamp", "date": "date", "decimal": "decimal(18, 6)"}


@dataclass
class Staging:
    """What the staging tables of one file hold: types, what each flag checks, what is told."""

    match: Match
    types: dict[str, str]
    flags: dict[str, str] = field(default_factory=dict)
    told: frozenset[str] = frozenset()
    spoilt: dict[str, str] = field(default_factory=dict)
    unclear: list[str] = field(default_factory=list)
    # Columns that a row may leave unsaid though the file tells them: what an update then leaves.
    kept: dict[str, str] = field(default_factory=dict)

    @property
    def contract(self) -> Contract:
        """The contract that the file fits."""
        return self.match.contract


def _types(contract: Contract) -> dict[str, str]:
    types = dict(table_columns(contract.entity))
    if contract.row_child:
        child = table_columns(contract.row_child[0])
        types |= {name: child[name] for name in contract.row_child[1].columns}
    for name, column in contract.helpers.items():
        types[f"helper_{name}"] = _HELPER_TYPES.get(column.type, "varchar")
    return types


def _staging(match: Match) -> Staging:
    columns = match.contract.all_columns()
    staging = Staging(match, _types(match.contract))
    staging.flags = {section_name(i): "decimal" for i in match.sections}
    for name in match.targets:
        if columns[name].type in CHECKED_TYPES:
            staging.flags[name] = columns[name].type
    derived = values.derived(match)
    staging.told = frozenset(
        name
        for name in staging.types
        if name == "source" or values.is_told(match, name, derived=name in derived)
    )
    staging.kept = {
        name: sql
        for name in table_columns(match.contract.entity)
        if name in staging.told
        and (sql := values.kept(match, name, derived=name in derived)) is not None
    }
    return staging


def _parsed(con: duckdb.DuckDBPyConnection, staging: Staging) -> tuple[list[str], list[str]]:
    """The parsed columns `p_<name>`, and the joins with code maps that they need."""
    match = staging.match
    columns = match.contract.all_columns()
    selected, joins = [], []
    suspects = _suspicious(con, staging)
    factors = factors_of(match)
    for name in match.targets:
        is_mapped = columns[name].type in ("code", "boolean") or bool(columns[name].values)
        is_mapped = is_mapped and create_map(con, name, columns[name])
        if is_mapped:
            table, raw = identifier(f"map_{name}"), identifier(f"r_{name}")
            joins.append(f"left join {table} on {table}.value = source.{raw}")
        sql = values.parsed(
            match,
            name,
            kind=staging.types[name],
            is_mapped=is_mapped,
            is_suspicious=name in suspects,
            factor=factors.get(name, 1),
            is_month=is_of_months(con, match, name),
        )
        selected.append(f"{sql} as {identifier(f'p_{name}')}")
    for name in map(section_name, match.sections):
        cell = identifier(f"r_{name}")
        # A section's full mark is not known here, so a percentage is no number of points.
        selected.append(f"{parse.score(cell, full='null')} as {identifier(f'p_{name}')}")
    return selected, joins


def _suspicious(con: duckdb.DuckDBPyConnection, staging: Staging) -> set[str]:
    """The text columns in which at least one cell may hold something to mask."""
    columns = staging.contract.all_columns()
    texts = [n for n in staging.match.targets if columns[n].type in values.MASKED_TYPES]
    if not texts:
        return set()
    # A first find ends the search; most columns that have one have it in their first rows.
    looks = ", ".join(
        f"exists (select 1 from cells where {_any_suspicious(staging.match.places(name))})"
        for name in texts
    )
    found = con.execute(fill("select <<looks>>", looks=looks)).fetchone() or ()
    return {name for name, is_found in zip(texts, found, strict=False) if is_found}


def _any_suspicious(places: tuple[int, ...]) -> str:
    return " or ".join(suspicious(f"c{place}") for place in places)


def _spoilt(con: duckdb.DuckDBPyConnection, match: Match) -> dict[str, str]:
    """SQL for the cells to name as fillers or failed formulas, of the columns that have any."""
    columns = match.contract.all_columns()
    looks = {
        name: sql
        for name, position in match.targets.items()
        if (sql := values.spoilt(columns[name], f"c{position}")) is not None
    }
    if not looks:
        return {}
    wanted = ", ".join(f"exists (select 1 from cells where {sql})" for sql in looks.values())
    found = con.execute(fill("select <<wanted>>", wanted=wanted)).fetchone() or ()
    return {name: looks[name] for name, is_found in zip(looks, found, strict=False) if is_found}


def _final(staging: Staging) -> dict[str, str]:
    """SQL of every staged column by name."""
    told = values.derived(staging.match)
    final = {}
    for name, kind in staging.types.items():
        sql = values.valued(staging.match, name, kind=kind, told=told.get(name))
        final[name] = f"({sql})::{kind}"
    if "source" in final:
        final["source"] = literal(staging.contract.source)
    for name in map(section_name, staging.match.sections):
        final[name] = identifier(f"p_{name}")
    for name in staging.kept:
        kind = staging.types[name]
        final[f"said_{name}"] = values.said(staging.match, name, kind=kind, told=told.get(name))
    return final


def _flags(staging: Staging) -> dict[str, str]:
    columns = staging.contract.all_columns()
    flags = {
        name: values.unreadable(
            name, columns.get(name, Column()), kind=staging.types.get(name, _SECTION_TYPE)
        )
        for name in staging.flags
    }
    # Rules may ask for any column's flag, also when the file has no such column.
    for name, column in columns.items():
        if column.type in CHECKED_TYPES:
            flags.setdefault(name, "false")
    return {f"bad_{name}": sql for name, sql in flags.items()}


def _keys(contract: Contract) -> dict[str, str]:
    keys = {
        name: values.key_of(contract, name, column)
        for name, column in contract.all_columns().items()
    }
    return {name: sql for name, sql in keys.items() if sql is not None}


def _selected(columns: dict[str, str]) -> str:
    return ", ".join(f"{sql} as {identifier(name)}" for name, sql in columns.items())


def _constant(staging: Staging, columns: dict[str, str]) -> dict[str, str]:
    """The columns that are the same in every row: most of a table's, for most files."""
    nothing = {name: f"(null)::{kind}" for name, kind in staging.types.items()}
    source = literal(staging.contract.source)
    return {
        name: sql for name, sql in columns.items() if sql in (nothing.get(name), "false", source)
    }


def conform(con: duckdb.DuckDBPyConnection, match: Match, *, secret: str) -> Staging:
    """Create `conformed`: one typed row per data row, with `bad_<name>` flags.

    Where several rows make up one case, `row_hash` tells whether they agree on it. It is a view of
    table `typed`, which spares the memory of columns that are the same in every row.
    """
    contract = match.contract
    staging = _staging(match)
    staging.spoilt = _spoilt(con, match)
    staging.unclear = unclear_columns(con, match)
    parsed, joins = _parsed(con, staging)
    columns, keys = _final(staging) | _flags(staging), _keys(contract)
    constant = {n: sql for n, sql in _constant(staging, columns).items() if n not in keys}
    case = [name for name in table_columns(contract.entity) if name in staging.told]
    digest = f", {values.content_hash(case)} as row_hash" if contract.row_child else ""
    needs_secret = any(c.type == "person_key" for c in contract.all_columns().values())
    con.execute(
        fill(
            """
            create or replace table typed as
            with parsed as (select source.* <<parsed>> from source <<joins>>),
            valued as (select _row, <<columns>> from parsed),
            keyed as (select * <<keys>> from valued)
            select * <<constant>> <<hash>> from keyed
            """,
            parsed="".join(f", {column}" for column in parsed),
            joins=" ".join(joins),
            columns=_selected(columns),
            keys=f"replace ({_selected(keys)})" if keys else "",
            constant=f"exclude ({names(list(constant))})" if constant else "",
            hash=digest,
        ),
        {"secret": secret} if needs_secret else None,
    )
    con.execute(
        fill(
            "create or replace view conformed as select * <<constant>> from typed",
            constant=f", {_selected(constant)}" if constant else "",
        )
    )
    return staging
