"""The signals and their numbers, from definitions/radar.yml; all of them the bank's own choice."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from warehouse.definitions import load_mapping
from warehouse.errors import DefinitionError
from warehouse.registry import dimensions, subjects

FILE = "radar.yml"
OVERALL = "overall"
# The numbers that each signal needs; a typo in one is told at the start.
_NUMBERS: dict[str, frozenset[str]] = {
    OVERALL: frozenset({"false_share"}),
    "other_share": frozenset({"least_cases", "least_rise_points"}),
    "new_value": frozenset({"least_cases"}),
    "under_limit": frozenset(
        {"days_under", "days_beside", "least_cases", "least_ratio", "hours_under"}
    ),
    "pass_mark": frozenset({"pass_mark", "points_beside", "least_cases", "least_ratio"}),
    "weekend_closing": frozenset({"least_cases", "least_share"}),
    "same_minute": frozenset({"least_cases", "minutes_a_day"}),
    "same_day": frozenset({"least_cases", "least_share", "least_ratio"}),
    "month_end": frozenset({"days", "least_cases", "least_ratio"}),
    "silence": frozenset({"least_expected", "least_ratio"}),
    "late_source": frozenset({"least_deliveries", "least_ratio"}),
    "same_text": frozenset({"least_characters", "least_cases", "least_ratio"}),
    "same_rating": frozenset({"least_cases"}),
    "instant_response": frozenset({"least_cases", "minutes", "least_share"}),
}
_WITH_DIMENSIONS = ("other_share", "new_value")
_SUBJECT = "complaint_received"


class Signal(BaseModel):
    """One kind of pattern: what people read about it, and its numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name_zh: str
    why_zh: str = ""
    normal_zh: str = ""
    page: str = "data_quality"
    words: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    numbers: dict[str, float]

    def number(self, name: str) -> float:
        """One of its numbers."""
        return self.numbers[name]

    def whole(self, name: str) -> int:
        """One of its numbers that counts something."""
        return int(self.numbers[name])


@cache
def signals() -> dict[str, Signal]:
    """The signals by id; raises DefinitionError naming file, signal and key."""
    found = load_mapping(FILE, Signal)
    faults = [f"{FILE}:{name}:缺少这一项" for name in _NUMBERS if name not in found]
    for one in found.values():
        faults += _faults(one)
    if faults:
        raise DefinitionError("\n".join(faults))
    return found


def _faults(one: Signal) -> list[str]:
    if one.id not in _NUMBERS:
        return [f"{FILE}:{one.id}:没有这种疑点；可用的有：{'、'.join(_NUMBERS)}"]
    needed = _NUMBERS[one.id]
    found = [f"{FILE}:{one.id}.numbers.{n}:缺少这一项" for n in sorted(needed - set(one.numbers))]
    found += [
        f"{FILE}:{one.id}.numbers.{n}:没有这一项，请检查拼写"
        for n in sorted(set(one.numbers) - needed)
    ]
    found += [
        f"{FILE}:{one.id}.numbers.{name}:应大于 0，写的是 {value:g}"
        for name, value in one.numbers.items()
        if value <= 0
    ]
    known = subjects()[_SUBJECT].dimensions
    found += [
        f"{FILE}:{one.id}.dimensions:没有维度 {name!r}"
        for name in one.dimensions
        if name not in known or dimensions()[name].group_of
    ]
    if one.id in _WITH_DIMENSIONS and not one.dimensions:
        found.append(f"{FILE}:{one.id}.dimensions:至少写一个维度")
    if one.id != OVERALL and not (one.why_zh and one.normal_zh):
        found.append(f"{FILE}:{one.id}:why_zh 与 normal_zh 都要写")
    return found


def signal(name: str) -> Signal:
    """One signal."""
    return signals()[name]


def false_share() -> float:
    """Of the questions asked, at most this share is chance on average."""
    return signal(OVERALL).number("false_share")
