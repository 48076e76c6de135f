"""What was launched and had to be reviewed: nearly all of it was, as its review numbers show."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.demo import story
from ingest.demo.draws import day_between, stream
from ingest.demo.reviews import Review
from ingest.demo.timeline import Timeline, stated_period
from ingest.demo.writers import add_header, add_title, new_sheet, save

_HEADER = (
    "序号",
    "上线编号",
    "事项名称",
    "主办部门",
    "审查类型",
    "业务类别",
    "上线日期",
    "审查编号",
    "是否经消保审查",
)
_MOST = 118
# Launched without a review, and one whose number nobody wrote down.
_UNREVIEWED = (
    ("缴费立减（夏季补充场次）", "网络金融部", "营销活动立项", "支付结算", 17),
    ("商户收银台推广短信", "信用卡部", "信息披露/宣传材料", "支付结算", 21),
    ("白鹭支行存款抽奖", "白鹭支行", "营销活动立项", "人民币储蓄", 26),
)
_WITHOUT_NUMBER = ("代理保险销售协议（补充条款）", "财富管理部", "协议合同", "代理保险", 11)


@dataclass(frozen=True)
class Launch:
    """One launch and what it says about its review."""

    name: str
    unit: str
    review_type: str
    category: str | None
    day: date
    review_id: str | None
    is_reviewed: bool


def make_launches(timeline: Timeline, reviews: list[Review], seed: int) -> list[Launch]:
    """The launches of the covered months, in the order of days."""
    rng = stream(seed, "launches")
    launched = [review for review in reviews if review.launched and review.category]
    chosen = rng.sample(launched, min(_MOST, len(launched)))
    found = [
        Launch(r.subject, r.unit, r.review_type, r.category, r.launched, r.review_id, True)
        for r in chosen
        if r.launched is not None
    ]
    for (name, unit, review_type, category, month), is_reviewed in (
        *((one, False) for one in _UNREVIEWED),
        (_WITHOUT_NUMBER, True),
    ):
        day = day_between(rng, timeline.months[month], timeline.last_day(month))
        found.append(Launch(name, unit, review_type, category, day, None, is_reviewed))
    return sorted(found, key=lambda launch: (launch.day, launch.name))


def write_launches(folder: Path, timeline: Timeline, launches: list[Launch]) -> Path:
    """Write the list of launches as a workbook."""
    path = folder / f"{story.PREFIX}上线事项清单.xlsx"
    sheet = new_sheet("上线事项")
    add_title(sheet, f"{story.BRANCH}上线事项清单{story.MARK}", width=len(_HEADER))
    add_title(sheet, stated_period(timeline.start, timeline.end), width=len(_HEADER))
    add_header(sheet, _HEADER)
    numbers: dict[int, int] = {}
    for seq, one in enumerate(launches, start=1):
        year = one.day.year
        numbers[year] = numbers.get(year, 0) + 1
        launch_id = f"SX-{year}-{numbers[year]:04d}"
        words = "是" if one.is_reviewed else "否"
        own = (one.name, one.unit, one.review_type, one.category, one.day, one.review_id, words)
        sheet.append([seq, launch_id, *own])
    save(path, sheet)
    return path
