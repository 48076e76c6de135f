"""The single cases behind a gap: the ones that miss, so that somebody can look into them."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import polars as pl

from warehouse.detail import rows
from warehouse.gaps import Gap, fitting
from warehouse.periods import Period
from warehouse.registry import Indicator, indicator, indicators, subjects
from warehouse.request import Where
from warehouse.scope import Scope

MINUTES = "分钟"
SUB_BRANCH = "sub_branch"


@dataclass(frozen=True)
class Cases:
    """Rows that miss, worst first, and in words which ones they are.

    Where cases have a value of their own (days, points) it stands in the column `own_value`.
    """

    words: str
    frame: pl.DataFrame
    value_unit: str = ""

    @property
    def is_timed(self) -> bool:
        """Whether minutes are measured, so that the time of the day counts."""
        return self.value_unit == MINUTES


def cases(
    cursor: duckdb.DuckDBPyConnection,
    gap: Gap,
    sub_branches: Sequence[str],
    period: Period,
    *,
    where: Where | None = None,
    scope: Scope,
) -> dict[str, Cases]:
    """The cases that make up a gap, of each sub-branch behind in it, by one look at the rows.

    Shares: the rows that count in the denominator and miss. Days and points: the rows worse than
    the median of the group. Counts over a base: every row counted. Who was never reached (a
    coverage) has no row.
    """
    asked = indicator(gap.indicator_id)
    told_by = _told_by(asked)
    if told_by is None:
        return dict.fromkeys(sub_branches, Cases("没有逐件记录", pl.DataFrame()))
    chosen = {**fitting(told_by, where), SUB_BRANCH: tuple(sub_branches)}
    is_told = subjects()[told_by.subject].detail
    found = rows(
        cursor,
        told_by.id,
        period,
        where=chosen,
        scope=scope,
        beside=(SUB_BRANCH,) if is_told else (),
    )
    by_name = {name: found.filter(pl.col(SUB_BRANCH) == name) for name in sub_branches}
    return {
        name: _missing(asked, told_by, gap, own.drop(SUB_BRANCH)) for name, own in by_name.items()
    }


def _missing(asked: Indicator, told_by: Indicator, gap: Gap, found: pl.DataFrame) -> Cases:
    """Those of a sub-branch's rows that make up its gap."""
    above, below = pl.col("numerator").fill_null(0.0), pl.col("denominator").fill_null(0.0)
    if asked.kind == "ratio":
        is_missing = above < below if asked.direction == "up" else above > 0
        words = f"不属于“{asked.numerator_zh}”的" if asked.direction == "up" else asked.numerator_zh
        return Cases(words or "", found.filter((below > 0) & is_missing))
    if asked.kind == "rate":
        return Cases(asked.numerator_zh or "", found.filter(above > 0))
    valued = found.filter(below > 0).with_columns((above / below).alias("own_value"))
    is_high_bad = asked.direction == "down"
    middle = gap.place.median
    worse = pl.col("own_value") > middle if is_high_bad else pl.col("own_value") < middle
    listed = valued.filter(worse).sort("own_value", descending=is_high_bad, maintain_order=True)
    words = f"{'高' if is_high_bad else '低'}于支行中位数的"
    return Cases(words, listed, told_by.unit)


def _told_by(asked: Indicator) -> Indicator | None:
    """The indicator whose rows tell each case's part: for a percentile the mean of its values."""
    if asked.kind in ("ratio", "mean", "rate"):
        return asked
    if asked.kind != "percentile":
        return None
    means = (one for one in indicators().values() if one.kind == "mean")
    wanted = (asked.subject, asked.denominator, asked.unit)
    return next((m for m in means if (m.subject, m.denominator, m.unit) == wanted), None)
