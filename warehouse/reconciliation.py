"""Compares one figure as two extracts tell it: both numbers, the difference and a word for it."""

from functools import cache
from typing import Literal

import duckdb
import polars as pl
from pydantic import BaseModel, ConfigDict

from warehouse.definitions import load_mapping
from warehouse.errors import DefinitionError
from warehouse.indicators import compute
from warehouse.periods import Period
from warehouse.registry import TIME_DIMENSIONS, indicators
from warehouse.scope import Scope

FILE = "reconciliations.yml"
AGREES, DIFFERS, EXCEEDS, ONE_SIDE = "一致", "不一致", "超出", "只有一方"
WITHIN = "合理"
# Both sides may stand as they are.
FINE = (AGREES, WITHIN)


class Side(BaseModel):
    """One of the two figures: a number of an indicator, perhaps of one source only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    indicator: str
    figure: Literal["value", "numerator", "denominator"] = "value"
    name_zh: str
    where: dict[str, tuple[str, ...]] = {}


class Reconciliation(BaseModel):
    """Two figures that must agree, or of which one is a part of the other."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title_zh: str
    left: Side
    right: Side
    by: tuple[str, ...] = ()
    relation: Literal["equal", "at_most"]
    explanation_zh: str


def _faults(found: Reconciliation) -> list[str]:
    faults = []
    for part, side in (("left", found.left), ("right", found.right)):
        asked = indicators().get(side.indicator)
        if asked is None:
            faults.append(f"{found.id}.{part}.indicator:没有指标 {side.indicator!r}")
            continue
        allowed = {*asked.dimensions, *TIME_DIMENSIONS}
        faults += [
            f"{found.id}.{part}:指标 {side.indicator} 不能按 {name!r} 划分或筛选"
            for name in (*found.by, *side.where)
            if name not in allowed
        ]
    return faults


@cache
def reconciliations() -> dict[str, Reconciliation]:
    """Every pair by id; raises DefinitionError naming file, entry and key."""
    found = load_mapping(FILE, Reconciliation)
    faults = [f"{FILE}:{fault}" for one in found.values() for fault in _faults(one)]
    if faults:
        raise DefinitionError("\n".join(faults))
    return found


def _side(
    cursor: duckdb.DuckDBPyConnection,
    asked: Reconciliation,
    side: Side,
    period: Period,
    scope: Scope,
    name: str,
) -> pl.DataFrame:
    found = compute(cursor, side.indicator, period, by=asked.by, where=side.where, scope=scope)
    return found.select(*asked.by, pl.col(side.figure).alias(name))


def reconcile(
    cursor: duckdb.DuckDBPyConnection, asked: Reconciliation, period: Period, *, scope: Scope
) -> pl.DataFrame:
    """Per cell: columns *by, left, right, difference (left - right), status."""
    left = _side(cursor, asked, asked.left, period, scope, "left")
    right = _side(cursor, asked, asked.right, period, scope, "right")
    if asked.by:
        both = left.join(right, on=list(asked.by), how="full", coalesce=True, nulls_equal=True)
    else:
        both = pl.concat([left, right], how="horizontal")
    difference = pl.col("left") - pl.col("right")
    is_good = difference == 0 if asked.relation == "equal" else difference <= 0
    words = (AGREES, DIFFERS) if asked.relation == "equal" else (WITHIN, EXCEEDS)
    status = (
        pl.when(difference.is_null())
        .then(pl.lit(ONE_SIDE))
        .when(is_good)
        .then(pl.lit(words[0]))
        .otherwise(pl.lit(words[1]))
    )
    is_told = pl.col("left").is_not_null() | pl.col("right").is_not_null()
    return both.filter(is_told).with_columns(difference=difference, status=status)


def stated_totals(cursor: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Batches whose total row states a number of rows, and how many rows there were."""
    return cursor.execute(
        """
        select
            file_name,
            sheet,
            rows_stated as stated,
            rows_read - rows_ignored as found,
            stated - found as difference,
            case when difference = 0 then $agrees else $differs end as status,
        from lake.meta.batch
        where rows_stated is not null
        order by difference = 0, loaded_at desc
        """,
        {"agrees": AGREES, "differs": DIFFERS},
    ).pl()
