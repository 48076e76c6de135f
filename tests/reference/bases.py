"""What the organisations stood for at the end of a day: the base of rates and coverages."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.reference.frames import Frames

USEFUL_FOR = timedelta(days=366)
PARTS, WHOLES = ("支行", "网点"), ("分行", "总行")


@dataclass(frozen=True)
class Held:
    """The figure of every sub-branch that has one, the open ones without, or that of the whole."""

    by_sub_branch: dict[str, float]
    missing: frozenset[str] = frozenset()
    whole: float | None = None

    @property
    def total(self) -> float | None:
        """All sub-branches together; unknown while one that is open is missing."""
        if self.whole is not None:
            return self.whole
        if self.missing or not self.by_sub_branch:
            return None
        return sum(self.by_sub_branch.values())

    def of(self, sub_branch: str | None) -> float | None:
        """The base of one sub-branch."""
        return self.by_sub_branch.get(sub_branch or "")


def held_at(frames: Frames, column: str, day: date, seen: Iterable[str] | None) -> Held:
    """The base at the end of a day of the sub-branches that are asked for, or of all."""
    register = frames.tables["organisation"].to_dicts()
    rows = [
        {**row, "level": frames.level_of(row["org_name"])}
        for row in frames.tables["organisation_denominator"].to_dicts()
    ]
    parts = [row for row in rows if row["level"] in PARTS]
    if not parts and seen is None:
        whole = _histories(frames, _of_finest_level(rows), column)
        told_whole = [amount for history in whole.values() for amount in _newest(history, day)]
        if told_whole:
            return Held({}, whole=sum(told_whole))
    shut = {org["org_name"] for org in register if org["closed_date"] and org["closed_date"] <= day}
    figures: dict[str, float] = {}
    for name, history in _histories(frames, parts, column).items():
        if name not in shut and (seen is None or name in seen):
            figures.update((name, amount) for amount in _newest(history, day))
    expected = (
        org["org_name"]
        for org in register
        if org["org_level"] == "支行"
        and org["org_name"] not in shut
        and not (org["opened_date"] and org["opened_date"] > day)
        and (seen is None or org["org_name"] in seen)
    )
    return Held(figures, frozenset(set(expected) - figures.keys()))


def _of_finest_level(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    levels = [level for level in WHOLES if any(row["level"] == level for row in rows)]
    return [row for row in rows if levels and row["level"] == levels[0]]


def _histories(
    frames: Frames, rows: list[dict[str, Any]], column: str
) -> dict[str, list[tuple[date, date, float]]]:
    """Sub-branch → its figures with first and last day; its own row goes before its outlets'."""
    shared: dict[tuple[str, date], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        name = frames.sub_branch_of(row["org_name"]) or ""
        shared[name, row["period_start"]].append(row)
    found: dict[str, list[tuple[date, date, float]]] = defaultdict(list)
    for (name, start), group in shared.items():
        own = [row for row in group if row["level"] != "网点"]
        counted = [row for row in own or group if row[column] is not None]
        if counted:
            end = max(row["period_end"] for row in own or group)
            found[name].append((start, end, float(sum(row[column] for row in counted))))
    return found


def _newest(history: list[tuple[date, date, float]], day: date) -> Iterator[float]:
    begun = [one for one in history if one[0] <= day and one[1] >= day - USEFUL_FOR]
    if begun:
        yield max(begun)[2]
