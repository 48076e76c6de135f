"""The calendar of the demo data: thirty months that end on a given day."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from ingest.demo import story

# First day of the lunar year; other years fall back to 10 February.
_SPRING_FESTIVALS = {
    2022: date(2022, 2, 1),
    2023: date(2023, 1, 22),
    2024: date(2024, 2, 10),
    2025: date(2025, 1, 29),
    2026: date(2026, 2, 17),
    2027: date(2027, 2, 6),
    2028: date(2028, 1, 26),
}
_WEEKEND_WEIGHTS = {5: 0.5, 6: 0.4}
_FESTIVAL_DAYS = 8


@dataclass(frozen=True)
class Timeline:
    """The months that the data cover; the last one only up to `end`."""

    end: date

    @cached_property
    def months(self) -> tuple[date, ...]:
        """First days of the covered months, oldest first."""
        last = self.end.year * 12 + self.end.month - 1
        numbers = range(last - story.MONTH_COUNT + 1, last + 1)
        return tuple(date(number // 12, number % 12 + 1, 1) for number in numbers)

    @property
    def start(self) -> date:
        """First covered day."""
        return self.months[0]

    @property
    def years(self) -> tuple[int, ...]:
        """The covered years, oldest first."""
        return tuple(range(self.start.year, self.end.year + 1))

    def index_of(self, day: date) -> int:
        """Number of the month that holds a day, the first covered month being 0."""
        return (day.year - self.start.year) * 12 + day.month - self.start.month

    def last_day(self, index: int) -> date:
        """Last covered day of a month."""
        first = self.months[index]
        return min(self.end, first.replace(day=monthrange(first.year, first.month)[1]))

    def days(self, index: int) -> list[date]:
        """The covered days of a month."""
        first = self.months[index]
        return [first + timedelta(n) for n in range((self.last_day(index) - first).days + 1)]

    def covered_share(self, index: int) -> float:
        """How much of a month is covered, 1 for a whole month."""
        first = self.months[index]
        return self.last_day(index).day / monthrange(first.year, first.month)[1]


def stated_period(first: date, last: date) -> str:
    """The covered days as a title row states them."""
    return f"统计期间:{first:%Y-%m-%d}至{last:%Y-%m-%d}"


def spring_festival(year: int) -> date:
    """First day of the lunar year."""
    return _SPRING_FESTIVALS.get(year, date(year, 2, 10))


def day_weight(day: date) -> float:
    """How busy a day is: less at weekends, little in the week of the Spring Festival."""
    weight = _WEEKEND_WEIGHTS.get(day.weekday(), 1.0)
    if 0 <= (day - spring_festival(day.year)).days < _FESTIVAL_DAYS:
        weight *= 0.3
    return weight
