"""Lays the outreach events out: whole years as workbook, this year as tab-delimited UTF-16."""

from pathlib import Path
from random import Random

from ingest.demo import story
from ingest.demo.draws import stream
from ingest.demo.outreach import Event
from ingest.demo.timeline import Timeline
from ingest.demo.writers import Cell, add_header, add_title, new_sheet, save, write_csv

_HEADER = (
    "序号",
    "机构",
    "活动名称",
    "集中宣传活动",
    "宣传主题",
    "活动形式",
    "活动地点",
    "开始日期",
    "结束日期",
    "参与员工人次",
    "发放资料份数",
    "受众人次",
    "其中:老年人",
    "其中:青少年",
    "其中:残障人士",
    "其中:新市民",
    "推送篇数",
    "阅读量",
    "媒体名称",
    "备注",
)


def write_events(folder: Path, timeline: Timeline, events: list[Event], seed: int) -> list[Path]:
    """Write the events of the past years and those of the current year."""
    rng = stream(seed, "outreach files")
    this_year = timeline.end.year
    past = [event for event in events if event.start.year < this_year]
    current = [event for event in events if event.start.year == this_year]
    span = f"{timeline.start.year}-{this_year - 1}年"
    return [
        _write_workbook(rng, folder / f"{story.PREFIX}宣传活动台账_{span}.xlsx", span, past),
        _write_text(rng, folder / f"{story.PREFIX}宣传活动台账_{this_year}年.csv", current),
    ]


def _write_workbook(rng: Random, path: Path, span: str, events: list[Event]) -> Path:
    sheet = new_sheet("宣传活动")
    add_title(sheet, f"{story.BRANCH}{span}宣传活动台账{story.MARK}", width=len(_HEADER))
    add_header(sheet, _HEADER)
    for seq, event in enumerate(events, start=1):
        sheet.append([seq, *_row(rng, event)])
    save(path, sheet)
    return path


def _write_text(rng: Random, path: Path, events: list[Event]) -> Path:
    header = [name.replace("其中:", "其中：") for name in _HEADER]
    rows: list[list[Cell]] = [[f"{story.BRANCH}宣传活动台账{story.MARK}"], [*header]]
    rows += [
        [str(seq), *(f"{cell}" if cell is not None else None for cell in _row(rng, event))]
        for seq, event in enumerate(events, start=1)
    ]
    write_csv(path, rows, encoding="utf-16", delimiter="\t")
    return path


def _row(rng: Random, event: Event) -> list[Cell]:
    return [
        event.organisation,
        event.name,
        event.campaign,
        event.topic,
        event.form,
        event.place,
        event.start,
        event.end,
        event.staff,
        _leaflets(rng, event.leaflets),
        _audience(rng, event.audience),
        *event.groups,
        event.articles,
        _reads(event.reads),
        event.media,
        None,
    ]


def _audience(rng: Random, audience: int | None) -> Cell:
    """The audience as people note it: exact, rounded with 约 or +, or in 万."""
    if audience is None:
        return None
    if audience >= 10_000:
        return f"{audience / 10_000:.1f}万"
    roll = rng.random()
    rounded = max(10, audience // 10 * 10)
    if roll < 0.25:
        return f"约{rounded}人次"
    if roll < 0.35:
        return f"{rounded}+"
    return audience


def _leaflets(rng: Random, leaflets: int | None) -> Cell:
    if leaflets is None or leaflets < 100 or rng.random() > 0.3:
        return leaflets
    return f"{leaflets // 100 * 100}余份"


def _reads(reads: int | None) -> Cell:
    if reads is not None and reads >= 10_000:
        return f"{reads / 10_000:.1f}万"
    return reads
