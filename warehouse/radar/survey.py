"""The whole radar of a period: every signal, one correction over all, the questions left."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import duckdb
import polars as pl

from warehouse.coverage import coverage
from warehouse.detail import LINEAGE, same_row
from warehouse.excess import corrected
from warehouse.periods import Period
from warehouse.radar import (
    at_once,
    late_source,
    new_value,
    other_share,
    part_of_days,
    pass_mark,
    sameness,
    silence,
    under_limit,
)
from warehouse.radar.data import EVERY, Data, seen
from warehouse.radar.question import Answer, Candidate, Question, Radar
from warehouse.radar.settings import false_share
from warehouse.request import run
from warehouse.scope import Scope

_LOOKS: tuple[Callable[[Data], Answer], ...] = (
    other_share.look,
    new_value.look,
    under_limit.look,
    pass_mark.look,
    part_of_days.weekend,
    at_once.same_minute,
    at_once.same_day,
    part_of_days.month_end,
    silence.look,
    sameness.same_text,
    sameness.same_rating,
    sameness.instant_response,
    late_source.look,
)


def survey(cursor: duckdb.DuckDBPyConnection, period: Period, *, scope: Scope) -> Radar:
    """The questions that the data of a period raise, the strongest first, and what was tested.

    All tests of the run are corrected together (Benjamini and Hochberg): of the questions asked, at
    most the false share of definitions/radar.yml is chance on average.
    """
    data = Data(cursor, period, coverage(cursor), scope)
    answers = [look(data) for look in _LOOKS]
    asked = _beyond_chance([one for answer in answers for one in answer.candidates])
    ruled = [one for answer in answers for one in answer.ruled]
    found = sorted((*asked, *ruled), key=lambda one: (-one.strength, -one.hits, one.id))
    return Radar(period, tuple(found), tuple(answer.ran for answer in answers))


def _beyond_chance(candidates: Sequence[Candidate]) -> list[Question]:
    q_values = corrected([one.p_value for one in candidates])
    unusual = [
        (one, q)
        for one, q in zip(candidates, q_values, strict=True)
        if q is not None and q <= false_share()
    ]
    told = [one for one, _q in unusual]
    return [
        replace(one.ask(), p_value=one.p_value, q_value=q)
        for one, q in unusual
        if not _is_told_by_others(one, told)
    ]


def _is_told_by_others(one: Candidate, told: Sequence[Candidate]) -> bool:
    """Whether other questions tell the same already.

    Of everybody, when its sub-branches make up most of it; of one kind of data, when nothing at
    all came from the sub-branch; of the last hours, when it is asked about the days.
    """
    same = [other for other in told if other.signal_id == one.signal_id and other is not one]
    if one.is_whole:
        parts = [
            other.hits
            for other in same
            if not other.is_whole
            and (other.about == one.about or EVERY in (other.about, one.about))
        ]
        if parts and 2 * sum(parts) >= one.hits:
            return True
    wider = {EVERY, one.about.replace(".hours", ".days")} - {one.about}
    return any(other.sub_branch == one.sub_branch and other.about in wider for other in same)


def rows(
    cursor: duckdb.DuckDBPyConnection,
    question: Question,
    *,
    scope: Scope,
    limit: int | None = None,
) -> pl.DataFrame:
    """The rows behind a question with the file and line each came from; none where it has none."""
    wanted = question.rows
    if wanted is None:
        return pl.DataFrame()
    parameters = {**wanted.parameters, "limit": limit}
    if scope.sub_branches is not None:
        parameters["scope"] = sorted(scope.sub_branches)
    return run(
        cursor,
        f"""
        with found as (
            select row_key, source,
            from {wanted.view}
            where {wanted.condition} and {seen(scope)}
            order by row_key
            limit $limit
        )

        select
            detail.* exclude ({", ".join(LINEAGE)}),
            batch.file_name,
            detail.source_sheet,
            detail.source_row,
        from found
        inner join lake.core.{wanted.entity} as detail on {same_row(wanted.entity, "found")}
        inner join lake.meta.batch as batch on detail.batch_id = batch.batch_id
        order by found.row_key
        """,
        parameters,
    )
