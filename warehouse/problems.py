"""Puts problems of a file together for people: one reason once, with all the rows it holds for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

# So many stretches of rows are written out.
_SHOWN = 6
SHOWN_REASONS = 20


@dataclass(frozen=True)
class Reason:
    """One reason with the rows that it holds for, in order; none where it is of the whole file."""

    sheet: str | None
    column: str | None
    value: str | None
    message: str
    rows: tuple[int, ...] = ()

    @property
    def where(self) -> str:
        """The rows in words: 2–13、15; many stretches are cut and counted."""
        return row_words(self.rows)


def together(problems: Iterable[Mapping[str, Any]]) -> list[Reason]:
    """The reasons in the order in which each first occurs."""
    found: dict[Reason, list[int]] = {}
    for one in problems:
        said = Reason(one.get("sheet"), one["column"], one["value"], one["message"])
        rows = found.setdefault(said, [])
        if one["row"] is not None:
            rows.append(one["row"])
    return [replace(said, rows=tuple(sorted(rows))) for said, rows in found.items()]


def told(report: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a report's problems: the first reasons with their rows, and how many.

    A note of the loader, which keeps no more than its first problems, has it already.
    """
    if "reasons" in report:
        return {name: report[name] for name in ("problem_count", "reason_count", "reasons")}
    problems = report.get("problems") or []
    reasons = together(problems)
    shown = [
        {
            "sheet": one.sheet,
            "row": one.where or None,
            "column": one.column,
            "value": one.value,
            "message": one.message,
        }
        for one in reasons[:SHOWN_REASONS]
    ]
    return {"problem_count": len(problems), "reason_count": len(reasons), "reasons": shown}


def row_words(rows: Sequence[int]) -> str:
    """Row numbers in order as stretches, as a person would write them."""
    # Within a stretch, row number and place in the list differ by the same.
    runs = groupby(enumerate(rows), lambda at: at[1] - at[0])
    ends = [(run[0][1], run[-1][1]) for run in (list(run) for _, run in runs)]
    words = [f"{first}" if first == last else f"{first}–{last}" for first, last in ends]
    shown = "、".join(words[:_SHOWN])
    return f"{shown} 等 {len(rows)}" if len(words) > _SHOWN else shown
