"""Which deliveries belong together: the same extract, month after month."""

import re

# What changes from one delivery of a series to the next.
_DATES = re.compile(r"[\d\s\-_.~～—至到()（）年月日季度上下半一二三四QqHh]+")


def series_of(name: str | None) -> str:
    """What the names of one series share: the name without digits and dates."""
    return _DATES.sub("", name or "").casefold()
