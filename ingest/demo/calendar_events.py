"""What happened in the branch that may explain its numbers: the events of the story, dated."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from ingest.demo import story
from ingest.demo.timeline import Timeline
from ingest.demo.writers import Cell, write_csv

_HEADER = ("日期", "事件名称", "事件类型", "涉及机构", "说明")


@dataclass(frozen=True)
class Event:
    """One event; without an organisation it concerns the whole branch."""

    day: date
    name: str
    kind: str
    organisation: str | None
    note: str


def make_calendar(timeline: Timeline) -> list[Event]:
    """The events of the covered months, in the order of days."""
    found = [*_own(timeline), *_campaigns(timeline)]
    covered = [event for event in found if timeline.start <= event.day <= timeline.end]
    return sorted(covered, key=lambda event: (event.day, event.name))


def _own(timeline: Timeline) -> Iterator[Event]:
    wave = min(story.WAVE_EXTRA_CASES)
    for month, days, name, kind, organisation, note in (
        (9, 13, "投诉处理岗人员调整", "其他", story.SLOW_SUB_BRANCH, "原两名处理人员调出一人"),
        (18, 30, "本行投诉处理实施细则修订施行", "新规", None, "明确首次联系客户的内部时限"),
        (wave, 5, "信用卡账务系统升级", "系统升级", None, "年费和分期手续费的出账规则有调整"),
        (story.TRAINING_MONTH, 3, "消保法律法规强化培训", "活动", None, "全员分两期集中授课"),
        (wave + 4, 19, "信用卡费用提醒短信上线", "系统升级", None, "出账前三天提示年费和手续费"),
        (story.CLOSED_OUTLET_MONTH, 30, "撤并一家网点", "其他", "西溪支行", "客户并入邻近网点"),
        (story.OPENED_OUTLET_MONTH, 0, "新设一家网点", "其他", "高新区第11支行", "当月起对外营业"),
    ):
        day = min(timeline.months[month] + timedelta(days), timeline.last_day(month))
        yield Event(day, name, kind, organisation, note)


def _campaigns(timeline: Timeline) -> Iterator[Event]:
    for year in timeline.years:
        name = f"{year}年3·15金融消费者权益日宣传"
        yield Event(date(year, 3, 15), name, "活动", None, "各支行集中开展")


def write_calendar(folder: Path, events: list[Event]) -> Path:
    """Write the events as UTF-8 CSV with a mark."""
    path = folder / f"{story.PREFIX}大事记.csv"
    rows: list[list[Cell]] = [[f"{story.BRANCH}大事记{story.MARK}"], list(_HEADER)]
    rows += [[e.day, e.name, e.kind, e.organisation, e.note] for e in events]
    write_csv(path, rows, encoding="utf-8-sig")
    return path
