"""Numbers as people write them: rounded half up, with thousands, shares that add up to 100."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

Number = int | float | Decimal


def half_up(value: Number, decimals: int = 0) -> Decimal:
    """The value rounded half away from zero, as people round by hand."""
    # repr of a float is its shortest decimal form: 2.675 stays 2.675, not 2.67499…
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def written(value: Number, decimals: int = 0) -> str:
    """The value rounded half up, with thousands separators."""
    return f"{half_up(value, decimals):,.{decimals}f}"


def shares(counts: Sequence[Number], decimals: int = 1) -> list[Decimal]:
    """Percentages of the total that add up to 100 exactly, by largest remainder."""
    total = sum(Decimal(str(count)) for count in counts)
    if total == 0:
        return [Decimal(0) for _count in counts]
    step = Decimal(1).scaleb(-decimals)
    exact = [Decimal(str(count)) * 100 / total for count in counts]
    floors = [value.quantize(step, rounding=ROUND_DOWN) for value in exact]
    missing = int((100 - sum(floors)) / step)
    by_remainder = sorted(
        range(len(exact)), key=lambda at: (exact[at] - floors[at], exact[at]), reverse=True
    )
    for at in by_remainder[:missing]:
        floors[at] += step
    return floors
