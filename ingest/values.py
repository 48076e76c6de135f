"""SQL for the value of each column of the core table, from the file's cells and the contract."""

from ingest import parse
from ingest.contract import Column, Contract
from ingest.full_mark import stated_full_mark
from ingest.mask import masked
from ingest.recognise import Match
from ingest.source import NAMED_TYPES, section_name
from ingest.sql import identifier, literal

# Types whose cells are kept as they are written, but for what tells who somebody is.
MASKED_TYPES = ("text", "free_text", "digest")
DAY_TYPES = ("timestamp", "date")


def _is_1904(match: Match) -> bool:
    """Whether bare serials count from 1904: a workbook knows, of other files the contract."""
    is_workbook = match.table.encoding is None
    return match.table.is_1904 if is_workbook else match.contract.excel_1904


def parsed(
    match: Match,
    name: str,
    *,
    kind: str,
    is_mapped: bool,
    is_suspicious: bool = True,
    factor: int = 1,
    is_month: bool = False,
) -> str:
    """SQL that reads the cells of a column that the file has; NULL where they make no sense.

    A column without a single suspicious cell needs no masking, which takes long to plan.
    """
    raw = identifier(f"r_{name}")
    if is_mapped:
        return f"{identifier(f'map_{name}')}.mapped"
    column = match.contract.all_columns()[name]
    if column.type in DAY_TYPES:
        day = parse.timestamp(
            raw,
            formats=column.formats,
            excel_1904=_is_1904(match),
            is_utc=column.utc_to is not None,
            is_begin=column.spans,
        )
        return parse.local_day(day, column.utc_to) if column.utc_to else day
    makers = {
        **dict.fromkeys(MASKED_TYPES, lambda: masked(raw) if is_suspicious else raw),
        "period_start": lambda: parse.period(raw, end=False),
        "period_end": lambda: parse.period(raw, end=True, is_month=is_month),
        "integer": lambda: parse.integer(raw, factor=factor),
        "decimal": lambda: parse.decimal(_bare(raw, column), kind=kind, factor=factor),
        "count": lambda: parse.count(raw, factor=factor),
        "score": lambda: parse.score(raw, full=_full_mark(match)),
    }
    maker = makers.get(column.type)
    return maker() if maker else raw


def _bare(raw: str, column: Column) -> str:
    """SQL for a number's cell without its column's own unit (2学时, 100分), but for money."""
    own = [unit for unit, factor in column.unit_by_header.items() if factor == 1 and unit != "元"]
    return f"regexp_replace({raw}, '\\s*({'|'.join(own)})$', '')" if own else raw


def _full_scores(match: Match) -> set[str]:
    return {c.full_score for c in match.contract.columns.values() if c.full_score}


def _full_mark(match: Match) -> str:
    """SQL for what all points are, where the file or the contract says so."""
    parts = []
    for name in _full_scores(match):
        column = match.contract.columns.get(name, Column())
        if name in match.targets:
            parts.append(parse.decimal(_bare(identifier(f"r_{name}"), column)))
        elif stated := stated_full_mark(match):
            parts.append(literal(stated))
        if column.default is not None:
            parts.append(literal(column.default))
    return f"coalesce({', '.join([*parts, 'null', 'null'])})"


def derived(match: Match) -> dict[str, str]:
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


def _presence(match: Match, column: Column) -> str:
    cells = [identifier(f"p_{section_name(i)}") for i in match.sections]
    return (
        f"case when coalesce({', '.join([*cells, 'null', 'null'])}) is not null "
        f"then {literal(column.present or '')} else {literal(column.absent or '')} end"
    )


def _fallback(match: Match, name: str, column: Column) -> list[str]:
    if column.fallback not in match.targets:
        return []
    other = identifier(f"p_{column.fallback}")
    # A cell that does not parse is a fault, not a blank to be filled.
    blank = f"{identifier(f'r_{name}')} is null" if name in match.targets else "true"
    return [f"case when {blank} then {other} end"]


def valued(match: Match, name: str, *, kind: str, told: str | None) -> str:
    """SQL for a column's value: its cell, else what the contract says to put there."""
    column = match.contract.all_columns().get(name)
    if column is None:
        return told or "null"
    if column.constant is not None:
        return literal(column.constant)
    parts = _own(match, name, column, kind=kind, told=told)
    if _is_absent(match, name, column):
        parts.insert(0, literal(column.if_absent or ""))
    parts += _fallback(match, name, column)
    if column.default is not None:
        parts.append(literal(column.default))
    return f"coalesce({', '.join(parts)}, null)" if parts else "null"


def _own(match: Match, name: str, column: Column, *, kind: str, told: str | None) -> list[str]:
    """SQL for what the row itself says on a column, best first."""
    parts = [f"try_cast({identifier(f'p_{name}')} as {kind})"] if name in match.targets else []
    if told:
        parts.append(told)
    is_full_mark = name in _full_scores(match) and name not in match.targets
    if is_full_mark and (stated := stated_full_mark(match)):
        parts.append(literal(stated))
    if column.type == "presence":
        parts.append(_presence(match, column))
    parts += [
        f"case when {identifier(f'r_{other}')} is not null then {literal(value)} end"
        for other, value in column.when_filled.items()
        if other in match.targets
    ]
    return parts


