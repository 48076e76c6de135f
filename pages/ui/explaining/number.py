"""The number itself: value, verdict, definition, formula, filters, and how many rows it counts."""

from html import escape

import streamlit as st

from pages.ui import formats, status
from pages.ui.explaining import chips
from pages.ui.explaining.address import Asked
from pages.ui.queries import Queries
from pages.ui.rates import few
from pages.ui.text import _, name_of
from pages.ui.verdicts import verdict_of
from warehouse.explain import Explanation


def show(ask: Queries, asked: Asked, found: Explanation) -> None:
    """Draw the head of the page."""
    st.html(
        f"<div class='explained'>{_figure(ask, found)}"
        f"<p class='headline'>{escape(found.asked.definition_zh)}</p>"
        f"<p class='formula'>{escape(found.formula_zh)}</p>"
        f"<div class='chips'>{chips.html(ask, asked)}</div>"
        f"<p class='counted'>{_counted(found)}</p></div>"
    )


def value_words(found: Explanation) -> str:
    """The value with its unit, or why there is none."""
    asked = found.asked
    if found.value is None or asked.is_too_few(found.denominator):
        return few.words(asked, found.denominator)
    return formats.amount(found.value, unit=asked.unit, decimals=asked.decimals)


def _figure(ask: Queries, found: Explanation) -> str:
    asked = found.asked
    is_shown = found.value is not None and not asked.is_too_few(found.denominator)
    value = formats.number(found.value, asked.decimals) if is_shown else value_words(found)
    unit = f"<small>{escape(asked.unit)}</small>" if is_shown else ""
    verdict = _verdict(ask, found)
    mark = "" if verdict in ("no_threshold", "no_data") else status.html(verdict)
    return (
        f"<p class='asked'>{escape(name_of(asked))} · {escape(found.period.label_zh)}</p>"
        f"<p class='figure'><span class='value'>{escape(value)}{unit}</span> {mark} "
        f"<span class='soundness {found.soundness.verdict}'>{_sound(found)}</span></p>"
    )


def _verdict(ask: Queries, found: Explanation) -> str:
    """Met or missed; a part of a count by value has no threshold of its own."""
    if found.between is not None:
        return "no_threshold"
    return verdict_of(ask, found.asked, found.value, found.denominator)


def _sound(found: Explanation) -> str:
    mark = {"usable": "●", "usable_but": "▲", "unusable": "■"}[found.soundness.verdict]
    text = _("数据质量：{words}").format(words=found.soundness.words_zh)
    return f"{mark} {escape(text)}"


def _counted(found: Explanation) -> str:
    rows = formats.amount(found.row_count, unit=_("行"))
    parts = [_("计入 N = {rows}").format(rows=rows), found.asked.basis_zh]
    if found.asked.caveats_zh:
        parts.append(_("注意：{caveats}").format(caveats=_("；").join(found.asked.caveats_zh)))
    return escape(_(" · ").join(parts))
