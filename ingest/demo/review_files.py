"""Lays the reviews out one row per opinion, the review's own columns merged over its rows."""

from pathlib import Path

from ingest.demo import story
from ingest.demo.reviews import Review
from ingest.demo.writers import Cell, add_header, add_title, new_sheet, save

_REVIEW_HEADER = (
    "项目编号",
    "审查类型",
    "业务类别",
    "产品/活动名称",
    "送审单位",
    "提单时间",
    "受理日期",
    "出具意见日期",
    "上线日期",
    "状态",
    "审查结论",
    "是否一次通过",
    "发现问题数",
    "已整改问题数",
)
_OPINION_HEADER = ("意见序号", "审查意见", "是否采纳")


def write_reviews(folder: Path, reviews: list[Review]) -> Path:
    """Write the review ledger as one workbook."""
    width = len(_REVIEW_HEADER) + len(_OPINION_HEADER)
    sheet = new_sheet("审查台账")
    add_title(sheet, f"{story.BRANCH}消保审查台账{story.MARK}", width=width)
    add_header(sheet, [*_REVIEW_HEADER, *_OPINION_HEADER])
    for review in reviews:
        first = sheet.max_row + 1
        for row in _rows(review):
            sheet.append(row)
        if len(review.opinions) < 2:
            continue
        for column in range(1, len(_REVIEW_HEADER) + 1):
            sheet.merge_cells(
                start_row=first, end_row=sheet.max_row, start_column=column, end_column=column
            )
    path = folder / f"{story.PREFIX}消保审查台账.xlsx"
    save(path, sheet)
    return path


def _rows(review: Review) -> list[list[Cell]]:
    passed = {True: "是", False: "否", None: None}[review.is_first_pass]
    own: list[Cell] = [
        review.review_id,
        review.review_type,
        review.category,
        review.subject,
        review.unit,
        review.submitted,
        review.accepted,
        review.concluded,
        review.launched,
        review.stage,
        review.conclusion,
        passed,
        review.issues,
        review.rectified,
    ]
    if not review.opinions:
        return [[*own, None, None, None]]
    return [
        [*(own if number == 1 else [None] * len(own)), number, opinion.text, opinion.adoption]
        for number, opinion in enumerate(review.opinions, start=1)
    ]
