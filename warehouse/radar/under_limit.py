"""处理时长挤在时限之前: closings that pile up in the last days, or hours, before a time limit."""

from dataclasses import dataclass

import polars as pl

from warehouse.radar.data import Data, Span, no_data, not_run, one_of, places, where_of, who
from warehouse.radar.heaping import Heap, heap
from warehouse.radar.question import Answer, Bar, Candidate, Picture, Question, Ran, RowsOf
from warehouse.radar.settings import signal
from warehouse.registry import TimeLimit, time_limits

ID = "under_limit"
VIEW = "complaint_case"
_DATED = "ended_date between $start and $end and clock_days >= 0 and {seen}"
_WEEK = 7


@dataclass(frozen=True)
class _Look:
    """By whole days, or by the last hours before each full day where both ends have a time."""

    key: str
    step_sql: str
    start_weekday_sql: str
    condition: str
    days_under: int


def look(data: Data) -> Answer:
    """Every time limit, for everybody and each sub-branch, by days and by the last hours."""
    span = data.span("complaint")
    if span is None:
        return no_data(ID, "complaint")
    found: list[Candidate] = []
    rows = 0
    for way in _looks():
        counted = _counted(data, span, way)
        rows = max(rows, int(counted["cases"].sum()))
        for sub_branch, _whole, held in places(counted):
            for limit in time_limits():
                one = _candidate(way, held, sub_branch, limit, span)
                found += [one] if one else []
    if not rows:
        return not_run(ID, "所选期间没有带办结日期的投诉")
    return Answer(Ran(ID, len(found), rows, "件办结"), tuple(found))


def _looks() -> tuple[_Look, _Look]:
    hours = signal(ID).whole("hours_under")
    # Midnight sharp is a date without a time of day.
    stopped = "least(withdrawn_at, coalesce(decided_at, closed_at))"
    started = "case when is_forwarded then coalesce(forwarded_at, received_at) else received_at end"
    elapsed = f"date_diff('second', {started}, {stopped}) / 86400.0"
    timed = f"({started})::time <> time '00:00:00' and ({stopped})::time <> time '00:00:00'"
    return (
        _Look(
            "days", "clock_days", "isodow(clock_start_date)", "true", signal(ID).whole("days_under")
        ),
        _Look(
            "hours",
            f"ceil({elapsed})::integer",
            # The middle of the hours looked at, so that the weekday of the ending is the right one.
            f"isodow({started} - interval ({hours} / 2.0 * 3600) second)",
            f"{timed} and ceil({elapsed}) - {elapsed} < {hours} / 24.0",
            1,
        ),
    )


def _counted(data: Data, span: Span, way: _Look) -> pl.DataFrame:
    return data.frame(
        f"""
        select
            sub_branch,
            {way.step_sql} as days,
            {way.start_weekday_sql} as start_weekday,
            isodow(ended_date) as end_weekday,
            count(*) as cases,
        from {VIEW}
        where {_DATED} and {way.condition}
        group by all
        """,
        start=span.first,
        end=span.last,
    )


def weekday_weights(held: pl.DataFrame, days: range) -> dict[float, float]:
    """How likely a case can end so many days after its start, by the weekdays of both.

    Where nobody closes at weekends, 14 days are open to every case and 12 only to three of five:
    a course of handling times has ripples of a week that mean nothing.
    """
    starts = _shares(held, "start_weekday")
    ends = _shares(held, "end_weekday")
    return {
        day: sum(share * ends[(weekday + day) % _WEEK] for weekday, share in enumerate(starts))
        for day in days
    }


def _shares(held: pl.DataFrame, column: str) -> list[float]:
    counts = dict(held.group_by(column).agg(pl.col("cases").sum()).iter_rows())
    total = sum(counts.values())
    return [counts.get(weekday + 1, 0) / total for weekday in range(_WEEK)]


def _candidate(
    way: _Look, held: pl.DataFrame, sub_branch: str | None, limit: TimeLimit, span: Span
) -> Candidate | None:
    beside = signal(ID).whole("days_beside")
    first = limit.days - way.days_under + 1
    window = range(first - beside, limit.days + beside + 1)
    near = held.filter(pl.col("days").is_in(list(window)))
    if near["cases"].sum() < signal(ID).whole("least_cases"):
        return None
    counts = dict(near.group_by("days").agg(pl.col("cases").sum()).iter_rows())
    weights = weekday_weights(held, window)
    found = heap(
        counts,
        weights,
        at=range(first, limit.days + 1),
        before=range(window.start, first),
        after=range(limit.days + 1, window.stop),
    )
    if found is None:
        return None
    is_more = found.ratio >= signal(ID).number("least_ratio")
    return Candidate(
        ID,
        f"{limit.id}.{way.key}",
        sub_branch,
        found.p_value if is_more else 1.0,
        found.at,
        lambda: _question(way, found, counts, weights, sub_branch, limit, span),
        is_whole=sub_branch is None,
    )


def _question(
    way: _Look,
    found: Heap,
    counts: dict[float, int],
    weights: dict[float, float],
    sub_branch: str | None,
    limit: TimeLimit,
    span: Span,
) -> Question:
    first = limit.days - way.days_under + 1
    where = f"第 {first}–{limit.days} 天" if way.key == "days" else _hours_words(limit)
    condition, values = where_of(sub_branch)
    return Question(
        ID,
        f"{limit.id}.{way.key}",
        one_of(sub_branch),
        f"{who(sub_branch)}有 {found.at:,} 件在{where}办结，正好在 {limit.days} 天时限之前；"
        f"按前后各 {signal(ID).whole('days_beside')} 天的走势大约应有 {found.expected:.1f} 件"
        f"（前 {found.before:,} 件、后 {found.after:,} 件）。是催办的结果，还是日期按时限填写？",
        f"相邻天数推算 {found.expected:.1f} 件",
        found.at,
        found.cases,
        "件",
        _picture(way, found, counts, weights, sub_branch, limit),
        span.period,
        rows=RowsOf(
            VIEW,
            "complaint",
            f"{condition} and ended_date between $start and $end and {way.condition} "
            f"and {way.step_sql} between $low and $high",
            {**values, "start": span.first, "end": span.last, "low": first, "high": limit.days},
        ),
    )


def _hours_words(limit: TimeLimit) -> str:
    hours = signal(ID).whole("hours_under")
    low = limit.days - hours / 24
    return f"满 {limit.days} 天前的最后 {hours} 小时内（{low:.1f}–{limit.days}.0 天）"


def _picture(
    way: _Look,
    found: Heap,
    counts: dict[float, int],
    weights: dict[float, float],
    sub_branch: str | None,
    limit: TimeLimit,
) -> Picture:
    level = found.expected / found.weight_at
    first = limit.days - way.days_under + 1
    bars = tuple(
        Bar(str(day), counts.get(day, 0), level * weight, first <= day <= limit.days)
        for day, weight in weights.items()
    )
    title = "办结件数按处理天数" if way.key == "days" else "各整天前最后半天的办结件数"
    return Picture(
        f"{title}：{who(sub_branch)}",
        "自收到（转办的自转办）起的天数",
        "件",
        bars,
        str(limit.days),
        f"{limit.days} 天时限",
        is_limit_behind=True,
    )
