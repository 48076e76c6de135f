"""The data rows of a staged file with one text column per known column, merged cells filled."""

import duckdb

from ingest import parse
from ingest.contract import Column
from ingest.mask.own import without_own
from ingest.recognise import Match
from ingest.sql import fill, identifier, literal, literals
from ingest.staging import count_rows

# Types whose cells would be taken for a name, whatever they say.
NAMED_TYPES = ("text", "free_text", "code", "person_key", "digest")
# Codes of cases and of people, which an export may protect by an apostrophe: '0001.
_CODED_TYPES = ("identifier", "person_key")
_MARKED = "'[^'`=]*[0-9][^'`=]*"
# Other cells than codes need no digit; free texts may quote.
_MARKED_CELL = "'[^'`=]*"
# By this an export tells Excel to keep a cell as it is.
APOSTROPHE = "'"
_ORGANISATIONS = ("org_name", "parent_org_name")
_KEPT_TYPES = ("text", "identifier", "free_text", "code", "boolean")


def section_name(index: int) -> str:
    """Staging column of the section that file column `index` holds."""
    return f"section_{index}"


def filled_columns(match: Match) -> list[str]:
    """Columns whose blank cells repeat what stands above: alone, a row must say it itself."""
    columns = match.contract.all_columns()
    down = [name for name in match.targets if columns[name].fill_down]
    if match.contract.row_child and down:
        return [name for name in match.targets if name in match.contract.columns]
    return down


def _without(cell: str, blanks: tuple[str, ...], *, nothing: str = "null") -> str:
    """SQL for a cell that is NULL, or `nothing`, when it only says "nothing here"."""
    # A plain IN would become a join with the list; only short cells need the look.
    longest = max(len(token.encode()) for token in blanks)
    listed = f"list_contains([{literals(blanks)}], {cell})"
    return (
        f"case when strlen({cell}) > {longest} then {cell} "
        f"when not {listed} then {cell} when {cell} is not null then {nothing} end"
    )


def _unmarked(cell: str, marked: str) -> str:
    """SQL for a cell without the apostrophe by which Excel is told to keep it as it is."""
    begins = f"starts_with({cell}, {literal(APOSTROPHE)})"
    is_marked = f"{begins} and regexp_full_match({cell}, {literal(marked)})"
    return f"(case when {is_marked} then nullif(trim({cell}[2:]), '') else {cell} end)"


def _joined(cell: str) -> str:
    """SQL for a name without the blanks and line ends between two Chinese characters."""
    pair = "(\\p{Han})[\\s\u3000\u00a0]+(\\p{Han})"
    # The second time finds the pairs that begin where the first have ended.
    once = f"regexp_replace({cell}, {literal(pair)}, '\\1\\2', 'g')"
    twice = f"regexp_replace({once}, {literal(pair)}, '\\1\\2', 'g')"
    return f"(case when regexp_matches({cell}, {literal(pair)}) then {twice} else {cell} end)"


def _with_apostrophes(con: duckdb.DuckDBPyConnection, match: Match) -> set[str]:
    """The columns of which the apostrophes in front are no part.

    Of codes each one; of other columns those of an export that protects every cell. A single one
    is a slip, and what the cell should say is not known.
    """
    columns = match.contract.all_columns()
    wanted = [name for name in match.targets if columns[name].type != "free_text"]
    looks = ["true"]
    for name in wanted:
        cell = f"c{match.targets[name]}"
        marked = f"count_if(starts_with({cell}, {literal(APOSTROPHE)}))"
        is_coded = columns[name].type in _CODED_TYPES
        looks.append(f"{marked} > 0" if is_coded else f"{marked} > 1 and {marked} = count({cell})")
    statement = "select <<looks>> from cells where _row not in (select _row from ignored)"
    found = con.execute(fill(statement, looks=", ".join(looks))).fetchone() or (True,)
    return {name for name, is_found in zip(wanted, found[1:], strict=False) if is_found}


def _raw(match: Match, name: str, column: Column, *, is_marked: bool) -> str:
    """SQL for the cell; of an organisation that is blank, for the next level's."""
    places = match.places(name)
    own = {f"c{p}": match.header.columns[p].keys for p in sorted(match.personal)}
    cells = [_cell(place, name, column, own, is_marked=is_marked) for place in places]
    return f"coalesce({', '.join(cells)})" if len(cells) > 1 else cells[0]


def _cell(
    place: int,
    name: str,
    column: Column,
    own: dict[str, tuple[str, ...]],
    *,
    is_marked: bool,
) -> str:
    # "无" is a value of its own in texts, codes and flags.
    keeps_words = column.type in _KEPT_TYPES or bool(column.values)
    blanks: tuple[str, ...] = parse.DASHES if keeps_words else parse.BLANKS
    if column.type in NAMED_TYPES:
        blanks += parse.FAILED
    # What says "nothing here" is no merged cell: it does not repeat the one above.
    nothing = "''" if column.fill_down else "null"
    cell = f"c{place}"
    if is_marked:
        cell = _unmarked(cell, _MARKED if column.type in _CODED_TYPES else _MARKED_CELL)
    if name in _ORGANISATIONS:
        cell = _joined(cell)
    if column.type == "free_text":
        cell = without_own(cell, own)
    return _without(cell, (*blanks, *column.blanks), nothing=nothing)


