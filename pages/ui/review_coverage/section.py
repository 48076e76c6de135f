"""Launches: were they reviewed before, by kind of review, and which were not."""

import polars as pl
import streamlit as st

from pages.ui import head_of_list, sections, tiles
from pages.ui.chart import Source
from pages.ui.queries import Queries
from pages.ui.rates import bars
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse.registry import dimensions

COVERAGE = "review_coverage"


def show(ask: Queries) -> None:
    """Draw the section; without a list of launches it says which file brings one."""
    if not sections.begins(ask, _("审查覆盖"), counted=(COVERAGE,)):
        return
    left, right = st.columns(2, gap="large")
    with left:
        tiles.show(ask, (COVERAGE,))
        bars.show(
            ask,
            key="review_coverage.types",
            title=_("审查覆盖率：按审查类型，低的在前"),
            what=COVERAGE,
            cut="review_type",
            count_unit=_("项"),
        )
    with right:
        _not_reviewed(ask)


def not_reviewed(ask: Queries) -> pl.DataFrame:
    """The launches of the period without a review, newest first."""
    rows = ask.rows(COVERAGE).filter(pl.col("numerator") == 0)
    return rows.sort("launched_date", "launch_id", descending=[True, False])


def _not_reviewed(ask: Queries) -> None:
    frame = not_reviewed(ask)
    number, name, day = (
        Column("launch_id", _("上线编号")),
        Column("launch_name", _("产品、服务或活动")),
        Column("launched_date", _("上线")),
    )
    kind = Column("review_type", name_of(dimensions()["review_type"]))
    office = Column("org_name", _("主办单位"))
    head_of_list.show(
        ask,
        key="review_coverage.missing",
        title=_("没有经过消保审查就上线的事项"),
        source=Source(COVERAGE, count=len(frame), count_unit=_("项")),
        head=frame,
        whole=frame,
        columns=[number, name, kind, office, day],
        file_columns=[
            number,
            name,
            kind,
            office,
            day,
            Column("file_name", _("来源文件")),
            Column("source_row", _("行"), "number"),
        ],
        nothing=_("所选期间上线的事项都有消保审查编号或注明经过消保审查。"),
    )
