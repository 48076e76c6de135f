"""The complaint cases themselves, with the wave, the slow sub-branch and the half month in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from random import Random

from ingest.demo import complaint_mix as mix
from ingest.demo import complaint_texts as texts
from ingest.demo import story
from ingest.demo.branch import Branch
from ingest.demo.complaint_course import LIMIT_DAYS, Course, handling_days, make_course
from ingest.demo.draws import busy_day, count, pick, skewed, stream
from ingest.demo.people import Person, person
from ingest.demo.timeline import Timeline, spring_festival

_STUCK_CASES = 7


@dataclass(frozen=True)
class Case:
    """One complaint with its whole course, whether or not an extract has seen all of it yet."""

    complaint_id: str
    sub_branch: str
    organisation: str
    course: Course
    intake: str
    channel: str
    category: str
    cause: str
    level: str
    is_repeat: bool
    is_escalated: bool
    is_first_contact: bool
    responsibility: str
    ratings: tuple[str, str, str]
    special_group: str
    customer_type: str
    people: int
    amount_10k: float | None
    person: Person
    content: str
    remark: str | None


def make_cases(timeline: Timeline, branch: Branch, seed: int) -> list[Case]:
    """Every complaint of the covered months, in the order of receipt."""
    rng = stream(seed, "complaints")
    arrivals = sorted(
        (
            arrival
            for index in range(len(timeline.months))
            for arrival in (*_usual(rng, timeline, index), *_wave(rng, timeline, index))
        ),
        key=lambda arrival: (arrival.received, arrival.sub_branch),
    )
    numbers: dict[date, int] = {}
    cases = []
    for arrival in arrivals:
        day = arrival.received.date()
        numbers[day] = numbers.get(day, 0) + 1
        complaint_id = f"BH{day:%Y%m%d}{numbers[day]:04d}"
        cases.append(_case(rng, timeline, branch, arrival, complaint_id))
    return _with_stuck(rng, timeline, _with_unknown_values(rng, cases))


@dataclass(frozen=True)
class _Arrival:
    received: datetime
    sub_branch: str
    intake: str
    category: str
    leaf: str
    cause: str


def _weights() -> dict[str, float]:
    sizes = {s.name: s.customers * s.complaint_factor for s in story.SUB_BRANCHES}
    total = sum(sizes.values())
    return {name: size / total for name, size in sizes.items()}


def _usual(rng: Random, timeline: Timeline, index: int) -> Iterator[_Arrival]:
    month = timeline.months[index]
    factor = story.COMPLAINT_SEASON.get(month.month, 1.0) * timeline.covered_share(index)
    factor *= (1 + story.COMPLAINT_GROWTH_PER_MONTH) ** index
    if spring_festival(month.year).month == month.month:
        factor *= story.COMPLAINT_SPRING_FESTIVAL
    categories = {name: share for name, (share, _) in mix.CATEGORIES.items()}
    for sub_branch, weight in _weights().items():
        for _ in range(count(rng, story.COMPLAINTS_PER_MONTH * factor * weight)):
            if _is_undelivered(timeline, index, sub_branch):
                continue
            category = pick(rng, categories)
            leaf = pick(rng, mix.CATEGORIES[category][1])
            cause = pick(rng, _scaled(mix.CAUSES, mix.CAUSE_FACTORS.get(category, {})))
            received = _received(rng, timeline, index)
            yield _Arrival(received, sub_branch, pick(rng, mix.INTAKE), category, leaf, cause)


def _wave(rng: Random, timeline: Timeline, index: int) -> Iterator[_Arrival]:
    everywhere = _weights()
    centre = {name: everywhere[name] for name in story.WAVE_SUB_BRANCHES}
    leaves = {"信用卡使用和还款": 0.8, "信用卡": 0.15, "信用卡市场活动、积分及增值服务": 0.05}
    for _ in range(count(rng, story.WAVE_EXTRA_CASES.get(index, 0))):
        sub_branch = pick(rng, centre if rng.random() < story.WAVE_CONCENTRATION else everywhere)
        received, intake = _received(rng, timeline, index), pick(rng, mix.WAVE_INTAKE)
        yield _Arrival(received, sub_branch, intake, "信用卡", pick(rng, leaves), mix.FEES)


def _is_undelivered(timeline: Timeline, index: int, sub_branch: str) -> bool:
    return index == len(timeline.months) - 1 and sub_branch in story.UNDELIVERED


def _received(rng: Random, timeline: Timeline, index: int) -> datetime:
    day = busy_day(rng, timeline.days(index))
    minute = min(23 * 60 + 50, max(7 * 60, int(rng.gauss(13.5 * 60, 170))))
    return datetime.combine(day, time(minute // 60, minute % 60))


def _scaled(weights: Mapping[str, float], factors: Mapping[str, float]) -> dict[str, float]:
    return {name: weight * factors.get(name, 1.0) for name, weight in weights.items()}


def _case(
    rng: Random, timeline: Timeline, branch: Branch, arrival: _Arrival, complaint_id: str
) -> Case:
    index = timeline.index_of(arrival.received.date())
    days, extension = handling_days(rng, arrival.sub_branch, index)
    group = pick(rng, mix.SPECIAL_GROUPS)
    somebody = person(rng, group)
    channels = _scaled(mix.SERVICE_CHANNELS, mix.SERVICE_CHANNEL_FACTORS.get(arrival.category, {}))
    people = 1 if rng.random() < 0.975 else rng.randint(2, 4)
    if rng.random() < 0.0003:
        people = rng.randint(20, 26)
    return Case(
        complaint_id=complaint_id,
        sub_branch=arrival.sub_branch,
        organisation=_organisation(rng, branch, arrival),
        intake=arrival.intake,
        channel=pick(rng, channels),
        category=arrival.leaf,
        cause=arrival.cause,
        level=_level(rng, days=days, people=people),
        is_repeat=rng.random() < 0.06,
        is_escalated=rng.random() < (0.09 if days > LIMIT_DAYS else 0.035),
        is_first_contact=rng.random() < (0.80 if days <= 2 else 0.52 if days <= 5 else 0.22),
        responsibility=pick(rng, mix.RESPONSIBILITY),
        ratings=_ratings(rng, days=days),
        special_group=group,
        customer_type="个人客户" if rng.random() < 0.955 else "对公客户",
        people=people,
        amount_10k=_amount(rng, arrival),
        person=somebody,
        content=texts.content(rng, somebody, category=arrival.leaf, cause=arrival.cause),
        remark=texts.remark(rng),
        course=make_course(
            rng,
            arrival.received,
            days=days,
            extension=extension,
            is_forwarded=arrival.intake in mix.REGULATOR_INTAKE,
        ),
    )


def _organisation(rng: Random, branch: Branch, arrival: _Arrival) -> str:
    if rng.random() < 0.22:
        return arrival.sub_branch
    return rng.choice(branch.outlets(arrival.sub_branch, arrival.received.date()))


def _level(rng: Random, *, days: int, people: int) -> str:
    if people >= 20:
        return "重大投诉"
    return "复杂投诉" if rng.random() < (0.7 if days > LIMIT_DAYS else 0.05) else "普通投诉"


def _ratings(rng: Random, *, days: int) -> tuple[str, str, str]:
    """Ratings of the whole, the speed and the solution; about seven in ten people give them."""
    if rng.random() > 0.7:
        return (mix.NO_RATING,) * 3 if rng.random() < 0.6 else ("", "", "")
    speed = pick(rng, mix.POOR_RATINGS if days > 9 else mix.RATINGS)
    whole = speed if rng.random() < 0.45 else pick(rng, mix.RATINGS)
    solution = whole if rng.random() < 0.6 else pick(rng, mix.RATINGS)
    return whole, speed, solution


def _amount(rng: Random, arrival: _Arrival) -> float | None:
    if rng.random() > 0.45:
        return None
    usual = mix.AMOUNT_MEDIANS.get(arrival.category, mix.USUAL_AMOUNT_MEDIAN)
    median = mix.AMOUNT_MEDIANS.get(arrival.cause, usual)
    return max(0.01, round(skewed(rng, median=median, sigma=1.1), 2))


def _with_unknown_values(rng: Random, cases: list[Case]) -> list[Case]:
    """Give a few cases of the later months a category or channel that no list knows."""
    later = range(len(cases) // 2, len(cases))
    places = rng.sample(later, len(story.UNKNOWN_CATEGORIES) + 1)
    for place, category in zip(places, story.UNKNOWN_CATEGORIES, strict=False):
        content = texts.content(rng, cases[place].person, category=category, cause=mix.RULES)
        cases[place] = replace(cases[place], category=category, cause=mix.RULES, content=content)
    odd = cases[places[-1]]
    course = replace(odd.course, forwarded=None)
    cases[places[-1]] = replace(odd, intake=story.UNKNOWN_INTAKE_CHANNEL, course=course)
    return cases


def _with_stuck(rng: Random, timeline: Timeline, cases: list[Case]) -> list[Case]:
    """Leave a few older cases without a decision, open beyond their limit."""
    window = [
        place
        for place, case in enumerate(cases)
        if 20 <= (timeline.end - case.course.received.date()).days <= 75
        and case.course.withdrawn is None
    ]
    for place in rng.sample(window, _STUCK_CASES):
        course = replace(cases[place].course, decided=None, closed=None, is_refused=False)
        cases[place] = replace(cases[place], course=course)
    return cases
