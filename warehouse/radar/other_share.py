"""其他占比上升: whether more complaints than before say nothing in a dimension."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from warehouse.radar.data import (
    NO_HISTORY,
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
from warehouse.radar.tails import at_least
from warehouse.registry import dimensions

ID = "other_share"
VIEW = "complaint_case"


@dataclass(frozen=True)
class _Group:
    """One dimension at one place, by period: span, cases, hits."""

    dimension: str
    sub_branch: str | None
    periods: pl.DataFrame

    def of(self, column: str, *, now: bool) -> int:
        """Sum of a column now, or in the history."""
        return int(self.periods.filter(pl.col("is_now") == now)[column].sum())


def look(data: Data) -> Answer:
    """Every dimension, for everybody and for each sub-branch, against the earlier periods."""
    span = data.span("complaint")
    if span is None:
        return no_data(ID, "complaint")
    if not span.history:
        return not_run(ID, NO_HISTORY)
    found = [
        _candidate(group, span)
        for name in signal(ID).dimensions
        for group in _groups(data, span, name)
    ]
    held = [one for one in found if one is not None]
    total = data.frame(
        f"""
        select count(*) as cases
        from {VIEW}
        where received_date between $start and $end and {{seen}}
        """,
        start=span.first,
        end=span.last,
    )
    return Answer(Ran(ID, len(held), int(total["cases"][0]), "件投诉"), tuple(held))


def _groups(data: Data, span: Span, dimension: str) -> Iterator[_Group]:
    spans = (*reversed(span.history), span.period)
    counted = data.frame(
        f"""
        with spans as (
            select
                unnest($starts::date[]) as first_day,
                unnest($ends::date[]) as last_day,
        )

        select
            sub_branch,
            first_day,
            first_day = $now::date as is_now,
            count(*) as cases,
            count(*) filter (where {vague(dimension)}) as hits,
        from {VIEW}
        inner join spans on received_date between first_day and last_day
        where {{seen}}
        group by all
        """,
        starts=[one.start for one in spans],
        ends=[one.end for one in spans],
        now=span.first,
        words=list(signal(ID).words),
    )
    for sub_branch, _whole, rows in places(counted):
        summed = rows.group_by("first_day", "is_now").agg(pl.col("cases", "hits").sum())
        yield _Group(dimension, sub_branch, summed.sort("first_day"))


def vague(dimension: str) -> str:
    """SQL for a value that says nothing: blank, unmapped, or one of the words ($words)."""
    code_list = dimensions()[dimension].code_list
    unmapped = (
        f"or {dimension} not in (select name from lake.meta.code where dimension = '{code_list}')"
        if code_list
        else ""
    )
    return f"""(
        {dimension} is null {unmapped}
        or len(list_filter(
            $words::varchar[], lambda w: starts_with({dimension}, w) or ends_with({dimension}, w)
        )) > 0
    )"""


def _candidate(group: _Group, span: Span) -> Candidate | None:
    now, before = (group.of("cases", now=side) for side in (True, False))
    hits, earlier = (group.of("hits", now=side) for side in (True, False))
    least = signal(ID).whole("least_cases")
    if now < least or before < least or hits + earlier == 0:
        return None
    shares = [h / c for h, c in _history(group) if c]
    rise = 100 * (hits / now - earlier / before)
    is_more = rise >= signal(ID).number("least_rise_points") and hits / now > max(shares)
    # What is too small to matter stays among the tests: choosing tests by outcome would cheat.
    p = at_least(hits, now, earlier, before) if is_more else 1.0
    return Candidate(
        ID,
        group.dimension,
        group.sub_branch,
        p,
        hits,
        lambda: _question(group, span, hits, now, earlier, before),
        is_whole=group.sub_branch is None,
    )


def _history(group: _Group) -> list[tuple[int, int]]:
    rows = group.periods.filter(~pl.col("is_now"))
    return list(zip(rows["hits"].to_list(), rows["cases"].to_list(), strict=True))


def _question(
    group: _Group, span: Span, hits: int, now: int, earlier: int, before: int
) -> Question:
    name = dimensions()[group.dimension].name_zh
    condition, values = where_of(group.sub_branch)
    baseline = f"{percent(earlier, before)}（{earlier:,}/{before:,}，{span.history_words}）"
    values = {
        **values,
        "start": span.first,
        "end": span.last,
        "words": list(signal(ID).words),
    }
    return Question(
        ID,
        group.dimension,
        one_of(group.sub_branch),
        f"{who(group.sub_branch)}的投诉中，“{name}”填“其他”、未填或未映射的占 "
        f"{percent(hits, now)}（{hits:,}/{now:,} 件），以往为 {baseline}。为什么说不清的多了？",
        f"以往 {baseline}",
        hits,
        now,
        "件",
        _picture(group, span, name, earlier / before),
        span.period,
        rows=_rows(group.dimension, condition, values),
    )


def _rows(dimension: str, condition: str, values: dict[str, Any]) -> RowsOf:
    return RowsOf(
        VIEW,
        "complaint",
        f"{condition} and received_date between $start and $end and {vague(dimension)}",
        values,
    )


def _picture(group: _Group, span: Span, name: str, usual: float) -> Picture:
    labels = {one.start: one.label_zh for one in (*span.history, span.period) if one.start}
    bars = tuple(
        Bar(
            labels.get(row["first_day"], str(row["first_day"])),
            100 * row["hits"] / row["cases"],
            100 * usual,
            row["is_now"],
        )
        for row in group.periods.iter_rows(named=True)
    )
    return Picture(f"“{name}”说不清的占比：{who(group.sub_branch)}", "收到日期所在期间", "%", bars)
