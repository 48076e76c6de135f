"""Lays the trainings out one row per person and session: past years as workbook, this as CSV."""

from datetime import date, timedelta
from pathlib import Path

from ingest.demo import faults, story
from ingest.demo.branch import MANAGER_POSTS
from ingest.demo.timeline import Timeline, stated_period
from ingest.demo.trainings import Attendee, Session
from ingest.demo.writers import Cell, add_header, add_title, new_sheet, save, write_csv

_HEADER = (
    "序号",
    "培训名称",
    "培训主题",
    "培训形式",
    "培训日期",
    "机构",
    "工号",
    "姓名",
    "岗位",
    "人员层级",
    "是否新员工",
    "学时",
    "是否签到",
)
_DATE = _HEADER.index("培训日期")


def write_trainings(folder: Path, timeline: Timeline, sessions: list[Session]) -> list[Path]:
    """Write the trainings of the past years and those of the current year."""
    this_year = timeline.end.year
    new_year = date(this_year, 1, 1)
    past = [session for session in sessions if session.course.day.year < this_year]
    current = [session for session in sessions if session.course.day.year == this_year]
    span = f"{timeline.start.year}-{this_year - 1}年"
    return [
        _write_workbook(
            folder / f"{story.PREFIX}培训签到台账_{span}.xlsx",
            (
                f"{story.BRANCH}{span}消保培训签到台账{story.MARK}",
                stated_period(timeline.start, new_year - timedelta(1)),
            ),
            past,
        ),
        _write_text(
            folder / f"{story.PREFIX}培训签到台账_{this_year}年.csv",
            (
                f"{story.BRANCH}{this_year}年消保培训签到台账{story.MARK}",
                stated_period(new_year, timeline.end),
            ),
            current,
        ),
    ]


def _write_workbook(path: Path, titles: tuple[str, str], sessions: list[Session]) -> Path:
    sheet = new_sheet("培训签到")
    for title in titles:
        add_title(sheet, title, width=len(_HEADER))
    add_header(sheet, _HEADER)
    for row in _rows(sessions, ("是", "否")):
        sheet.append(row)
    save(path, sheet)
    return path


def _write_text(path: Path, titles: tuple[str, str], sessions: list[Session]) -> Path:
    rows = _rows(sessions, ("√", "×"))
    faults.spoil_training(rows, _DATE)
    write_csv(path, [*([title] for title in titles), _HEADER, *rows], encoding="gb18030")
    return path


def _rows(sessions: list[Session], marks: tuple[str, str]) -> list[list[Cell]]:
    listed = [(session, attendee) for session in sessions for attendee in session.attendees]
    return [[seq, *_row(*one, marks)] for seq, one in enumerate(listed, start=1)]


def _row(session: Session, attendee: Attendee, marks: tuple[str, str]) -> list[Cell]:
    course, employee = session.course, attendee.employee
    return [
        course.name,
        course.topic,
        course.form,
        course.day,
        employee.sub_branch,
        employee.number,
        employee.name,
        employee.post,
        "中层以上管理人员" if employee.post in MANAGER_POSTS else "基层员工",
        "是" if employee.is_new(course.day) else "否",
        course.hours,
        marks[0] if attendee.has_attended else marks[1],
    ]
