"""The light of an alert month by month: it turns at once, and gets better only when it lasts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from warehouse.alert_rules import Enter, Leave
from warehouse.alert_verdicts import Point

Colour = Literal["green", "yellow", "red", "none"]
COLOURS: tuple[Colour, ...] = ("green", "yellow", "red")
# A light that nothing could be said about for a year goes out.
FORGOTTEN_AFTER_MONTHS = 12


@dataclass(frozen=True, slots=True)
class State:
    """The light after a month: colour, since when, what it was, and the better months so far."""

    colour: Colour
    since: str | None = None
    previous: Colour = "none"
    better_months: int = 0


def states(points: Sequence[Point], enter: Enter, leave: Leave) -> list[State]:
    """The light after each month, from the verdicts in order of months.

    A month without a verdict neither turns a light nor counts towards turning it.
    """
    found: list[State] = []
    state, ranks, silent = State("none"), list[int](), 0
    for point in points:
        if point.verdict == "none":
            silent += 1
            if silent >= FORGOTTEN_AFTER_MONTHS and state.colour != "none":
                state, ranks = State("none", previous=state.colour), []
            found.append(state)
            continue
        silent = 0
        ranks.append(COLOURS.index(point.verdict))
        state = _next(state, point, ranks, enter, leave)
        found.append(state)
    return found


def _next(state: State, point: Point, ranks: Sequence[int], enter: Enter, leave: Leave) -> State:
    red = len(COLOURS) - 1
    recent = ranks[-enter.red_after_months :]
    is_red = len(recent) == enter.red_after_months and min(recent) == red
    worst = red if is_red else min(ranks[-1], red - 1)
    if state.colour == "none":
        return State(COLOURS[worst], point.month, state.previous)
    now = COLOURS.index(state.colour)
    if worst > now:
        return State(COLOURS[worst], point.month, state.colour)
    better = _better_months(ranks, now)
    lasting = max(ranks[-leave.after_months :]) if better >= leave.after_months else now
    if ranks[-1] == 0 and point.is_clear:
        lasting = 0
    if lasting < now:
        return State(COLOURS[lasting], point.month, state.colour)
    return State(state.colour, state.since, state.previous, better)


def _better_months(ranks: Sequence[int], now: int) -> int:
    """How many of the last months in a row were better than the light."""
    count = 0
    for rank in reversed(ranks):
        if rank >= now:
            break
        count += 1
    return count
