"""What is asked for when a hand-out is made: period, part of the bank, what goes in, own files."""

from dataclasses import dataclass

from pages.ui.text import _
from warehouse.periods import Period, parse_period


@dataclass(frozen=True)
class Document:
    """A Word file that somebody brought."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Order:
    """One order; two that are equal would be answered alike by the same state of the lake."""

    kind: str
    period_id: str
    sub_branch: str | None = None
    details: bool = False
    # The last edition, whose people-written text stays, and the bank's own template.
    keep: Document | None = None
    template: Document | None = None

    @property
    def period(self) -> Period:
        """The period that it is about."""
        return parse_period(self.period_id)

    @property
    def words(self) -> str:
        """What was chosen, for whoever has chosen something else meanwhile."""
        parts = [
            self.period.label_zh,
            self.sub_branch,
            _("附明细") if self.details else None,
            _("沿用旧稿“{name}”").format(name=self.keep.name) if self.keep else None,
            _("模板“{name}”").format(name=self.template.name) if self.template else None,
        ]
        return _("，").join(part for part in parts if part)
