"""Lays the inspections out one row per issue, the inspection's own columns merged over its rows."""

from itertools import groupby
from pathlib import Path

from ingest.demo import faults, story
from ingest.demo.inspections import Visit
from ingest.demo.timeline import Timeline, stated_period
from ingest.demo.writers import Cell, add_header, add_title, new_sheet, save

_OWN = ("检查编号", "检查类型", "检查日期")
_HEADER = (
    *_OWN,
    "受检机构",
    "问题序号",
    "问题类别",
    "问题描述",
    "整改期限",
    "整改完成日期",
    "整改状态",
    "责任人",
)


def write_inspections(folder: Path, timeline: Timeline, visits: list[Visit]) -> Path:
    """Write the inspection ledger as one workbook."""
    sheet = new_sheet("检查整改台账")
    add_title(sheet, f"{story.BRANCH}消保检查整改台账{story.MARK}", width=len(_HEADER))
    add_title(sheet, stated_period(timeline.start, timeline.end), width=len(_HEADER))
    add_header(sheet, _HEADER)
    visits = faults.spoil_inspections(visits)
    for _, same in groupby(visits, key=lambda visit: visit.inspection_id):
        top = sheet.max_row + 1
        for visit in same:
            for row in _rows(visit, is_first=sheet.max_row + 1 == top):
                sheet.append(row)
        if sheet.max_row == top:
            continue
        for column in range(1, len(_OWN) + 1):
            sheet.merge_cells(
                start_row=top, end_row=sheet.max_row, start_column=column, end_column=column
            )
    path = folder / f"{story.PREFIX}检查整改台账.xlsx"
    save(path, sheet)
    return path


def _rows(visit: Visit, *, is_first: bool) -> list[list[Cell]]:
    own: list[Cell] = [visit.inspection_id, visit.kind, visit.day]
    blank: list[Cell] = [None] * len(own)
    if not visit.issues:
        head = own if is_first else blank
        return [[*head, visit.organisation, *[None] * 6, visit.responsible]]
    return [
        [
            *(own if is_first and number == 1 else blank),
            visit.organisation,
            number,
            issue.category,
            issue.text,
            issue.due,
            issue.rectified,
            issue.status,
            visit.responsible,
        ]
        for number, issue in enumerate(visit.issues, start=1)
    ]
