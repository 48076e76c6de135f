"""Finds the rows that are no data: blank rows, totals, footers, repeated headers and duplicates."""

import duckdb

from ingest.errors import Problem
from ingest.footers import (
    FOOTER,
    FOOTER_ALONE,
    GRAND_TOTAL,
    HEADING,
    INSTITUTION,
    MARKS_FOOTER,
    MARKS_FOOTER_ALONE,
    SUBTOTAL_ROW,
    TOTAL,
    TOTAL_NAME,
)
from ingest.form_rows import INSTRUCTION, NOTHING, SAMPLE, form_rows
from ingest.header import is_numbering
from ingest.levels import ORG
from ingest.match import Match
from ingest.source import APOSTROPHE
from ingest.sql import fill, literal
from warehouse.entities import entities

# The rule of rows that are of a kind which the contract does not take.
OTHER_KIND = "other_kind"


def key_targets(match: Match) -> list[str]:
    """Staging columns that come from the file and identify a row."""
    contract = match.contract
    found: list[str] = []
    for name in entities()[contract.entity].key:
        column = contract.columns.get(name)
        if column is None or (not column.aliases and not column.of):
            continue
        parts = [name, *(contract.staged_name(part) for part in column.of)]
        found.extend(part for part in parts if part in match.targets)
    required = [n for n, c in contract.all_columns().items() if c.required and n in match.targets]
    return list(dict.fromkeys(found)) or required


_FIND_IGNORED = """
    create or replace table ignored as
    with judged as (
        select
            _row,
            coalesce(<<cells>>, null) as first_cell,
            case
                when coalesce(<<cells>>, null) is null and _fault is null then 'blank_row'
                when <<repeated>> then 'header_row'
                when <<numbering>> then 'number_row'
                when _fault is null and <<sample>> then 'sample_row'
                when _fault is null and <<instruction>> then 'instruction_row'
                when _fault is null and <<nothing>> then 'zero_row'
                when <<no_key>> and regexp_matches(coalesce(<<outside>>, null), <<footer>>)
                    then 'footer_row'
                when
                    case
                        when regexp_matches(coalesce(<<outside>>, null), <<alone>>)
                            then concat(<<cells>>) = coalesce(<<outside>>, null)
                                and not regexp_matches(concat(<<cells>>), <<institution>>)
                    end
                    then 'footer_row'
                when regexp_matches(coalesce(<<cells>>, null), <<total>>) then 'footer_row'
                when
                    -- Further to the right it is a text that goes on.
                    coalesce(<<left>>, null) is not null
                    and case
                        when regexp_matches(coalesce(<<outside>>, null), <<heading>>)
                            then concat(<<cells>>) = coalesce(<<outside>>, null)
                    end
                    then 'heading_row'
                when <<total_name>> then 'total_row'
                when <<subtotal>> then 'subtotal_row'
                when <<header>> then 'header_row'
                when _fault is null and <<other_kind>> then 'other_kind'
            end as rule_id,
            <<kind>> as kind,
        from cells
    )
    select
        _row,
        rule_id,
        case rule_id
            when 'blank_row' then '空行'
            when 'header_row' then '重复的表头行'
            when 'number_row' then '表头下的列号行'
            when 'total_row' then '合计行，编号、机构或名称一栏写的是合计或小计'
            when 'subtotal_row' then 'Excel 分类汇总的行：汇总、计数、平均值等，其余各格只有数字'
            when 'sample_row' then '示例行，不是数据'
            when 'instruction_row' then '填写要求的行，不是数据'
            when 'zero_row' then '写明没有数据的行'
            when 'heading_row' then '分组标题的行'
            when 'other_kind' then '“' || kind || '”不是' || <<title>> || '中的一类，没有装载'
            else '合计行或表尾行，以“' || regexp_extract(first_cell, <<alone>>) || '”开头'
        end as message,
    from judged
    where rule_id is not null
"""


def _numbering_rows(match: Match) -> list[int]:
    """The rows below a header that only number its columns."""
    below = [match.header.row + 1, *(last + 1 for _, last in match.repeats)]
    return [row for row in below if any(map(is_numbering, match.table.rows(row, row)))]


def _subtotal(match: Match) -> str:
    """SQL that is true where a row is one of Excel's subtotals; most rows have a day."""
    columns = match.contract.all_columns()
    days = [i for name, i in match.targets.items() if columns[name].type in ("timestamp", "date")]
    # The days may be counted as well; a longer number may be a day itself.
    undated = [f"(c{i} is null or strlen(c{i}) <= 4)" for i in sorted(set(days))]
    row = f"concat_ws(chr(31), {', '.join(f'c{i}' for i in range(len(match.header.columns)))})"
    is_subtotal = f"regexp_full_match({row}, {literal(SUBTOTAL_ROW)})"
    return f"case when {' and '.join(undated) or 'true'} then {is_subtotal} end"


