"""The checks of identifiers that Excel has spoilt, or that are none: flagged, never repaired."""

import duckdb

from ingest import parse
from ingest.check import Check
from ingest.conform import Staging
from ingest.contract import Severity
from ingest.mask import is_bare_number, suspicious, tells_person
from ingest.mask.numbers import is_telling
from ingest.sql import fill, identifier, literal
from warehouse.entities import entities

_SCIENTIFIC = r"^[0-9](\.[0-9]+)? ?[Ee] ?[+＋]?[0-9]+$"
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
# A day with a time, Mar-24, 5-Mar, 3月5日, ####, 1,234,567, 1001.0, ="00123", '00124.
_REWRITTEN = (
    r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|"
    + rf"{_MONTH}-\d\d|\d{{1,2}}-{_MONTH}(-\d\d)?|"
    + r"\d{1,2}月\d{1,2}日|#+|\d{1,3}(,\d{3})+|\d+\.0+|[=\'`].*|(?i:true|false))$"
)
_PLACEHOLDER = "^(无|暂无|没有|待补|待定|待填|不详|未知|空)$"
# One long number that ends in zeros may be chance, three of three are not.
_FEWEST_CUT = 3


def shown_name(staging: Staging, column: str) -> str:
    """What the file calls a column; the contract's title for one that it does not have."""
    return staging.match.column_name(column) or staging.contract.title_zh


def _fits(cell: str, pattern: str) -> str:
    return f"regexp_matches({cell}, {literal(pattern)})"


def _cut_short(name: str) -> tuple[str, str]:
    """SQL that is true where a long number ends in zeros, in a column where all of them do.

    Before it comes the statement that finds out whether all do.
    """
    cell, column_is_cut = identifier(name), identifier(f"is_cut_{name}")
    is_long = f"(strlen({cell}) >= 16 and regexp_full_match({cell}, '[0-9]{{16,}}'))"
    is_cut = f"(try_cast({cell}[16:] as hugeint) = 0)"
    first = fill(
        """
        create or replace table <<table>> as
        select count(*) >= <<fewest>> and bool_and(<<is_cut>>) as is_cut
        from conformed
        where <<is_long>>
        """,
        table=column_is_cut,
        fewest=str(_FEWEST_CUT),
        is_cut=is_cut,
        is_long=is_long,
    )
    return first, f"{is_long} and {is_cut} and (select is_cut from {column_is_cut})"  # noqa: S608


def _may_tell_person(con: duckdb.DuckDBPyConnection, cell: str) -> bool:
    """Whether a look finds an identifier that the rules for persons have to judge."""
    statement = fill(
        "select exists (select 1 from conformed where <<is_wordy>>)",
        is_wordy=f"not {is_bare_number(cell)} and {suspicious(cell)}",
    )
    return con.execute(statement).fetchone() == (True,)


def identifier_checks(con: duckdb.DuckDBPyConnection, staging: Staging) -> list[Check]:
    """The checks of every identifier column that the file has."""
    columns = staging.contract.all_columns()
    keys = entities()[staging.contract.entity].key
    checks = []
    for name, column in columns.items():
        if column.type != "identifier" or name not in staging.match.targets:
            continue
        shown, cell = f"“{shown_name(staging, name)}”的值“{{value}}”", identifier(name)
        scientific = _fits(cell, _SCIENTIFIC)
        spoilt = f"{shown}已被 Excel 改成科学计数法，末几位丢失；请把该列设为文本后重新导出"
        checks.append(Check("scientific_notation", "error", "rows", name, scientific, spoilt))
        rewritten = (
            f"{shown}像是被 Excel 改成了日期、数字格式或公式，不是原来的编号；"
            "请把该列设为文本后从系统重新导出"
        )
        checks.append(
            Check("identifier_rewritten", "error", "rows", name, _fits(cell, _REWRITTEN), rewritten)
        )
        if name in keys:
            placeholder = f"{shown}不是编号；请填写业务系统的编号"
            is_none = _fits(cell, _PLACEHOLDER)
            checks.append(Check("identifier_none", "error", "rows", name, is_none, placeholder))
        told = f"{shown}是个人信息（号码、姓名或地址），不能作为编号；请改填业务系统的编号"
        # The rules for all texts take longer to plan than a file of some thousand rows to load.
        tells = tells_person(cell) if _may_tell_person(con, cell) else is_telling(cell)
        checks.append(Check("identifier_personal", "error", "rows", name, tells, told))
        failed = f"{shown}是公式出错的结果，不是编号；请改正公式后重新导出"
        checks.append(Check("failed_formula", "error", "rows", name, parse.is_failed(cell), failed))
        cut = (
            f"{shown}超过 15 位而末尾全是 0，该列其他长编号也都如此，"
            "看来已被 Excel 截去末几位；请把该列设为文本后从系统重新导出"
        )
        severity: Severity = "error" if column.required else "warning"
        first, is_cut = _cut_short(name)
        checks.append(Check("digits_lost", severity, "rows", name, is_cut, cut, first=first))
    return checks
