"""The alert rules of definitions/alert_rules.yml: when a colour begins, and when it ends."""

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

from warehouse.definitions import load_mapping
from warehouse.errors import DefinitionError
from warehouse.registry import TIME_DIMENSIONS, Indicator, indicators

FILE = "alert_rules.yml"
# Kinds whose chance is known: a share of cases, or the place of a case among all.
KINDS = {"level": ("ratio", "percentile"), "trend": ("ratio", "percentile"), "count": ("count",)}

Confidence = Annotated[float, Field(gt=0.5, lt=1)]
Months = Annotated[int, Field(ge=1, le=24)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Enter(_Part):
    """When a colour begins: red only after so many judged months in a row that are red."""

    red_after_months: Months = 1


class Leave(_Part):
    """When it ends: after so many better months in a row, or one that clears the limit by margin.

    The colour becomes the worst of those months. `margin` is in the unit of the indicator.
    """

    after_months: Months = 2
    margin: Annotated[float, Field(gt=0)] | None = None


class _Rule(_Part):
    id: str
    name_zh: str
    name_en: str
    indicator: str
    by: tuple[str, ...] = ()
    cases_zh: str = "件"
    advice_zh: str
    enter: Enter = Enter()
    leave: Leave = Leave()


class LevelRule(_Rule):
    """An indicator against its threshold, over the last months together."""

    kind: Literal["level"]
    window_months: Months = 1
    confidence: Confidence = 0.95


class TrendRule(_Rule):
    """An indicator against its own months before, and months in a row that each worsen."""

    kind: Literal["trend"]
    window_months: Months = 1
    against_months: Months = 12
    confidence: Confidence = 0.95
    # A large branch makes any change significant; smaller ones than this are no alert.
    smallest_change: Annotated[float, Field(ge=0)] = 0.0
    worsening_months: Annotated[int, Field(ge=2, le=12)] | None = None

    @model_validator(mode="after")
    def _runs_of_single_months(self) -> "TrendRule":
        # Neighbouring windows share months: their runs come about by themselves.
        if self.worsening_months is not None and self.window_months != 1:
            message = "worsening_months 只能与 window_months: 1 一起用"
            raise ValueError(message)
        return self


class CountRule(_Rule):
    """A month's count against the control limits of the months before."""

    kind: Literal["count"]
    against_months: Annotated[int, Field(ge=6, le=24)] = 12
    warning: Confidence = 0.975
    control: Confidence = 0.99865
    at_least: Annotated[int, Field(ge=1)] = 1

    @model_validator(mode="after")
    def _warns_first(self) -> "CountRule":
        if self.warning >= self.control:
            message = f"warning {self.warning} 应小于 control {self.control}"
            raise ValueError(message)
        if self.leave.margin is not None:
            message = "margin 只用于 level 规则；count 规则按警戒限转绿"
            raise ValueError(message)
        return self

    @property
    def window_months(self) -> int:
        """A count is judged month by month."""
        return 1


Rule = LevelRule | TrendRule | CountRule


class _Entry(RootModel[Annotated[Rule, Field(discriminator="kind")]]):
    """One entry of the file, read by its kind."""


@cache
def rules() -> dict[str, Rule]:
    """Every rule by id, in file order; raises DefinitionError naming file, rule and key."""
    found = {name: entry.root for name, entry in load_mapping(FILE, _Entry).items()}
    faults = [f"{FILE}:{rule.id}.{fault}" for rule in found.values() for fault in _faults(rule)]
    if faults:
        raise DefinitionError("\n".join(faults))
    return found


def _faults(rule: Rule) -> Iterator[str]:
    """What does not fit the indicator, each as key and reason."""
    asked = indicators().get(rule.indicator)
    if asked is None:
        yield f"indicator:没有指标 {rule.indicator!r}"
        return
    if asked.kind not in KINDS[rule.kind]:
        kinds = "、".join(KINDS[rule.kind])
        yield f"indicator:{rule.kind} 规则只能用于 {kinds} 类指标,{asked.id} 是 {asked.kind}"
    if asked.direction == "none" or (rule.kind == "count" and asked.direction != "down"):
        yield f"indicator:“{asked.name_zh}”没有可预警的好坏方向"
    yield from (f"by:没有维度 {name!r}" for name in rule.by if not _can_cut(asked, name))
    if rule.kind == "trend" and rule.leave.margin is not None:
        yield "leave.margin:只用于 level 规则"


def _can_cut(asked: Indicator, name: str) -> bool:
    return name in asked.dimensions and name not in TIME_DIMENSIONS
