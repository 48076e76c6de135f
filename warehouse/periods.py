"""Periods: how people name them, where they begin and end, and what they are compared with."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from warehouse.errors import QueryError

_MONTHS = {"Y": 12, "H": 6, "Q": 3, "M": 1}
_SPELLINGS = (
    ("Y", re.compile(r"^(\d{4})$")),
    ("H", re.compile(r"^(\d{4})[Hh]([12])$")),
    ("Q", re.compile(r"^(\d{4})[Qq]([1-4])$")),
    ("M", re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")),
)
_RANGE = re.compile(r"^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$")
FIRST_YEAR = 1900
EXPECTED = "2024、2024H1、2024Q1、2024-03、2024-01-01..2024-03-31 或 all"


@dataclass(frozen=True)
class Period:
    """A span of days, both ends included; `all` has no ends and takes in undated rows too."""

    id: str
    start: date | None
    end: date | None

    @property
    def is_whole_months(self) -> bool:
        """Whether it begins on a first and ends on a last day of a month (or has no ends)."""
        if self.start is None or self.end is None:
            return True
        return self.start.day == 1 and self.end == _last_day(self.end.year, self.end.month)

    @property
    def label_zh(self) -> str:
        """The period as a Chinese reader calls it."""
        if self.start is None or self.end is None:
            return "全部期间"
        year = self.start.year
        match _kind(self.id):
            case "Y":
                return f"{year}年"
            case "H":
                return f"{year}年{'上' if self.start.month == 1 else '下'}半年"
            case "Q":
                return f"{year}年第{(self.start.month + 2) // 3}季度"
            case "M":
                return f"{year}年{self.start.month}月"
            case _:
                return f"{self.start} 至 {self.end}"


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _kind(text: str) -> str:
    return next((kind for kind, pattern in _SPELLINGS if pattern.match(text)), "D")


def _span(kind: str, year: int, number: int) -> Period:
    months = _MONTHS[kind]
    first = (number - 1) * months + 1
    ids = {"Y": f"{year}", "H": f"{year}H{number}", "Q": f"{year}Q{number}"}
    return Period(
        ids.get(kind, f"{year}-{number:02d}"),
        date(year, first, 1),
        _last_day(year, first + months - 1),
    )


def parse_period(text: str) -> Period:
    """The period that a text names; raises QueryError with the accepted spellings."""
    cleaned = text.strip()
    if cleaned.lower() == "all":
        return Period("all", None, None)
    for kind, pattern in _SPELLINGS:
        found = pattern.match(cleaned)
        if found and int(found.group(1)) >= FIRST_YEAR:
            number = int(found.group(2)) if kind != "Y" else 1
            return _span(kind, int(found.group(1)), number)
    found = _RANGE.match(cleaned)
    if found:
        try:
            start, end = (date.fromisoformat(part) for part in found.groups())
        except ValueError:
            start, end = date.max, date.min
        if start <= end and start.year >= FIRST_YEAR:
            return Period(f"{start}..{end}", start, end)
    message = f"期间“{text}”无法识别；应为 {EXPECTED}"
    raise QueryError(message)


def _shift_months(day: date, months: int, *, to_end: bool) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = _last_day(year, month + 1)
    return last if to_end or day.day > last.day else last.replace(day=day.day)


def previous_period(period: Period) -> Period | None:
    """The period of the same length just before (环比); none for `all`."""
    if period.start is None or period.end is None:
        return None
    kind = _kind(period.id)
    if kind in _MONTHS:
        before = _shift_months(period.start, -_MONTHS[kind], to_end=False)
        return _span(kind, before.year, (before.month - 1) // _MONTHS[kind] + 1)
    end = date.fromordinal(period.start.toordinal() - 1)
    if period.is_whole_months:
        count = sum(1 for _ in months_between(period.start, period.end))
        start = _shift_months(period.start, -count, to_end=False)
    else:
        start = end - (period.end - period.start)
    return Period(f"{start}..{end}", start, end)


def same_period_last_year(period: Period) -> Period | None:
    """The same period one year earlier (同比); none for `all`."""
    if period.start is None or period.end is None:
        return None
    kind = _kind(period.id)
    if kind in _MONTHS:
        return _span(kind, period.start.year - 1, (period.start.month - 1) // _MONTHS[kind] + 1)
    is_month_end = period.end == _last_day(period.end.year, period.end.month)
    start = _shift_months(period.start, -12, to_end=False)
    end = _shift_months(period.end, -12, to_end=is_month_end)
    return Period(f"{start}..{end}", start, end)


def months_between(first: date, last: date) -> Iterator[Period]:
    """Every month from the one of `first` to the one of `last`."""
    for index in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield _span("M", index // 12, index % 12 + 1)


def periods_between(first: date, last: date) -> list[Period]:
    """What a picker offers for data of this range: quarters, months, half-years, years, all."""
    months = list(months_between(first, last))
    found: list[Period] = []
    for kind in ("Q", "M", "H", "Y"):
        spans = {
            _span(kind, month.start.year, (month.start.month - 1) // _MONTHS[kind] + 1)
            for month in months
            if month.start is not None
        }
        found.extend(sorted(spans, key=lambda span: span.start or date.min, reverse=True))
    return [*found, Period("all", None, None)]


def of_kind(kind: str, first: date, last: date) -> list[Period]:
    """The quarters (Q) or months (M) that data of this range touch, newest first."""
    return [period for period in periods_between(first, last) if _kind(period.id) == kind]


def latest_complete(kind: str, first: date, last: date) -> Period:
    """The newest quarter or month that ends within data of this range, else the newest touched."""
    found = of_kind(kind, first, last)
    whole = (p for p in found if p.end is not None and p.end <= last)
    return next(whole, found[0])


def latest_complete_quarter(first: date, last: date) -> Period:
    """The newest quarter that data of this range hold wholly, else the newest they touch."""
    return latest_complete("Q", first, last)
