"""Small counts are put together with others until nobody can be told apart by subtraction."""

import polars as pl


def together(parts: pl.DataFrame, limit: int) -> pl.DataFrame:
    """A list of counts (label, value, share), largest first, whose small ones are one row.

    Counts below the limit become one row, with the next larger ones until that row is large
    enough or holds everything: what was put together is nowhere told apart, so the total gives
    nothing away. A list that is all in all below the limit becomes a single row.
    """
    small = parts.filter(pl.col("value") < limit).height
    if not small:
        return parts
    count = max(small, 2)
    while count < parts.height and float(parts["value"].tail(count).sum()) < limit:
        count += 1
    rest = parts.tail(count)
    if rest.height == 1:
        return parts if float(rest["value"].sum()) >= limit else rest.with_columns(value=None)
    joined = pl.DataFrame(
        {
            "label": [f"其余{rest.height}项合计"],
            "value": [float(rest["value"].sum())],
            "share": [round(float(rest["share"].sum()), 1)],
        },
        schema=parts.schema,
    )
    return pl.concat([parts.head(parts.height - count), joined])
