"""Whether a number can be relied on: what the extracts cover, and what became of their rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import duckdb
import polars as pl

from warehouse import coverage as covering
from warehouse.coverage import Coverage
from warehouse.lineage import UNKNOWN_CODE
from warehouse.numerals import written
from warehouse.periods import Period, months_between
from warehouse.registry import Indicator

Span = tuple[date, date]
# Reasons of one sort that are told one by one.
LISTED = 5


@dataclass(frozen=True)
class Reach:
    """Which extracts cover a period, and which of its days none does.

    `extracts`: batch_id, file_name, coverage_from, coverage_to, rows_quarantined.
    """

    held: Coverage | None
    extracts: pl.DataFrame
    missing: tuple[Span, ...]
    is_complete: bool
    settles_on: date | None

    @property
    def days_missing(self) -> int:
        """How many days of the period no extract covers."""
        return sum((last - first).days + 1 for first, last in self.missing)


@dataclass(frozen=True)
class Reason:
    """One thing to know about the data behind a number: in a word or two, and in full."""

    short_zh: str
    text_zh: str


@dataclass(frozen=True)
class Soundness:
    """A verdict on the data behind a number, with every reason."""

    verdict: Literal["usable", "usable_but", "unusable"]
    reasons: tuple[Reason, ...]

    @property
    def words_zh(self) -> str:
        """The verdict in words: 可用, 可用，但有… or 不可用."""
        match self.verdict:
            case "usable":
                return "可用"
            case "usable_but":
                shorts = dict.fromkeys(reason.short_zh for reason in self.reasons)
                return f"可用，但有{'、'.join(shorts)}"
            case "unusable":
                return "不可用"


def reach(cursor: duckdb.DuckDBPyConnection, asked: Indicator, period: Period) -> Reach:
    """What the loaded extracts of an indicator's entity cover of a period."""
    held = covering.coverage(cursor).get(asked.entity)
    extracts = cursor.execute(
        """
        select batch_id, file_name, coverage_from, coverage_to, rows_quarantined,
        from lake.meta.batch
        where
            entity = $entity
            and coverage_to is not null
            and ($start::date is null or coverage_to >= $start::date)
            and ($end::date is null or coalesce(coverage_from, coverage_to) <= $end::date)
        order by coverage_from, coverage_to, file_name
        """,
        {"entity": asked.entity, "start": period.start, "end": period.end},
    ).pl()
    is_whole = covering.is_complete(period, held)
    return Reach(
        held=held,
        extracts=extracts,
        missing=_missing(period, held, extracts),
        is_complete=is_whole,
        settles_on=_settles_on(asked, period, held) if is_whole else None,
    )


def _settles_on(asked: Indicator, period: Period, held: Coverage | None) -> date | None:
    if period.end is None or held is None or not asked.settles_after_days:
        return None
    settled = period.end + timedelta(days=asked.settles_after_days)
    return settled if held.last < settled else None


def _missing(period: Period, held: Coverage | None, extracts: pl.DataFrame) -> tuple[Span, ...]:
    """Days before the first and after the last extract, and whole months between extracts.

    Extracts say which days their rows bear, so single days without any are no gap.
    """
    if period.start is None or period.end is None:
        return ()
    if held is None or not held.touches(period):
        return ((period.start, period.end),)
    day = timedelta(days=1)
    found = []
    if held.first > period.start:
        found.append((period.start, held.first - day))
    first, last = max(period.start, held.first), min(period.end, held.last)
    found += [span for span in _empty_months(first, last, extracts) if _is_continuous(extracts)]
    if held.last < period.end:
        found.append((held.last + day, period.end))
    return tuple(found)


def _is_continuous(extracts: pl.DataFrame) -> bool:
    """Whether extracts are of whole stretches of time; each exam is delivered as one day."""
    return any(
        first is not None and first < last
        for first, last in extracts.select("coverage_from", "coverage_to").iter_rows()
    )


def _empty_months(first: date, last: date, extracts: pl.DataFrame) -> Iterator[Span]:
    spans = [
        (begin or end, end)
        for begin, end in extracts.select("coverage_from", "coverage_to").iter_rows()
    ]
    for month in months_between(first, last):
        if month.start is None or month.end is None:
            continue
        if not any(begin <= month.end and month.start <= end for begin, end in spans):
            yield max(month.start, first), min(month.end, last)


def soundness(
    asked: Indicator,
    period: Period,
    *,
    value: float | None,
    denominator: float | None,
    reached: Reach,
    sources: pl.DataFrame,
    remarks: pl.DataFrame,
) -> Soundness:
    """Whether the number can be relied on, with every reason against it."""
    if reached.held is None:
        return _unusable("没有装载过这类数据")
    if not reached.held.touches(period):
        first, last = reached.held.first, reached.held.last
        return _unusable(f"已装载的文件覆盖 {first} 至 {last}，不含{period.label_zh}")
    reasons = [
        *_time_reasons(reached),
        *_few_reasons(asked, denominator),
        *_row_reasons(reached, sources, remarks),
    ]
    if value is None:
        return _unusable("没有可以计算的数值", reasons)
    return Soundness("usable_but" if reasons else "usable", tuple(reasons))


def _unusable(text: str, others: Sequence[Reason] = ()) -> Soundness:
    return Soundness("unusable", (Reason("没有数值", text), *others))


def _time_reasons(reached: Reach) -> Iterator[Reason]:
    for first, last in reached.missing:
        days = (last - first).days + 1
        yield Reason("未满的期间", f"{first} 至 {last} 共 {days} 天没有文件覆盖")
    if reached.settles_on is not None:
        text = f"数据到 {reached.settles_on} 才能定论：此前仍有事项未到结束的时候"
        yield Reason("未定的结果", text)


def _few_reasons(asked: Indicator, denominator: float | None) -> Iterator[Reason]:
    if denominator is not None and 0 < denominator < asked.judged_from_n:
        name, count = asked.denominator_zh, written(denominator)
        text = f"{name}只有 {count}，少于 {asked.judged_from_n}，不作判定"
        yield Reason("过少的样本", text)


def _row_reasons(reached: Reach, sources: pl.DataFrame, remarks: pl.DataFrame) -> Iterator[Reason]:
    files = pl.concat(
        [
            sources.select("file_name", "batch_id", row_count="quarantined_count"),
            reached.extracts.select("file_name", "batch_id", row_count="rows_quarantined"),
        ]
    ).unique(subset="batch_id")
    held_back = files.filter(pl.col("row_count") > 0).sort(
        "row_count", "file_name", descending=[True, False]
    )
    yield from _listed(held_back, "退回的行", "“{file_name}”有 {count} 行被退回，没有计入任何数字")
    is_unmapped = pl.col("rule_id") == UNKNOWN_CODE
    yield from _listed(
        remarks.filter(is_unmapped),
        "未映射的值",
        "{count} 行的{column_name}“{value}”不在代码表中，按原名计入",
    )
    yield from _listed(
        remarks.filter(~is_unmapped), "带提示的行", "{count} 行带提示装载，如：{message}"
    )


def _listed(frame: pl.DataFrame, short: str, text: str) -> Iterator[Reason]:
    """A reason for each of the first rows, and one for all the others together."""
    for row in frame.head(LISTED).iter_rows(named=True):
        yield Reason(short, text.format(count=written(row["row_count"]), **row))
    others = frame.slice(LISTED)
    if others.height:
        rows = written(float(others["row_count"].sum()))
        yield Reason(short, f"另有 {others.height} 项，共 {rows} 行，见“数据质量”")
