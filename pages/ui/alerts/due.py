"""The open complaints whose time limit ends within a week: the cases that can still decide."""

from datetime import date, timedelta

import polars as pl
import streamlit as st

from pages.ui import formats, head_of_list
from pages.ui.alerts import turning
from pages.ui.alerts.viewpoint import View
from pages.ui.chart import Source
from pages.ui.table import Column
from pages.ui.text import _
from warehouse.due_soon import DAYS
from warehouse.periods import parse_period

LISTED = 15


def show(view: View) -> None:
    """Draw the list, the next due first."""
    today = view.data_date
    if today is None:
        return
    found = turning.due_soon(view)
    with st.container(key="alerts_due"):
        _list(view, found, today)


def _list(view: View, found: pl.DataFrame, today: date) -> None:
    title = _("未来 {days} 天到期、仍未办结的投诉").format(days=DAYS)
    head_of_list.show(
        view.ask,
        key="alerts.due",
        title=title,
        source=Source(
            "complaint_timely_rate",
            count=len(found),
            count_unit=_("件"),
            period=parse_period(f"{today + timedelta(days=1)}..{today + timedelta(days=DAYS)}"),
            note=_("自数据日期起算，期间筛选不适用"),
        ),
        head=found,
        whole=found,
        columns=_columns(),
        file_columns=_columns(),
        nothing=_("截至 {day}，没有未来 {days} 天内到期而仍未办结的投诉。").format(
            day=formats.day(today), days=DAYS
        ),
        listed=LISTED,
    )


def _columns() -> list[Column]:
    return [
        Column("due_date", _("到期日")),
        Column("days_left", _("还有"), "number", 0, _("天")),
        Column("limit_days", _("时限"), "number", 0, _("天")),
        Column("sub_branch", _("支行")),
        Column("org_name", _("机构")),
        Column("received_date", _("收到日期")),
        Column("category", _("业务类别")),
        Column("cause", _("投诉原因")),
        Column("intake_channel", _("受理渠道")),
        Column("complaint_id", _("投诉编号")),
        Column("file_name", _("来源文件")),
        Column("source_row", _("行"), "number"),
    ]
