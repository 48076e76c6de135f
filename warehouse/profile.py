"""One sub-branch on one page: who it is, where it stands, where it is behind, and why."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import polars as pl

from warehouse.cases import Cases, cases
from warehouse.coverage import coverage, in_display_order, is_complete
from warehouse.gaps import Gap, check_seen, fitting, gaps_of, measured
from warehouse.indicators import compute
from warehouse.peers import EVERYBODY, Member, Place, across, comparable, members, peers, places
from warehouse.periods import Period, parse_period
from warehouse.registry import indicator
from warehouse.request import Where
from warehouse.scope import Scope

# What the page shows unless somebody chooses otherwise; whatever the registry lacks is left out.
TRENDS = ("complaint_count", "complaint_timely_rate")
MIX = "complaint_count"
MIX_CUTS = ("category_group", "cause_group")
EXAM_CUTS = (("exam_section_mean_score", "section"), ("exam_mean_score", "post"))
ENTITY = "complaint"
GAPS_SHOWN = 3
NO_CASES = Cases("", pl.DataFrame())


@dataclass(frozen=True)
class Base:
    """What a sub-branch stands for: outlets, personal customers and staff, as delivered last."""

    outlets: int | None
    customers: int | None
    staff: int | None
    as_of: date


@dataclass(frozen=True)
class Survey:
    """All that profiles of one period share: the group, everybody's places, courses and cuts.

    `limit`: counts of cases below it are not told, nor what would tell them; 0 where all are.
    """

    period: Period
    where: Where
    scope: Scope
    group: tuple[Member, ...]
    bases: dict[str, Base]
    places: dict[str, pl.DataFrame]
    courses: dict[str, pl.DataFrame]
    exams: dict[str, pl.DataFrame]
    mixes: dict[str, pl.DataFrame]
    limit: int = 0

    @property
    def names(self) -> list[str]:
        """The sub-branches that the reader may see, in the bank's order."""
        seen = self.scope.sub_branches
        return [one.name for one in self.group if seen is None or one.name in seen]


@dataclass(frozen=True)
class Finding:
    """One gap with the cases behind it, where they are told."""

    gap: Gap
    cases: Cases = NO_CASES


@dataclass(frozen=True)
class Profile:
    """Everything the page and the workbook say about one sub-branch."""

    name: str
    base: Base | None
    places: dict[str, Place]
    findings: tuple[Finding, ...]
    courses: dict[str, pl.DataFrame]
    exams: dict[str, pl.DataFrame]
    mixes: dict[str, pl.DataFrame]
    limit: int = 0


def survey(
    cursor: duckdb.DuckDBPyConnection,
    period: Period,
    window: Period,
    *,
    where: Where | None = None,
    scope: Scope,
    benchmark: Scope = EVERYBODY,
    ranked: Callable[[str], pl.DataFrame] | None = None,
) -> Survey:
    """What the profiles of a period rest on; `window` is the span of the monthly courses.

    `ranked` gives the result of `peers` for an indicator where somebody keeps it already.
    """
    group, asked = members(cursor), where or {}
    held = {one.id: one for one in comparable()}
    options: dict[str, Any] = {"scope": scope, "benchmark": benchmark, "group": group}

    def fresh(what: str) -> pl.DataFrame:
        return peers(cursor, what, period, where=fitting(held[what], asked), **options)

    def cut(what: str, by: str, span: Period) -> pl.DataFrame:
        return across(cursor, what, span, by, where=fitting(held[what], asked), **options)

    return Survey(
        period=period,
        where=asked,
        scope=scope,
        group=group,
        bases=_bases(cursor, period),
        places={what: (ranked or fresh)(what) for what in surveyed()},
        courses={
            what: _with_completeness(cursor, what, cut(what, "month", window))
            for what in TRENDS
            if what in held
        },
        exams={by: cut(what, by, period) for what, by in EXAM_CUTS if what in held},
        mixes={by: _mix(cursor, by, period, asked, scope, group) for by in MIX_CUTS},
    )


def surveyed() -> tuple[str, ...]:
    """The indicators that a profile ranks: all in which one can be behind, and the trends."""
    wanted = {one.id for one in measured()} | set(TRENDS)
    return tuple(one.id for one in comparable() if one.id in wanted)


def _bases(cursor: duckdb.DuckDBPyConnection, period: Period) -> dict[str, Base]:
    rows = cursor.execute(
        """
        select sub_branch, outlet_count, personal_customer_count, staff_count, period_start,
        from organisation_base
        where $end::date is null or period_start <= $end
        qualify row_number() over (partition by sub_branch order by period_start desc) = 1
        """,
        {"end": period.end},
    ).fetchall()
    return {name: Base(*figures) for name, *figures in rows}


