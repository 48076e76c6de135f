"""The invented branch itself: organisations, staff on the roll, and the monthly denominators."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from ingest.demo import story
from ingest.demo.draws import day_between, pick, stream
from ingest.demo.people import person_name
from ingest.demo.timeline import Timeline

# fmt: off
_PLACES = (
    "和平路", "新华街", "建设路", "中山路", "人民广场", "东湖花园", "文昌街", "滨河路", "江堤路",
    "朝阳里", "解放街", "光明路", "创业路", "软件园", "科技街", "学府路", "大学城", "图书馆街",
    "体育场", "友谊路", "渔港路", "灯塔街", "码头路", "海关街", "盐田路", "沙洲路", "桂花园",
    "竹园街", "梅岭路", "兰苑", "荷塘街", "枫桥路", "松林街", "槐荫路", "银杏街", "茶山路",
    "石桥街", "钟楼", "鼓楼街", "古城路", "南门街", "北门街", "东市街", "西市街", "粮站路",
    "纺织街", "机械路", "造船街", "化工路", "电机街", "车站街", "机场路", "物流园", "农贸街",
    "花市", "果园路", "果品街", "水库路", "河湾街", "湖滨路", "泉水街", "云峰路", "望江街",
    "听涛路",
)
# fmt: on
_POSTS = {
    "柜员": 0.30,
    "个人客户经理": 0.23,
    "大堂经理": 0.15,
    "理财经理": 0.11,
    "对公客户经理": 0.09,
    "网点负责人": 0.07,
    "综合管理岗": 0.05,
}
LINES = {
    "柜员": "运营管理条线",
    "个人客户经理": "个人金融条线",
    "大堂经理": "运营管理条线",
    "理财经理": "财富管理条线",
    "对公客户经理": "公司金融条线",
    "网点负责人": "综合管理条线",
    "综合管理岗": "综合管理条线",
    "支行行长": "综合管理条线",
}
MANAGER_POSTS = ("支行行长", "网点负责人")
_NEW_POSTS = {"柜员": 0.6, "大堂经理": 0.2, "个人客户经理": 0.2}
_JOINERS_PER_YEAR = 26
_LEAVE_PER_YEAR = 0.055
_CUSTOMER_GROWTH_PER_MONTH = 0.0024


@dataclass(frozen=True)
class Organisation:
    """One organisation as the register lists it."""

    code: str
    name: str
    level: str
    parent: str
    opened: date
    closed: date | None = None

    def is_open(self, day: date) -> bool:
        """Whether the organisation does business on a day."""
        return self.opened <= day and (self.closed is None or day <= self.closed)


@dataclass(frozen=True)
class Employee:
    """One employee of a sub-branch."""

    number: str
    name: str
    sub_branch: str
    post: str
    hired: date
    left: date | None

    def is_on_roll(self, day: date) -> bool:
        """Whether the employee is employed on a day."""
        return self.hired <= day and (self.left is None or day <= self.left)

    def is_new(self, day: date) -> bool:
        """Whether the employee joined within the last year."""
        return (day - self.hired).days < 365


@dataclass(frozen=True)
class Denominator:
    """The sizes of one sub-branch at the end of one month."""

    sub_branch: str
    month: date
    outlets: int
    customers: int
    staff: int
    managers: int
    new_staff: int
    deposits_yuan: int


@dataclass(frozen=True)
class Branch:
    """The branch: its organisations, its staff and its monthly sizes."""

    organisations: tuple[Organisation, ...]
    staff: tuple[Employee, ...]
    denominators: tuple[Denominator, ...]

    def outlets(self, sub_branch: str, day: date) -> list[str]:
        """The outlets of a sub-branch that are open on a day."""
        return [o.name for o in self.organisations if o.parent == sub_branch and o.is_open(day)]


def make_branch(timeline: Timeline, seed: int) -> Branch:
    """The branch over the months of the demo data."""
    rng = stream(seed, "branch")
    organisations = tuple(_organisations(rng, timeline))
    staff = tuple(_staff(rng, timeline))
    sizes = tuple(_denominators(rng, stream(seed, "deposits"), timeline, organisations, staff))
    return Branch(organisations, staff, sizes)


def _organisations(rng: Random, timeline: Timeline) -> list[Organisation]:
    found = [
        Organisation("00001", f"{story.BANK}总行", "总行", "", date(1997, 6, 18)),
        Organisation("08000", story.BRANCH, "分行", f"{story.BANK}总行", date(2003, 9, 28)),
    ]
    places = iter(_PLACES)
    for number, sub in enumerate(story.SUB_BRANCHES, start=1):
        opened = day_between(rng, date(2004, 1, 1), date(2012, 12, 31))
        code = f"08{number:02d}"
        found.append(Organisation(f"{code}0", sub.name, "支行", story.BRANCH, opened))
        for position in range(sub.outlets):
            name = _outlet_name(sub.name, position, places)
            born = opened if position == 0 else day_between(rng, opened, date(2019, 12, 31))
            found.append(Organisation(f"{code}{position + 1}", name, "网点", sub.name, born))
    return _with_changes(found, timeline)


def _outlet_name(sub_branch: str, position: int, places: Iterator[str]) -> str:
    if position == 0:
        return f"{sub_branch}营业部"
    kind = "社区支行" if position == 3 else "分理处"
    return f"{sub_branch.removesuffix('支行').split('第')[0]}{next(places)}{kind}"


def _with_changes(found: list[Organisation], timeline: Timeline) -> list[Organisation]:
    """One outlet closes and one opens while the data run."""
    closed = timeline.last_day(story.CLOSED_OUTLET_MONTH)
    opened = timeline.months[story.OPENED_OUTLET_MONTH]
    last_of = {o.parent: o.code for o in found if o.level == "网点"}
    changes = {
        last_of["西溪支行"]: {"closed": closed},
        last_of["高新区第11支行"]: {"opened": opened},
    }
    return [Organisation(**{**vars(o), **changes.get(o.code, {})}) for o in found]


def _staff(rng: Random, timeline: Timeline) -> list[Employee]:
    staff: list[Employee] = []
    for sub in story.SUB_BRANCHES:
        posts = ["支行行长", "网点负责人", *(pick(rng, _POSTS) for _ in range(sub.staff - 2))]
        for post in posts:
            hired = day_between(rng, date(2005, 1, 1), date(timeline.start.year - 2, 12, 31))
            staff.append(_employee(rng, len(staff), sub.name, post, hired, timeline))
    names = {sub.name: float(sub.staff) for sub in story.SUB_BRANCHES}
    for year in timeline.years:
        for _ in range(_JOINERS_PER_YEAR):
            hired = day_between(rng, date(year, 7, 1), date(year, 8, 15))
            sub_branch, post = pick(rng, names), pick(rng, _NEW_POSTS)
            if timeline.start <= hired <= timeline.end:
                staff.append(_employee(rng, len(staff), sub_branch, post, hired, timeline))
    return staff


def _employee(
    rng: Random, position: int, sub_branch: str, post: str, hired: date, timeline: Timeline
) -> Employee:
    span_years = (timeline.end - timeline.start).days / 365
    leaves = rng.random() < _LEAVE_PER_YEAR * span_years
    left = day_between(rng, max(hired, timeline.start), timeline.end) if leaves else None
    number = f"{10_007 + position * 13:07d}"
    return Employee(number, person_name(rng), sub_branch, post, hired, left)


def _denominators(
    rng: Random,
    money: Random,
    timeline: Timeline,
    organisations: tuple[Organisation, ...],
    staff: tuple[Employee, ...],
) -> list[Denominator]:
    found = []
    last = len(timeline.months) - 1
    per_customer = {sub.name: money.uniform(38_000, 66_000) for sub in story.SUB_BRANCHES}
    for sub in story.SUB_BRANCHES:
        for index, month in enumerate(timeline.months):
            if index == last and sub.name in story.UNDELIVERED:
                continue
            day = timeline.last_day(index)
            outlets = sum(o.parent == sub.name and o.is_open(day) for o in organisations)
            growth = (1 + _CUSTOMER_GROWTH_PER_MONTH) ** index
            customers = round(sub.customers * growth * rng.uniform(0.998, 1.002))
            on_roll = [e for e in staff if e.sub_branch == sub.name and e.is_on_roll(day)]
            grown = per_customer[sub.name] * (1 + story.DEPOSIT_GROWTH_PER_MONTH) ** index
            found.append(
                Denominator(
                    sub_branch=sub.name,
                    month=month,
                    outlets=outlets,
                    customers=customers,
                    staff=len(on_roll),
                    managers=sum(e.post in MANAGER_POSTS for e in on_roll),
                    new_staff=sum(e.is_new(day) for e in on_roll),
                    deposits_yuan=round(sub.customers * grown * money.uniform(0.98, 1.02)),
                )
            )
    return found
