"""Likely values for a cell that could not be read: suggestions for people, never applied."""

import difflib
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta

from ingest.date_readings import readings

_FEWEST_ALIKE = 0.5
_PARTS = re.compile(r"\d+")
_DIGITS = dict(zip("〇零一二三四五六七八九两", (0, 0, *range(1, 10), 2), strict=True))
_UNITS = {"十": 10, "百": 100, "千": 1000}
_LARGE_UNITS = {"万": 10_000, "亿": 100_000_000}
_CHINESE = re.compile(r"[〇零一二三四五六七八九两十百千万亿]+")
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
# Letters that are typed for digits.
_LOOKALIKES = str.maketrans("OoIl|", "00111")


def _chinese_number(text: str) -> int:
    total = section = digit = 0
    for sign in text:
        if sign in _DIGITS:
            digit = digit * 10 + _DIGITS[sign] if digit else _DIGITS[sign]
        elif sign in _UNITS:
            section, digit = section + (digit or 1) * _UNITS[sign], 0
        else:
            total, section, digit = (total + section + digit) * _LARGE_UNITS[sign], 0, 0
    return total + section + digit


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _day(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if date(1990, 1, 1) <= found < date(2100, 1, 1) else None


def _year_first(parts: Sequence[int]) -> list[date]:
    year, month, day = parts
    straight = _day(year, month, day)
    if straight:
        return [straight]
    swapped = _day(year, day, month)
    # A day that the month does not have, such as 30 February.
    last = _day(year + month // 12, month % 12 + 1, 1) if 1 <= month <= 12 else None
    is_beyond = last is not None and 28 < day <= 31
    beyond = last - timedelta(days=1) if last and is_beyond else None
    return [one for one in (swapped, beyond) if one]


def likely_dates(text: str) -> list[str]:
    """The days that a text may mean, as 2024-03-05; several where it can be read in several ways.

    Raises nothing and guesses nothing: an unintelligible text has no likely day.
    """
    plain = _plain(text)
    chinese = re.sub(
        r"[〇零一二三四五六七八九十]+", lambda m: _written_digits(m.group()), plain
    ).translate(_LOOKALIKES)
    ambiguous = readings(plain)
    if ambiguous:
        return [one.isoformat() for one in ambiguous]
    parts = [int(part) for part in _PARTS.findall(chinese) if len(part) <= 4]
    found: list[date] = []
    if len(parts) >= 3 and parts[0] > 1900:
        found = _year_first(parts[:3])
    elif digits := re.fullmatch(r"\D*(\d{4})(\d{2})(\d{2})\D*", chinese):
        found = _year_first([int(part) for part in digits.groups()])
    return [one.isoformat() for one in found]


def _written_digits(text: str) -> str:
    """二〇二四 as 2024, 十二 as 12."""
    if "十" in text or len(text) == 1:
        return str(_chinese_number(text))
    return "".join(str(_DIGITS[sign]) for sign in text)


def likely_numbers(text: str) -> list[str]:
    """The number that a text holds, without its unit: 约3千元 gives nothing, 300元整 gives 300."""
    plain = _plain(text)
    if found := _CHINESE.findall(plain):
        is_whole = not _PARTS.search(plain)
        return [str(_chinese_number(found[0]))] if is_whole and len(found) == 1 else []
    numbers = _NUMBER.findall(plain)
    return [numbers[0].replace(",", "")] if len(numbers) == 1 else []


def closest(text: str, names: Sequence[str]) -> str:
    """The known name that is most like the text; empty when none is."""
    plain = _plain(text)
    found = difflib.get_close_matches(plain, names, n=1, cutoff=_FEWEST_ALIKE)
    if found:
        return found[0]
    longer = [name for name in names if plain and (plain in name or name in plain)]
    return min(longer, key=lambda name: (abs(len(name) - len(plain)), name), default="")
