"""How numbers and dates are written: half-up rounding, thousands, signs."""

from datetime import date, datetime

from pages.ui.text import _
from warehouse.numerals import Number, half_up

NO_DATA = "—"
MINUS = "−"


def number(value: Number | None, decimals: int = 0) -> str:
    """The value with thousands separators; a dash when there is none."""
    if value is None:
        return NO_DATA
    rounded = half_up(value, decimals)
    text = f"{abs(rounded):,.{decimals}f}"
    return f"{MINUS}{text}" if rounded < 0 else text


def signed(value: Number | None, decimals: int = 0) -> str:
    """The change with its sign; “持平” when it rounds to nothing."""
    if value is None:
        return NO_DATA
    rounded = half_up(value, decimals)
    if rounded == 0:
        return _("持平")
    return ("+" if rounded > 0 else "") + number(value, decimals)


def unit_suffix(unit: str) -> str:
    """The unit as it follows a number: % and 百分点 without a gap, words with one."""
    return unit if unit in ("%", "") else f" {unit}"


def amount(
    value: Number | None,
    *,
    unit: str,
    decimals: int = 0,
    denominator: Number | None = None,
) -> str:
    """A value with its unit; says so when it is missing because nothing is in the denominator."""
    if value is None:
        return _("—（分母为0）") if denominator == 0 else NO_DATA
    return number(value, decimals) + unit_suffix(unit)


def day(value: date | None) -> str:
    """A date as 2026-03-31; a dash when there is none."""
    return value.strftime("%Y-%m-%d") if value else NO_DATA


def moment(value: datetime | None) -> str:
    """A moment to the minute in local time; a dash when there is none."""
    if value is None:
        return NO_DATA
    local = value.astimezone() if value.tzinfo else value
    return local.strftime("%Y-%m-%d %H:%M")


def month(period_id: str) -> str:
    """A month id such as 2024-03 as people write it: 2024年3月."""
    year, number_of_month = period_id.split("-")
    return _("{year}年{month}月").format(year=year, month=int(number_of_month))


def labelled(name: str, value: str) -> str:
    """A name and its value as one phrase."""
    return _("{name}：{value}").format(name=name, value=value)
