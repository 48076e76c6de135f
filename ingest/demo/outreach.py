"""Outreach events of the sub-branches, with their peaks around 15 March and in September."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ingest.demo import story
from ingest.demo.draws import busy_day, count, pick, skewed, stream
from ingest.demo.timeline import Timeline

MARCH, JUNE = "3·15金融消费者权益日", '普及金融知识 守住"钱袋子"'
SUMMER = "普及金融知识万里行"
SEPTEMBER_OLD, SEPTEMBER_NEW = "金融知识普及月/金融知识进万家", "金融教育宣传周"
_CAMPAIGN_DAYS = {3: (9, 21), 9: (12, 22)}
_ORDINARY = {"常态化教育": 7, "以案说险": 3}
_ONLINE = ("线上直播", "图文推送", "短视频", "LED/电子屏", "短信", "电视/广播/报纸")
# Form → its share and the places where it happens.
_FORMS: dict[str, tuple[float, tuple[str, ...]]] = {
    "厅堂宣传": (24, ("营业厅堂",)),
    "进社区": (17, ("滨河社区", "东湖社区", "文昌社区", "渔港社区")),
    "户外设点/路演": (9, ("人民广场", "滨海公园", "体育场")),
    "讲座/课堂": (7, ("老年大学", "街道活动中心", "企业会议室")),
    "进校园": (8, ("滨海学院", "第二中学", "海洋职业学校")),
    "进企业": (8, ("高新区产业园", "造船厂", "物流园")),
    "进乡村": (6, ("石桥村", "盐田村", "果园村")),
    "进商圈/夜市": (5, ("东市夜市", "万象广场")),
    "图文推送": (7, ("微信公众号",)),
    "短视频": (3, ("视频号",)),
    "线上直播": (1.5, ("直播间",)),
    "LED/电子屏": (2, ("网点电子屏",)),
    "短信": (1, ("短信平台",)),
    "电视/广播/报纸": (1, ("滨海晚报", "滨海广播电台")),
    "竞赛/创意征集": (0.5, ("线上答题",)),
}
_TOPICS = {
    "防范电信网络诈骗": 30,
    "防范非法集资": 14,
    "消费者八项权利": 12,
    "个人信息保护": 10,
    "抵制非法中介/代理维权": 9,
    "适老金融": 7,
    "征信": 6,
    "存款保险": 5,
    "反假币": 4,
    "理性投资/理财": 2,
    "反洗钱": 1,
}


@dataclass(frozen=True)
class Event:
    """One outreach event; counts of people are attendances, not persons."""

    organisation: str
    name: str
    campaign: str
    topic: str
    form: str
    place: str
    start: date
    end: date
    staff: int
    leaflets: int | None
    audience: int | None
    groups: tuple[int | None, int | None, int | None, int | None]
    articles: int | None
    reads: int | None
    media: str | None


def make_events(timeline: Timeline, seed: int) -> list[Event]:
    """Every event of the covered months by day."""
    rng = stream(seed, "outreach")
    sizes = {sub.name: float(sub.staff) for sub in story.SUB_BRANCHES}
    last = len(timeline.months) - 1
    events = []
    for index, month in enumerate(timeline.months):
        season = story.OUTREACH_SEASON.get(month.month, 1.0)
        mean = story.OUTREACH_PER_MONTH * season * timeline.covered_share(index)
        for _ in range(count(rng, mean)):
            sub_branch = pick(rng, sizes)
            if index < last or sub_branch not in story.UNDELIVERED:
                events.append(_event(rng, timeline, sub_branch, index))
    # Nobody holds the same event twice on one day in one place.
    distinct = {(e.start, e.organisation, e.name, e.place): e for e in events}
    return [distinct[key] for key in sorted(distinct)]


def _event(rng: Random, timeline: Timeline, sub_branch: str, index: int) -> Event:
    start = _day(rng, timeline, index)
    form = pick(rng, {name: share for name, (share, _) in _FORMS.items()})
    topic = pick(rng, _TOPICS)
    is_online = form in _ONLINE
    audience = None if is_online else round(skewed(rng, median=85, sigma=0.8))
    if form in {"户外设点/路演", "进商圈/夜市"} and audience is not None and rng.random() < 0.1:
        audience *= rng.randint(40, 200)
    articles = rng.randint(1, 4) if is_online else None
    reads = round(skewed(rng, median=1500, sigma=1.1)) if is_online else None
    length = rng.choice((0, 0, 0, 0, 1, 2, 4)) if audience else 0
    return Event(
        organisation=sub_branch,
        name=f"“{topic}”{form}活动",
        campaign=_campaign(rng, start),
        topic=topic,
        form=form,
        place=rng.choice(_FORMS[form][1]),
        start=start,
        end=min(timeline.end, start + timedelta(length)),
        staff=rng.randint(2, 9),
        leaflets=None if audience is None else round(audience * rng.uniform(0.5, 1.6)),
        audience=audience,
        groups=_groups(rng, form, audience),
        articles=articles,
        reads=reads,
        media="滨海日报" if form == "电视/广播/报纸" or rng.random() < 0.04 else None,
    )


def _day(rng: Random, timeline: Timeline, index: int) -> date:
    """A day of the month, most often near the date of the month's campaign."""
    days = timeline.days(index)
    first, last = _CAMPAIGN_DAYS.get(timeline.months[index].month, (1, 31))
    near = [day for day in days if first <= day.day <= last]
    return busy_day(rng, near if near and rng.random() < 0.7 else days)


def _campaign(rng: Random, day: date) -> str:
    own: dict[int, dict[str, float]] = {
        3: {MARCH: 8},
        6: {JUNE: 6, SUMMER: 2},
        7: {SUMMER: 6},
        8: {SUMMER: 6},
        9: {SEPTEMBER_NEW if day.year >= 2025 else SEPTEMBER_OLD: 9},
    }
    ordinary = {name: share * 0.3 for name, share in _ORDINARY.items()}
    return pick(rng, {**own.get(day.month, {}), **ordinary})


def _groups(
    rng: Random, form: str, audience: int | None
) -> tuple[int | None, int | None, int | None, int | None]:
    """Elderly, young, disabled and new residents among the audience."""
    if audience is None or rng.random() < 0.35:
        return None, None, None, None
    elderly = round(audience * rng.uniform(0.15, 0.5))
    young = round(audience * rng.uniform(0.0, 0.15))
    if form == "进校园":
        elderly, young = 0, round(audience * rng.uniform(0.8, 0.95))
    disabled = rng.choice((0, 0, 0, 1, 2)) if audience > 40 else 0
    return elderly, young, disabled, round(audience * rng.uniform(0.0, 0.05))
