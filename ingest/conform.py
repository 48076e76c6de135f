"""Turns cells into typed columns of the core table: parsed, coded, masked, keyed and hashed."""

from dataclasses import dataclass, field

import duckdb

from ingest import parse
from ingest.code_map import create_map
from ingest.contract import Column, Contract
from ingest.mask import masked
from ingest.recognise import Match
from ingest.sql import fill, identifier, literal, literals
from ingest.targets import table_columns

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
_HELPER_TYPES = {"timestamp": "timestamp", "date": "date", "decimal": "decimal(18, 6)"}
_KEPT_TYPES = ("text", "identifier", "free_text", "code")


@dataclass
class Staging:
    """What the staging tables of one file hold."""

    match: Match
    types: dict[str, str]
    flags: dict[str, str] = field(default_factory=dict)

    @property
    def contract(self) -> Contract:
        """The contract that the file fits."""
        return self.match.contract


def section_name(index: int) -> str:
    """Staging column of the section that file column `index` holds."""
    return f"section_{index}"


def _types(contract: Contract) -> dict[str, str]:
    types = dict(table_columns(contract.entity))
    if contract.row_child:
        child = table_columns(contract.row_child[0])
        types |= {name: child[name] for name in contract.row_child[1].columns}
    for name, column in contract.helpers.items():
        types[f"helper_{name}"] = _HELPER_TYPES.get(column.type, "varchar")
    return types


def _raw(match: Match, name: str, column: Column) -> str:
    blanks = parse.DASHES if column.type in _KEPT_TYPES else parse.BLANKS
    cell = f"c{match.targets[name]}"
    if column.type == "boolean" or column.values:
        blanks = parse.DASHES
    return _without(cell, blanks)


def _without(cell: str, blanks: tuple[str, ...]) -> str:
    """SQL for a cell that is NULL when it only says "nothing here"."""
    # A plain IN would become a join with the list; only short cells need the look.
    longest = max(len(token.encode()) for token in blanks)
    listed = f"list_contains([{literals(blanks)}], {cell})"
    return f"case when strlen({cell}) > {longest} then {cell} when not {listed} then {cell} end"


def create_source(con: duckdb.DuckDBPyConnection, match: Match) -> None:
    """Create view `source`: the data rows with one text column `r_<name>` per known column."""
    contract = match.contract
    columns = contract.all_columns()
    picked = {name: _raw(match, name, columns[name]) for name in match.targets}
    picked |= {section_name(i): _without(f"c{i}", parse.BLANKS) for i in match.sections}
    down = [name for name in match.targets if columns[name].fill_down]
    filled: dict[str, str] = {}
    for name in picked:
        raw = identifier(f"r_{name}")
        if name in down:
            filled[name] = f"last_value({raw} ignore nulls) over (order by _row)"
    main = set(contract.columns) & set(picked) - set(down) if contract.row_child else set()
    within = ", ".join(identifier(f"r_{name}") for name in down)
    grouped = {
        name: (
            f"coalesce({identifier(f'r_{name}')}, last_value({identifier(f'r_{name}')} ignore nulls) "
            f"over (partition by {within} order by _row))"
        )
        for name in main
        if down
    }

    def replaced(expressions: dict[str, str]) -> str:
        parts = [f"{sql} as {identifier(f'r_{name}')}" for name, sql in expressions.items()]
        return f"* replace ({', '.join(parts)})" if parts else "*"

    con.execute("drop view if exists source")
    con.execute(
        fill(
            """
            create view source as
            with picked as (
                select _row, <<picked>>
                from cells
                where _fault is null <<kept>>
            ),
            filled as (select <<filled>> from picked)
            select <<grouped>> from filled
            """,
            picked=", ".join(f"{sql} as {identifier(f'r_{name}')}" for name, sql in picked.items()),
            kept=_kept(con),
            filled=replaced(filled),
            grouped=replaced(grouped),
        )
    )


