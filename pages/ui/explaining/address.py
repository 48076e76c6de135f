"""What the address asks about: indicator, period, the cell's own filters, and where from."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import streamlit as st

from pages.ui import cached
from pages.ui.explanation import HOME, INDICATOR, ONLY, ORIGIN, PERIOD, VALUE, is_page
from pages.ui.queries import Queries
from pages.ui.selection import EMPTY, shown
from pages.ui.text import _, name_of
from warehouse.detail import Between
from warehouse.errors import QueryError
from warehouse.periods import Period, parse_period
from warehouse.registry import TIME_DIMENSIONS, Indicator, dimensions, indicators

# What Markdown would take for more than a letter.
_MARKS = re.compile(r"([\\`*_\[\]()<>$:~#|!])")


class AddressError(Exception):
    """The address names something that does not exist; the message says what and what to do."""


@dataclass(frozen=True)
class Asked:
    """What an address asks about."""

    indicator: Indicator
    period: Period
    is_own_period: bool
    only: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    between: Between | None = None


def is_open() -> bool:
    """Whether the address asks about nothing yet."""
    return not st.query_params.get(INDICATOR)


def read(ask: Queries) -> Asked:
    """What the address asks about; raises AddressError with a sentence for the reader."""
    asked = indicators().get(st.query_params.get(INDICATOR, ""))
    if asked is None:
        text = _("地址里的指标“{name}”不存在，可能已改名或停用。请在下面选一个指标。")
        raise AddressError(text.format(name=_plain(st.query_params.get(INDICATOR, ""))))
    own = st.query_params.get(PERIOD, "")
    return Asked(
        asked,
        _period(own) if own else ask.selection.period,
        bool(own),
        _only(ask, asked, st.query_params.get_all(ONLY)),
        _between(asked, st.query_params.get(VALUE, "")),
    )


def _between(asked: Indicator, text: str) -> Between | None:
    if not text:
        return None
    low, _dots, high = text.partition("..")
    try:
        found = Between(float(low), float(high) if high else None)
        found.check(asked)
    except ValueError:
        message = _("地址里的数值范围“{text}”无法识别，应写成 5..6 或 61..。")
        raise AddressError(message.format(text=_plain(text))) from None
    except QueryError as error:
        raise AddressError(_("{reason}。").format(reason=error)) from None
    return found


def _period(text: str) -> Period:
    try:
        return parse_period(text)
    except QueryError as error:
        message = _("地址里的{reason}。请在上方“期间”中选择。").format(reason=_plain(str(error)))
        raise AddressError(message) from None


def _only(
    ask: Queries, asked: Indicator, parts: Sequence[str]
) -> dict[str, tuple[str | None, ...]]:
    found: dict[str, list[str | None]] = {}
    for part in parts:
        name, _colon, text = part.partition(":")
        value = None if text == EMPTY else text
        _check(ask, asked, name, value)
        found.setdefault(name, []).append(value)
    return {name: tuple(dict.fromkeys(values)) for name, values in found.items()}


def _check(ask: Queries, asked: Indicator, name: str, value: str | None) -> None:
    dimension = dimensions().get(name)
    if dimension is None:
        text = _("地址里的维度“{name}”不存在。请从页面上的数字点进来，或在下面选一个指标。")
        raise AddressError(text.format(name=_plain(name)))
    if name not in asked.dimensions:
        text = _("“{indicator}”不能按“{dimension}”划分，地址里的这一筛选无法使用。")
        raise AddressError(text.format(indicator=name_of(asked), dimension=name_of(dimension)))
    if name not in TIME_DIMENSIONS and value not in cached.values(ask.snapshot, name):
        text = _("数据里没有{dimension}“{value}”。请从页面上的数字点进来，或换一个筛选。")
        raise AddressError(text.format(dimension=name_of(dimension), value=_plain(shown(value))))


def _plain(text: str) -> str:
    """Text of an address as Markdown shows it letter by letter: nobody's link or picture."""
    return _MARKS.sub(r"\\\1", text)


def came_from() -> tuple[str, dict[str, list[str]]]:
    """The page that the reader came from, with what was its own in the address; else home."""
    page, _mark, query = st.query_params.get(ORIGIN, "").partition("?")
    return (page, parse_qs(query)) if is_page(page) else (HOME, {})
