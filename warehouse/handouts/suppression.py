"""Small counts are put together with others until nobody can be told apart by subtraction."""

import polars as pl


def _rest(values: pl.Series, limit: int) -> pl.Series:
    """Places of the counts that may not stand alone: the small ones, and with them the next larger.

    They go on until they are at least two and together not small, or until nothing else is left.
    """
    places = values.arg_sort(descending=True, nulls_last=True)
    small = int((values < limit).sum())
    if not small:
        return places.clear()
    count = max(small, 2)
    while count < len(values) and values.gather(places.tail(count)).sum() < limit:
        count += 1
    return places.tail(count)


def together(parts: pl.DataFrame, limit: int) -> pl.DataFrame:
    """A list of counts (label, value, share) whose small ones are one row, the last.

    Counts below the limit become one row, with the next larger ones until that row is large
    enough or holds everything: what was put together is nowhere told apart, so the total gives
    nothing away. A list that is all in all below the limit becomes a single row.
    """
    places = _rest(parts["value"], limit)
    if places.is_empty():
        return parts
    rest = parts[places.sort()]
    if rest.height == 1:
        return rest.with_columns(value=None)
    joined = pl.DataFrame(
        {
            "label": [f"其余{rest.height}项合计"],
            "value": [float(rest["value"].sum())],
            "share": [round(float(rest["share"].sum()), 1)],
        },
        schema=parts.schema,
    )
    others = parts.with_row_index("place").filter(~pl.col("place").is_in(places.implode()))
    return pl.concat([others.drop("place"), joined])


def told_apart(moved: pl.DataFrame, limit: int) -> pl.DataFrame:
    """The rows of a comparison (current, base) that may stand alone beside both totals.

    None of them is put together with others in a list of either side, however ties are broken
    there; nobody at all is no secret.
    """
    alone = pl.lit(value=True)
    for side in ("current", "base"):
        counts = moved.filter(pl.col(side) > 0)[side]
        held = counts.gather(_rest(counts, limit))
        if not held.is_empty():
            alone &= (pl.col(side) == 0) | (pl.col(side) > held.max())
    return moved.filter(alone)
