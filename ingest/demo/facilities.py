"""What the outlets keep ready for the elderly and the disabled, and since when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from ingest.demo import story
from ingest.demo.branch import Branch, Organisation
from ingest.demo.draws import day_between, pick, stream
from ingest.demo.timeline import Timeline, stated_period
from ingest.demo.writers import add_header, add_title, new_sheet, save

# Share of the outlets that have it by the end, and of those the share that had it before.
_KINDS = {
    "爱心窗口": (0.80, 0.62),
    "适老化网点": (0.46, 0.40),
    "无障碍设施": (0.68, 0.70),
    "无障碍智能柜员机": (0.55, 0.50),
}
_MACHINES = {1: 60, 2: 30, 3: 10}
_HEADER = ("序号", "所属支行", "网点名称", "设施类别", "数量", "启用日期", "停用日期", "备注")


@dataclass(frozen=True)
class Facility:
    """One kind of facility of one outlet."""

    outlet: Organisation
    kind: str
    units: int
    started: date
    ended: date | None


def make_facilities(timeline: Timeline, branch: Branch, seed: int) -> list[Facility]:
    """Every facility that there is or was, by outlet."""
    rng = stream(seed, "facilities")
    outlets = [one for one in branch.organisations if one.level == "网点"]
    return [found for outlet in outlets for found in _facilities(rng, timeline, outlet)]


def _facilities(rng: Random, timeline: Timeline, outlet: Organisation) -> Iterator[Facility]:
    for kind, (share, held_before) in _KINDS.items():
        has, is_old = rng.random() < share, rng.random() < held_before
        units = pick(rng, _MACHINES) if kind == "无障碍智能柜员机" else 1
        earliest = date(timeline.start.year - 4, 1, 1) if is_old else timeline.start
        latest = date(timeline.start.year - 1, 12, 31) if is_old else timeline.end
        first = max(earliest, outlet.opened)
        if outlet.closed is not None:
            latest = min(latest, outlet.closed)
        if has and first <= latest:
            yield Facility(outlet, kind, units, day_between(rng, first, latest), outlet.closed)


def write_facilities(folder: Path, timeline: Timeline, facilities: list[Facility]) -> Path:
    """Write the list of facilities as a workbook that states the days it speaks for."""
    path = folder / f"{story.PREFIX}特殊群体服务设施台账.xlsx"
    sheet = new_sheet("服务设施")
    add_title(sheet, f"{story.BRANCH}特殊群体服务设施台账{story.MARK}", width=len(_HEADER))
    add_title(sheet, stated_period(timeline.start, timeline.end), width=len(_HEADER))
    add_header(sheet, _HEADER)
    for seq, one in enumerate(facilities, start=1):
        where = (one.outlet.parent, one.outlet.name)
        sheet.append([seq, *where, one.kind, one.units, one.started, one.ended, None])
    save(path, sheet)
    return path
