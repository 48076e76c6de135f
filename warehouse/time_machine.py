"""Which numbers moved between two states of the lake, by which rows, of which batches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import duckdb
import polars as pl

from warehouse.detail import counted
from warehouse.entities import entities
from warehouse.indicators import compute
from warehouse.periods import Period
from warehouse.registry import Indicator, indicator
from warehouse.request import Where
from warehouse.scope import Scope

_CLOSE = 1e-9
STATES = ("新计入", "不再计入", "计法改变")
CAUSE_SCHEMA = {
    "state": pl.String,
    "key": pl.String,
    "batch_id": pl.String,
    "file_name": pl.String,
    "source_sheet": pl.String,
    "source_row": pl.Int64,
}


@dataclass(frozen=True)
class Question:
    """One number that is asked of both states."""

    indicator_id: str
    period: Period
    where: Where = field(default_factory=dict)


@dataclass(frozen=True)
class Moved:
    """A number that differs between two states; null on a side means that there was none."""

    asked: Indicator
    question: Question
    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        """After less before."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


def moved(
    now: duckdb.DuckDBPyConnection,
    stated: Iterable[tuple[Question, float | None]],
    *,
    scope: Scope,
) -> list[Moved]:
    """Those of the stated numbers that the present state gives differently."""
    found = []
    for question, before in stated:
        asked = indicator(question.indicator_id)
        held = compute(now, asked.id, question.period, where=question.where, scope=scope)
        after = held["value"][0]
        is_same = before == after or (
            before is not None and after is not None and abs(before - after) < _CLOSE
        )
        if not is_same:
            found.append(Moved(asked, question, before, after))
    return found


def values(
    cursor: duckdb.DuckDBPyConnection, questions: Sequence[Question], *, scope: Scope
) -> list[tuple[Question, float | None]]:
    """The questions with what one state answers."""
    return [
        (
            one,
            compute(cursor, one.indicator_id, one.period, where=one.where, scope=scope)["value"][0],
        )
        for one in questions
    ]


def batches_between(
    before: duckdb.DuckDBPyConnection, now: duckdb.DuckDBPyConnection
) -> pl.DataFrame:
    """The batches that the later state has and the earlier one had not, oldest first."""
    old = {name for (name,) in before.execute("select batch_id from lake.meta.batch").fetchall()}
    found = now.execute(
        """
        select
            batch_id, entity, file_name, loaded_at, rows_read, rows_inserted, rows_updated,
        from lake.meta.batch
        order by loaded_at, batch_id
        """
    ).pl()
    return found.filter(~pl.col("batch_id").is_in(list(old)))


def causes(
    before: duckdb.DuckDBPyConnection,
    now: duckdb.DuckDBPyConnection,
    question: Question,
    *,
    since: pl.Series,
    scope: Scope,
) -> pl.DataFrame:
    """The rows by which a number moved, with the batch that brought or changed each.

    `state` says whether a row is counted anew, no longer, or otherwise; `is_loaded_since` whether
    one of the batches in between (`since`) brought it. The others are as they were: the date of the
    data moved on, or the table of organisations changed. A number over the organisations' base may
    also move with that base, which has no row here.
    """
    asked = indicator(question.indicator_id)
    before_rows, now_rows = (
        counted(cursor, asked.id, question.period, where=question.where, scope=scope)
        for cursor in (before, now)
    )
    joined = before_rows.join(now_rows, on="row_key", how="full", coalesce=True, suffix="_now")
    changed = joined.with_columns(_state(joined)).filter(pl.col("state").is_not_null())
    found = _with_batches(now, asked, changed.select("row_key", "state").sort("row_key"))
    # A row that is not there any more was taken out by a load.
    is_since = pl.col("batch_id").is_in(since.implode()) | pl.col("batch_id").is_null()
    return found.with_columns(is_loaded_since=is_since).sort(
        "is_loaded_since", descending=True, maintain_order=True
    )


def _state(joined: pl.DataFrame) -> pl.Expr:
    is_new, is_gone = pl.col("numerator").is_null(), pl.col("numerator_now").is_null()
    names = [n for n in ("numerator", "denominator", "counted_value") if n in joined.columns]
    is_other = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_now")) for name in names)
    return (
        pl.when(is_new)
        .then(pl.lit(STATES[0]))
        .when(is_gone)
        .then(pl.lit(STATES[1]))
        .when(is_other)
        .then(pl.lit(STATES[2]))
        .alias("state")
    )


def _with_batches(
    now: duckdb.DuckDBPyConnection, asked: Indicator, changed: pl.DataFrame
) -> pl.DataFrame:
    """Where each of these rows was last brought from."""
    if changed.is_empty():
        return pl.DataFrame(schema=CAUSE_SCHEMA)
    # Identifiers come from the checked definitions.
    key = ", ".join(f'row."{name}"' for name in entities()[asked.entity].key)
    held = now.execute(
        f"""
        with brought as (
            select
                concat_ws(':', {key}) as row_key, row.batch_id, row.source_sheet, row.source_row,
            from lake.core."{asked.entity}" as row
        )

        select row_key, batch_id, batch.file_name, source_sheet, source_row,
        from brought
        left join lake.meta.batch as batch using (batch_id)
        where row_key in (select unnest($changed::varchar[]))
        """,
        {"changed": changed["row_key"].to_list()},
    ).pl()
    found = changed.join(held, on="row_key", how="left", maintain_order="left")
    return found.rename({"row_key": "key"}).select(*CAUSE_SCHEMA)
