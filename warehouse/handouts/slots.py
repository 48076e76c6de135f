"""Slots of a template: {{what|how}} in the text of a document, wherever Word has split it."""

import re
from dataclasses import dataclass

SLOT = re.compile(r"\{\{([^{}]*)\}\}")


class SlotError(Exception):
    """The template asks for something that does not exist; the message names slot and reason."""


@dataclass(frozen=True)
class Slot:
    """What a slot asks for: its first word, and the others after bars."""

    text: str
    name: str
    options: tuple[str, ...]

    def option(self, at: int, default: str = "") -> str:
        """One of the words after the name."""
        return self.options[at] if at < len(self.options) else default


def read_slot(inner: str) -> Slot:
    """The slot of this inner text; full-width bars, which an input method writes, count too."""
    name, *options = (part.strip() for part in inner.replace("｜", "|").split("|"))
    return Slot("{{" + inner + "}}", name, tuple(options))


@dataclass(frozen=True)
class Filled:
    """What stands in place of a slot; a gap is to be highlighted."""

    text: str
    is_gap: bool = False


@dataclass(frozen=True)
class Piece:
    """A part of a paragraph: its text, the place of the run whose look it takes, and what it is."""

    text: str
    run: int
    slot: Slot | None = None


def pieces(runs: list[str]) -> list[Piece]:
    """The paragraph cut at its slots; a slot takes the look of the run that it begins in."""
    whole = "".join(runs)
    owner = [at for at, text in enumerate(runs) for _ in text]
    found: list[Piece] = []
    place = 0
    for match in SLOT.finditer(whole):
        found += _plain(whole, owner, place, match.start())
        found.append(Piece(match[0], owner[match.start()], read_slot(match[1])))
        place = match.end()
    return found + _plain(whole, owner, place, len(whole))


def _plain(whole: str, owner: list[int], start: int, end: int) -> list[Piece]:
    found: list[Piece] = []
    while start < end:
        stop = start
        while stop < end and owner[stop] == owner[start]:
            stop += 1
        found.append(Piece(whole[start:stop], owner[start]))
        start = stop
    return found
