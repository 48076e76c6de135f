"""Puts rows into the cells of a cut and makes each cell's figures."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from tests.reference.bases import held_at
from tests.reference.frames import Frames
from tests.reference.measures import (
    Count,
    Coverage,
    Distinct,
    Known,
    Mean,
    Measure,
    Pool,
    Quantile,
    Rate,
    Share,
    Stock,
)
from warehouse.periods import Period

TIMES = {"month": "%Y-%m", "quarter": "%YQ", "year": "%Y"}
Where = Mapping[str, Sequence[str | None]]


def label(day: pl.Expr, time: str) -> pl.Expr:
    """The month, quarter or year of a day, as it is written."""
    written = day.dt.strftime(TIMES[time])
    return written + day.dt.quarter().cast(pl.String) if time == "quarter" else written


def chosen(pool: Pool, where: Where, seen: Sequence[str] | None) -> pl.DataFrame:
    """The rows that pass the filters and may be seen, dated and with the names of their times."""
    day = pl.col(pool.day)
    rows = pool.rows.with_columns(
        pl.lit(value=True).alias("is_in_pool"),
        day.alias("dated"),
        *(label(day, time).alias(time) for time in TIMES),
    )
    for name, wanted in where.items():
        rows = rows.filter(pl.col(name).is_in(list(wanted), nulls_equal=True))
    return rows if seen is None else rows.filter(pl.col("sub_branch").is_in(seen))


def figures(measure: Measure) -> dict[str, pl.Expr]:
    """Numerator, denominator and value of the rows of one cell."""
    nothing = pl.lit(None, dtype=pl.Float64)
    match measure:
        case Count(_, what):
            total = _sum(what)
            return {"numerator": total, "denominator": nothing, "value": total}
        case Known(_, what, told):
            total, known = _sum(what), _sum(told)
            return {
                "numerator": total,
                "denominator": known,
                "value": pl.when(known > 0).then(total),
            }
        case Share(_, part, whole):
            return _fraction(_sum(part), _sum(whole), 100)
        case Mean(_, amount, cases):
            counted = pl.when(cases).then(amount)
            return _fraction(_sum(counted), _sum(cases), 1)
        case Quantile(_, amount, share):
            return {
                "numerator": nothing,
                "denominator": amount.count().cast(pl.Float64),
                "value": amount.cast(pl.Float64).quantile(share, "linear"),
            }
        case Distinct(_, key, counted) | Coverage(_, key, counted):
            different = key.filter(counted.fill_null(value=False)).drop_nulls().n_unique()
            number = different.cast(pl.Float64)
            return {"numerator": number, "denominator": nothing, "value": number}
        case Rate():
            number = pl.len().cast(pl.Float64)
            return {"numerator": number, "denominator": nothing, "value": number}
        case Stock(_, _, _, amount):
            total = _sum(amount)
            return {"numerator": total, "denominator": nothing, "value": total}


def _sum(what: pl.Expr) -> pl.Expr:
    return what.cast(pl.Float64).fill_null(0).sum()


def _fraction(part: pl.Expr, whole: pl.Expr, per: float) -> dict[str, pl.Expr]:
    return {
        "numerator": part,
        "denominator": whole,
        "value": pl.when(whole > 0).then(part / whole * per),
    }


def summed(measure: Measure, rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """One row of figures per cell; a single one without a cut, none when there are no rows."""
    if rows.is_empty():
        return pl.DataFrame(schema=_schema(by))
    made = figures(measure)
    if not by:
        # A literal alone would be as long as the frame that it stands in.
        return rows.group_by(pl.lit(1).alias("all")).agg(**made).select(made.keys())
    return rows.group_by(list(by)).agg(**made)


def _schema(by: Sequence[str]) -> dict[str, type[pl.DataType]]:
    return dict.fromkeys(by, pl.String) | dict.fromkeys(
        ("numerator", "denominator", "value"), pl.Float64
    )


def ends_of(frames: Frames, entity: str, period: Period, time: str | None) -> dict[str, date]:
    """The last day of every part of a period that the extracts of an entity reach."""
    first, today = frames.first_day(entity), frames.data_date(entity)
    if first is None or today is None:
        return {}
    start, end = period.start or first, period.end or today
    if start > today or end < first:
        return {}
    if time is None:
        return {period.id: end}
    days = pl.date_range(max(start, first), min(end, today), eager=True).to_frame("day")
    parts = days.group_by(label(pl.col("day"), time).alias("part")).agg(pl.col("day").max())
    step = {"month": "1mo", "quarter": "1q", "year": "1y"}[time]
    last = pl.col("day").dt.truncate(step).dt.offset_by(step).dt.offset_by("-1d")
    closing = parts.with_columns(pl.min_horizontal(last, pl.lit(end)))
    return dict(closing.iter_rows())


def stock_cells(
    measure: Stock, rows: pl.DataFrame, ends: Mapping[str, date], by: Sequence[str]
) -> pl.DataFrame:
    """What is there at each end: looked at anew for every one of them."""
    time = next((name for name in by if name in TIMES), None)
    others = [name for name in by if name not in TIMES]
    found = [pl.DataFrame(schema=_schema(by))]
    for part, day in ends.items():
        there = rows.filter(
            pl.col(measure.begins) <= day,
            pl.col(measure.ends).is_null() | (pl.col(measure.ends) > day),
        )
        cells = summed(measure, there, others)
        if time is not None:
            cells = cells.with_columns(pl.lit(part).alias(time))
        found.append(cells.select(found[0].columns))
    return pl.concat(found)


def over_base(
    frames: Frames, measure: Coverage | Rate, counted: pl.DataFrame, ends: Mapping[str, date],
    by: Sequence[str], seen: Sequence[str] | None,
) -> pl.DataFrame:  # fmt: skip
    """Counts beside the base at the end of their time; known sub-branches without any have zero."""
    time = next((name for name in by if name in TIMES), None)
    counts = {tuple(row[name] for name in by): row["numerator"] for row in counted.to_dicts()}
    bases = {part: held_at(frames, measure.base, day, seen) for part, day in ends.items()}
    if set(by) <= {"sub_branch", *TIMES}:
        for part, held in bases.items():
            for name in held.by_sub_branch if "sub_branch" in by else [None]:
                known = {"sub_branch": name, time: part}
                counts.setdefault(tuple(known[column] for column in by), None)
    rows = []
    for cell, number in counts.items():
        at = dict(zip(by, cell, strict=True))
        held = bases.get(at[time]) if time else next(iter(bases.values()), None)
        base = None
        if held is not None:
            base = held.of(at["sub_branch"]) if "sub_branch" in at else held.total
        if base is not None and number is None:
            number = 0.0
        value = measure.per * number / base if base and number is not None else None
        rows.append({**at, "numerator": number, "denominator": base, "value": value})
    return pl.DataFrame(rows, schema=_schema(by))
