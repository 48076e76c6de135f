"""Complaints in the words of the definitions: which are counted on which day, and how."""

import polars as pl

from tests.reference.frames import Frames
from tests.reference.measures import (
    EVERY_ROW,
    Count,
    Known,
    Mean,
    Measure,
    Pool,
    Quantile,
    Rate,
    Share,
    Stock,
)

ORDINARY_LIMIT, FIRST_EXTENSION, LONGEST_LIMIT = 15, 15, 60
POINTS = {"非常满意": 100, "满意": 75, "基本满意": 50, "不满意": 25, "非常不满意": 0}
CONTENT = ("非常满意", "满意", "基本满意")
REFUSED, CLOSED, WITHDRAWN = "不予受理", "已办结", "已撤诉"


def measures(frames: Frames) -> dict[str, Measure]:
    """Every indicator of complaints."""
    cases = _cases(frames)
    return (
        _received(cases) | _per_base(cases) | _timely(cases, frames) | _ended(cases)
        | _responded(cases) | {"open_complaint_count": _open(cases)}
    )  # fmt: skip


def _cases(frames: Frames) -> pl.DataFrame:
    """Complaints with the days that count: received, ended, and what is known of their end."""
    status = pl.col("status")
    is_refused = status.eq_missing(REFUSED)
    withdrawn, decided, closed = (
        pl.col(f"{name}_at").dt.date() for name in ("withdrawn", "decided", "closed")
    )
    cases = frames.rows("complaint").with_columns(
        received=pl.col("received_at").dt.date(),
        ended=pl.min_horizontal(withdrawn, pl.coalesce(decided, closed)),
        is_refused=is_refused,
        is_withdrawn=withdrawn.is_not_null() | status.eq_missing(WITHDRAWN),
        is_word_known=status.is_null() | status.is_in(list(frames.group_names("status"))),
        is_over=status.is_in([REFUSED, CLOSED, WITHDRAWN]).fill_null(value=False),
    )
    ended = pl.col("ended").is_not_null()
    return cases.with_columns(
        has_end=pl.col("is_over") | ended, tells_end=pl.col("is_word_known") | ended
    )


def _received(cases: pl.DataFrame) -> dict[str, Measure]:
    pool = Pool("complaint", cases, "received")
    accepted = pl.col("tells_end") & ~pl.col("is_refused")
    closed = accepted & pl.col("has_end")

    def flag(name: str) -> Share:
        return Share(pool, pl.col(name), pl.col(name).is_not_null())

    def content(column: str, answers: tuple[str, ...] = CONTENT) -> Share:
        return Share(pool, pl.col(column).is_in(answers), pl.col(column).is_in(list(POINTS)))

    rated = pl.col("satisfaction").is_in(list(POINTS))
    points = pl.col("satisfaction").replace_strict(POINTS, default=None, return_dtype=pl.Float64)
    blame = pl.col("responsibility")
    return {
        "complaint_count": Count(pool, EVERY_ROW),
        "merged_complaint_count": Known(
            pool, pl.col("is_repeat").ne_missing(other=True), pl.col("is_repeat").is_not_null()
        ),
        "complaint_closed_rate": Share(pool, closed, accepted),
        "repeat_rate": flag("is_repeat"),
        "escalated_rate": flag("is_escalated"),
        "forwarded_share": flag("is_forwarded"),
        "first_contact_resolution_rate": flag("is_resolved_at_first_contact"),
        "responsible_rate": Share(
            pool, blame.is_in(["有责", "部分有责"]), blame.is_in(["有责", "部分有责", "无责"])
        ),
        "satisfaction_rate": content("satisfaction"),
        "very_satisfied_rate": content("satisfaction", ("非常满意",)),
        "basically_satisfied_rate": content("satisfaction", ("基本满意",)),
        "satisfaction_efficiency_rate": content("satisfaction_efficiency"),
        "satisfaction_solution_rate": content("satisfaction_solution"),
        "satisfaction_score": Mean(pool, points, rated),
        "satisfaction_response_rate": Share(pool, closed & rated, closed),
    }


def _per_base(cases: pl.DataFrame) -> dict[str, Measure]:
    pool = Pool("complaint", cases, "received")
    divisors = {
        "complaints_per_thousand_outlets": ("outlet_count", 1_000),
        "complaints_per_hundred_outlets": ("outlet_count", 100),
        "complaints_per_outlet": ("outlet_count", 1),
        "complaints_per_ten_million_customers": ("personal_customer_count", 10_000_000),
        "complaints_per_million_customers": ("personal_customer_count", 1_000_000),
        "complaints_per_ten_thousand_customers": ("personal_customer_count", 10_000),
        "complaints_per_ten_billion_deposits": ("deposit_balance_yuan", 10_000_000_000),
    }
    return {name: Rate(pool, base, per) for name, (base, per) in divisors.items()}


