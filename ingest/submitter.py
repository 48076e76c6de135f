"""Tells which unit submitted an extract, from what the file itself says."""

import re
from collections.abc import Iterable, Sequence

import duckdb

from ingest.mask import masked_text
from ingest.match import Match
from ingest.read.table import Row
from ingest.returning.slip import SlipTable
from ingest.sql import fill, identifier
from ingest.staging import is_staged

_STATED = re.compile(
    r"(?:填报|报送|上报|编制|填表|提供)(?:单位|机构|支行|网点|部门)(?:名称)?\s*[:：]\s*([^\s,，;；:：]+)"
)
# 单位：元 states a unit of measurement, 单位：甲支行 states who reports.
_UNIT = re.compile(
    r"(?:单位|机构|支行)(?:名称)?\s*[:：]\s*([^\s,，;；:：]+?(?:行|部|中心|网点|分理处))(?=$|[\s,，;；])"
)
_ORGANISATION = "org_name"
# What masking leaves of a number or an e-mail address names no unit.
_NO_NAME = re.compile(r"[\w.*-]*\*[\w.*-]*@[\w.*-]+|[\d*]+[Xx]?")
_LETTER = re.compile(r"[^\W\d_]")


def _unit(text: str) -> str:
    """What may be kept of a unit's name; empty where it is nothing but a number or an address."""
    found = masked_text(text)
    return found if _LETTER.search(_NO_NAME.sub("", found)) else ""


def _unit_in(text: str) -> str:
    # The whole text is masked: what stands around a name tells that it is one.
    is_stated = _STATED.search(text) or _UNIT.search(text)
    said = masked_text(text) if is_stated else ""
    found = _STATED.search(said) or _UNIT.search(said)
    return _unit(found.group(1)) if found else ""


def _stated(rows: Iterable[Row]) -> str:
    """The unit that a title or footer row names; empty where none does."""
    for row in rows:
        cells = [cell for cell in row if cell]
        for index, cell in enumerate(cells):
            # The name may stand in the next cell: 填报单位： | 甲支行
            text = f"{cell}{cells[index + 1]}" if cell[-1] in ":：" and cells[index + 1 :] else cell
            if found := _unit_in(text):
                return found
    return ""


def _footers(con: duckdb.DuckDBPyConnection, match: Match) -> list[Row]:
    width = len(match.header.columns)
    rows = con.execute(
        fill(
            """
            select <<cells>> from cells
            where _row in (select _row from ignored where rule_id = 'footer_row')
            order by _row
            limit 50
            """,
            cells=", ".join(f"c{i}" for i in range(width)),
        )
    ).fetchall()
    return [list(row) for row in rows]


def _named_in(file: str, names: Sequence[str]) -> str:
    found = [name for name in names if len(name) > 1 and name in file]
    return max(found, key=len, default="")


def _only_one(con: duckdb.DuckDBPyConnection, match: Match, *, has_lake: bool) -> str:
    """The only sub-branch that the rows name, outlets counting for theirs; else empty."""
    if _ORGANISATION not in match.targets or match.contract.entity == "organisation":
        return ""
    cells = ", ".join(f"c{place}" for place in match.places(_ORGANISATION))
    cell = "organisation"
    join, name = "", cell
    if has_lake:
        join = f"left join organisation_path as path on path.org_name = {identifier(cell)}"
        name = f"coalesce(path.sub_branch, {identifier(cell)})"
    rows = con.execute(
        fill(
            """
            with named as (
                select distinct coalesce(<<cells>>, null) as <<cell>> from cells
                where _row not in (select _row from ignored)
            )
            select distinct <<name>> from named <<join>> where <<cell>> is not null limit 2
            """,
            cell=cell,
            cells=cells,
            name=name,
            join=join,
        )
    ).fetchall()
    return _unit(str(rows[0][0])) if len(rows) == 1 else ""


def known_organisations(con: duckdb.DuckDBPyConnection, *, has_lake: bool) -> list[str]:
    """The names in the list of organisations; empty where there is none."""
    if not has_lake:
        return []
    rows = con.execute("select org_name from lake.core.organisation").fetchall()
    return [name for (name,) in rows]


def submitter(con: duckdb.DuckDBPyConnection, match: Match, *, file: str, has_lake: bool) -> str:
    """The submitting unit of a staged table: stated, else in the file's name, else the only one."""
    if isinstance(match.table, SlipTable):
        return _unit(match.table.mark.submitted_by) or _unstated(match)
    is_read = is_staged(con)
    footers = _footers(con, match) if is_read else []
    return (
        _stated([*match.preamble, *footers])
        or _named_in(file, known_organisations(con, has_lake=has_lake))
        or (_only_one(con, match, has_lake=has_lake) if is_read else "")
        or _unstated(match)
    )


def _unstated(match: Match) -> str:
    return f"未注明（{match.contract.title_zh}）"


def submitter_of_unread(
    con: duckdb.DuckDBPyConnection, *, file: str, head: Sequence[Row], has_lake: bool
) -> str:
    """The submitting unit of a file that no contract fits."""
    named = _named_in(file, known_organisations(con, has_lake=has_lake))
    return _stated(head) or named or "未注明（未识别的文件）"
