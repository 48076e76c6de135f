"""What the reader chose: period, comparison and filters, as values and as words."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from pages.ui.text import _, name_of
from warehouse.compare import Basis
from warehouse.periods import Period, previous_period, same_period_last_year
from warehouse.registry import Indicator, dimensions

# Name in the address → dimension; the order is the order on screen.
PARAMETERS = {"branch": "sub_branch", "category": "category_group", "channel": "intake_channel"}
FILTERS = tuple(PARAMETERS.values())
# The state of the lake that all numbers are to come from, where it is not the newest.
PIN = "snapshot"
# An empty cell of the source, as a widget option and in the address.
EMPTY = "-"


@dataclass(frozen=True)
class Selection:
    """Period, basis of comparison and filters by dimension; an absent dimension means all.

    `pinned` is the snapshot that the reader holds on to, if he does.
    """

    period: Period
    basis: Basis
    filters: dict[str, tuple[str | None, ...]] = field(default_factory=dict)
    pinned: int | None = None

    @property
    def base_period(self) -> Period | None:
        """The period that the chosen one is compared with."""
        if self.basis == "last_year":
            return same_period_last_year(self.period)
        return previous_period(self.period)

    @property
    def basis_words(self) -> str:
        """环比 or 同比, with the period compared with."""
        base = self.base_period
        if base is None:
            return _("无对比期")
        name = _("同比") if self.basis == "last_year" else _("环比")
        return _("{basis}（较{period}）").format(basis=name, period=base.label_zh)

    def parameters(self) -> dict[str, list[str]]:
        """The choice as parameters of an address."""
        chosen: dict[str, list[str]] = {"period": [self.period.id], "vs": [self.basis]}
        for name, dimension in PARAMETERS.items():
            values = self.filters.get(dimension, ())
            if values:
                chosen[name] = [EMPTY if value is None else value for value in values]
        if self.pinned is not None:
            chosen[PIN] = [str(self.pinned)]
        return chosen

    def address(self, page: str) -> str:
        """The address of another page with the same choice."""
        return f"{page}?{urlencode(self.parameters(), doseq=True)}"

    def words(self, asked: Indicator) -> str:
        """The filters that apply to an indicator; says so when none is set."""
        parts = [
            _("{name}：{values}").format(
                name=name_of(dimensions()[name]), values=_("、").join(map(shown, values))
            )
            for name, values in self.filters.items()
            if values and name in asked.dimensions
        ]
        return _("；").join(parts) or _("未筛选")


def shown(value: str | None) -> str:
    """A value as people read it; an empty one by name."""
    return _("未填报") if value is None else value