def _kept(con: duckdb.DuckDBPyConnection) -> str:
    (ignored,) = con.execute("select count(*) from ignored").fetchone() or (0,)
    return "and _row not in (select _row from ignored)" if ignored else ""


def _factor(match: Match, name: str, column: Column) -> int:
    header = match.column_name(name) or ""
    units = [unit for unit in column.unit_by_header if unit in header]
    return column.unit_by_header[max(units, key=len)] if units else 1


def _parsed(match: Match, name: str, column: Column, kind: str, mapped: set[str]) -> str:
    """SQL for the value of a column that the file has."""
    raw = identifier(f"r_{name}")
    if name in mapped:
        return f"{identifier(f'map_{name}')}.mapped"
    day = parse.timestamp(raw, formats=column.formats, excel_1904=match.contract.excel_1904)
    if column.utc_to:
        day = parse.local_day(day, column.utc_to)
    makers = {
        "text": masked(raw),
        "free_text": masked(raw),
        "timestamp": day,
        "date": day,
        "period_start": parse.period(raw, end=False),
        "period_end": parse.period(raw, end=True),
        "integer": parse.integer(raw),
        "decimal": parse.decimal(raw, kind=kind, factor=_factor(match, name, column)),
        "count": parse.count(raw),
        "score": parse.score(raw),
    }
    return makers.get(column.type, raw)


def _derived(match: Match) -> dict[str, str]:
    """SQL for columns that another column's cell also tells: estimates, attendance, full marks."""
    found: dict[str, str] = {}
    for name, column in match.contract.columns.items():
        if name not in match.targets:
            continue
        raw = identifier(f"r_{name}")
        if column.estimated:
            found[column.estimated] = parse.is_estimate(raw)
        if column.attendance:
            found[column.attendance] = parse.attendance(raw)
        if column.full_score:
            found[column.full_score] = parse.score_full(raw)
    return found


def _valued(
    match: Match, name: str, column: Column | None, derived: dict[str, str], kind: str
) -> str:
    """SQL for a column's final value, given its parsed form `p_<name>`."""
    if column is None:
        return derived.get(name, "null")
    if column.constant is not None:
        return literal(column.constant)
    parts: list[str] = []
    if name in match.targets:
        parts.append(f"try_cast({identifier(f'p_{name}')} as {kind})")
    elif column.if_absent and not any(other in match.targets for other in column.unless_present):
        parts.append(literal(column.if_absent))
    if name in derived:
        parts.append(derived[name])
    if column.type == "presence":
        cells = ", ".join(identifier(f"p_{section_name(i)}") for i in match.sections) or "null"
        parts.append(
            f"case when coalesce({cells}, null) is not null then {literal(column.present or '')} "
            f"else {literal(column.absent or '')} end"
        )
    for other, value in column.when_filled.items():
        if other in match.targets:
            parts.append(
                f"case when {identifier(f'r_{other}')} is not null then {literal(value)} end"
            )
    fallback = column.fallback
    if fallback and fallback in match.targets:
        blank = f"{identifier(f'r_{name}')} is null" if name in match.targets else "true"
        parts.append(f"case when {blank} then {identifier(f'p_{fallback}')} end")
    if column.default is not None:
        parts.append(literal(column.default))
    return f"coalesce({', '.join(parts)}, null)" if parts else "null"


def _bad(match: Match, name: str, column: Column, kind: str) -> str:
    raw, parsed = identifier(f"r_{name}"), f"try_cast({identifier(f'p_{name}')} as {kind})"
    extra = f" and {parse.attendance(raw)} is null" if column.type == "score" else ""
    return f"({raw} is not null and {parsed} is null{extra})"


