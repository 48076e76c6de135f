"""The registry of indicators, subjects, dimensions and thresholds, from definitions/*.yml."""

from datetime import date
from functools import cache
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from warehouse.definitions import load_mapping
from warehouse.errors import DefinitionError, QueryError

TIME_DIMENSIONS = ("month", "quarter", "year")


class _Definition(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str


class Dimension(_Definition):
    """Something that indicators can be cut by."""

    name_zh: str
    name_en: str
    code_list: str | None = None
    group_of: str | None = None
    order: Literal["organisation", "natural"] = "natural"
    time: Literal["month", "quarter", "year"] | None = None


class Subject(_Definition):
    """A view of rows with one event date, dimensions and additive measures, and its month marts."""

    entity: str
    basis_zh: str
    basis_en: str
    dimensions: tuple[str, ...]
    measures: tuple[str, ...]
    value: str | None = None
    weight: str | None = None
    marts: dict[str, tuple[str, ...]]
    detail: bool = False


class Indicator(_Definition):
    """One number of the field, defined once."""

    name_zh: str
    name_en: str
    subject: str
    kind: Literal["count", "sum", "ratio", "mean", "percentile", "stock"]
    unit: str
    direction: Literal["up", "down", "none"]
    decimals: int
    numerator: str | None = None
    denominator: str | None = None
    quantile: float | None = None
    # Days after the period until most of its cases can have come to their end.
    settles_after_days: int = 0
    numerator_zh: str | None = None
    denominator_zh: str | None = None
    definition_zh: str
    caveats_zh: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        needs = {
            "count": ("numerator",),
            "stock": ("numerator",),
            "sum": ("numerator", "denominator"),
            "ratio": ("numerator", "denominator"),
            "mean": ("numerator", "denominator"),
            "percentile": ("denominator", "quantile"),
        }[self.kind]
        missing = [name for name in needs if getattr(self, name) is None]
        if missing:
            message = f"{self.kind} 类指标缺少 {'、'.join(missing)}"
            raise ValueError(message)
        return self

    @property
    def entity(self) -> str:
        """The kind of extract that brings its data."""
        return subjects()[self.subject].entity

    @property
    def basis_zh(self) -> str:
        """Which date puts a row into a period."""
        return subjects()[self.subject].basis_zh

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What it may be cut by."""
        return (*subjects()[self.subject].dimensions, *TIME_DIMENSIONS)


class TimeLimit(_Definition):
    """A regulatory time limit for handling a complaint, in calendar days from receipt."""

    days: int
    name_zh: str
    name_en: str
    source_zh: str


class Threshold(_Definition):
    """A target for one indicator, valid from a day on, with where it comes from."""

    indicator: str
    value: float
    yellow_margin: float
    kind: Literal["regulatory", "head_office", "own", "example"]
    status: Literal["official", "own", "待确认", "示例"]
    effective_from: date
    effective_to: date | None = None
    source_zh: str


@cache
def dimensions() -> dict[str, Dimension]:
    """Every dimension by id."""
    return load_mapping("dimensions.yml", Dimension)


@cache
def subjects() -> dict[str, Subject]:
    """Every subject by id."""
    found = load_mapping("subjects.yml", Subject)
    for subject in found.values():
        known = set(dimensions())
        for name in (*subject.dimensions, *(d for mart in subject.marts.values() for d in mart)):
            if name not in known:
                message = f"subjects.yml:{subject.id}.dimensions:没有维度 {name!r}"
                raise DefinitionError(message)
    return found


@cache
def indicators() -> dict[str, Indicator]:
    """Every indicator by id; raises DefinitionError naming file, entry and key."""
    found = load_mapping("indicators.yml", Indicator)
    for indicator in found.values():
        if indicator.subject not in subjects():
            message = f"indicators.yml:{indicator.id}.subject:没有主题 {indicator.subject!r}"
            raise DefinitionError(message)
        measures = subjects()[indicator.subject].measures
        for key in ("numerator", "denominator"):
            name = getattr(indicator, key)
            if name is not None and name not in measures:
                message = f"indicators.yml:{indicator.id}.{key}:主题没有度量 {name!r}"
                raise DefinitionError(message)
    return found


def indicator(indicator_id: str) -> Indicator:
    """The indicator of this id; raises QueryError listing the ids there are."""
    found = indicators().get(indicator_id)
    if found is None:
        message = f"没有指标“{indicator_id}”；可用的指标：{'、'.join(indicators())}"
        raise QueryError(message)
    return found


@cache
def time_limits() -> tuple[TimeLimit, ...]:
    """The regulatory handling limits, shortest first."""
    return tuple(sorted(load_mapping("time_limits.yml", TimeLimit).values(), key=lambda t: t.days))


@cache
def _all_thresholds() -> tuple[Threshold, ...]:
    found = tuple(load_mapping("thresholds.yml", Threshold).values())
    for threshold in found:
        if threshold.indicator not in indicators():
            message = f"thresholds.yml:{threshold.id}.indicator:没有指标 {threshold.indicator!r}"
            raise DefinitionError(message)
    return found


def thresholds(indicator_id: str, on: date, *, demo: bool) -> list[Threshold]:
    """The thresholds of an indicator in force on a day; examples only beside demo data."""
    return [
        threshold
        for threshold in _all_thresholds()
        if threshold.indicator == indicator_id
        and threshold.effective_from <= on
        and (threshold.effective_to is None or on <= threshold.effective_to)
        and (demo or threshold.kind != "example")
    ]


Verdict = Literal["met", "near", "missed", "no_data"]


def judge(subject: Indicator, value: float | None, threshold: Threshold) -> Verdict:
    """Whether a value meets a threshold, misses it by no more than the margin, or misses it."""
    if value is None:
        return "no_data"
    gap = value - threshold.value if subject.direction == "up" else threshold.value - value
    if gap >= 0:
        return "met"
    return "near" if -gap <= threshold.yellow_margin else "missed"
