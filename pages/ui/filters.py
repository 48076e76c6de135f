"""The filters all pages share, kept in the session and the address; nobody else touches them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from pages.ui import cached
from pages.ui.reader import Snapshot
from pages.ui.selection import EMPTY, PARAMETERS, Selection, shown
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
Parameters = dict[str, list[str]]
_LAST = "_last_filters"


@dataclass(frozen=True)
class Last:
    """How a run left the filters: its page, the address and what was chosen."""

    page: str
    address: Parameters
    chosen: Parameters


@dataclass(frozen=True)
class Offer:
    """What can be chosen: periods, the default first, and the values of every filter."""

    periods: list[str]
    options: dict[str, list[str]]

    def meant_by(self, address: Parameters) -> Parameters:
        """The choices an address stands for; what does not exist is dropped without a word."""
        basis = (address.get(BASIS) or [""])[0]
        filters = {
            name: [v for v in dict.fromkeys(address.get(name, [])) if v in self.options[name]]
            for name in PARAMETERS
        }
        period = _valid_period((address.get(PERIOD) or [""])[0], self.periods[0])
        return {PERIOD: [period], BASIS: [basis if basis in BASES else BASES[0]], **filters}


def show(snapshot: Snapshot, page: str) -> Selection:
    """Draw the filter row of a page and give back what is chosen."""
    coverage = cached.coverage(snapshot)
    offer = Offer(
        _offered_periods(coverage),
        {
            name: [
                EMPTY if value is None else value for value in cached.values(snapshot, dimension)
            ]
            for name, dimension in PARAMETERS.items()
        },
    )
    _adopt_address(offer, page)
    with st.container(key="filters"):
        chosen = _draw(offer, coverage)
    _write_address(offer, page)
    return replace(chosen, pinned=snapshot.number) if snapshot.is_pinned else chosen


def choose(dimension_id: str, values: Sequence[str | None]) -> None:
    """Set the shared filter of a dimension for all pages; no values means all of it.

    To be called from a callback only: the filters of the present run are drawn already. Raises
    QueryError for a dimension that has no filter.
    """
    name = _parameter_of(dimension_id)
    wanted = dict.fromkeys(EMPTY if value is None else value for value in values)
    st.session_state[name] = list(wanted)


def choose_clicked(dimension_id: str, chart: str) -> None:
    """Set a shared filter to what was clicked in a chart, or clear it when that was all of it.

    To be called from a callback only. `chart` is the key of a chart whose custom data are values
    of the dimension; a click that meets nothing changes nothing.
    """
    event = st.session_state.get(chart)
    points = event["selection"]["points"] if event else []
    if not points:
        return
    clicked = points[0]["customdata"]
    value = clicked[0] if isinstance(clicked, list) else clicked
    name = _parameter_of(dimension_id)
    shown = EMPTY if value is None else value
    choose(dimension_id, [] if st.session_state.get(name) == [shown] else [value])


def _parameter_of(dimension_id: str) -> str:
    names = {dimension: name for name, dimension in PARAMETERS.items()}
    if dimension_id not in names:
        text = _("没有按“{name}”的公共筛选；可用的有：{names}")
        raise QueryError(text.format(name=dimension_id, names=_("、").join(names)))
    return names[dimension_id]


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


def _valid_period(wanted: str, default: str) -> str:
    try:
        return periods.parse_period(wanted).id
    except QueryError:
        return default


def _adopt_address(offer: Offer, page: str) -> None:
    """Take the address over when it was opened or gone back to; else the session stands."""
    address = _address()
    last = st.session_state.get(_LAST)
    if last is None:
        is_moved = True
    elif last.page != page:
        # A link of the navigation bears no parameters: there the choices go along.
        is_moved = bool(address)
    else:
        # A click that crosses with our own rewriting of the address wins over the address.
        is_moved = address != last.address and _current() == last.chosen
    if is_moved:
        for name, values in offer.meant_by(address).items():
            st.session_state[name] = values[0] if name in (PERIOD, BASIS) else values
    for name in PARAMETERS:
        # A newer snapshot, or another scope, may no longer hold what was chosen.
        st.session_state[name] = [v for v in st.session_state[name] if v in offer.options[name]]
    if st.session_state[PERIOD] not in offer.periods:
        offer.periods.append(st.session_state[PERIOD])


def _address() -> Parameters:
    return {name: st.query_params.get_all(name) for name in NAMES if name in st.query_params}


def _current() -> Parameters:
    """What the widgets hold, in the form of the address."""
    held = {name: st.session_state[name] for name in NAMES}
    return {
        name: [value] if isinstance(value, str) else list(value) for name, value in held.items()
    }


def _write_address(offer: Offer, page: str) -> None:
    """Make the address say what is chosen; one that says so already stays as it is.

    Every rewriting is a step in the browser's history: needless ones would trap its back button.
    """
    chosen, address = _current(), _address()
    meant = offer.meant_by(address)
    is_clean = all(values == meant[name] for name, values in address.items())
    if meant != chosen or not is_clean:
        address = {name: values for name, values in chosen.items() if values}
        others = {name: st.query_params.get_all(name) for name in st.query_params}
        st.query_params.from_dict({n: v for n, v in others.items() if n not in NAMES} | address)
    st.session_state[_LAST] = Last(page, address, chosen)


def _clear() -> None:
    for name in PARAMETERS:
        st.session_state[name] = []


def _draw(offer: Offer, held: dict[str, Coverage]) -> Selection:
    columns = st.columns([1.9, 1.15, 2, 2, 2, 0.95], vertical_alignment="bottom")
    with columns[0]:
        period = st.selectbox(
            _("期间"),
            offer.periods,
            key=PERIOD,
            format_func=lambda one: period_label(periods.parse_period(one), held.get("complaint")),
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
                offer.options[name],
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


def period_label(period: Period, held: Coverage | None) -> str:
    """The period as a choice; one that the extracts do not reach the end of says so."""
    if period.end is None or held is None or not held.touches(period) or period.end <= held.last:
        return period.label_zh
    return _("{period}（未满）").format(period=period.label_zh)
