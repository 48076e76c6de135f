"""办结集中在周末、收到集中在月末: counts that fall on a few days far more than those days' part."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from warehouse.chance import at_most
from warehouse.radar.data import (
    EVERY,
    Data,
    Span,
    no_data,
    not_run,
    one_of,
    percent,
    places,
    where_of,
    who,
)
from warehouse.radar.question import Answer, Bar, Candidate, Picture, Question, Ran, RowsOf
from warehouse.radar.settings import signal

VIEW = "complaint_case"
CLOSED = "coalesce(closed_at, decided_at)"
_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_WEEKEND = 2 / 7


@dataclass(frozen=True)
class _Pattern:
    """Which days of which date are looked at, and how it is told."""

    signal_id: str
    date_sql: str
    slot_sql: str
    is_looked_sql: str
    part: float
    least_share: float
    slot: Callable[[int], str]
    along: str
    title: str
    told: str
    asking: str
    unit_rows: str


def weekend(data: Data) -> Answer:
    """Closings on Saturdays and Sundays, for everybody and each sub-branch."""
    least_share = signal("weekend_closing").number("least_share")
    return _look(
        data,
        _Pattern(
            "weekend_closing",
            f"({CLOSED})::date",
            "isodow(day)",
            "isodow(day) >= 6",
            _WEEKEND,
            least_share,
            lambda at: _WEEKDAYS[at - 1],
            "办结日是星期几",
            "办结件数按星期",
            "在周末办结",
            "是周末集中办理，还是集中补录？",
            "件办结",
        ),
    )


def month_end(data: Data) -> Answer:
    """Receipts on the last days of months, for everybody and each sub-branch."""
    days = signal("month_end").whole("days")
    span = data.span("complaint")
    if span is None:
        return no_data("month_end", "complaint")
    looked = f"datediff('day', day, last_day(day)) < {days}"
    part = data.frame(
        f"""
        select avg(({looked})::integer) as part
        from (select unnest(generate_series($start::date, $end::date, interval 1 day))::date as day)
        """,
        start=span.first,
        end=span.last,
    )["part"][0]
    if not part:
        return not_run("month_end", "所选期间还没到月末")
    return _look(
        data,
        _Pattern(
            "month_end",
            "received_date",
            "day(day)",
            looked,
            part,
            part * signal("month_end").number("least_ratio"),
            lambda at: f"{at}日",
            "收到日期是几号",
            "收到件数按日",
            f"收到日期在月末最后 {days} 天",
            "是当日收到，还是按月补登？",
            "件投诉",
        ),
    )


def _look(data: Data, pattern: _Pattern) -> Answer:
    span = data.span("complaint")
    if span is None:
        return no_data(pattern.signal_id, "complaint")
    counted = data.frame(
        f"""
        with dated as (
            select
                sub_branch,
                {pattern.date_sql} as day,
            from {VIEW}
            where {pattern.date_sql} between $start and $end and {{seen}}
        )

        select
            sub_branch,
            {pattern.slot_sql} as slot,
            {pattern.is_looked_sql} as is_looked,
            count(*) as cases,
        from dated
        group by all
        """,
        start=span.first,
        end=span.last,
    )
    rows = int(counted["cases"].sum())
    if not rows:
        return not_run(pattern.signal_id, "所选期间没有这一日期")
    found = [
        _candidate(pattern, held, sub_branch, span)
        for sub_branch, _whole, held in places(counted)
        if held["cases"].sum() >= signal(pattern.signal_id).whole("least_cases")
    ]
    return Answer(Ran(pattern.signal_id, len(found), rows, pattern.unit_rows), tuple(found))


def _candidate(
    pattern: _Pattern, held: pl.DataFrame, sub_branch: str | None, span: Span
) -> Candidate:
    cases = int(held["cases"].sum())
    hits = int(held.filter("is_looked")["cases"].sum())
    # So few or fewer on the other days.
    p = at_most(cases - hits, cases, 1 - pattern.part)
    return Candidate(
        pattern.signal_id,
        EVERY,
        sub_branch,
        p if hits / cases >= pattern.least_share else 1.0,
        hits,
        lambda: _question(pattern, held, sub_branch, span, hits, cases),
        is_whole=sub_branch is None,
    )


def _question(
    pattern: _Pattern,
    held: pl.DataFrame,
    sub_branch: str | None,
    span: Span,
    hits: int,
    cases: int,
) -> Question:
    condition, values = where_of(sub_branch)
    usual = f"{100 * pattern.part:.1f}%"
    looked = pattern.is_looked_sql.replace("(day", f"({pattern.date_sql}").replace(
        ", day,", f", {pattern.date_sql},"
    )
    return Question(
        pattern.signal_id,
        EVERY,
        one_of(sub_branch),
        f"{who(sub_branch)} {percent(hits, cases)}（{hits:,}/{cases:,} 件）{pattern.told}，"
        f"按天数算这些日子只占 {usual}。{pattern.asking}",
        f"按天数占 {usual}",
        hits,
        cases,
        "件",
        _picture(pattern, held, sub_branch),
        span.period,
        rows=RowsOf(
            VIEW,
            "complaint",
            f"{condition} and {pattern.date_sql} between $start and $end and {looked}",
            {**values, "start": span.first, "end": span.last},
        ),
    )


def _picture(pattern: _Pattern, held: pl.DataFrame, sub_branch: str | None) -> Picture:
    slots = held.group_by("slot").agg(
        pl.col("cases").sum(), pl.col("cases").filter("is_looked").sum().alias("looked")
    )
    counts = {row["slot"]: row for row in slots.iter_rows(named=True)}
    last = 7 if pattern.signal_id == "weekend_closing" else 31
    bars = tuple(
        Bar(
            pattern.slot(slot),
            counts[slot]["cases"] if slot in counts else 0,
            None,
            bool(slot in counts and counts[slot]["looked"]),
        )
        for slot in range(1, last + 1)
    )
    return Picture(f"{pattern.title}：{who(sub_branch)}", pattern.along, "件", bars)
