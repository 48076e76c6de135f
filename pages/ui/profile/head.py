"""Who the sub-branch is, and its key figures with rank and the median of the group."""

from html import escape

import streamlit as st

from pages.ui import comparisons, explanation, formats, peer_words, status
from pages.ui.queries import Queries
from pages.ui.text import _, name_of
from pages.ui.verdicts import verdict_of
from warehouse.peers import Place
from warehouse.profile import Profile
from warehouse.registry import indicator

# What stands in the tiles; ids that the registry lacks are left out.
TILES = (
    "complaint_count",
    "complaints_per_ten_million_customers",
    "complaint_timely_rate",
    "handling_days_median",
    "satisfaction_rate",
    "exam_pass_rate",
)
LONGEST_UNIT = 4


def name(held: Profile) -> None:
    """Draw the name and what the sub-branch stands for."""
    st.html(
        f"<p class='profile-name'>{escape(held.name)}</p>"
        f"<p class='lead'>{escape(base_words(held))}</p>"
    )


def tiles(ask: Queries, held: Profile) -> None:
    """Draw the key figures in one grid."""
    drawn = "".join(_tile(ask, held.places[what], what) for what in TILES if what in held.places)
    st.html(f"<div class='tiles n6'>{drawn}</div>")


def base_words(held: Profile) -> str:
    """Outlets, customers and staff with the month they are of."""
    if held.base is None:
        return _("没有机构基数（网点、客户、员工数）")
    counts = (
        (_("网点 {n} 家"), held.base.outlets),
        (_("个人客户 {n} 户"), held.base.customers),
        (_("在岗员工 {n} 人"), held.base.staff),
    )
    parts = [words.format(n=formats.number(count)) for words, count in counts if count is not None]
    return _(" · ").join([*parts, _("基数为 {month}").format(month=_month(held))])


def _month(held: Profile) -> str:
    day = held.base.as_of if held.base else None
    return formats.month(f"{day:%Y-%m}") if day else formats.NO_DATA


def _tile(ask: Queries, place: Place, what: str) -> str:
    asked = indicator(what)
    verdict = verdict_of(comparisons.of_all(ask), asked, place.value, place.denominator)
    is_judged = verdict not in ("no_threshold", "no_data") and place.is_ranked
    mark = status.html(verdict) if is_judged else ""
    # A long unit stands with the median, or it would push the number out of its tile.
    is_short = len(asked.unit) <= LONGEST_UNIT
    unit = f"<small>{escape(asked.unit)}</small>" if place.value is not None and is_short else ""
    value = formats.number(place.value, asked.decimals)
    number = explanation.link(
        explanation.href(ask, what, only={comparisons.SUB_BRANCH: place.sub_branch}),
        f"{escape(value)}{unit}",
        says=_("{name} {value}").format(
            name=name_of(asked), value=peer_words.value(asked, place.value)
        ),
    )
    rank = peer_words.rank(place) if place.is_ranked else place.reason
    standing = _(" · ").join(filter(None, (rank, peer_words.gap(asked, place))))
    middle = _("支行中位数 {value}").format(value=peer_words.value(asked, place.median))
    tone = {True: "good", False: "bad", None: "flat"}[peer_words.is_better(place)]
    basis = peer_words.basis_words(asked, place)
    return (
        f"<div class='tile {verdict if is_judged else ''}'>"
        f"<div class='name'><span>{escape(name_of(asked))}</span>{mark}</div>"
        f"<div class='figure'><span class='value'>{number}</span></div>"
        f"<div class='change {tone}'>{escape(standing)}</div>"
        f"<div class='note'>{escape(middle)}</div>"
        f"<div class='note'>{escape(basis)}</div></div>"
    )
