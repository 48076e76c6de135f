"""消保体检表: the seven elements of the rating rule with the bank's weights, from definitions."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import isclose
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from warehouse import definitions
from warehouse.errors import DefinitionError
from warehouse.registry import indicators

FILE = "health_check.yml"
WHOLE = 100.0
_FAULTS = {"missing": "缺少这一项", "extra_forbidden": "没有这一项，请检查拼写"}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Points(_Part):
    """Points of 100 by verdict."""

    met: float = Field(ge=0, le=WHOLE)
    near: float = Field(ge=0, le=WHOLE)
    missed: float = Field(ge=0, le=WHOLE)

    @model_validator(mode="after")
    def _falls(self) -> Self:
        if not self.met >= self.near >= self.missed:
            message = (
                f"应为 met ≥ near ≥ missed，写的是 {self.met:g}、{self.near:g}、{self.missed:g}"
            )
            raise ValueError(message)
        return self


class Scoring(_Part):
    """How verdicts become points, with what people must know about it."""

    name_zh: str
    status: Literal["own", "示例"]
    points: Points


class Weighed(_Part):
    """An indicator with its weight inside its element."""

    indicator: str
    weight: float = Field(gt=0, le=WHOLE)


class Element(_Part):
    """One element of the rating rule with the bank's weight and indicators."""

    id: str
    name_zh: str
    name_en: str
    minimum_weight: float = Field(ge=0, le=WHOLE)
    weight: float = Field(ge=0, le=WHOLE)
    source_zh: str
    indicators: tuple[Weighed, ...] = ()
    lacks_zh: tuple[str, ...] = ()


class HealthCheck(_Part):
    """The whole definition: scoring rule and elements in the rule's order."""

    scoring: Scoring
    elements: tuple[Element, ...] = Field(min_length=1)


@cache
def health_check() -> HealthCheck:
    """The definition in use; raises DefinitionError with every fault, naming file and key."""
    path = definitions.FOLDER / FILE
    try:
        raw = definitions.read_yaml(path)
    except yaml.YAMLError as error:
        message = f"{FILE}:不是有效的 YAML:{error}"
        raise DefinitionError(message) from None
    try:
        found = HealthCheck.model_validate(raw)
    except ValidationError as error:
        faults = [f"{FILE}:{_key(raw, e['loc'])}:{_reason(dict(e))}" for e in error.errors()]
        raise DefinitionError("\n".join(faults)) from None
    wrong = [f"{FILE}:{fault}" for fault in _contradictions(found.elements)]
    if wrong:
        raise DefinitionError("\n".join(wrong))
    return found


def _key(raw: Any, place: Sequence[str | int]) -> str:  # noqa: ANN401  whatever the file holds
    """Where a fault is, with the ids of elements instead of their numbers."""
    names: list[str] = []
    for step in place:
        try:
            raw = raw[step]
        except (LookupError, TypeError):
            raw = None
        name = raw.get("id", raw.get("indicator")) if isinstance(raw, dict) else None
        names.append(str(name or step) if isinstance(step, int) else step)
    return ".".join(names) or "(整个文件)"


def _reason(error: Mapping[str, Any]) -> str:
    if error["type"] in _FAULTS:
        return _FAULTS[error["type"]]
    return f"“{error['input']}”不对:{error['msg'].removeprefix('Value error, ')}"


def _contradictions(elements: Sequence[Element]) -> Iterator[str]:
    """What the parts cannot see by themselves, each as key and reason."""
    for name, times in Counter(element.id for element in elements).items():
        if times > 1:
            yield f"elements.{name}:要素写了 {times} 次，只能写一次"
    for element in elements:
        yield from (f"elements.{element.id}.{fault}" for fault in _element_faults(element))
    total = sum(element.weight for element in elements)
    if not isclose(total, WHOLE):
        yield f"elements:各要素的权重 weight 合计应为 100，现为 {total:g}"


def _element_faults(element: Element) -> Iterator[str]:
    if element.weight < element.minimum_weight:
        yield f"weight:{element.weight:g} 低于最低权重 {element.minimum_weight:g}"
    for name, times in Counter(one.indicator for one in element.indicators).items():
        asked = indicators().get(name)
        if asked is None:
            yield f"indicators.{name}:没有这个指标，请看 indicators.yml"
        elif asked.direction == "none":
            yield f"indicators.{name}:“{asked.name_zh}”没有好坏方向，不能计分"
        if times > 1:
            yield f"indicators.{name}:指标写了 {times} 次，只能写一次"
    total = sum(one.weight for one in element.indicators)
    if element.indicators and not isclose(total, WHOLE):
        yield f"indicators:要素内各指标的权重 weight 合计应为 100，现为 {total:g}"
    if not element.indicators and not element.lacks_zh:
        yield "lacks_zh:没有指标的要素应写明缺少什么数据"
