"""The checks of one staged file: each a predicate for the rows that fail it, and its message."""

from datetime import date

import duckdb

from ingest.check import Check, noted_rows
from ingest.code_map import canonical_names
from ingest.conform import Staging
from ingest.contract import Column, Rule, Severity
from ingest.identifiers import identifier_checks, shown_name
from ingest.merged_rules import lacking_columns, unsaid_cells
from ingest.source import section_name
from ingest.sql import fill, identifier, literals, names
from ingest.unclear import unclear_checks
from ingest.values import DAY_TYPES
from warehouse.entities import entities

_EXPECTED = {
    "timestamp": "不是有效的日期时间，应写成 2024-03-05 或 2024-03-05 10:20:00",
    "date": "不是有效的日期，应写成 2024-03-05",
    "period_start": "不是有效的期间，应写成 2024-03 或 2024-03-01",
    "period_end": "不是有效的期间，应写成 2024-03 或 2024-03-31",
    "integer": "不是整数",
    "decimal": "不是数字",
    "count": "不是数字，应写成 200、1.2万 或 约200",
    "boolean": "既不是“是”也不是“否”",
    "score": "不是分数，应写成 85、90/100、缺考或免考",
}
# In a rule: true where no section has a mark either.
_NO_SECTION = "{no_section}"


def _required(staging: Staging) -> list[Check]:
    checks = []
    for name, column in staging.contract.all_columns().items():
        if column.required and column.constant is None:
            message = f"“{shown_name(staging, name)}”为空，必须填写"
            failing = f"{identifier(name)} is null"
            # A cell that does not parse has its own reason.
            if name in staging.flags:
                failing += f" and not {identifier(f'bad_{name}')}"
                checks.append(Check(f"required_{name}", "error", "rows", name, failing, message))
            else:
                checks.append(
                    Check(f"required_{name}", "error", "not_null", name, failing, message)
                )
    return checks


def _alone(staging: Staging) -> list[Check]:
    """A row that has its identifier and nothing else is a note, where nothing else is required."""
    targets, columns = staging.match.targets, staging.contract.all_columns()
    keys = [name for name in entities()[staging.contract.entity].key if name in columns]
    others = [name for name in targets if name not in keys]
    required = {name for name, column in columns.items() if column.required}
    if len(keys) != 1 or keys[0] not in targets or not required <= set(keys) or not others:
        return []
    blank = [f"{identifier(name)} is null" for name in others]
    blank += [f"not {identifier(f'bad_{name}')}" for name in others if name in staging.flags]
    blank += [f"not ({check.failing})" for check in _spoilt(staging) if check.column in others]
    if "parent_org_name" in others:
        # Nothing stands above the head office, but others stand below it.
        above = "select parent_org_name from conformed where parent_org_name is not null"
        blank.append(f"{identifier(keys[0])} not in ({above})")
    message = (
        f"这一行除“{shown_name(staging, keys[0])}”外没有任何内容，不能作为一条记录；"
        "如果是表注，请删除该行，否则请补全"
    )
    return [Check("only_identifier", "error", "rows", others[0], " and ".join(blank), message)]


def _typed(staging: Staging) -> list[Check]:
    columns = staging.contract.all_columns()
    checks = []
    for name, kind in staging.flags.items():
        lenient = columns.get(name, Column()).lenient
        shown = shown_name(staging, name)
        if name not in columns:
            shown = staging.match.header.columns[int(name.removeprefix("section_"))].name
        message = f"“{shown}”的值“{{value}}”{_EXPECTED[kind]}" + ("；该值未装载" if lenient else "")
        severity: Severity = "warning" if lenient else "error"
        failing = identifier(f"bad_{name}")
        checks.append(Check(f"type_{kind}", severity, "rows", name, failing, message))
    return checks


def _spoilt(staging: Staging) -> list[Check]:
    """Days that systems write for no day, and failed formulas: read as blanks, never as values."""
    columns = staging.contract.all_columns()
    checks = []
    for name, is_spoilt in staging.spoilt.items():
        first, failing = noted_rows(f"spoilt_{name}", "cells", is_spoilt)
        shown = f"“{shown_name(staging, name)}”的值“{{value}}”"
        severity: Severity = "error" if columns[name].required else "warning"
        rule, message = "failed_formula", f"{shown}是公式出错的结果，没有装载；请改正公式后重新导出"
        if columns[name].type in DAY_TYPES:
            rule, message = "filler_date", f"{shown}是系统用来填空的日期，已按空白装载"
        checks.append(Check(rule, severity, "rows", name, failing, message, first=first))
    return checks


