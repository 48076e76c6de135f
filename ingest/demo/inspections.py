"""Inspections: the yearly round of the outlets, unannounced ones, one of the regulator's."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from ingest.demo import story
from ingest.demo.branch import Branch
from ingest.demo.draws import busy_day, pick, stream
from ingest.demo.people import person, person_name
from ingest.demo.timeline import Timeline

INTERNAL, FLYING, REGULATORY = "内部检查", "飞行检查", "监管检查"
_ISSUES = {
    "信息公示": ("大厅未公示投诉电话和处理流程", "服务收费价目表未及时更新"),
    "投诉处理": (
        "投诉登记簿要素填写不全",
        "处理结果未按规定告知投诉人",
        "超过内部时限才首次联系客户",
    ),
    "销售行为": ("风险测评由他人代填", "销售专区内未张贴风险提示", "宣传折页未注明代销机构"),
    "双录管理": ("双录话术不完整", "双录资料未按时归档"),
    "个人信息保护": ("含客户信息的凭证未入柜保管", "打印件随意摆放"),
    "适老服务": ("老花镜等适老用品缺失", "爱心窗口被占用"),
    "宣传教育": ("公众教育区资料过期", "宣传活动未留存影像"),
}
_WEIGHTS = {
    "信息公示": 20,
    "投诉处理": 24,
    "销售行为": 18,
    "双录管理": 14,
    "个人信息保护": 9,
    "适老服务": 8,
    "宣传教育": 7,
}
_ISSUE_COUNTS = {0: 26, 1: 38, 2: 24, 3: 12}
_FLYING_PER_QUARTER = 3
_SKIPPED_SHARE = 0.05
_LIMIT_DAYS = {INTERNAL: 30, FLYING: 15, REGULATORY: 45}
_LATE_SHARE = 0.05
_REGULATORY_ISSUES = 6


@dataclass(frozen=True)
class Issue:
    """One issue found, and whether and when it was put right."""

    category: str
    text: str
    due: date
    rectified: date | None
    status: str


@dataclass(frozen=True)
class Visit:
    """One inspection of one organisation."""

    inspection_id: str
    kind: str
    day: date
    organisation: str
    responsible: str
    issues: tuple[Issue, ...]


def make_inspections(timeline: Timeline, branch: Branch, seed: int) -> list[Visit]:
    """Every inspection of the covered months, in the order of days."""
    rng = stream(seed, "inspections")
    visits = [*_rounds(rng, timeline, branch), *_flying(rng, timeline, branch)]
    visits += _regulatory(rng, timeline, branch)
    numbers: dict[tuple[str, int], int] = {}
    names: dict[str, str] = {}
    found = []
    for visit in sorted(visits, key=lambda v: (v.day, v.inspection_id, v.organisation)):
        if visit.inspection_id not in names:
            prefix = {INTERNAL: "NJ", FLYING: "FX", REGULATORY: "JG"}[visit.kind]
            key = (prefix, visit.day.year)
            numbers[key] = numbers.get(key, 0) + 1
            names[visit.inspection_id] = f"{prefix}-{visit.day.year}-{numbers[key]:03d}"
        found.append(replace(visit, inspection_id=names[visit.inspection_id]))
    return found


def _rounds(rng: Random, timeline: Timeline, branch: Branch) -> Iterator[Visit]:
    """Every half-year an internal inspection of every second outlet of each sub-branch."""
    for sub in story.SUB_BRANCHES:
        for index in range(0, len(timeline.months), 6):
            month = min(index + rng.randint(0, 4), len(timeline.months) - 2)
            day = busy_day(rng, timeline.days(month))
            outlets = branch.outlets(sub.name, day)
            for outlet in outlets[index // 6 % 2 :: 2]:
                if rng.random() >= _SKIPPED_SHARE:
                    yield _visit(rng, timeline, (INTERNAL, sub.name, index), day, sub.name, outlet)


def _flying(rng: Random, timeline: Timeline, branch: Branch) -> Iterator[Visit]:
    for index in range(0, len(timeline.months), 3):
        for number in range(_FLYING_PER_QUARTER):
            month = min(index + number, len(timeline.months) - 1)
            day = busy_day(rng, timeline.days(month))
            sub = rng.choice(story.SUB_BRANCHES)
            outlet = rng.choice(branch.outlets(sub.name, day))
            yield _visit(rng, timeline, (FLYING, sub.name, month), day, sub.name, outlet)


def _regulatory(rng: Random, timeline: Timeline, branch: Branch) -> Iterator[Visit]:
    """One inspection after the wave began; everything that it found was put right in time."""
    day = timeline.months[story.REGULATORY_INSPECTION_MONTH] + timedelta(14)
    limit = day + timedelta(_LIMIT_DAYS[REGULATORY])
    outlets = [branch.outlets(name, day)[0] for name in story.WAVE_SUB_BRANCHES[:2]]
    for number, organisation in enumerate((story.BRANCH, *outlets)):
        issues = tuple(
            Issue(*_finding(rng), limit, day + timedelta(rng.randint(12, 40)), "已整改")
            for _ in range(_REGULATORY_ISSUES // 3 + (1 - number))
        )
        yield Visit(REGULATORY, REGULATORY, day, organisation, person_name(rng), issues)


def _visit(
    rng: Random,
    timeline: Timeline,
    plan: tuple[str, str, int],
    day: date,
    sub_branch: str,
    organisation: str,
) -> Visit:
    kind = plan[0]
    issues = tuple(
        _issue(rng, timeline, kind, day, is_slow=sub_branch == story.SLOW_SUB_BRANCH)
        for _ in range(pick(rng, _ISSUE_COUNTS))
    )
    key = "/".join(map(str, plan))
    return Visit(key, kind, day, organisation, person_name(rng), issues)


def _finding(rng: Random) -> tuple[str, str]:
    category = pick(rng, _WEIGHTS)
    text = rng.choice(_ISSUES[category])
    if rng.random() < 0.06:
        text = f"{text}，整改联系电话{person(rng).phone}"
    return category, text


def _issue(rng: Random, timeline: Timeline, kind: str, day: date, *, is_slow: bool) -> Issue:
    limit = _LIMIT_DAYS[kind]
    is_late = rng.random() < (story.SLOW_RECTIFICATION_SHARE if is_slow else _LATE_SHARE)
    days = limit + rng.randint(5, 50) if is_late else rng.randint(3, limit)
    rectified = day + timedelta(days)
    if rectified <= timeline.end:
        return Issue(*_finding(rng), day + timedelta(limit), rectified, "已整改")
    status = "整改中" if rng.random() < 0.7 else "未整改"
    return Issue(*_finding(rng), day + timedelta(limit), None, status)