def _keyed(contract: Contract, name: str, column: Column) -> str | None:
    """SQL for a key made of other columns; None for columns that need none."""
    parts = [identifier(contract.staged_name(part)) for part in column.of]
    if column.type == "person_key":
        joined = f"concat_ws('/', {', '.join(parts)})" if parts else identifier(name)
        present = " and ".join(f"{part} is not null" for part in parts or [identifier(name)])
        secret = "$secret || sha256($secret || " + joined + ")"
        return f"case when {present} then left(sha256({secret}), 16) end"
    if column.type == "digest":
        joined = ", ".join(f"coalesce({part}::varchar, '')" for part in parts)
        present = f"coalesce({', '.join(f'{part}::varchar' for part in parts)}, null) is not null"
        made = f"case when {present} then left(sha256(concat_ws(chr(31), {joined})), 16) end"
        return f"coalesce({identifier(name)}, {made})"
    return None


def _hash(columns: list[str]) -> str:
    parts = ", ".join(f"'{name}=' || {identifier(name)}::varchar" for name in columns)
    return f"md5(concat_ws(chr(31), {parts}))"


def conform(con: duckdb.DuckDBPyConnection, match: Match, *, secret: str) -> Staging:
    """Create `conformed`: one typed row per data row, with `bad_<name>` flags and `row_hash`."""
    contract = match.contract
    columns = contract.all_columns()
    staging = Staging(match, _types(contract))
    mapped = {
        name
        for name in match.targets
        if (columns[name].type in ("code", "boolean") or columns[name].values)
        and create_map(con, name, columns[name])
    }
    derived = _derived(match)
    parsed = [
        f"{_parsed(match, name, columns[name], staging.types[name], mapped)} as {identifier(f'p_{name}')}"
        for name in match.targets
    ]
    final = {
        name: f"({_valued(match, name, columns.get(name), derived, kind)})::{kind}"
        for name, kind in staging.types.items()
    }
    final["source"] = f"{literal(contract.source)}::varchar"
    if "source" not in staging.types:
        del final["source"]
    for i in match.sections:
        name = section_name(i)
        parsed.append(f"{parse.score(identifier(f'r_{name}'))} as {identifier(f'p_{name}')}")
        final[name] = identifier(f"p_{name}")
        staging.flags[name] = "decimal"
    for name in match.targets:
        if columns[name].type in CHECKED_TYPES:
            staging.flags[name] = columns[name].type
    bad = [
        f"{_bad(match, name, columns.get(name, Column()), staging.types.get(name, 'decimal(9, 3)'))} "
        f"as {identifier(f'bad_{name}')}"
        for name in staging.flags
    ]
    # Rules may ask for any column's flag, also when the file has no such column.
    bad += [
        f"false as {identifier(f'bad_{name}')}"
        for name, column in columns.items()
        if column.type in CHECKED_TYPES and name not in staging.flags
    ]
    keys = {
        name: sql
        for name, column in columns.items()
        if (sql := _keyed(contract, name, column)) is not None
    }
    # concat_ws leaves NULLs out, so columns that are always NULL need not be looked at.
    main = [
        name
        for name in table_columns(contract.entity)
        if name != "source" and not final[name].startswith("(null)")
    ]
    con.execute(
        fill(
            """
            create or replace table conformed as
            with parsed as (
                select source.*, <<parsed>>
                from source <<maps>>
            ),
            valued as (select _row, <<final>> <<bad>> from parsed),
            keyed as (select * <<keys>> from valued)
            select *, <<hash>> as row_hash from keyed
            """,
            parsed=", ".join(parsed) or "null as p_none",
            maps=" ".join(_map_join(name) for name in sorted(mapped)),
            final=", ".join(f"{sql} as {identifier(name)}" for name, sql in final.items()),
            bad="".join(f", {flag}" for flag in bad),
            keys=f"replace ({', '.join(f'{sql} as {identifier(n)}' for n, sql in keys.items())})"
            if keys
            else "",
            hash=_hash(main),
        ),
        {"secret": secret} if any(c.type == "person_key" for c in columns.values()) else None,
    )
    return staging


def _map_join(name: str) -> str:
    table = identifier(f"map_{name}")
    return f"left join {table} on {table}.value = source.{identifier(f'r_{name}')}"
