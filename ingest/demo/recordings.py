"""Sales that have to be recorded in sound and vision, and what the quality inspection found."""

from dataclasses import dataclass
from datetime import date
from random import Random

from ingest.demo import story
from ingest.demo.branch import Branch, Employee
from ingest.demo.draws import busy_day, count, pick, stream
from ingest.demo.people import Person, person
from ingest.demo.timeline import Timeline

_PRODUCTS = {
    "自营理财": ("滨海稳盈90天", "滨海稳盈一年定开", "滨海安鑫日开"),
    "代理保险": ("安康两全保险", "颐享年金保险", "福满终身寿险"),
    "代理基金": ("江州稳健混合基金", "江州债券优选基金"),
    "代理信托": ("恒信集合资金信托",),
    "储蓄国债": ("储蓄国债（凭证式）",),
}
_TYPES = {"自营理财": 46, "代理保险": 28, "代理基金": 16, "代理信托": 3, "储蓄国债": 7}
_NOT_REQUIRED = "储蓄国债"
_SELLERS = ("理财经理", "个人客户经理", "网点负责人")
_SALES_PER_MONTH = 118
_RECORDED_SHARE = 0.988
_UNSTATED_SHARE = 0.001
_SAMPLED_SHARE = 0.5


@dataclass(frozen=True)
class Sale:
    """One sale; without a result where it was not inspected."""

    recording_id: str
    outlet: str
    day: date
    product_type: str
    product: str
    customer: Person
    seller: Employee
    is_required: bool
    is_recorded: bool | None
    is_sampled: bool
    is_qualified: bool | None


def make_recordings(timeline: Timeline, branch: Branch, seed: int) -> list[Sale]:
    """Every sale of the covered months, in the order of days."""
    rng = stream(seed, "recordings")
    weights = {sub.name: float(sub.customers) for sub in story.SUB_BRANCHES}
    last = len(timeline.months) - 1
    plan: list[tuple[date, str]] = []
    for index in range(len(timeline.months)):
        for _ in range(count(rng, _SALES_PER_MONTH * timeline.covered_share(index))):
            sub_branch = pick(rng, weights)
            if index < last or sub_branch not in story.UNDELIVERED:
                plan.append((busy_day(rng, timeline.days(index)), sub_branch))
    numbers: dict[int, int] = {}
    sales = []
    for day, sub_branch in sorted(plan, key=lambda planned: planned[0]):
        numbers[day.year] = numbers.get(day.year, 0) + 1
        number = f"SL{day.year}{numbers[day.year]:05d}"
        sales.append(_sale(rng, branch, number, day, sub_branch))
    return sales


def _sale(rng: Random, branch: Branch, number: str, day: date, sub_branch: str) -> Sale:
    product_type = pick(rng, _TYPES)
    is_required = product_type != _NOT_REQUIRED
    is_recorded = _recorded(rng) if is_required else False
    is_sampled = bool(is_recorded) and rng.random() < _SAMPLED_SHARE
    is_poor = sub_branch == story.POOR_RECORDING_SUB_BRANCH
    share = story.POOR_RECORDING_SHARE if is_poor else story.RECORDING_SHARE
    staff = [e for e in branch.staff if e.sub_branch == sub_branch and e.is_on_roll(day)]
    sellers = [employee for employee in staff if employee.post in _SELLERS]
    return Sale(
        recording_id=number,
        outlet=rng.choice(branch.outlets(sub_branch, day)),
        day=day,
        product_type=product_type,
        product=rng.choice(_PRODUCTS[product_type]),
        customer=person(rng, "老年人" if rng.random() < 0.25 else None),
        seller=rng.choice(sellers or staff),
        is_required=is_required,
        is_recorded=is_recorded,
        is_sampled=is_sampled,
        is_qualified=rng.random() < share if is_sampled else None,
    )


def _recorded(rng: Random) -> bool | None:
    roll = rng.random()
    return None if roll < _UNSTATED_SHARE else roll < _RECORDED_SHARE