def _last_value(name: str, window: str) -> str:
    return f"last_value({identifier(f'r_{name}')} ignore nulls) over ({window})"


def _replaced(expressions: dict[str, str]) -> str:
    parts = [f"{sql} as {identifier(f'r_{name}')}" for name, sql in expressions.items()]
    return f"* replace ({', '.join(parts)})" if parts else "*"


def _case_column(match: Match) -> str | None:
    """The column that names the case of a row, such as a training: the first required text."""
    columns = match.contract.columns.items()
    named = (n for n, c in columns if c.fill_down and c.required and c.type in _KEPT_TYPES)
    name = next(named, None)
    return name if name in match.targets else None


def _of_case(match: Match, down: list[str]) -> list[str]:
    """The columns that are filled down only as long as the case stays the same.

    A period is that of the table; a text to the left of the case's name is a group of cases.
    """
    case = _case_column(match)
    if case is None:
        return []
    columns = match.contract.all_columns()
    return [
        name
        for name in down
        if name != case
        and not columns[name].type.startswith("period")
        and (columns[name].type != "text" or match.targets[name] > match.targets[case])
    ]


# Below one of these rows nothing repeats what stands above it.
_BARRIERS = ("blank_row", "total_row", "subtotal_row", "footer_row", "heading_row", "sample_row")
_BLOCKS = """
    with blocks as (
        select cells.*, count(barriers._row) over (order by cells._row) as _block
        from cells
        left join (select _row from ignored where rule_id in (<<barriers>>)) as barriers
            using (_row)
    ),
    picked as (
        select _row, _block, <<picked>> from blocks where _fault is null <<kept>>
    )
"""
_ONE_BLOCK = """
    with picked as (select _row, <<picked>> from cells where _fault is null <<kept>>)
"""
_NUMBERED_CASES = """
    , named as (select *, <<named>> as _name from picked),
    changed as (
        select *, _name is distinct from lag(_name) over (order by _row) as _is_other from named
    ),
    cases as (
        select * exclude (_name, _is_other), count_if(_is_other) over (order by _row) as _case
        from changed
    )
"""


def _has_blocks(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether a blank row or a total stands between rows of data."""
    (found,) = con.execute(
        fill(
            """
            select exists (
                select 1 from ignored
                where
                    rule_id in (<<barriers>>)
                    and _row < (select max(_row) from cells)
            )
            """,
            barriers=literals(_BARRIERS),
        )
    ).fetchone() or (False,)
    return bool(found)


def create_source(con: duckdb.DuckDBPyConnection, match: Match) -> None:
    """Create view `source`: the rows that are data, with text columns `r_<name>`."""
    contract = match.contract
    columns = contract.all_columns()
    marked = _with_apostrophes(con, match)
    picked = {
        name: _raw(match, name, columns[name], is_marked=name in marked) for name in match.targets
    }
    # Who was not there has no mark in any section; the total says so.
    no_mark = (*parse.BLANKS, *parse.NO_MARK)
    picked |= {section_name(i): _without(f"c{i}", no_mark) for i in match.sections}
    down = [name for name in match.targets if columns[name].fill_down]
    grouped: dict[str, str] = {}
    if contract.row_child and down:
        # The rows of one case share its cells, which may stand in the first row only.
        case = ", ".join(identifier(f"r_{name}") for name in down)
        grouped = {
            name: _last_value(name, f"partition by {case} order by _row")
            for name in match.targets
            if name in contract.columns and name not in down
        }
    of_case = _of_case(match, down)
    has_blocks = bool(down) and _has_blocks(con)
    block, within = ("partition by _block", "_block, ") if has_blocks else ("", "")
    windows = dict.fromkeys(of_case, f"partition by {within}_case order by _row")
    everywhere = f"{block} order by _row"
    numbered = fill(_NUMBERED_CASES, named=_last_value(_case_column(match) or "", everywhere))
    ignored = count_rows(con, "ignored")
    con.execute(
        fill(
            """
            create or replace view source as
            <<rows>>
            <<cases>>,
            filled as (select <<filled>> from <<numbered>>)
            select <<grouped>> from filled
            """,
            rows=fill(
                _BLOCKS if has_blocks else _ONE_BLOCK,
                picked=", ".join(
                    f"{sql} as {identifier(f'r_{name}')}" for name, sql in picked.items()
                ),
                kept="and _row not in (select _row from ignored)" if ignored else "",
                **({"barriers": literals(_BARRIERS)} if has_blocks else {}),
            ),
            cases=numbered if of_case else "",
            numbered="cases" if of_case else "picked",
            filled=_replaced(
                {
                    name: f"nullif({_last_value(name, windows.get(name, everywhere))}, '')"
                    for name in down
                }
            ),
            grouped=_replaced(grouped),
        )
    )
