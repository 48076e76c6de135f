"""Columns that serve one that a file lacks: in a list of forwarded cases, the day of forwarding."""

import re

from ingest.contract import Contract
from ingest.errors import Problem
from ingest.header import Header, header_key
from ingest.read.table import Table
from ingest.titles import titles_of


def standing_in(
    contract: Contract, table: Table, header: Header, targets: dict[str, int]
) -> dict[str, int]:
    """The columns that serve one that the file lacks, where their name or the titles say so."""
    found = {}
    for name, column in contract.columns.items():
        if name in targets or column.fallback in targets:
            continue
        for other, where in column.stand_in.items():
            if other not in targets:
                continue
            said = [header.columns[targets[other]].name, *titles_of(table, header)]
            if any(re.search(where, header_key(text)) for text in said):
                found[name] = targets[other]
    return found


def note_on_standing(contract: Contract, header: Header, standing: dict[str, int]) -> list[Problem]:
    """Which column serves which one that is not there."""
    notes = []
    for name, position in standing.items():
        shown, lacking = header.columns[position].name, contract.columns[name].aliases[0]
        message = f"没有“{lacking}”列，按“{shown}”装载；如果另有{lacking}，请加上这一列后重新提交"
        notes.append(Problem(None, shown, None, "column_stands_in", message))
    return notes