def _is_absent(match: Match, name: str, column: Column) -> bool:
    has_column = name in match.targets or any(c in match.targets for c in column.unless_present)
    return column.if_absent is not None and not has_column


def _stands_in(match: Match, name: str, column: Column) -> str | None:
    """The column that this one is taken from for want of its own."""
    others = (other for other in column.stand_in if other in match.targets)
    return next((o for o in others if match.targets[o] == match.targets.get(name)), None)


def _ends_absence(match: Match, name: str, column: Column) -> bool:
    """Whether a missing column is no longer to be called absent: the file has one of the others."""
    is_missing = column.if_absent is not None and name not in match.targets
    return is_missing and not _is_absent(match, name, column)


def said(match: Match, name: str, *, kind: str, told: str | None) -> str:
    """SQL that is true where the row itself says what a column is, be it in another cell."""
    column = match.contract.all_columns().get(name, Column())
    if _stands_in(match, name, column):
        return "false"
    parts = _own(match, name, column, kind=kind, told=told)
    return f"coalesce({', '.join(parts)}, null) is not null" if parts else "false"


def kept(match: Match, name: str, *, derived: bool) -> str | None:
    """SQL for what an update leaves of a stored row where the file's row does not say it.

    None for columns that each row of the file says something on, be it a blank.
    """
    column = match.contract.all_columns().get(name, Column())
    held, staged = f"held.{identifier(name)}", f"staged.{identifier(name)}"
    if column.constant is not None:
        return None
    stands_in = _stands_in(match, name, column)
    if stands_in or column.fallback in match.targets:
        # Only what stood in for a blank before moves along.
        other = identifier(stands_in or column.fallback or "")
        return (
            f"case when {held} is distinct from held.{other} "
            f"then coalesce({held}, {staged}) else {staged} end"
        )
    if _ends_absence(match, name, column):
        filler = literal(column.if_absent or "")
        return f"case when {held} is distinct from {filler} then {held} else {staged} end"
    is_by_others = bool(column.when_filled) and name not in match.targets and not derived
    is_full_mark = name in _full_scores(match) and name not in match.targets
    return held if column.default is not None or is_by_others or is_full_mark else None


def is_told(match: Match, name: str, *, derived: bool) -> bool:
    """Whether the file itself says something on a column, be it a blank.

    What the contract puts in place of a missing column fills new rows but overwrites nothing.
    """
    column = match.contract.all_columns().get(name)
    if column is None or derived:
        return derived
    others = (*column.when_filled, *([column.fallback] if column.fallback else []))
    return (
        column.constant is not None
        or name in match.targets
        or column.type in ("presence", "person_key", "digest")
        or any(other in match.targets for other in others)
        or _ends_absence(match, name, column)
    )


def unreadable(name: str, column: Column, *, kind: str) -> str:
    """SQL that is true where a cell says something that is no value of its type."""
    raw, value = identifier(f"r_{name}"), f"try_cast({identifier(f'p_{name}')} as {kind})"
    word = f" and not {parse.is_no_mark(raw)}" if column.attendance else ""
    if column.type in DAY_TYPES and not column.required:
        return (
            f"(case when {raw} is not null and {value} is null "
            f"then not {parse.is_filler(raw)} else false end)"
        )
    return f"({raw} is not null and {value} is null{word})"


def spoilt(column: Column, cell: str) -> str | None:
    """SQL that is true where a cell is read as a blank but must be named: fillers, failed formulas.

    None for columns where such a cell does not parse anyway.
    """
    if column.type in DAY_TYPES and not column.required:
        return parse.is_filler(cell)
    return parse.is_failed(cell) if column.type in NAMED_TYPES else None


def key_of(contract: Contract, name: str, column: Column) -> str | None:
    """SQL for a key made of other columns, $secret being the key of person keys; else None."""
    parts = [identifier(contract.staged_name(part)) for part in column.of] or [identifier(name)]
    if column.type == "person_key":
        present = " and ".join(f"{part} is not null" for part in parts)
        inner = f"sha256($secret || concat_ws('/', {', '.join(parts)}))"
        return f"case when {present} then left(sha256($secret || {inner}), 16) end"
    if column.type == "digest":
        texts = [f"{part}::varchar" for part in parts]
        joined = ", ".join(f"coalesce({text}, '')" for text in texts)
        present = f"coalesce({', '.join(texts)}, null) is not null"
        made = f"case when {present} then left(sha256(concat_ws(chr(31), {joined})), 16) end"
        return f"coalesce({identifier(name)}, {made})"
    return None


def content_hash(columns: list[str]) -> str:
    """SQL for the digest of a row's content; columns that are NULL do not count."""
    parts = ", ".join(f"{literal(name + '=')} || {identifier(name)}::varchar" for name in columns)
    return f"md5(concat_ws(chr(31), {parts}))"
