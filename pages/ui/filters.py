"""The filters all pages share, kept in the session and the address; nobody else touches them."""

from collections.abc import Sequence

import streamlit as st

from pages.ui import cached
from pages.ui.reader import Snapshot
from pages.ui.selection import PARAMETERS, Selection, shown
from pages.ui.text import _, name_of
from warehouse import periods
from warehouse.compare import Basis
from warehouse.coverage import Coverage
from warehouse.errors import QueryError
from warehouse.periods import Period
from warehouse.registry import dimensions, subjects

PERIOD = "period"
BASIS = "vs"
BASES: tuple[Basis, ...] = ("previous", "last_year")
NAMES = (PERIOD, BASIS, *PARAMETERS)
# An empty cell of the source, as a widget option and in the address.
EMPTY = "-"
_WRITTEN = "_written_parameters"
_READ_BACK = "_widget_values"
Parameters = dict[str, list[str]]


def show(snapshot: Snapshot) -> Selection:
    """Draw the filter row and give back what is chosen."""
    offered = _offered_periods(cached.coverage(snapshot))
    options = {
        name: [
            value if value is not None else EMPTY for value in cached.values(snapshot, dimension)
        ]
        for name, dimension in PARAMETERS.items()
    }
    _adopt_address(offered, options)
    with st.container(key="filters"):
        chosen = _draw(offered, options, cached.coverage(snapshot))
    _write_address()
    return chosen


def dated(held: dict[str, Coverage]) -> dict[str, Coverage]:
    """Coverage of what has events; the organisation tables' days are no period to look at."""
    wanted = {subject.entity for subject in subjects().values()}
    return {entity: one for entity, one in held.items() if entity in wanted}


def restored_link() -> Parameters:
    """The parameters of the address as it was opened, to be carried to the right page."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _offered_periods(held: dict[str, Coverage]) -> list[str]:
    """Ids of every period worth choosing; the first one is the default."""
    held = dated(held)
    if not held:
        return ["all"]
    first = min(one.first for one in held.values())
    last = max(one.last for one in held.values())
    main = held.get("complaint") or next(iter(held.values()))
    default = periods.latest_complete_quarter(main.first, main.last).id
    others = [period.id for period in periods.periods_between(first, last)]
    return [default, *(period_id for period_id in others if period_id != default)]


def _adopt_address(offered: list[str], options: dict[str, list[str]]) -> None:
    """Take the address over when it was opened or gone back to; else the session stands.

    A value that does not exist is dropped without a word: an old link must still open.
    """
    address = {name: st.query_params.get_all(name) for name in NAMES if name in st.query_params}
    is_first = _WRITTEN not in st.session_state
    moved = bool(address) and address != st.session_state.get(_WRITTEN)
    # A click that crosses with our own rewriting of the address must win over the address.
    clicked = _current() != st.session_state.get(_READ_BACK)
    if is_first or (moved and not clicked):
        wanted = (address.get(PERIOD) or [""])[0]
        st.session_state[PERIOD] = _valid_period(wanted, offered[0])
        basis = (address.get(BASIS) or [""])[0]
        st.session_state[BASIS] = basis if basis in BASES else BASES[0]
        for name in PARAMETERS:
            given = dict.fromkeys(address.get(name, []))
            st.session_state[name] = [value for value in given if value in options[name]]
    for name in PARAMETERS:
        held = st.session_state.get(name, [])
        if any(value not in options[name] for value in held):
            st.session_state[name] = [value for value in held if value in options[name]]
    if st.session_state.get(PERIOD) not in offered:
        offered.append(_valid_period(st.session_state.get(PERIOD), offered[0]))


def _valid_period(wanted: str | None, default: str) -> str:
    try:
        return periods.parse_period(wanted or "").id
    except QueryError:
        return default


def _current() -> Parameters:
    """What the widgets hold, in the form of the address."""
    held = {name: st.session_state.get(name) for name in NAMES}
    return {
        name: list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        for name, value in held.items()
        if value
    }


def _write_address() -> None:
    current = _current()
    for name in NAMES:
        if name not in current:
            st.query_params.pop(name, None)
        elif st.query_params.get_all(name) != current[name]:
            st.query_params[name] = current[name]
    st.session_state[_WRITTEN] = current
    st.session_state[_READ_BACK] = current


def _clear() -> None:
    for name in PARAMETERS:
        st.session_state[name] = []


def _draw(
    offered: list[str], options: dict[str, list[str]], held: dict[str, Coverage]
) -> Selection:
    columns = st.columns([1.9, 1.15, 2, 2, 2, 0.95], vertical_alignment="bottom")
    with columns[0]:
        period = st.selectbox(
            _("期间"),
            offered,
            key=PERIOD,
            format_func=lambda one: _period_label(periods.parse_period(one), held.get("complaint")),
            filter_mode="contains",
            persist_state="session",
        )
    with columns[1]:
        basis = st.segmented_control(
            _("对比"),
            BASES,
            key=BASIS,
            required=True,
            format_func=lambda one: _("同比") if one == "last_year" else _("环比"),
            persist_state="session",
        )
    # The dimension's own name: a thing has one name in filters, titles and captions.
    placeholders = {
        "branch": _("全部支行"),
        "category": _("全部大类"),
        "channel": _("全部渠道"),
    }
    filters: dict[str, tuple[str | None, ...]] = {}
    for column, (name, dimension) in zip(columns[2:5], PARAMETERS.items(), strict=True):
        with column:
            picked = st.multiselect(
                name_of(dimensions()[dimension]),
                options[name],
                key=name,
                placeholder=placeholders[name],
                format_func=lambda one: shown(None if one == EMPTY else one),
                # Its “Select all” cannot be translated, and an empty choice means all anyway.
                select_all=False,
                filter_mode="contains",
                wrap=True,
                persist_state="session",
            )
        if picked:
            filters[dimension] = tuple(None if one == EMPTY else one for one in picked)
    with columns[5]:
        st.button(_("清除筛选"), on_click=_clear, disabled=not filters, width="stretch")
    return Selection(periods.parse_period(period), basis or BASES[0], filters)


def _period_label(period: Period, held: Coverage | None) -> str:
    if period.end is None or held is None or not held.touches(period) or period.end <= held.last:
        return period.label_zh
    return _("{period}（未满）").format(period=period.label_zh)
