"""以往没有过的值: channels, causes and outlets that no earlier period had."""

import polars as pl

from warehouse.chance import at_most
from warehouse.coverage import natural_key
from warehouse.radar.data import NO_HISTORY, Data, Span, no_data, not_run
from warehouse.radar.question import (
    Answer,
    Bar,
    Candidate,
    Explained,
    Picture,
    Question,
    Ran,
    RowsOf,
)
from warehouse.radar.settings import signal
from warehouse.registry import dimensions

ID = "new_value"
VIEW = "complaint_case"


def look(data: Data) -> Answer:
    """Every value of every dimension: how likely all its cases fall into the period by chance."""
    span = data.span("complaint")
    if span is None:
        return no_data(ID, "complaint")
    if not span.history:
        return not_run(ID, NO_HISTORY)
    found: list[Candidate] = []
    rows = 0
    for dimension in signal(ID).dimensions:
        counted = _counted(data, span, dimension)
        now, before = int(counted["now"].sum()), int(counted["before"].sum())
        rows = max(rows, now)
        if not before:
            # No earlier extract has the column at all, so every value would be new.
            continue
        common = counted.filter(pl.col("now") + pl.col("before") >= signal(ID).whole("least_cases"))
        found += [
            _candidate(
                data, span, dimension, row["value"], row["now"], row["before"], now / (now + before)
            )
            for row in common.iter_rows(named=True)
        ]
    return Answer(Ran(ID, len(found), rows, "件投诉"), tuple(found))


def _counted(data: Data, span: Span, dimension: str) -> pl.DataFrame:
    return data.frame(
        f"""
        select
            {dimension} as value,
            count(*) filter (where received_date >= $start) as now,
            count(*) filter (where received_date < $start) as before,
        from {VIEW}
        where received_date between $base_start and $end
        and {dimension} is not null
        and {{seen}}
        group by all
        order by value
        """,
        base_start=span.base_first,
        start=span.first,
        end=span.last,
    )


def _candidate(
    data: Data, span: Span, dimension: str, value: str, now: int, before: int, share: float
) -> Candidate:
    # Given its cases of both, each falls into the period with the period's part of all cases.
    p = at_most(0, now, 1 - share) if before == 0 else 1.0
    return Candidate(
        ID,
        f"{dimension}={value}",
        None,
        p,
        now,
        lambda: _question(data, span, dimension, value, now),
    )


def _question(data: Data, span: Span, dimension: str, value: str, now: int) -> Question:
    name = dimensions()[dimension].name_zh
    held = data.frame(
        f"""
        select
            coalesce(sub_branch, '未填报') as sub_branch,
            count(*) as cases,
            min(received_date) as first_day,
        from {VIEW}
        where received_date between $start and $end and {dimension} = $value and {{seen}}
        group by all
        """,
        start=span.first,
        end=span.last,
        value=value,
    )
    first_day = min(held["first_day"].to_list())
    found = sorted(held["sub_branch"].to_list(), key=natural_key)
    spread = f"涉及 {len(found)} 家" if len(found) > 1 else f"全部来自{found[0]}"
    return Question(
        ID,
        f"{dimension}={value}",
        tuple(found),
        f"“{name}”出现以往没有过的值“{value}”：{now:,} 件，最早 {first_day}，{spread}；"
        f"{span.history_words}一件没有。是新增的，还是换了写法？",
        f"{span.history_words} 0 件",
        now,
        now,
        "件",
        Picture(
            f"{name}“{value}”逐月件数",
            "收到月份",
            "件",
            _months(data, span, dimension, value),
        ),
        span.period,
        rows=RowsOf(
            VIEW,
            "complaint",
            f"received_date between $start and $end and {dimension} = $value",
            {"start": span.first, "end": span.last, "value": value},
        ),
        explained=Explained("complaint_count", {dimension: (value,)}),
    )


def _months(data: Data, span: Span, dimension: str, value: str) -> tuple[Bar, ...]:
    counted = data.frame(
        f"""
        with months as (
            select unnest(generate_series(
                date_trunc('month', $base_start::date), $end::date, interval 1 month
            ))::date as first_day
        )

        select
            months.first_day,
            count(cases.row_key) as cases,
        from months
        left join (
            select row_key, received_date
            from {VIEW}
            where {dimension} = $value
            and received_date between $base_start and $end
            and {{seen}}
        ) as cases on date_trunc('month', cases.received_date) = months.first_day
        group by all
        order by all
        """,
        base_start=span.base_first,
        end=span.last,
        value=value,
    )
    start = span.first.replace(day=1)
    return tuple(Bar(f"{day:%Y-%m}", cases, 0, day >= start) for day, cases in counted.iter_rows())
