"""How far counts lie beyond what their own history lets expect, and how likely by chance alone."""

from bisect import bisect_left
from collections.abc import Sequence

import polars as pl

from warehouse.chance import CONFIDENCE, at_most, count_at_least, highest_usual

# With fewer cases now and before together, hardly any split between the two is beyond chance.
FEWEST = 5
# Of the cells that are called unusual, at most so many in a hundred are chance on average.
FALSE_SHARE = 0.05


def assessed(
    cells: pl.DataFrame, days: int, history_days: int, *, judge: bool = True
) -> pl.DataFrame:
    """The cells with expected, excess, distance, change, p_value, q_value and is_unusual.

    `distance` is the excess in standard deviations of a Poisson count with this expectation (at
    least 1): a measure to shade by, no verdict.

    Given the cases of now and before together, how they fall on either side is binomial when
    nothing changed: exact however short the history is. p: so few or fewer of them before.
    """
    share = days / ((days + history_days) or 1)
    chances = [
        at_most(int(before), int(now + before), 1 - share)
        if judge and before is not None and now + before >= FEWEST
        else None
        for now, before in cells.select("count", "earlier").iter_rows()
    ]
    expected = pl.col("earlier") * days / (history_days or 1)
    return (
        cells.with_columns(
            expected.alias("expected"),
            (pl.col("count") - expected).alias("excess"),
            ((pl.col("count") - expected) / expected.clip(lower_bound=1).sqrt()).alias("distance"),
            (pl.col("count") - pl.col("base")).alias("change"),
            pl.Series("p_value", chances, dtype=pl.Float64),
            pl.Series("q_value", corrected(chances), dtype=pl.Float64),
        )
        .with_columns((pl.col("q_value") <= FALSE_SHARE).fill_null(False).alias("is_unusual"))
        .sort("excess", "count", descending=True, nulls_last=True, maintain_order=True)
    )


def corrected(chances: Sequence[float | None]) -> list[float | None]:
    """Benjamini and Hochberg's correction for looking at many cells: q for each p."""
    known = sorted((p, at) for at, p in enumerate(chances) if p is not None)
    found: list[float | None] = [None] * len(chances)
    smallest = 1.0
    for rank, (p, at) in reversed(list(enumerate(known, start=1))):
        smallest = min(smallest, p * len(known) / rank)
        found[at] = smallest
    return found


def usual_range(expected: float, *, confidence: float = CONFIDENCE) -> tuple[int, int]:
    """The fewest and the most cases that chance alone allows where so many are expected."""
    tail = (1 - confidence) / 2
    most = highest_usual(expected, 1.0, confidence=1 - tail)
    fewest = bisect_left(
        range(most), True, key=lambda count: 1 - count_at_least(count + 1, expected) > tail
    )
    return fewest, most
