"""Tiles: one number each, with unit, change in words, what it rests on and its recent course."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import inf

import polars as pl
import streamlit as st

from pages.ui import explanation, formats, status
from pages.ui.queries import Queries
from pages.ui.rates import few
from pages.ui.text import _, name_of
from pages.ui.theme import ACCENT, ACCENT_SOFT
from pages.ui.verdicts import verdict_of
from warehouse.compare import Comparison
from warehouse.registry import Indicator, dimensions, indicator

WIDTH, HEIGHT, EDGE = 110, 38, 4
# Kinds whose figure grows with every day of the period.
GROWING = ("count", "sum", "rate", "distinct", "coverage")


@dataclass(frozen=True)
class Tile:
    """Everything one tile shows, already in words."""

    name: str
    value: str
    unit: str
    change: str
    tone: str
    note: str
    spark: str
    verdict: str | None
    address: str = ""


def show(ask: Queries, indicator_ids: Sequence[str]) -> None:
    """Draw the tiles of these indicators in one grid."""
    tiles = "".join(_html(tile_of(ask, what)) for what in indicator_ids)
    st.html(f"<div class='tiles n{len(indicator_ids)}'>{tiles}</div>")


def tile_of(ask: Queries, what: str) -> Tile:
    """The tile of one indicator under the present selection."""
    asked = indicator(what)
    compared = ask.compare(what)
    change, tone = change_words(asked, compared)
    is_shown = compared.current is not None and not asked.is_too_few(compared.denominator)
    shown = formats.number(compared.current if is_shown else None, asked.decimals)
    verdict = verdict_of(ask, asked, compared.current, compared.denominator)
    return Tile(
        name=name_of(asked),
        value=shown,
        unit=asked.unit if is_shown else "",
        change=change,
        tone=tone,
        note=_note(ask, asked, compared),
        spark=sparkline(ask.trend(what)),
        verdict=None if verdict in ("no_threshold", "no_data") else verdict,
        address=explanation.href(ask, what),
    )


def change_words(asked: Indicator, compared: Comparison) -> tuple[str, str]:
    """The change with arrow, number and a word for its direction of good, and its tone."""
    base = compared.base_period
    if asked.is_too_few(compared.denominator):
        return few.words(asked, compared.denominator), "flat"
    if base is None:
        return _("全部期间没有对比期"), "flat"
    if compared.current is None:
        is_divided_by_none = compared.denominator == 0
        return _("本期分母为 0") if is_divided_by_none else _("本期无数据"), "flat"
    if compared.base is None:
        return _("{period}无数据，无法比较").format(period=base.label_zh), "flat"
    if asked.is_too_few(compared.base_denominator):
        return _("{period}样本少，无法比较").format(period=base.label_zh), "flat"
    if compared.delta is None:
        text = _("{period}为 {base}，无法计算变化").format(
            period=base.label_zh, base=formats.number(compared.base, asked.decimals)
        )
        return text, "flat"
    # A percentage change is read to one decimal, a change in the unit as finely as the unit.
    decimals = asked.decimals if compared.delta_unit == asked.unit != "%" else 1
    size = formats.signed(compared.delta, decimals)
    if size == formats.signed(0):
        return _("较{period}持平").format(period=base.label_zh), "flat"
    arrow = "▲" if compared.delta > 0 else "▼"
    if compared.is_incomplete and (asked.kind in GROWING or asked.settles_after_days):
        # Half a quarter has about half the cases: that is no improvement.
        text = f"{arrow} {size}{formats.unit_suffix(compared.delta_unit)} "
        return text + _("未满期，不宜与{period}整期比较").format(period=base.label_zh), "flat"
    # A rate of a few cases changes by chance: it says how much, not better or worse.
    below = [n for n in (compared.denominator, compared.base_denominator) if n is not None]
    good = None if min(below, default=inf) < asked.judged_from_n else compared.good
    word = {True: _("变好"), False: _("变差"), None: ""}[good]
    unit = formats.unit_suffix(compared.delta_unit)
    text = f"{arrow} {size}{unit} {word}".strip()
    against = _("较{period}").format(period=base.label_zh)
    if compared.base_denominator is not None and asked.kind in ("ratio", "mean"):
        against += _("（n={count}）").format(count=formats.number(compared.base_denominator))
    return f"{text} {against}", {True: "good", False: "bad", None: "flat"}[good]


def _note(ask: Queries, asked: Indicator, compared: Comparison) -> str:
    parts = []
    if compared.is_incomplete and ask.has_data(asked.entity):
        day = formats.day(ask.coverage[asked.entity].last)
        parts.append(_("未满期（截至 {day}）").format(day=day))
    if compared.denominator is not None and asked.denominator_zh:
        below = f"{asked.denominator_zh} {formats.number(compared.denominator)}"
        if compared.numerator is not None and asked.kind in ("ratio", "coverage", "rate"):
            above = f"{asked.numerator_zh} {formats.number(compared.numerator)}"
            parts.append(f"{above} / {below}")
        else:
            parts.append(below)
    parts.append(asked.basis_zh)
    unused = ask.filters_not_applied(asked)
    if unused:
        names = _("、").join(name_of(dimensions()[name]) for name in unused)
        parts.append(_("{names}筛选不适用").format(names=names))
    return " · ".join(parts)


def sparkline(trend: pl.DataFrame) -> str:
    """The course over the trend window as a small line; an incomplete last month is hollow."""
    known = [(at, value) for at, value in enumerate(trend["value"].to_list()) if value is not None]
    if len(known) < 2:
        return ""
    low = min(value for _at, value in known)
    high = max(value for _at, value in known)
    across = (WIDTH - 2 * EDGE) / max(len(trend) - 1, 1)
    up = (HEIGHT - 2 * EDGE) / ((high - low) or 1)
    points = [(EDGE + at * across, HEIGHT - EDGE - (value - low) * up) for at, value in known]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    is_open = bool(trend["is_incomplete"][known[-1][0]])
    x, y = points[-1]
    drawing = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}'>"
        f"<polyline points='{line}' fill='none' stroke='{ACCENT_SOFT}' stroke-width='2.5'/>"
        f"<circle cx='{x:.1f}' cy='{y:.1f}' r='3.5' stroke='{ACCENT}' stroke-width='1.5' "
        f"fill='{'#ffffff' if is_open else ACCENT}'/></svg>"
    )
    # Streamlit strips inline SVG; a picture in the address is let through and leaves no machine.
    data = b64encode(drawing.encode()).decode()
    return f"<img alt='' src='data:image/svg+xml;base64,{data}'>"


def _html(tile: Tile) -> str:
    unit = f"<small>{escape(tile.unit)}</small>" if tile.unit else ""
    mark = status.html(tile.verdict) if tile.verdict else ""
    inner = (
        f"<span class='name'><span>{escape(tile.name)}</span>{mark}</span>"
        f"<span class='figure'><span class='value'>{escape(tile.value)}{unit}</span>"
        f"{tile.spark}</span>"
        f"<span class='change {tile.tone}'>{escape(tile.change)}</span>"
        f"<span class='note'>{escape(tile.note)}</span>"
    )
    says = _("{name} {value}，{change}").format(
        name=tile.name,
        value=tile.value + formats.unit_suffix(tile.unit),
        change=tile.change,
    )
    return explanation.link(tile.address, inner, says=says, kind=f"tile {tile.verdict or ''}")
