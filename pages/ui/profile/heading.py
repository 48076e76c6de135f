"""What stands above every sheet of a profile: period, filters, data date, snapshot, demo mark."""

from dataclasses import dataclass
from datetime import date

from pages.ui import formats
from pages.ui.text import _, name_of
from warehouse.periods import Period
from warehouse.registry import dimensions
from warehouse.request import Where


@dataclass(frozen=True)
class Heading:
    """Lines above every sheet; a notice, where there is one, stands before everything else."""

    lines: tuple[str, ...]
    notice: str = ""


def heading(
    period: Period, where: Where, *, last_day: date | None, snapshot: int, is_demo: bool
) -> Heading:
    """The lines for a period and filters; `last_day` is that of the complaints."""
    filters = _("；").join(
        _("{name}：{values}").format(
            name=name_of(dimensions()[name]),
            values=_("、").join(value or _("未填报") for value in values),
        )
        for name, values in where.items()
    )
    lines = [
        _("期间：{period}").format(period=period.label_zh),
        _("筛选：{filters}（各指标只应用它能划分的筛选）").format(filters=filters or _("未筛选")),
        _("投诉数据截至：{day}").format(day=formats.day(last_day)),
        _("快照：#{number}").format(number=snapshot),
    ]
    if is_demo:
        lines.insert(0, _("演示数据：数字为程序生成，不代表任何机构"))
    return Heading(tuple(lines))