def kind_column(match: Match) -> str | None:
    """The staging column of a row's kind, where the contract takes one kind and the file tells."""
    other = match.contract.other_kinds
    name = match.contract.staged_name(other.column) if other else ""
    return name if name in match.targets else None


def kinds(match: Match) -> tuple[str, str]:
    """SQL for a row's kind, and what is true where the contract does not take it."""
    name, other = kind_column(match), match.contract.other_kinds
    if name is None or other is None:
        return "null", "false"
    # An export may protect every cell by an apostrophe.
    cell = f"trim(ltrim(trim(c{match.targets[name]}), {literal(APOSTROPHE)}))"
    return cell, f"regexp_full_match({cell}, {literal(other.matching)})"


def _among(rows: list[int]) -> str:
    return f"_row in ({', '.join(map(str, rows))})" if rows else "false"


def _total_name(index: int) -> str:
    """SQL that is true where a cell is the name of a total; the plain search spares the others."""
    pattern = literal(TOTAL_NAME)
    return f"case when contains(c{index}, '计') then regexp_matches(c{index}, {pattern}) end"


def find_ignored(con: duckdb.DuckDBPyConnection, match: Match) -> None:
    """Create `ignored` (_row, rule_id, message) with blank rows, footers and repeated headers."""
    width = len(match.header.columns)
    cells = ", ".join(f"c{i}" for i in range(width))
    keys = [match.targets[name] for name in key_targets(match)]
    forms = form_rows(match, key_targets(match))
    has_marks = any(column.type == "score" for column in match.contract.columns.values())
    footer = literal(MARKS_FOOTER if has_marks else FOOTER)
    alone = literal(MARKS_FOOTER_ALONE if has_marks else FOOTER_ALONE)
    no_key = " and ".join(f"(c{i} is null or regexp_matches(c{i}, {footer}))" for i in keys)
    named = {*keys, *(match.places(ORG) if ORG in match.targets else ())}
    total_name = " or ".join(map(_total_name, sorted(named)))
    # 城东支行小计 below 序号, in a row without a number of its own.
    unread = [i for i in range(min(width, 2)) if i not in match.targets.values()]
    if no_key and unread:
        first = " or ".join(map(_total_name, unread))
        total_name = f"{total_name} or ({no_key} and ({first}))"
    header = " and ".join(
        f"c{i} is not distinct from {literal(match.header.columns[i].name)}"
        for i in sorted(match.targets.values())[:6]
    )
    # What stands in the columns of a case's opinions alone is an opinion: 说明书应修改.
    child = match.contract.row_child
    of_case = {match.targets.get(name) for name in child[1].columns} if child else set()
    outside = ", ".join(f"c{i}" for i in range(width) if i not in of_case)
    kind, is_other = kinds(match)
    repeated = [row for first, last in match.repeats for row in range(first, last + 1)]
    con.execute(
        fill(
            _FIND_IGNORED,
            cells=cells,
            outside=outside,
            repeated="_row in (select unnest($repeated))" if repeated else "false",
            numbering=_among(_numbering_rows(match)),
            sample=_among(forms[SAMPLE]),
            instruction=_among(forms[INSTRUCTION]),
            nothing=_among(forms[NOTHING]),
            left=", ".join(f"c{i}" for i in range(min(width, 2))),
            heading=literal(HEADING),
            no_key=no_key or "false",
            footer=footer,
            alone=alone,
            institution=literal(INSTITUTION),
            total=literal(TOTAL),
            total_name=total_name or "false",
            subtotal=_subtotal(match),
            header=header,
            kind=kind,
            other_kind=is_other,
            title=literal(match.contract.title_zh),
        ),
        {"repeated": repeated} if repeated else None,
    )


def stated_totals(con: duckdb.DuckDBPyConnection, match: Match) -> list[tuple[int, int, int]]:
    """Each total row that states a number of rows: where it is, what it states, what was found."""
    keys = [match.targets[name] for name in key_targets(match)]
    if not keys:
        return []
    return con.execute(
        fill(
            """
            select
                _row,
                <<key>>::bigint as stated,
                (select count(*) from cells)
                - (select count(*) from ignored where rule_id <> 'other_kind') as found,
            from cells
            where
                _row in (select _row from ignored where rule_id = 'footer_row')
                and regexp_matches(coalesce(<<cells>>, null), <<total>>)
                and regexp_full_match(<<key>>, '[0-9]{1,9}')
            """,
            key=f"c{keys[0]}",
            cells=", ".join(f"c{i}" for i in range(len(match.header.columns))),
            total=literal(GRAND_TOTAL),
        )
    ).fetchall()


def check_total(con: duckdb.DuckDBPyConnection, match: Match) -> list[Problem]:
    """A warning for each total row whose count differs from the number of rows."""
    return [
        Problem(
            row,
            None,
            str(stated),
            "total_mismatch",
            f"合计行写的是 {stated} 件，实际读到 {found} 行",
        )
        for row, stated, found in stated_totals(con, match)
        if stated != found
    ]
