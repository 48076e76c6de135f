"""Cases as people look into them: what identifies them, when, about what; nothing personal."""

import polars as pl

from pages.ui.table import Column
from pages.ui.text import _
from warehouse.cases import Cases

AT_MOST = 6


def labels() -> dict[str, str]:
    """The columns that cases are told by, most telling first; no free text, no keys of people."""
    return {
        "complaint_id": _("投诉编号"),
        "review_id": _("项目编号"),
        "inspection_id": _("检查编号"),
        "issue_no": _("问题序号"),
        "recording_id": _("双录编号"),
        "launch_id": _("上线编号"),
        "exam_name": _("考试"),
        "section": _("板块"),
        "training_name": _("培训"),
        "policy_name": _("制度"),
        "check_item": _("检查事项"),
        "subject_name": _("产品或活动"),
        "launch_name": _("产品或活动"),
        "product_name": _("产品"),
        "issue_category": _("问题类别"),
        "received_at": _("收到"),
        "decided_at": _("处理决定"),
        "submitted_date": _("送审"),
        "due_date": _("整改期限"),
        "rectified_date": _("整改完成"),
        "checked_date": _("检查日期"),
        "sold_date": _("销售日期"),
        "exam_date": _("考试日期"),
        "org_name": _("机构"),
        "post": _("岗位"),
        "category": _("业务类别"),
        "cause": _("投诉原因"),
        "satisfaction": _("满意度"),
        "closed_at": _("办结"),
        "status": _("处理状态"),
        "rectification_status": _("整改状态"),
        "stage": _("审查状态"),
        "attendance": _("参考情况"),
    }


def shown(found: Cases) -> pl.DataFrame:
    """The cases with days as days; the time of the day counts where minutes are measured."""
    moments = [
        name
        for name, kind in found.frame.schema.items()
        if kind.is_temporal() and kind != pl.Date and not found.is_timed
    ]
    return found.frame.with_columns(pl.col(moments).cast(pl.Date))


def columns(found: Cases, frame: pl.DataFrame, *, at_most: int = AT_MOST) -> list[Column]:
    """The columns worth a look: those with anything in them, and the case's own value."""
    telling = [
        Column(name, label)
        for name, label in labels().items()
        if name in frame.columns and frame[name].null_count() < len(frame)
    ]
    own = [Column("own_value", _("本件"), "number", 0, found.value_unit)]
    valued = own if "own_value" in frame.columns else []
    return [*telling[:1], *valued, *telling[1 : at_most - len(valued)]]


def file_columns(found: Cases) -> list[Column]:
    """The columns of the workbook: the same and more, with file, sheet and row of the source."""
    return [
        *columns(found, found.frame, at_most=len(labels())),
        Column("file_name", _("来源文件")),
        Column("source_sheet", _("工作表")),
        Column("source_row", _("行"), "number"),
    ]
