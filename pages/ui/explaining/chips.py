"""The filters in force as chips that can be taken away, and the ways on from the page."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from urllib.parse import urlencode

from pages.ui import explanation
from pages.ui.explaining import address
from pages.ui.explaining.address import Asked
from pages.ui.explanation import HOME
from pages.ui.queries import Queries
from pages.ui.selection import FILTERS, Selection, shown
from pages.ui.text import _, name_of
from warehouse.formula import between_zh
from warehouse.registry import dimensions


def html(ask: Queries, asked: Asked) -> str:
    """The period and every filter in force, each with a link that takes it away."""
    period = _("期间：{period}").format(period=asked.period.label_zh)
    found = [_chip(period, _href(ask, replace(asked, is_own_period=False)))]
    if not asked.is_own_period:
        found = [_plain(period)]
    for name, values in asked.only.items():
        rest = {other: held for other, held in asked.only.items() if other != name}
        found.append(_chip(_words(name, values), _href(ask, replace(asked, only=rest))))
    if asked.between is not None:
        words = between_zh(asked.indicator, asked.between)
        found.append(_chip(words, _href(ask, replace(asked, between=None))))
    others = [
        _shared(ask, asked, name, values)
        for name, values in ask.selection.filters.items()
        if values and name not in asked.only
    ]
    if not asked.only and not others and asked.between is None:
        others.append(_plain(_("未筛选")))
    return "".join([*found, *others])


def _shared(ask: Queries, asked: Asked, name: str, values: Sequence[str | None]) -> str:
    words = _words(name, values)
    if name not in asked.indicator.dimensions:
        return _plain(_("{words}（不适用于本指标，未使用）").format(words=words))
    filters = {other: held for other, held in ask.selection.filters.items() if other != name}
    without = replace(ask.selection, filters=filters)
    return _chip(words, _href(replace(ask, selection=without), asked))


def _words(name: str, values: Sequence[str | None]) -> str:
    return _("{name}：{values}").format(
        name=name_of(dimensions()[name]), values=_("、").join(map(shown, values))
    )


def _plain(words: str) -> str:
    return f"<span class='chip'>{escape(words)}</span>"


def _chip(words: str, without: str) -> str:
    label = _("去掉{words}").format(words=words)
    return (
        f"<span class='chip'>{escape(words)}<a class='go' href='{escape(without, quote=True)}' "
        f"aria-label='{escape(label, quote=True)}' title='{escape(label, quote=True)}'>×</a></span>"
    )


def _href(ask: Queries, asked: Asked) -> str:
    period = asked.period if asked.is_own_period else None
    return explanation.href(
        ask, asked.indicator.id, period=period, only=asked.only, between=asked.between
    )


def ways_on(ask: Queries, asked: Asked) -> str:
    """Back to the page it came from, and the cell's own filters for every page."""
    found = [_way(back_href(ask), _("← 返回"))]
    shared = _for_every_page(ask.selection, asked)
    if shared != ask.selection:
        rest = {name: held for name, held in asked.only.items() if name not in FILTERS}
        everywhere = replace(asked, only=rest, is_own_period=False)
        found.append(_way(_href(replace(ask, selection=shared), everywhere), _("按此筛选全站")))
    return f"<p class='ways'>{''.join(found)}</p>"


def _way(href: str, words: str) -> str:
    return f"<a class='go' href='{escape(href, quote=True)}'>{escape(words)}</a>"


def back_href(ask: Queries) -> str:
    """The address of the page that the reader came from, under the present choices."""
    page, own = address.came_from()
    path = "./" if page == HOME else page
    return f"{path}?{urlencode({**own, **ask.selection.parameters()}, doseq=True)}"


def _for_every_page(selection: Selection, asked: Asked) -> Selection:
    own = {name: values for name, values in asked.only.items() if name in FILTERS}
    return replace(selection, period=asked.period, filters={**selection.filters, **own})
