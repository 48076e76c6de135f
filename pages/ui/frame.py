"""The frame round every page: cold links led home, head, filters, page, foot, failures."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import streamlit as st

from pages.ui import cached, empty, filters, following, pin, reader, stylesheet
from pages.ui.formats import day, moment
from pages.ui.queries import Queries
from pages.ui.reader import Snapshot
from pages.ui.selection import FILTERS
from pages.ui.text import _, name_of
from warehouse.entities import entities
from warehouse.errors import SnapshotMissing, WarehouseError, WarehouseMissing, WarehouseOutdated
from warehouse.fault import fault_of, is_damage
from warehouse.periods import parse_period
from warehouse.registry import dimensions, indicator
from warehouse.startup import check_definitions

ROOT = Path(__file__).resolve().parent.parent.parent
ICON = Path(__file__).with_name("icon.svg")
_LINK = "_deep_link"
_RUN = "_page_run"


@dataclass(frozen=True)
class Listed:
    """One page of the list in app.py."""

    path: str
    title: str
    icon: str
    # A page that brings the first data works while there are none.
    needs_data: bool = True


@dataclass(frozen=True)
class FreePage:
    """What a page works with that asks nothing of the warehouse: its title."""

    title: str

    def head(self, lead: str) -> None:
        """Title, and one line on what the page is for."""
        st.title(self.title, anchor=False)
        st.markdown(f"<p class='lead'>{lead}</p>", unsafe_allow_html=True)


@dataclass(frozen=True)
class PageRun:
    """What a page works with: its title and the questions it may ask."""

    title: str
    ask: Queries

    def head(self, lead: str = "", *, unused: tuple[str, ...] = ()) -> None:
        """Title, one line on what the page answers, and filters that do not apply to it."""
        st.title(self.title, anchor=False)
        if lead:
            st.markdown(f"<p class='lead'>{lead}</p>", unsafe_allow_html=True)
        ignored = [
            name_of(dimensions()[name])
            for name in FILTERS
            if name in unused and self.ask.selection.filters.get(name)
        ]
        if ignored:
            names = _("、").join(ignored)
            st.info(_("{names}筛选不适用于本页。").format(names=names), icon=":material/info:")

    def stop_without(self, entity: str) -> None:
        """End the page with what is missing and which file brings it, unless there are data."""
        if not self.ask.has_data(entity):
            empty.no_data(entity, self.ask.coverage.get(entity), self.ask.selection.period)
            raise PageEndedError

    def stop_without_rows(self, what: str) -> None:
        """End the page when this count is nothing here, with the quarters that have something."""
        if self.ask.compute(what)["value"][0]:
            return
        quarters = self.ask.compute(what, by=("quarter",), period=parse_period("all"))
        empty.no_rows_but(
            name_of(indicator(what)),
            self.ask.selection.period,
            self.ask.selection.words(indicator(what)),
            quarters["quarter"].drop_nulls().to_list(),
        )
        raise PageEndedError


class PageEndedError(Exception):
    """The page has said all it can; the frame goes on with the foot."""


def open_page(script: str) -> PageRun:
    """What this page works with; a page reached without the frame is sent through app.py first.

    A freshly started server runs pages/*.py directly for whoever opens their address first,
    without app.py and all that it draws.
    """
    run: PageRun | None = st.session_state.pop(_RUN, None)
    if run is None:
        _send_through_app(script)
    return run


def open_free_page(script: str) -> FreePage:
    """The same for a page that works without data."""
    run: FreePage | PageRun | None = st.session_state.pop(_RUN, None)
    if run is None:
        _send_through_app(script)
    return FreePage(run.title)


def _send_through_app(script: str) -> NoReturn:
    st.session_state[_LINK] = (str(Path(script).resolve()), filters.restored_link())
    st.switch_page(str(ROOT / "app.py"))


def show(sections: dict[str, list[Listed]]) -> None:
    """Run the app: the navigation by section, the frame and the chosen page; the first is home."""
    home = next(page for pages in sections.values() for page in pages)
    chosen = st.navigation(
        {
            section: [
                st.Page(ROOT / page.path, title=page.title, icon=page.icon, default=page is home)
                for page in pages
                if (ROOT / page.path).exists()
            ]
            for section, pages in sections.items()
        },
        position="top",
    )
    _follow_cold_link([page for pages in sections.values() for page in pages])
    stylesheet.apply()
    following.apply()
    with calm(chosen.title):
        # A typo in a definitions file is said on every page, before any number is shown.
        check_definitions()
        every = (page for pages in sections.values() for page in pages)
        needs_data = next(page.needs_data for page in every if page.title == chosen.title)
        try:
            with reader.snapshot(pin.asked_for()) as snapshot:
                if needs_data or not cached.batches(snapshot).is_empty():
                    _show_page(snapshot, chosen.title, chosen.run)
                    return
        except WarehouseMissing as missing:
            if needs_data:
                raise
            if isinstance(missing, WarehouseOutdated):
                st.warning(str(missing), icon=":material/update:")
        _run_page(FreePage(chosen.title), chosen.run)


@contextmanager
def calm(title: str) -> Iterator[None]:
    """Turn whatever goes wrong into a sentence: a reader of numbers reads no tracebacks."""
    try:
        yield
    except PageEndedError:
        pass
    except WarehouseOutdated as outdated:
        st.warning(str(outdated), icon=":material/update:")
    except WarehouseMissing as missing:
        empty.nothing_loaded(str(missing))
    except SnapshotMissing as missing:
        pin.lost(str(missing))
    except WarehouseError as error:
        st.error(str(error), icon=":material/error:")
    except Exception as error:
        logging.getLogger(__name__).exception("page failed: %s", title)
        if is_damage(error):
            st.error(fault_of(error), icon=":material/error:")
        else:
            st.error(_("本页有内容暂时无法显示。请稍后刷新；仍不行请联系管理员查看日志。"))


def _follow_cold_link(pages: list[Listed]) -> None:
    path, parameters = st.session_state.pop(_LINK, (None, {}))
    if path in {str(ROOT / page.path) for page in pages}:
        st.switch_page(path, query_params=parameters)


def _show_page(snapshot: Snapshot, title: str, run: Callable[[], None]) -> None:
    if cached.batches(snapshot).is_empty():
        empty.nothing_loaded()
        return
    if cached.is_demo(snapshot):
        st.markdown(
            "<p class='demo-badge'>{}</p>".format(_("演示数据：数字为程序生成，不代表任何机构")),
            unsafe_allow_html=True,
        )
    selection = filters.show(snapshot, title)
    pin.show(snapshot, selection)
    _run_page(PageRun(title, Queries(snapshot, selection)), run)
    _foot(snapshot)


def _run_page(given: PageRun | FreePage, run: Callable[[], None]) -> None:
    st.session_state[_RUN] = given
    try:
        with calm(given.title):
            run()
    finally:
        st.session_state.pop(_RUN, None)


def _foot(snapshot: Snapshot) -> None:
    dates = _(" · ").join(
        f"{entities()[entity].name_zh} {day(held.last)}"
        for entity, held in filters.dated(cached.coverage(snapshot)).items()
    )
    loaded = moment(max(cached.batches(snapshot)["loaded_at"].to_list()))
    text = _("快照 #{number} · 数据截至：{dates} · 最近装载：{loaded}").format(
        number=snapshot.number, dates=dates or "—", loaded=loaded
    )
    st.markdown(f"<p class='foot'>{text}</p>", unsafe_allow_html=True)
