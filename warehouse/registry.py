"""The registry of indicators, subjects, dimensions and thresholds, from definitions/*.yml."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from warehouse.definitions import load_mapping
from warehouse.errors import DefinitionError, QueryError

# Names of marts stand in SQL, as names and as values.
MartName = Annotated[str, StringConstraints(pattern="^by_[a-z_]+$")]
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
    # Columns whose different values can be counted: people, sessions, outlets.
    keys: tuple[str, ...] = ()
    marts: dict[MartName, tuple[str, ...]]
    detail: bool = False


Kind = Literal[
    "count", "sum", "ratio", "mean", "percentile", "stock", "distinct", "coverage", "rate"
]
_NEEDS: dict[Kind, tuple[str, ...]] = {
    "count": ("numerator",),
    "stock": ("numerator",),
    "sum": ("numerator", "denominator"),
    "ratio": ("numerator", "denominator"),
    "mean": ("numerator", "denominator"),
    "percentile": ("denominator", "quantile"),
    "distinct": ("numerator", "key"),
    "coverage": ("numerator", "key", "base"),
    "rate": ("numerator", "base", "per"),
}
# Kinds whose value is an estimate from cases, so that a handful of them says little.
_OF_CASES = ("ratio", "mean", "percentile")
# Kinds that add up over a period.
_GROWING = ("count", "sum", "stock", "distinct", "coverage")
Base = Literal[
    "outlet_count",
    "personal_customer_count",
    "staff_count",
    "manager_count",
    "new_staff_count",
    "deposit_balance_yuan",
]
BASES: dict[Base, str] = {
    "outlet_count": "营业网点数",
    "personal_customer_count": "个人客户数",
    "staff_count": "在岗员工数",
    "manager_count": "中层以上管理人员数",
    "new_staff_count": "新员工数",
    "deposit_balance_yuan": "各项存款余额（元）",
}


class Indicator(_Definition):
    """One number of the field, defined once."""

    name_zh: str
    name_en: str
    subject: str
    kind: Kind
    unit: str
    direction: Literal["up", "down", "none"]
    decimals: int
    numerator: str | None = None
    denominator: str | None = None
    quantile: float | None = None
    # What is counted once however often it occurs, of the rows whose numerator is not zero.
    key: str | None = None
    # Column of the organisations' base that it is divided by, and per how many of them.
    base: Base | None = None
    per: float | None = None
    # What it may be cut by, where that is less than its subject allows.
    cuts: tuple[str, ...] | None = None
    # N below which it is not shown, and below which it is shown without a verdict.
    minimum_n: int = 0
    judged_from_n: int = 0
    # Local bureaus use other bases; an indicator that is not listed is there but not on the pages.
    is_listed: bool = True
    # Whether it is among the few that the overview shows first.
    is_headline: bool = False
    # Days after the period until most of its cases can have come to their end.
    settles_after_days: int = 0
    numerator_zh: str | None = None
    denominator_zh: str | None = None
    definition_zh: str
    caveats_zh: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _with_usual_n(cls, given: dict[str, object]) -> dict[str, object]:
        usual = (5, 30) if given.get("kind") in _OF_CASES else (0, 0)
        return {"minimum_n": usual[0], "judged_from_n": usual[1], **given}

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        missing = [name for name in _NEEDS[self.kind] if getattr(self, name) is None]
        if missing:
            message = f"{self.kind} 类指标缺少 {'、'.join(missing)}"
            raise ValueError(message)
        return self

    @property
    def needs_whole_period(self) -> bool:
        """Whether a part of a period says nothing of the whole: it adds up, or settles later."""
        return bool(self.settles_after_days) or self.kind in _GROWING

    def is_too_few(self, denominator: float | None) -> bool:
        """Whether so few cases stand behind a value that it is not shown."""
        return denominator is not None and 0 < denominator < self.minimum_n

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
        held = subjects()[self.subject].dimensions if self.cuts is None else self.cuts
        return (*held, *TIME_DIMENSIONS)


class TimeLimit(_Definition):
    """A regulatory time limit for handling a complaint, in calendar days from receipt."""

    days: int
    name_zh: str
    name_en: str
    source_zh: str


ThresholdKind = Literal["regulatory", "head_office", "own", "example"]
MOST_BINDING_FIRST: tuple[ThresholdKind, ...] = get_args(ThresholdKind)


class Threshold(_Definition):
    """A target for one indicator, valid from a day on, with where it comes from."""

    indicator: str
    value: float
    yellow_margin: float
    kind: ThresholdKind
    status: Literal["official", "own", "待确认", "示例"]
    effective_from: date
    effective_to: date | None = None
    source_zh: str

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.yellow_margin < 0:
            message = f"黄色区间 yellow_margin 不能为负:{self.yellow_margin}"
            raise ValueError(message)
        if self.effective_to is not None and self.effective_to < self.effective_from:
            message = f"effective_to {self.effective_to} 早于 effective_from {self.effective_from}"
            raise ValueError(message)
        if (self.kind == "example") != (self.status == "示例"):
            message = "kind 为 example 的 status 应为“示例”，反之亦然"
            raise ValueError(message)
        return self

    def overlaps(self, other: "Threshold") -> bool:
        """Whether both are in force on some day."""
        return (self.effective_to is None or other.effective_from <= self.effective_to) and (
            other.effective_to is None or self.effective_from <= other.effective_to
        )


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
        if indicator.key is not None and indicator.key not in subjects()[indicator.subject].keys:
            message = f"indicators.yml:{indicator.id}.key:主题没有标识 {indicator.key!r}"
            raise DefinitionError(message)
        for name in indicator.cuts or ():
            if name not in subjects()[indicator.subject].dimensions:
                message = f"indicators.yml:{indicator.id}.cuts:主题没有维度 {name!r}"
                raise DefinitionError(message)
    return found


def listed_indicators() -> tuple[Indicator, ...]:
    """The indicators that pages show, in the registry's order."""
    return tuple(one for one in indicators().values() if one.is_listed)


