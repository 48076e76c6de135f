"""Columns that become rows of their own: the sections of an exam, with their full marks."""

import re
from dataclasses import dataclass

from ingest.contract import Contract
from ingest.header import Header, header_key, last_brackets

# What a total or an average among the marks is called, its ending taken off.
_TOTAL_SECTION = re.compile(
    "总|(总分?|合计|总计|小计|累计|平均|均|人均|最高|最低)(分数?|成绩|得分)?"
)
# 板块(40分), 板块(满分40): what else stands in a bracket is no full mark.
_FULL_MARK = re.compile(r"(?:满分[:为是]?(\d+(?:\.\d+)?)分?|(\d+(?:\.\d+)?)分)")


@dataclass(frozen=True)
class Section:
    """A column that becomes a row of its own: its name and full mark."""

    name: str
    full: str | None


def _own_full_mark(bracket: str) -> str | None:
    found = _FULL_MARK.fullmatch(bracket)
    return found and (found.group(1) or found.group(2))


def sections_of(contract: Contract, header: Header, taken: set[int]) -> dict[int, Section]:
    """The columns that are sections of an exam, among those that are nothing else."""
    if contract.sections is None:
        return {}
    unpivot = contract.sections[1]
    listed = {header_key(name): section for name, section in unpivot.listed.items()}
    found: dict[int, Section] = {}
    for index, column in enumerate(header.columns):
        if index in taken:
            continue
        name = next((listed[key] for key in column.keys if key in listed), None)
        marks = [mark for text in last_brackets(column.name) if (mark := _own_full_mark(text))]
        full = marks[0] if len(marks) == 1 else None
        bare = column.bare
        for ending in unpivot.endings:
            key = header_key(ending)
            if name is None and bare.endswith(key) and bare != key:
                name = bare.removesuffix(key)
        # A column that states its own full mark is a part of the exam, whatever it is called.
        if name is None and full and bare:
            name = bare
        if name is not None and not _TOTAL_SECTION.fullmatch(name):
            found[index] = Section(name, full)
    return found
