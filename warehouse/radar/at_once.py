"""同一分钟、同一天集中办结: many cases closed at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from warehouse.chance import count_at_least, usual
from warehouse.radar.data import EVERY, Data, Span, no_data, not_run, one_of, percent, where_of, who
from warehouse.radar.part_of_days import CLOSED, VIEW
from warehouse.radar.question import Answer, Bar, Candidate, Picture, Question, Ran, RowsOf
from warehouse.radar.settings import signal

MINUTE, DAY = "same_minute", "same_day"
# Below so many days of closings there is no usual day.
_FEWEST_DAYS = 10
# Days on either side of the day in question that its chart shows.
_AROUND = 15


@dataclass(frozen=True)
class _Place:
    """The closings of one sub-branch, day by day."""

    sub_branch: str
    days: pl.DataFrame

    @property
    def cases(self) -> int:
        """All its closings."""
        return int(self.days["cases"].sum())


def same_day(data: Data) -> Answer:
    """The fullest day of each sub-branch against its usual day."""
    span = data.span("complaint")
    if span is None:
        return no_data(DAY, "complaint")
    held = _places(data, span, "true")
    asked = signal(DAY)
    found = [
        _day_candidate(place, span)
        for place in held
        if place.cases >= asked.whole("least_cases") and place.days.height >= _FEWEST_DAYS
    ]
    return _answer(DAY, held, found)


def same_minute(data: Data) -> Answer:
    """The fullest minute of each sub-branch, where closings have a time of day."""
    span = data.span("complaint")
    if span is None:
        return no_data(MINUTE, "complaint")
    held = _places(data, span, f"({CLOSED})::time <> time '00:00:00'")
    found = []
    for place in held:
        if place.cases >= signal(MINUTE).whole("least_cases"):
            found.append(_minute_candidate(place, span))
    return _answer(MINUTE, held, found)


def _answer(signal_id: str, held: Sequence[_Place], found: Sequence[Candidate]) -> Answer:
    rows = sum(place.cases for place in held)
    if not rows:
        why = "没有带时刻的办结时间" if signal_id == MINUTE else "所选期间没有办结日期"
        return not_run(signal_id, why)
    return Answer(Ran(signal_id, len(found), rows, "件办结"), tuple(found))


def _places(data: Data, span: Span, condition: str) -> list[_Place]:
    """Closings by day with the fullest minute of each day."""
    counted = data.frame(
        f"""
        with minutes as (
            select
                coalesce(sub_branch, '未填报') as sub_branch,
                date_trunc('minute', {CLOSED}) as minute,
                count(*) as cases,
            from {VIEW}
            where ({CLOSED})::date between $start and $end and {condition} and {{seen}}
            group by all
        )

        select
            sub_branch,
            minute::date as day,
            sum(cases)::integer as cases,
            max(cases)::integer as most,
            arg_max(minute, cases) as fullest,
        from minutes
        group by all
        order by sub_branch, day
        """,
        start=span.first,
        end=span.last,
    )
    return [
        _Place(str(name), rows)
        for (name,), rows in counted.group_by("sub_branch", maintain_order=True)
    ]


def _day_candidate(place: _Place, span: Span) -> Candidate:
    asked = signal(DAY)
    fullest = place.days.sort("cases", "day", descending=[True, False]).row(0, named=True)
    most: int = fullest["cases"]
    centre, dispersion = usual(place.days["cases"].to_list())
    is_much = (
        most >= asked.whole("least_cases")
        and most / place.cases >= asked.number("least_share")
        and most >= asked.number("least_ratio") * centre
    )
    # The fullest of so many days: each could have been it.
    p = min(1.0, place.days.height * count_at_least(most, centre, dispersion=dispersion))
    return Candidate(
        DAY,
        EVERY,
        place.sub_branch,
        p if is_much else 1.0,
        most,
        lambda: _day_question(place, span, fullest["day"], most, centre),
    )


def _day_question(place: _Place, span: Span, day: date, most: int, centre: float) -> Question:
    share = percent(most, place.cases)
    return Question(
        DAY,
        f"{day}",
        one_of(place.sub_branch),
        f"{who(place.sub_branch)}在 {day} 一天办结 {most:,} 件，占这一期间办结的 {share}"
        f"（{most:,}/{place.cases:,} 件）；平常一个办结日约 {centre:.1f} 件。这一天发生了什么？",
        f"平常一个办结日约 {centre:.1f} 件",
        most,
        place.cases,
        "件",
        _picture(place, day, centre),
        span.period,
        rows=_rows(place, f"({CLOSED})::date = $day", {"day": day}),
    )


def _minute_candidate(place: _Place, span: Span) -> Candidate:
    asked = signal(MINUTE)
    fullest = place.days.sort("most", "day", descending=[True, False]).row(0, named=True)
    most: int = fullest["most"]
    minutes = place.days.height * asked.number("minutes_a_day")
    busiest = max(place.days["cases"].to_list()) / asked.number("minutes_a_day")
    p = min(1.0, minutes * count_at_least(most, busiest))
    return Candidate(
        MINUTE,
        EVERY,
        place.sub_branch,
        p if most >= asked.whole("least_cases") else 1.0,
        most,
        lambda: _minute_question(place, span, fullest["fullest"], most),
    )


def _minute_question(place: _Place, span: Span, minute: datetime, most: int) -> Question:
    groups = place.days.filter(pl.col("most") >= signal(MINUTE).whole("least_cases")).height
    more = f"；共有 {groups} 天出现这样的分钟" if groups > 1 else ""
    return Question(
        MINUTE,
        f"{minute:%Y-%m-%d %H.%M}",
        one_of(place.sub_branch),
        f"{who(place.sub_branch)}在 {minute:%Y-%m-%d %H:%M} 这一分钟办结了 {most:,} 件"
        f"（这一期间共办结 {place.cases:,} 件）{more}。是批量关单吗，真实办结在哪一天？",
        "分散在不同时刻",
        most,
        place.cases,
        "件",
        _picture(place, minute.date(), None),
        span.period,
        rows=_rows(place, f"date_trunc('minute', {CLOSED}) = $minute", {"minute": minute}),
    )


def _rows(place: _Place, condition: str, values: dict[str, object]) -> RowsOf:
    own, named = where_of(place.sub_branch if place.sub_branch != "未填报" else None)
    blank = "sub_branch is null and " if place.sub_branch == "未填报" else ""
    return RowsOf(VIEW, "complaint", f"{own} and {blank}{condition}", {**named, **values})


def _picture(place: _Place, day: date, centre: float | None) -> Picture:
    near = place.days.filter(
        pl.col("day").is_between(
            pl.lit(day).dt.offset_by(f"-{_AROUND}d"), pl.lit(day).dt.offset_by(f"{_AROUND}d")
        )
    )
    return Picture(
        f"每日办结件数：{who(place.sub_branch)}",
        "办结日",
        "件",
        tuple(
            Bar(f"{row['day']:%m-%d}", row["cases"], centre, row["day"] == day)
            for row in near.iter_rows(named=True)
        ),
    )
