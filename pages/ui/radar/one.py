"""One question: what it asks, why it matters, its chart, where to look further, its rows."""

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from pages.ui import chart, explanation, formats, table
from pages.ui.explaining.rows import readable
from pages.ui.queries import Queries
from pages.ui.radar import asked, figure
from pages.ui.table import Column
from pages.ui.text import _
from warehouse.labels import label_of
from warehouse.radar.question import Question

# Name of the choice in the address.
QUESTION = "question"
_PLACE = ("file_name", "source_sheet", "source_row")
_SILENT = ("dates_endings", "states_timeliness")


def pick(shown: Sequence[Question]) -> Question:
    """Draw the list to choose from and give back the chosen one; the strongest is the default."""
    rows = {one.id: one for one in shown}
    named = st.query_params.get(QUESTION, "")
    before = named if named in rows else shown[0].id
    numbers = {one.id: at for at, one in enumerate(shown, start=1)}
    wanted = st.selectbox(
        _("看哪一个疑点"),
        list(rows),
        index=list(rows).index(before),
        format_func=lambda one: _label(numbers[one], rows[one]),
        key="radar.question",
        filter_mode="contains",
    )
    wanted = wanted or before
    if wanted != before:
        st.query_params[QUESTION] = wanted
    return rows[wanted]


def _label(number: int, one: Question) -> str:
    return _("{number}. {places} · {signal}").format(
        number=number, places=asked.places(one), signal=one.signal.name_zh
    )


def show(ask: Queries, one: Question) -> None:
    """Draw words and chart side by side."""
    left, right = st.columns([1, 1.2], gap="large")
    with left:
        st.html(f"<p class='headline'>{escape(one.text)}</p>")
        facts = [
            (_("为什么要看"), escape(one.signal.why_zh)),
            (_("正常情况"), escape(one.signal.normal_zh)),
            (_("对照"), escape(one.baseline)),
            ("N", escape(formats.amount(one.cases, unit=one.unit))),
            (_("偶然机会"), escape(_chance_words(one))),
            (_("怎样往下看"), _links(ask, one)),
        ]
        body = "".join(
            f"<tr><th scope='row'>{name}</th><td>{held}</td></tr>" for name, held in facts
        )
        st.html(f"<table class='grid facts'>{body}</table>")
    with right:
        chart.heading(one.picture.title)
        chart.draw(
            key="radar.picture",
            title=one.picture.title,
            figure=figure.figure(one.picture),
            caption=_(" · ").join(
                (
                    one.period.label_zh,
                    _("N = {count}").format(count=formats.amount(one.cases, unit=one.unit)),
                    _("■ 深色为疑点所在"),
                    *figure.legend(one.picture),
                )
            ),
        )
        chart.twin(
            figure.frame(one.picture),
            figure.columns(one.picture),
            key="radar.picture",
            title=one.picture.title,
        )


def _chance_words(one: Question) -> str:
    if one.p_value is None:
        return _("按规则提示，不算机会")
    return _("{p}；按全部检验校正后 {q}").format(p=_small(one.p_value), q=asked.chance(one))


def _small(value: float) -> str:
    return _("不到十万分之一") if value < 1e-5 else formats.number(value, 5)


def _links(ask: Queries, one: Question) -> str:
    """The explanation where an indicator counts the same rows, and the page of the matter."""
    found = []
    if one.explained is not None:
        address = explanation.href(
            ask, one.explained.indicator, period=one.period, only=dict(one.explained.only)
        )
        found.append((address, _("看这些件数的来源文件与行")))
    chosen = ask.selection.parameters()
    if len(one.sub_branches) == 1:
        chosen["branch"] = list(one.sub_branches)
    found.append((f"{one.signal.page}?{urlencode(chosen, doseq=True)}", _("看相关页面")))
    return _("；").join(
        f"<a class='go' href='{escape(address, quote=True)}'>{escape(words)}</a>"
        for address, words in found
    )


def rows(ask: Queries, one: Question) -> None:
    """Draw the rows behind the question with the file and line each came from, and their file."""
    title = _("这个疑点的行")
    chart.heading(title)
    if one.rows is None:
        st.markdown(_("这个疑点说的是没有来的文件，没有行可列。"))
        return
    held = readable(asked.rows(ask, one, limit=asked.ROWS_SHOWN))
    if held.is_empty():
        st.markdown(_("没有行。"))
        return
    if one.signal_id == "silence":
        st.markdown(_("没有来的无从列出；下面是最后一次来数之前 30 天的行。"))
    elif held.height == asked.ROWS_SHOWN:
        st.markdown(_("下面列前 {count} 行，其余在文件中。").format(count=asked.ROWS_SHOWN))
    columns = _columns(one.rows.entity, held)
    with st.container(key="explained_rows"):
        table.show(held, columns, name=title)
    st.download_button(
        _("下载这些行（CSV，至多 {count} 行）").format(count=formats.number(asked.ROWS_IN_FILE)),
        data=lambda: _file(ask, one),
        file_name=f"radar.{one.signal_id}.csv",
        mime="text/csv",
        key="radar.rows.download",
        icon=":material/download:",
        on_click="ignore",
        type="tertiary",
    )


def _file(ask: Queries, one: Question) -> bytes:
    held = readable(asked.rows(ask, one, limit=asked.ROWS_IN_FILE))
    return table.csv(held, _columns(one.rows.entity if one.rows else "", held))


def _columns(entity: str, held: pl.DataFrame) -> list[Column]:
    """Where a row stands, then what it says; columns that are blank throughout are left out."""
    names = {"file_name": _("文件"), "source_sheet": _("工作表"), "source_row": _("行号")}
    filled = [name for name in held.columns if held[name].null_count() < held.height]
    place = [
        Column(name, names[name], "number" if name == "source_row" else "text")
        for name in _PLACE
        if name in filled
    ]
    rest = [name for name in filled if name not in (*_PLACE, *_SILENT)]
    return place + [Column(name, label_of(entity, name)) for name in rest]
