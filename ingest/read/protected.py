"""Texts that an export has written as ="0001", so that Excel makes no number of them."""

import re

from ingest.read.table import clean
from ingest.sql import literal

# What holds a further quote, or begins as a formula itself, is no plain text.
_PLAIN = '="([^"=][^"]*)?"'
_PROTECTED = re.compile(_PLAIN)
START = '="'


def bared(cell: str | None) -> str | None:
    """The cell without white space around it and without this protection."""
    cell = clean(cell)
    if cell is None or not cell.startswith(START):
        return cell
    found = _PROTECTED.fullmatch(cell)
    return clean(found[1]) if found else cell


def bared_sql(cell: str, white: str) -> str:
    """SQL for the same of a cell that is trimmed already."""
    inner = f"nullif(trim({cell}[3:-2], {literal(white)}), '')"
    is_protected = f"regexp_full_match({cell}, {literal(_PLAIN)})"
    return (
        f"case when starts_with({cell}, {literal(START)}) and {is_protected} "
        f"then {inner} else {cell} end"
    )
