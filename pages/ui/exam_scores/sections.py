"""Mean score of each section of the exams."""

from pages.ui import chart, figures_bars, formats, frames
from pages.ui.chart import Source
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _
from pages.ui.theme import ACCENT

SECTION = "exam_section_mean_score"


def show(ask: Queries) -> None:
    """Draw the chart."""
    unit = _("人次")
    sections = frames.labelled(ask, ask.compute(SECTION, by=("section",)), "section")
    chart.show(
        ask,
        key="exams.sections",
        title=_("各板块平均分"),
        figure=figures_bars.ranked(
            [
                f"{row['label']}  N={formats.number(row['denominator'])}"
                for row in sections.iter_rows(named=True)
            ],
            sections["value"].to_list(),
            unit=_("分"),
            decimals=1,
            colours=ACCENT,
        ),
        source=Source(
            SECTION, count=frames.total(sections["denominator"]), count_unit=unit, cut=("section",)
        ),
        frame=sections,
        columns=[
            Column("label", _("板块")),
            Column("value", _("平均分"), "number", 1, _("分")),
            Column("denominator", _("有得分"), "number", 0, unit),
        ],
    )
