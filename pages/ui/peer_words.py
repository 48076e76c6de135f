"""A place among peers in words: value, sample, rank, distance to the median."""

from pages.ui import formats
from pages.ui.text import _, name_of
from warehouse.gaps import AT_LEAST
from warehouse.numerals import half_up
from warehouse.peers import Place
from warehouse.registry import Indicator


def value(asked: Indicator, number: float | None) -> str:
    """A value of the indicator with its unit."""
    return formats.amount(number, unit=asked.unit, decimals=asked.decimals)


def sample(asked: Indicator, place: Place) -> str:
    """What the value rests on: N, or what was counted over the base."""
    if place.denominator is None:
        return ""
    if asked.base is not None:
        above = formats.number(place.numerator)
        return f"{above} / {formats.number(place.denominator)}"
    return f"N={formats.number(place.denominator)}"


def rank(place: Place) -> str:
    """第 3/20; a dash where there is no rank."""
    if place.rank is None:
        return formats.NO_DATA
    return _("第 {rank}/{of}").format(rank=place.rank, of=place.of)


def gap_unit(asked: Indicator) -> str:
    """The unit of a difference between two values."""
    return _("个百分点") if asked.unit == "%" else asked.unit


def gap(asked: Indicator, place: Place) -> str:
    """The distance to the median in words: 好于中位数 1.2 个百分点."""
    if place.gap is None:
        return ""
    size = formats.amount(abs(place.gap), unit=gap_unit(asked), decimals=_decimals(asked))
    if half_up(place.gap, _decimals(asked)) == 0:
        return _("与中位数持平")
    if place.gap > 0:
        return _("好于中位数 {size}").format(size=size)
    return _("差于中位数 {size}").format(size=size)


def is_better(place: Place) -> bool | None:
    """Whether it is clearly on the good or bad side of the median; none within the usual spread."""
    if place.distance is None or abs(place.distance) < AT_LEAST or place.is_beyond_chance is False:
        return None
    return place.distance > 0


def behind(asked: Indicator, place: Place) -> str:
    """A gap as a sentence: value, which side of the median, by how much, which place."""
    side = _("低于") if asked.direction == "up" else _("高于")
    text = _("{name} {value}，{side}支行中位数 {median}，差 {size}，{rank}").format(
        name=name_of(asked),
        value=value(asked, place.value),
        side=side,
        median=value(asked, place.median),
        size=formats.amount(abs(place.gap or 0), unit=gap_unit(asked), decimals=_decimals(asked)),
        rank=rank(place),
    )
    basis = basis_words(asked, place)
    return _("{text}（{basis}）").format(text=text, basis=basis) if basis else text


def basis_words(asked: Indicator, place: Place) -> str:
    """Numerator and denominator by name."""
    if place.denominator is None or asked.denominator_zh is None:
        return ""
    below = f"{asked.denominator_zh} {formats.number(place.denominator)}"
    if asked.kind in ("mean", "percentile") or place.numerator is None:
        return below
    return f"{asked.numerator_zh} {formats.number(place.numerator)} / {below}"


def _decimals(asked: Indicator) -> int:
    # The difference of two rates is read to one decimal more than a count.
    return (
        max(asked.decimals, 1) if asked.kind in ("ratio", "mean", "percentile") else asked.decimals
    )
