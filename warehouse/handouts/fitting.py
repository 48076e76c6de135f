"""How much room text takes, so that nothing on a slide runs over its edge."""

import unicodedata
from math import ceil

# Points to a centimetre, height of a line and width of a narrow character, in parts of the size.
POINTS_PER_CM = 72 / 2.54
LINE_HEIGHT = 1.25
NARROW = 0.64
ELLIPSIS = "…"


def width_of(text: str) -> float:
    """Width in ems: Chinese characters take one each, Latin ones about half."""
    wide = sum(unicodedata.east_asian_width(char) in "WFA" for char in text)
    return wide + (len(text) - wide) * NARROW


def lines_of(text: str, width_cm: float, size: float) -> int:
    """How many lines a text of this size takes in this width."""
    ems = max(width_cm * POINTS_PER_CM / size - 0.5, 1)
    return sum(max(1, ceil(width_of(line) / ems)) for line in text.split("\n"))


def height_of(text: str, width_cm: float, size: float) -> float:
    """Height in centimetres."""
    return lines_of(text, width_cm, size) * size * LINE_HEIGHT / POINTS_PER_CM


def fitting_size(
    text: str, width_cm: float, height_cm: float, *, largest: float, smallest: float
) -> float:
    """The largest size in which the text fits, no smaller than the smallest."""
    size = largest
    while size > smallest and height_of(text, width_cm, size) > height_cm:
        size -= 1
    return size


def cut_to_fit(text: str, width_cm: float, height_cm: float, size: float) -> str:
    """The text, cut with an ellipsis where even this size is too large for it."""
    if height_of(text, width_cm, size) <= height_cm:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if height_of(text[:middle] + ELLIPSIS, width_cm, size) <= height_cm:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS
