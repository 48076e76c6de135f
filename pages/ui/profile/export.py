"""The workbook of one sub-branch or of all of them, with what stands above every sheet."""

from dataclasses import replace

import streamlit as st

from pages.ui import cached, comparisons, formats
from pages.ui.profile import workbook
from pages.ui.profile.archive_words import internal
from pages.ui.profile.heading import Heading, heading
from pages.ui.queries import Queries
from pages.ui.text import _
from warehouse.profile import ENTITY, Profile, Survey

# Without an organisation table every organisation counts; nobody reads a thousand sheets.
SHEETS_AT_MOST = 200
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def one(ask: Queries, held: Profile) -> None:
    """Draw the export of the sub-branch on the page."""
    heading = heading_of(ask)
    st.download_button(
        _("导出本支行"),
        data=lambda: workbook.build(heading, [held]),
        file_name=_file_name(ask, held.name),
        mime=MIME,
        key="profile.export.one",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )


def every(ask: Queries, survey: Survey) -> None:
    """Draw the export of all sub-branches: it is made on demand and shows how far it is."""
    place = st.empty()
    is_wanted = place.button(
        _("导出全部 {count} 家").format(count=formats.number(len(survey.names))),
        key="profile.export.all",
        icon=":material/library_books:",
        width="stretch",
        disabled=len(survey.names) > SHEETS_AT_MOST,
        help=_("每家一张工作表，最多 {count} 家").format(count=SHEETS_AT_MOST)
        if len(survey.names) > SHEETS_AT_MOST
        else None,
    )
    if is_wanted:
        file = _all(ask, survey, heading_of(ask))
        place.download_button(
            _("下载全部支行"),
            data=file,
            file_name=_file_name(ask, _("全部支行")),
            mime=MIME,
            key="profile.export.file",
            icon=":material/download:",
            on_click="ignore",
            type="primary",
            width="stretch",
        )


def _all(ask: Queries, survey: Survey, heading: Heading) -> bytes:
    names = survey.names
    bar = st.progress(0.0, text=_("正在生成……"))
    done: list[str] = []

    def advance(name: str) -> None:
        done.append(name)
        text = _("{name}（{done}/{all}）").format(name=name, done=len(done), all=len(names))
        bar.progress(len(done) / len(names), text=text)

    file = workbook.build(
        heading, (comparisons.profile(ask, survey, name) for name in names), on_sheet=advance
    )
    bar.empty()
    return file


def heading_of(ask: Queries) -> Heading:
    """The heading of what the page shows; cases are listed there, so it stays in the house."""
    chosen = comparisons.of_all(ask).selection
    held = ask.coverage.get(ENTITY)
    head = heading(
        chosen.period,
        chosen.filters,
        last_day=held.last if held else None,
        snapshot=ask.snapshot.number,
        is_demo=cached.is_demo(ask.snapshot),
    )
    return replace(head, notice=internal())


def _file_name(ask: Queries, name: str) -> str:
    return _("一支行一页_{name}_{period}_{internal}.xlsx").format(
        name=name, period=ask.selection.period.id, internal=internal()
    )
