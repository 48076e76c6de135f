"""Who took on which alert, by when: one CSV file whose lines are only ever added."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from filelock import FileLock

from warehouse.alerts import Alert
from warehouse.disk import append_line
from warehouse.home import Home
from warehouse.periods import parse_period
from warehouse.spreadsheet import FORMULA_STARTS

COLUMNS = ("at", "action", "rule", "cell", "since", "name", "note", "due")
Action = Literal["acknowledge", "withdraw"]
LOCK_TIMEOUT_S = 10
NAME_LENGTH, NOTE_LENGTH = 40, 300
# An excerpt of a line that cannot be read, to be found again in the file.
SHOWN = 60

# Rule, cell and the month since when: the same light turning red again is another episode.
Episode = tuple[str, tuple[str | None, ...], str]


@dataclass(frozen=True)
class Acknowledgement:
    """One line of the file: who took on an episode (or gave it back), with note and due date."""

    episode: Episode
    name: str
    note: str
    due: date | None
    at: datetime
    action: Action = "acknowledge"


@dataclass(frozen=True)
class Acknowledgements:
    """What the file says: the acknowledgement in force by episode, and lines it could not read."""

    held: dict[Episode, Acknowledgement]
    faults: tuple[str, ...]

    def of(self, alert: Alert) -> Acknowledgement | None:
        """Who has this alert since it has its colour, if anybody; a filtered view has nobody."""
        if alert.is_partial:
            return None
        rule, cell, since = episode_of(alert)
        if not alert.is_oldest:
            return self.held.get((rule, cell, since))
        # The history that is read moves on, and with it the first month of a light as old as it.
        older = [
            one
            for (of_rule, of_cell, begun), one in self.held.items()
            if (of_rule, of_cell) == (rule, cell) and begun <= since
        ]
        return max(older, key=lambda one: one.episode[2], default=None)


def episode_of(alert: Alert) -> Episode:
    """What an acknowledgement holds for: this light, since this month."""
    return (alert.rule_id, alert.cell, alert.state.since or "")


def acknowledge(
    home: Home, alert: Alert, *, name: str, note: str, due: date | None, at: datetime | None = None
) -> None:
    """Add that somebody takes on an alert; raises ValueError without a name."""
    who = _one_line(name, NAME_LENGTH)
    if not who:
        message = "请填写由谁负责"
        raise ValueError(message)
    moment = at or datetime.now(UTC)
    _add(home, Acknowledgement(episode_of(alert), who, _one_line(note, NOTE_LENGTH), due, moment))


def withdraw(home: Home, alert: Alert, *, name: str, at: datetime | None = None) -> None:
    """Add that the acknowledgement in force no longer holds; nothing is removed."""
    held = read(home).of(alert)
    if held is None:
        return
    moment, who = at or datetime.now(UTC), _one_line(name, NAME_LENGTH)
    _add(home, Acknowledgement(held.episode, who, "", None, moment, "withdraw"))


def read(home: Home, *, until: datetime | None = None) -> Acknowledgements:
    """What the file says now, or said at a moment; an unreadable line is told and left out."""
    held: dict[Episode, Acknowledgement] = {}
    faults: list[str] = []
    for number, line in _lines(home):
        try:
            found = _parsed(line)
        except ValueError as error:
            faults.append(f"{home.acknowledgements.name} 第 {number} 行:{error}，已跳过")
            continue
        # A day that a person wrote is meant as one of this place.
        if until is not None and found.at.astimezone(UTC) > until:
            continue
        if found.action == "withdraw":
            held.pop(found.episode, None)
        else:
            held[found.episode] = found
    return Acknowledgements(held, tuple(faults))


def _lines(home: Home) -> list[tuple[int, bytes]]:
    """Every line but the heading and blank ones, numbered as an editor numbers them."""
    if not home.acknowledgements.exists():
        return []
    lines = home.acknowledgements.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    heading = ",".join(COLUMNS).encode()
    return [
        (number, line.rstrip(b"\r"))
        for number, line in enumerate(lines, start=1)
        if line.strip() and line.strip() != heading
    ]


def _parsed(line: bytes) -> Acknowledgement:
    """One line; raises ValueError saying what is wrong."""
    text = line.decode("utf-8", errors="replace")
    cells = next(csv.reader(io.StringIO(text)))
    if len(cells) != len(COLUMNS):
        message = f"应有 {len(COLUMNS)} 列，实有 {len(cells)} 列（{text[:SHOWN]}）"
        raise ValueError(message)
    at, action, rule, cell, since, name, note, due = cells
    if not _is_day(at) or (due and not _is_day(due)):
        message = f"at 和 due 应如 2026-06-30，实为“{at[:SHOWN]}”和“{due[:SHOWN]}”"
        raise ValueError(message)
    if action not in ("acknowledge", "withdraw"):
        message = f"action 应为 acknowledge 或 withdraw，实为“{action[:SHOWN]}”"
        raise ValueError(message)
    return Acknowledgement(
        (rule, _cell_from(cell), since),
        name,
        note,
        date.fromisoformat(due) if due else None,
        datetime.fromisoformat(at),
        "withdraw" if action == "withdraw" else "acknowledge",
    )


def _is_day(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _cell_text(cell: tuple[str | None, ...]) -> str:
    return json.dumps(cell, ensure_ascii=False)


def _cell_from(text: str) -> tuple[str | None, ...]:
    """The values of a cell; raises ValueError saying what they should look like."""
    message = f'cell 应如 ["城东支行"]，实为“{text[:SHOWN]}”'
    try:
        values = json.loads(text)
    except json.JSONDecodeError:
        raise ValueError(message) from None
    if not isinstance(values, list) or not all(v is None or isinstance(v, str) for v in values):
        raise ValueError(message)
    return tuple(values)


def _add(home: Home, found: Acknowledgement) -> None:
    """Write one line at the end, whole or not at all for whoever reads next."""
    path = home.acknowledgements
    path.parent.mkdir(parents=True, exist_ok=True)
    rule, cell, since = found.episode
    parse_period(since)
    row = (
        found.at.isoformat(timespec="milliseconds"), found.action, rule, _cell_text(cell), since,
        found.name, found.note, found.due.isoformat() if found.due else "",
    )  # fmt: skip
    with FileLock(f"{path}.lock", timeout=LOCK_TIMEOUT_S):
        # Excel takes a file without this mark for another encoding.
        append_line(path, _line(row), heading=f"\ufeff{_line(COLUMNS)}\n")


def _line(cells: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def _one_line(text: str, length: int) -> str:
    """The text without line breaks, more than fits, or what a spreadsheet takes for a formula."""
    return " ".join(text.split()).lstrip(f"{FORMULA_STARTS} ")[:length]
