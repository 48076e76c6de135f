"""Lays each exam out as a workbook with its section marks and the words people put for scores."""

from pathlib import Path
from random import Random

from ingest.demo import faults, story
from ingest.demo.branch import LINES
from ingest.demo.draws import stream
from ingest.demo.exams import Exam, Sitting
from ingest.demo.writers import Cell, add_header, add_title, new_sheet, save

# The exam in which one total was mistyped, counted from the first.
_MISTYPED_EXAM = 2
_WITH_UNIT_SHARE = 0.06


def write_exams(folder: Path, exams: list[Exam], seed: int) -> list[Path]:
    """Write one workbook per exam."""
    rng = stream(seed, "exam files")
    return [
        _write_exam(rng, folder, exam, has_mistyped_total=number == _MISTYPED_EXAM)
        for number, exam in enumerate(exams)
    ]


def _write_exam(rng: Random, folder: Path, exam: Exam, *, has_mistyped_total: bool) -> Path:
    sections = [f"{name}({mark}分)" for name, mark in exam.full_marks.items()]
    header = ["序号", "机构", "工号", "姓名", "岗位", "条线", "是否新员工", "考试名称", "考试日期"]
    header += [*sections, "成绩", "满分", "补考成绩", "缺考原因"]
    sheet = new_sheet("成绩")
    add_title(sheet, f"{story.BRANCH}{exam.name}成绩表{story.MARK}", width=len(header))
    add_header(sheet, header)
    middle = len(exam.sittings) // 2
    victim = next((s for s in exam.sittings[middle:] if s.marks), None)
    for seq, sitting in enumerate(exam.sittings, start=1):
        row = _row(rng, exam, sitting)
        if has_mistyped_total and sitting is victim:
            row[header.index("成绩") - 1] = faults.EXCESSIVE_SCORE
        sheet.append([seq, *row])
    path = folder / f"{story.PREFIX}考试成绩_{exam.name}.xlsx"
    save(path, sheet)
    return path


def _row(rng: Random, exam: Exam, sitting: Sitting) -> list[Cell]:
    employee = sitting.employee
    return [
        employee.sub_branch,
        employee.number,
        employee.name,
        employee.post,
        LINES[employee.post],
        "是" if sitting.is_new else "否",
        exam.name,
        exam.day,
        *(_number(sitting.marks[s]) if sitting.marks else None for s in exam.full_marks),
        _score(rng, sitting),
        exam.full_mark,
        None if sitting.makeup is None else _number(sitting.makeup),
        sitting.reason,
    ]


def _score(rng: Random, sitting: Sitting) -> Cell:
    if not sitting.marks:
        return sitting.attendance
    score = _number(sitting.score)
    return f"{score}分" if rng.random() < _WITH_UNIT_SHARE else score


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else value