def _due(cases: pl.DataFrame, frames: Frames, starts: pl.Expr) -> pl.DataFrame:
    """Cases with a limit of their own that the extracts have reached, with the day it ended."""
    granted = pl.col("extension_days").clip(lower_bound=0).fill_null(FIRST_EXTENSION)
    days = pl.when(pl.col("is_extension_approved")).then(
        (ORDINARY_LIMIT + granted).clip(upper_bound=LONGEST_LIMIT)
    )
    today = frames.data_date("complaint")
    return cases.filter(
        ~pl.col("is_withdrawn"),
        ~pl.col("is_refused"),
        pl.col("tells_end"),
        pl.col("states_timeliness").ne_missing(other=True),
        pl.col("dates_endings").ne_missing(other=False),
    ).with_columns(
        started=starts,
        due=starts + pl.duration(days=days.otherwise(ORDINARY_LIMIT)),
    ).filter(pl.col("due") <= pl.lit(today, dtype=pl.Date))  # fmt: skip


def _timely(cases: pl.DataFrame, frames: Frames) -> dict[str, Measure]:
    forwarded = pl.when("is_forwarded").then(pl.col("forwarded_at").dt.date())
    own = _due(cases, frames, pl.coalesce(forwarded, "received"))
    in_time = (pl.col("ended") <= pl.col("due")).fill_null(value=False)
    took = (pl.col("ended") - pl.col("started")).dt.total_days()
    own = own.with_columns(
        is_timely=in_time,
        needs_evidence=pl.col("is_extension_approved").is_null()
        & took.is_between(ORDINARY_LIMIT + 1, LONGEST_LIMIT).fill_null(value=False),
    )
    stated = cases.filter(
        pl.col("states_timeliness"),
        pl.col("is_timely_stated").is_not_null(),
        ~pl.col("is_withdrawn"),
        ~pl.col("is_refused"),
    ).with_columns(
        due=pl.coalesce(pl.col("stated_due_at").dt.date(), "received"),
        is_timely="is_timely_stated",
        needs_evidence=pl.lit(value=False),
    )  # fmt: skip
    pool = Pool("complaint", pl.concat([own, stated], how="diagonal"), "due")
    forwarded_ones = pl.col("is_forwarded").fill_null(value=False)
    by_receipt = _due(cases, frames, pl.col("received")).with_columns(is_timely=in_time)
    return {
        "complaint_timely_rate": Share(pool, pl.col("is_timely"), EVERY_ROW),
        "complaint_timely_rate_forwarded": Share(
            pool, pl.col("is_timely") & forwarded_ones, forwarded_ones
        ),
        "complaint_needs_evidence_count": Count(pool, pl.col("needs_evidence")),
        "complaint_timely_rate_by_receipt": Share(
            Pool("complaint", by_receipt, "due"), pl.col("is_timely"), EVERY_ROW
        ),
    }


def _ended(cases: pl.DataFrame) -> dict[str, Measure]:
    days = (pl.col("ended") - pl.col("received")).dt.total_days()
    pool = Pool("complaint", cases.with_columns(days=days).filter(pl.col("days") >= 0), "ended")
    return {
        "complaint_ended_count": Count(pool, EVERY_ROW),
        "handling_days_mean": Mean(pool, pl.col("days"), EVERY_ROW),
        "handling_days_median": Quantile(pool, pl.col("days"), 0.5),
        "handling_days_p90": Quantile(pool, pl.col("days"), 0.9),
    }


def _responded(cases: pl.DataFrame) -> dict[str, Measure]:
    """Only where both moments have a time of day: midnight sharp stands for a mere date."""
    received, answered = pl.col("received_at"), pl.col("first_response_at")
    has_time = [moment.dt.time() != pl.time(0) for moment in (received, answered)]
    pool = Pool(
        "complaint",
        cases.filter(answered >= received, *has_time).with_columns(
            minutes=(answered - received).dt.total_seconds() / 60
        ),
        "received",
    )
    return {
        "first_response_minutes_median": Quantile(pool, pl.col("minutes"), 0.5),
        "first_response_minutes_mean": Mean(pool, pl.col("minutes"), EVERY_ROW),
        "first_response_within_hour_rate": Share(pool, pl.col("minutes") <= 60, EVERY_ROW),
    }


def _open(cases: pl.DataFrame) -> Stock:
    told = cases.filter(
        pl.col("tells_end"),
        pl.col("dates_endings").ne_missing(other=False),
        pl.col("ended").is_not_null() | ~pl.col("is_over"),
    )
    return Stock(Pool("complaint", told, "received"), "received", "ended", EVERY_ROW)
