"""Small counts are put together with others until nobody can be told apart by subtraction."""

import polars as pl

from warehouse.handouts.cross_table import pooled


def tells_few(above: float, below: float, limit: int) -> bool:
    """Whether a share tells a small number with its counts: 38 in 40 tell the other 2."""
    return any(0 < count < limit for count in (above, below - above))


def _rest(values: pl.Series, limit: int) -> list[int]:
    """Places of the counts that may not stand alone; of equal ones the last are taken first."""
    counts = {str(place): values[place] for place in reversed(range(len(values)))}
    return sorted(int(place) for place, name in pooled(counts, limit).items() if name != place)


def together(parts: pl.DataFrame, limit: int) -> pl.DataFrame:
    """A list of counts (label, value, share) whose small ones are one row, the last.

    Counts below the limit become one row, with the next larger ones until that row is large
    enough or holds everything: what was put together is nowhere told apart, so the total gives
    nothing away. A list that is all in all below the limit becomes a single row.
    """
    places = _rest(parts["value"], limit)
    if not places:
        return parts
    rest = parts[places]
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
    others = parts[[place for place in range(parts.height) if place not in places]]
    return pl.concat([others, joined])


def told_apart(moved: pl.DataFrame, limit: int) -> pl.DataFrame:
    """The rows of a comparison (current, base) that may stand alone beside both totals.

    None of them is put together with others in a list of either side, however ties are broken
    there; nobody at all is no secret.
    """
    alone = pl.lit(value=True)
    for side in ("current", "base"):
        counts = moved.filter(pl.col(side) > 0)[side]
        held = [counts[place] for place in _rest(counts, limit)]
        if held:
            alone &= (pl.col(side) == 0) | (pl.col(side) > max(held))
    return moved.filter(alone)
