"""What a page may ask: indicators under the chosen period and filters, and where they came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from pages.ui import cached
from pages.ui.reader import Snapshot
from pages.ui.selection import FILTERS, Selection
from warehouse import coverage as covering
from warehouse import periods
from warehouse.compare import Comparison
from warehouse.coverage import Coverage
from warehouse.periods import Period
from warehouse.registry import Indicator, indicator

Where = Mapping[str, Sequence[str | None]]
NOTHING: Where = {}


@dataclass(frozen=True)
class Queries:
    """Questions to one snapshot under one selection; every answer belongs to the same state."""

    snapshot: Snapshot
    selection: Selection

    @property
    def coverage(self) -> dict[str, Coverage]:
        """First and last day of the data by entity."""
        return cached.coverage(self.snapshot)

    def where(self, what: str, extra: Where = NOTHING) -> cached.Where:
        """The chosen filters that this indicator can be cut by, and the page's own."""
        asked = indicator(what)
        chosen = {
            name: values
            for name, values in self.selection.filters.items()
            if name in asked.dimensions
        }
        return cached.frozen({**chosen, **extra})

    def compute(
        self,
        what: str,
        *,
        by: Sequence[str] = (),
        period: Period | None = None,
        extra: Where = NOTHING,
    ) -> pl.DataFrame:
        """The indicator per cell of the cut: *by, value, numerator, denominator.

        Where too few cases stand behind a value there is none; the cases are there.
        """
        asked = period or self.selection.period
        found = cached.compute(self.snapshot, what, asked.id, tuple(by), self.where(what, extra))
        return _without_few(indicator(what), found)

    def distribution(self, what: str) -> pl.DataFrame:
        """Value and count of a percentile indicator."""
        period = self.selection.period
        return cached.distribution(self.snapshot, what, period.id, self.where(what))

    def rows(self, what: str, *, limit: int | None = None) -> pl.DataFrame:
        """The rows behind a number."""
        period = self.selection.period
        return cached.rows(self.snapshot, what, period.id, self.where(what), limit=limit)

    def open_ageing(self, on: date) -> pl.DataFrame:
        """Open complaints by age band at the end of a day."""
        return cached.open_ageing(self.snapshot, on, self.where("open_complaint_count"))

    def compare(self, what: str) -> Comparison:
        """The indicator beside the chosen comparison period."""
        chosen = self.selection
        return cached.compare(self.snapshot, what, chosen.period.id, chosen.basis, self.where(what))

    def movers(self, what: str, by: str) -> pl.DataFrame:
        """What changed most, by one dimension."""
        chosen = self.selection
        return cached.movers(
            self.snapshot, what, chosen.period.id, chosen.basis, by, self.where(what)
        )

    def trend(self, what: str, *, extra: Where = NOTHING) -> pl.DataFrame:
        """The indicator by month over the trend window; a covered month without rows is zero."""
        asked = indicator(what)
        window = self.trend_window(asked.entity)
        if window.start is None or window.end is None:
            return pl.DataFrame(schema=TREND_SCHEMA)
        found = self.compute(what, by=("month",), period=window, extra=extra)
        months = [month.id for month in periods.months_between(window.start, window.end)]
        frame = pl.DataFrame({"month": months}).join(found, on="month", how="left")
        # Where no month has any, the extracts may simply not tell of such rows.
        if asked.kind == "count" and found.height:
            frame = frame.with_columns(pl.col("value", "numerator").fill_null(0.0))
        incomplete = self.incomplete_months(asked.entity, window)
        return frame.with_columns(pl.col("month").is_in(incomplete).alias("is_incomplete"))

    def trend_window(self, entity: str) -> Period:
        """The months a trend shows: a year and a month up to the chosen end, within the data."""
        return covering.trend_window(self.selection.period, self.coverage.get(entity))

    def incomplete_months(self, entity: str, window: Period) -> list[str]:
        """Months of the window that the extracts do not fully cover."""
        held = self.coverage.get(entity)
        if window.start is None or window.end is None:
            return []
        return [
            month.id
            for month in periods.months_between(window.start, window.end)
            if not covering.is_complete(month, held)
        ]

    def is_complete(self, entity: str) -> bool:
        """Whether the extracts cover the whole chosen period."""
        return covering.is_complete(self.selection.period, self.coverage.get(entity))

    def is_settled(self, asked: Indicator) -> bool:
        """Whether the chosen period is over for so long that the indicator no longer forms."""
        return covering.is_complete(
            self.selection.period,
            self.coverage.get(asked.entity),
            settles_after_days=asked.settles_after_days,
        )

    def has_data(self, entity: str) -> bool:
        """Whether any extract of the entity holds days of the chosen period."""
        held = self.coverage.get(entity)
        return held is not None and held.touches(self.selection.period)

    def in_order(self, dimension_id: str, values: Sequence[str | None]) -> list[str | None]:
        """Values in the bank's own order, which no filter changes."""
        return covering.in_display_order(self.snapshot.cursor, dimension_id, values)

    def last_day(self, entity: str) -> date | None:
        """End of the chosen period, no later than the data reach."""
        held = self.coverage.get(entity)
        if held is None:
            return None
        return min(self.selection.period.end or held.last, held.last)

    def filters_not_applied(self, asked: Indicator) -> list[str]:
        """Chosen filters that this indicator cannot be cut by."""
        return [
            name
            for name in FILTERS
            if self.selection.filters.get(name) and name not in asked.dimensions
        ]


def _without_few(asked: Indicator, found: pl.DataFrame) -> pl.DataFrame:
    if not asked.minimum_n:
        return found
    too_few = pl.col("denominator").is_between(0, asked.minimum_n, closed="none").fill_null(False)
    return found.with_columns(pl.when(~too_few).then(pl.col("value")).alias("value"))


TREND_SCHEMA = {
    "month": pl.String,
    "value": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "is_incomplete": pl.Boolean,
}
