"""What was launched before its review."""

from pages.ui import chart
from pages.ui.chart import Source
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _

BREACH = "review_launched_before_opinion_count"
LISTED = 50


def show(ask: Queries) -> None:
    """List the cases."""
    chart.listing(
        ask,
        key="reviews.breaches",
        title=_("先上线后审查的项目"),
        source=Source(BREACH, count=ask.compute(BREACH)["value"][0]),
        frame=ask.rows(BREACH, limit=LISTED),
        columns=[
            Column("review_id", _("项目编号")),
            Column("subject_name", _("产品或活动")),
            Column("review_type", _("审查类型")),
            Column("org_name", _("送审单位")),
            Column("submitted_date", _("送审")),
            Column("opinion_date", _("出具意见")),
            Column("launch_date", _("上线")),
            Column("file_name", _("来源文件")),
            Column("source_row", _("行"), "number"),
        ],
        nothing=_("所选期间没有先上线后审查的项目。"),
    )