def headline_indicators() -> tuple[Indicator, ...]:
    """The indicators that the overview shows or a threshold judges, in the registry's order."""
    judged = {threshold.indicator for threshold in _all_thresholds()}
    return tuple(one for one in indicators().values() if one.is_headline or one.id in judged)


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
    faults = [
        f"thresholds.yml:{one.id}.{fault}"
        for at, one in enumerate(found)
        for fault in _faults(one, found[:at])
    ]
    if faults:
        raise DefinitionError("\n".join(faults))
    return found


def _faults(one: Threshold, earlier: Sequence[Threshold]) -> Iterator[str]:
    """What is wrong with a threshold, each as key and reason."""
    judged = indicators().get(one.indicator)
    if judged is None:
        yield f"indicator:没有指标 {one.indicator!r}"
        return
    if judged.direction == "none":
        yield f"indicator:“{judged.name_zh}”没有好坏方向，不能设阈值"
    if judged.unit == "%" and not 0 <= one.value <= 100:
        yield f"value:“{judged.name_zh}”是百分比，阈值应在 0 到 100 之间，写的是 {one.value}"
    for other in earlier:
        if (other.indicator, other.kind) == (one.indicator, one.kind) and one.overlaps(other):
            yield f"effective_from:与同类的 {other.id} 生效期间重叠；请填写较早一条的 effective_to"


def check_definitions() -> None:
    """Read every definition once; raises DefinitionError naming file, entry and key."""
    indicators()
    time_limits()
    _all_thresholds()


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


def binding_threshold(indicator_id: str, on: date, *, demo: bool) -> Threshold | None:
    """The threshold that judges an indicator on a day, the most binding kind first."""
    found = thresholds(indicator_id, on, demo=demo)
    return min(found, key=lambda one: MOST_BINDING_FIRST.index(one.kind), default=None)


Verdict = Literal["met", "near", "missed", "no_data"]


def judge(subject: Indicator, value: float | None, threshold: Threshold) -> Verdict:
    """Whether a value meets a threshold, misses it by no more than the margin, or misses it."""
    if value is None:
        return "no_data"
    gap = value - threshold.value if subject.direction == "up" else threshold.value - value
    if gap >= 0:
        return "met"
    return "near" if -gap <= threshold.yellow_margin else "missed"