def _with_completeness(
    cursor: duckdb.DuckDBPyConnection, what: str, course: pl.DataFrame
) -> pl.DataFrame:
    held = coverage(cursor).get(indicator(what).entity)
    open_months = [
        month for month in course["month"].unique() if not is_complete(parse_period(month), held)
    ]
    return course.with_columns(pl.col("month").is_in(open_months).alias("is_incomplete"))


def _mix(
    cursor: duckdb.DuckDBPyConnection,
    by: str,
    period: Period,
    where: Where,
    scope: Scope,
    group: Sequence[Member],
) -> pl.DataFrame:
    """Complaints of each sub-branch of the scope by one dimension, with the group's own share.

    Of the whole group a reader with a narrower scope learns nothing but these shares.
    """
    names = [one.name for one in group]
    found = compute(
        cursor, MIX, period, by=("sub_branch", by), where=fitting(indicator(MIX), where),
        scope=EVERYBODY,
    ).filter(pl.col("sub_branch").is_in(names))  # fmt: skip
    order = in_display_order(cursor, by, found[by].to_list())
    position = {value: at for at, value in enumerate(order)}
    whole = found.group_by(by).agg(pl.col("value").sum().alias("group_count"))
    own = found if scope.sub_branches is None else found.filter(
        pl.col("sub_branch").is_in(sorted(scope.sub_branches))
    )  # fmt: skip
    return (
        own.select("sub_branch", by, count="value")
        .join(whole, on=by, how="left", nulls_equal=True)
        .select(
            "sub_branch",
            by,
            "count",
            (100 * pl.col("count") / pl.col("count").sum().over("sub_branch")).alias("share"),
            (100 * pl.col("group_count") / whole["group_count"].sum()).alias("group_share"),
            pl.Series("position", [position[value] for value in own[by]], dtype=pl.Int64),
        )
        .sort("count", "position", descending=[True, False])
        .drop("position")
    )


def profile(cursor: duckdb.DuckDBPyConnection, held: Survey, name: str) -> Profile:
    """The page of one sub-branch.

    Raises QueryError for a sub-branch outside the scope or the group.
    """
    return next(profiles(cursor, held, (name,)))


def profiles(
    cursor: duckdb.DuckDBPyConnection,
    held: Survey,
    names: Sequence[str],
    *,
    has_cases: bool = True,
) -> Iterator[Profile]:
    """The pages of several sub-branches, one after another, so that progress can be shown."""
    for name in names:
        check_seen(name, held.scope)
    placed = {name: _places(held, name) for name in names}
    behind = {
        name: gaps_of({one.id: found[one.id] for one in measured()})[:GAPS_SHOWN]
        for name, found in placed.items()
    }
    told = _cases(cursor, held, behind) if has_cases else {}
    for name, found in placed.items():
        yield Profile(
            name=name,
            base=held.bases.get(name),
            places=found,
            findings=tuple(
                Finding(gap, told.get((gap.indicator_id, name), NO_CASES)) for gap in behind[name]
            ),
            courses=_own(held.courses, name),
            exams={by: _weakest_first(by, cut) for by, cut in _own(held.exams, name).items()},
            mixes=_own(held.mixes, name),
            limit=held.limit,
        )


def _places(held: Survey, name: str) -> dict[str, Place]:
    return {
        what: places(frame.filter(pl.col("sub_branch") == name))[0]
        for what, frame in held.places.items()
    }


def _cases(
    cursor: duckdb.DuckDBPyConnection, held: Survey, behind: Mapping[str, Sequence[Gap]]
) -> dict[tuple[str, str], Cases]:
    """The cases by indicator and sub-branch: the rows of an indicator are looked through once."""
    wanted: dict[str, dict[str, Gap]] = {}
    for name, gaps in behind.items():
        for gap in gaps:
            wanted.setdefault(gap.indicator_id, {})[name] = gap
    return {
        (what, name): found
        for what, gaps in wanted.items()
        # The median, to which single cases are compared, is the same for all of them.
        for name, found in cases(
            cursor,
            next(iter(gaps.values())),
            list(gaps),
            held.period,
            where=held.where,
            scope=held.scope,
        ).items()
    }


def _own(frames: Mapping[str, pl.DataFrame], name: str) -> dict[str, pl.DataFrame]:
    return {
        key: frame.filter(pl.col("sub_branch") == name).drop("sub_branch")
        for key, frame in frames.items()
    }


def _weakest_first(by: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The parts of an exam with the distance to the group's median, lowest first."""
    known = frame.filter(pl.col("value").is_not_null())
    return known.with_columns(gap=pl.col("value") - pl.col("median")).sort("gap", by)