def _coded(staging: Staging) -> list[Check]:
    checks = []
    for name, column in staging.contract.all_columns().items():
        if column.code_list is None or name not in staging.match.targets:
            continue
        known = tuple(canonical_names(column))
        checks.append(
            Check(
                "code_unknown",
                "warning",
                "in_set",
                name,
                f"{identifier(name)} not in ({literals(known)})",
                f"“{shown_name(staging, name)}”的值“{{value}}”不在代码表中，已按原名装载",
                values=known,
            )
        )
    return checks


def _unique(staging: Staging) -> Check:
    contract = staging.contract
    key = [k for k in entities()[contract.entity].key if k != "source"]
    repeated = "count(distinct row_hash)" if contract.row_child else "count(*)"
    first = fill(
        """
        create or replace table repeated_key as
        select <<key>> from conformed where <<named>>
        group by all having <<repeated>> > 1
        """,
        key=names(key),
        # Rows that lack a part of the key go back for that.
        named=" and ".join(
            f"{identifier(k)} is not null"
            for k in key
            if k in contract.columns and contract.columns[k].required
        )
        or "true",
        repeated=repeated,
    )
    failing = fill("(<<key>>) in (select (<<key>>) from repeated_key)", key=names(key))
    named = next((k for k in key if k in staging.match.targets), key[0])
    shown = "、".join(
        name
        for k in (key if contract.columns[named].type != "digest" else contract.columns[named].of)
        if (name := staging.match.column_name(contract.staged_name(k)))
    )
    message = f"与第 {{rows}} 行的“{shown}”相同但内容不同，无法判断以哪一行为准"
    return Check(
        "duplicate_key",
        "error",
        "rows",
        named,
        failing,
        message,
        names_other_rows=True,
        first=first,
    )


def _numbered(staging: Staging) -> list[Check]:
    return [
        Check(
            "numbered_repeat",
            "warning",
            "rows",
            name,
            f"regexp_matches({identifier(name)}, '-[0-9]+$')",
            "与前面的行标识相同（来源没有编号），按出现次序另编一号装载",
        )
        for name, column in staging.contract.columns.items()
        if column.number_repeats
    ]


def _own(staging: Staging, rule: Rule, today: date, *, has_lake: bool) -> Check | None:
    contract = staging.contract
    needed = {rule.column, *rule.needs}
    derived = {
        o for c in contract.columns.values() for o in (c.estimated, c.attendance, c.full_score)
    }
    absent = {
        name
        for name in needed
        if contract.staged_name(name) not in staging.match.targets
        and name not in derived
        and not _is_filled(staging, name)
    }
    failing = (rule.failing or "").replace("{today}", f"date '{today.isoformat()}'")
    if _NO_SECTION in failing:
        # Sections stand in for the column where the file lacks it.
        failing = failing.replace(_NO_SECTION, _without_sections(staging) if absent else "true")
        absent -= {rule.column}
    if absent:
        judged = has_lake and rule.expectation == "rows"
        return lacking_columns(staging, rule, failing, absent) if judged else None
    column = identifier(contract.staged_name(rule.column))
    if rule.expectation == "not_null":
        failing = f"{column} is null"
    elif rule.expectation == "in_set":
        failing = f"{column} not in ({literals(rule.values)})"
    elif rule.expectation == "between":
        bounds = [f"{column} < {rule.min}" if rule.min is not None else "false"]
        bounds.append(f"{column} > {rule.max}" if rule.max is not None else "false")
        failing = " or ".join(bounds)
    check = Check(
        rule.id,
        rule.severity,
        rule.expectation,
        contract.staged_name(rule.column),
        failing,
        rule.message,
        values=rule.values,
        min=rule.min,
        max=rule.max,
    )
    return unsaid_cells(staging, check) if has_lake else check


def _without_sections(staging: Staging) -> str:
    sections = map(section_name, staging.match.sections)
    return " and ".join(f"{s} is null and not bad_{s}" for s in sections) or "true"


def _is_filled(staging: Staging, name: str) -> bool:
    column = staging.contract.columns.get(name)
    if column is None:
        return False
    from_other = column.fallback in staging.match.targets if column.fallback else False
    return from_other or column.constant is not None or column.type == "presence"


def checks_of(
    con: duckdb.DuckDBPyConnection, staging: Staging, *, today: date, has_lake: bool = False
) -> list[Check]:
    """Every check of this file, in the order in which reasons are shown."""
    own = [_own(staging, rule, today, has_lake=has_lake) for rule in staging.contract.rules]
    return [
        *_required(staging),
        *_alone(staging),
        *_typed(staging),
        *_spoilt(staging),
        *unclear_checks((name, shown_name(staging, name)) for name in staging.unclear),
        *identifier_checks(con, staging),
        _unique(staging),
        *(check for check in own if check is not None),
        *_coded(staging),
        *_numbered(staging),
    ]
