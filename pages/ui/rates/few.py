"""What stands where there is no number: of a handful of cases none is shown."""

from pages.ui import formats
from pages.ui.text import _
from warehouse.registry import Indicator


def words(asked: Indicator, denominator: float | None) -> str:
    """Why there is no number: too few cases, none at all, or no base to divide by."""
    if asked.is_too_few(denominator):
        return _("n={count}，少于 {fewest}，不显示").format(
            count=formats.number(denominator), fewest=asked.minimum_n
        )
    if denominator is None and asked.base is not None:
        return _("—（缺{base}）").format(base=asked.denominator_zh)
    return formats.amount(None, unit=asked.unit, denominator=denominator)


def short(asked: Indicator, denominator: float | None) -> str:
    """The same where there is little room, as in a cell of a table."""
    if asked.is_too_few(denominator):
        return _("n={count}，不显示").format(count=formats.number(denominator))
    return formats.NO_DATA if denominator else words(asked, denominator)
