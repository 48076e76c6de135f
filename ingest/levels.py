"""Columns that name an organisation level by level: 分行, 支行, 网点; 一级机构, 二级机构."""

import re
from collections.abc import Sequence

from ingest.contract import Contract
from ingest.errors import Problem
from ingest.header import Header
from ingest.read.table import Row, Table

ORG, PARENT = "org_name", "parent_org_name"
_LEVEL = re.compile("(?:([一二三四五])级)?(机构|分行|支行|网点)(?:名称)?")
# So many rows tell whether a column holds numbers: 3, 00102.
_LOOKED_AT = 20
_NUMBER = re.compile(r"[A-Za-z]?\d+")
_KINDS = ("机构", "分行", "支行", "网点")


def _depth(keys: tuple[str, ...]) -> tuple[int, int] | None:
    """How deep a column of this name is among the levels; None where it is none."""
    found = next((match for key in keys if (match := _LEVEL.fullmatch(key))), None)
    # 机构 alone is the organisation itself, at whatever level it is.
    if found is None or (found[1] is None and found[2] == "机构"):
        return None
    return _KINDS.index(found[2]), "一二三四五".find(found[1] or "一")


def _is_of_numbers(rows: Sequence[Row], position: int) -> bool:
    """Whether a column counts outlets or gives codes; neither is the name of an organisation."""
    return any(_NUMBER.fullmatch(r[position] or "") for r in rows if position < len(r))


def levels_of(
    contract: Contract, table: Table, header: Header, chosen: int | None
) -> tuple[int, ...]:
    """The columns of an organisation's levels, the one that counts first, then the lowest ones.

    `chosen` is the column of the best name; where it is no level, or there is only one, none.
    """
    column = contract.columns.get(ORG)
    # Blank cells of a column that is filled down say the organisation above, not another level;
    # in a list of organisations the levels say which one belongs to which.
    if column is None or not column.aliases or column.fill_down or PARENT in contract.columns:
        return ()
    depths = {p: d for p, column in enumerate(header.columns) if (d := _depth(column.keys))}
    rows = table.rows(header.row + 1, header.row + _LOOKED_AT) if len(depths) > 1 else ()
    depths = {p: depth for p, depth in depths.items() if not _is_of_numbers(rows, p)}
    if len(set(depths.values())) < max(len(depths), 2) or (
        chosen is not None and chosen not in depths
    ):
        return ()
    return tuple(sorted(depths, key=lambda p: (p == chosen, depths[p]), reverse=True))


def note_on(header: Header, levels: tuple[int, ...]) -> list[Problem]:
    """Which of these columns serve as the organisation, and in which order."""
    if not levels:
        return []
    first, *others = (header.columns[position].name for position in levels)
    shown = "、".join(f"“{name}”" for name in others)
    message = f"机构取自“{first}”，为空的行依次取{shown}"
    return [Problem(None, first, None, "organisation_levels", message)]
