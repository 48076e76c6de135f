"""突然没有数据: sub-branches that fell silent against their own history."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import exp

import polars as pl

from warehouse.entities import entities
from warehouse.radar.data import EVERY, Data, Span, not_run
from warehouse.radar.question import Answer, Bar, Candidate, Picture, Question, Ran, RowsOf
from warehouse.radar.settings import signal

ID = "silence"
# What comes all through the year and from every sub-branch: rows with a day and what one is called.
_KINDS = {
    "complaint": (
        "(select row_key, source, sub_branch, received_date as event_date from complaint_case)",
        "件投诉",
    ),
    "outreach_event": ("outreach", "场宣传活动"),
    "double_recording": ("double_recording", "笔双录"),
}
# Who sends nothing at all is silent in every kind; taken together that shows sooner.
_ALL_KINDS = (
    "("
    + " union all ".join(
        f"select sub_branch, event_date from {view}" for view, _one in _KINDS.values()
    )
    + ")"
)


@dataclass(frozen=True)
class _Quiet:
    """How long nothing came from a sub-branch, and what its history lets expect of that time."""

    entity: str
    sub_branch: str
    first: date
    last: date
    until: date
    cases: int
    longest: int

    @property
    def gap(self) -> int:
        """Days since the last one."""
        return (self.until - self.last).days

    @property
    def expected(self) -> float:
        """How many its own pace lets expect in that time."""
        return self.cases * self.gap / max((self.last - self.first).days, 1)


def look(data: Data) -> Answer:
    """Every sub-branch that sent something in the periods before, by kind of data."""
    found: list[Candidate] = []
    rows = 0
    spans = {
        entity: span
        for entity in _KINDS
        if (span := data.span(entity)) is not None and span.history
    }
    for entity, span in spans.items():
        held = _quiets(data, span, entity)
        rows += sum(one.cases for one in held)
        found += [_candidate(data, span, one) for one in held]
    if len(spans) > 1 and "complaint" in spans:
        together = spans["complaint"]
        found += [_candidate(data, together, one) for one in _quiets(data, together, EVERY)]
    if not found:
        return not_run(ID, "没有可比的以往期间，或没有按支行持续报送的数据")
    return Answer(Ran(ID, len(found), rows, "条记录"), tuple(found))


def _quiets(data: Data, span: Span, entity: str) -> list[_Quiet]:
    found = data.frame(
        f"""
        with days as (
            select
                sub_branch,
                event_date as day,
                count(*) as cases,
            from {_view(entity)}
            where event_date between $base_start and $end and sub_branch is not null and {{seen}}
            group by all
        ),

        gaps as (
            select
                *,
                day - lag(day) over (partition by sub_branch order by day) as gap,
            from days
        )

        select
            sub_branch,
            min(day) as first_day,
            max(day) as last_day,
            sum(cases)::integer as cases,
            coalesce(max(gap), 0)::integer as longest,
        from gaps
        group by all
        order by sub_branch
        """,
        base_start=span.base_first,
        end=span.last,
    )
    return [
        _Quiet(entity, r[0], span.base_first, r[2], span.last, r[3], r[4])
        for r in found.iter_rows()
    ]


def _view(entity: str) -> str:
    return _ALL_KINDS if entity == EVERY else _KINDS[entity][0]


def _one(entity: str) -> str:
    return "条记录（投诉、宣传、双录）" if entity == EVERY else _KINDS[entity][1]


def _candidate(data: Data, span: Span, quiet: _Quiet) -> Candidate:
    asked = signal(ID)
    is_long = (
        quiet.expected >= asked.number("least_expected")
        and quiet.gap >= asked.number("least_ratio") * quiet.longest
    )
    return Candidate(
        ID,
        quiet.entity,
        quiet.sub_branch,
        # Poisson: none where so many were to come. The longest gap guards what comes in waves.
        exp(-quiet.expected) if is_long else 1.0,
        0,
        lambda: _question(data, span, quiet),
    )


def _question(data: Data, span: Span, quiet: _Quiet) -> Question:
    one = _one(quiet.entity)
    name = "各类数据" if quiet.entity == EVERY else entities()[quiet.entity].name_zh
    kind = "complaint" if quiet.entity == EVERY else quiet.entity
    return Question(
        ID,
        quiet.entity,
        (quiet.sub_branch,),
        f"{quiet.sub_branch}自 {quiet.last} 之后到 {quiet.until} 的 {quiet.gap} 天没有一{one}，"
        f"按自己以往的频度（{quiet.cases:,} {one[0]}）应有约 {quiet.expected:.1f} {one[0]}，"
        f"以往最长间隔 {quiet.longest} 天。是真的没有，还是没有报送？",
        f"同样天数约 {quiet.expected:.1f} {one[0]}",
        0,
        quiet.cases,
        one[0],
        Picture(
            f"{name}逐月{one[0]}数：{quiet.sub_branch}",
            "月份",
            one[0],
            _months(data, span, quiet),
        ),
        span.period,
        rows=RowsOf(
            _view(kind),
            kind,
            "sub_branch = $sub_branch and event_date between ($last::date - 30) and $last",
            {"sub_branch": quiet.sub_branch, "last": quiet.last},
        ),
    )


def _months(data: Data, span: Span, quiet: _Quiet) -> tuple[Bar, ...]:
    counted = data.frame(
        f"""
        select
            strftime(event_date, '%Y-%m') as month,
            count(*) as cases,
        from {_view(quiet.entity)}
        where event_date between $base_start and $end and sub_branch = $sub_branch and {{seen}}
        group by all
        """,
        base_start=span.base_first,
        end=span.last,
        sub_branch=quiet.sub_branch,
    )
    held = dict(counted.iter_rows())
    # The month of the last one is not silent, unless the silence began and ends in it.
    since = min(next_month(quiet.last), quiet.until.replace(day=1))
    months = pl.date_range(span.base_first.replace(day=1), quiet.until, "1mo", eager=True)
    return tuple(Bar(f"{m:%Y-%m}", held.get(f"{m:%Y-%m}", 0), None, m >= since) for m in months)


def next_month(day: date) -> date:
    """The first day of the month after a day's."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
