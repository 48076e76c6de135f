"""What every hand-out is made of, and how its command writes it and registers it as issued."""

import argparse
import hashlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from warehouse.disk import whole_or_not
from warehouse.errors import QueryError, WarehouseError
from warehouse.handouts.facts import Fact
from warehouse.lake import State
from warehouse.periods import Period
from warehouse.request import Where
from warehouse.scope import Scope


class HandoutError(WarehouseError):
    """A hand-out could not be made for a reason that a person can act on."""


@dataclass(frozen=True, kw_only=True)
class Handout(ABC):
    """A finished hand-out: its bytes, its numbers, what is missing in it, what it was made from."""

    # Which hand-out it is, one of `issued.KINDS`.
    kind: ClassVar[str]

    period: Period
    scope: Scope
    where: Where
    state: State
    content: bytes
    facts: tuple[Fact, ...]
    gaps: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """What tells this very file from any other."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    @abstractmethod
    def summary(self) -> str:
        """How much there is of it, in a line."""

    @property
    def said(self) -> str:
        """What it is, and what is missing in it and why."""
        line = f"{self.summary}（快照 #{self.state.number}）"
        return "\n".join([line, *(f"  {gap}" for gap in dict.fromkeys(self.gaps))])


def add_options(command: argparse.ArgumentParser, suffix: str) -> None:
    """Add what every command that writes a hand-out takes."""
    command.add_argument("--period", required=True, help="如 2025Q4")
    command.add_argument("--out", type=Path, required=True, metavar=f"FILE{suffix}")
    command.add_argument("--snapshot", type=int, help="按某个快照重出同样的数字")
    command.add_argument("--issue", metavar="BY", help="登记为已发布，写明由谁发布")


def check_name(out: Path, suffix: str, name_zh: str) -> None:
    """Raise QueryError where a file would be named as something that it is not."""
    if out.suffix.lower() != suffix:
        message = f"{out.name}：{name_zh}，文件名应以 {suffix} 结尾"
        raise QueryError(message)


def write(content: bytes, out: Path) -> None:
    """Write the file, whole or not at all."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with whole_or_not(out) as note:
        note.write_bytes(content)
