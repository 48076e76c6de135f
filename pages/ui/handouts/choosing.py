"""What the reader chooses before a hand-out is made: its kind, period, and what it asks besides."""

import streamlit as st

from pages.ui import cached, filters
from pages.ui.handouts.kinds import Kind, kinds
from pages.ui.handouts.orders import Document, Order
from pages.ui.queries import Queries
from pages.ui.text import _
from warehouse import periods
from warehouse.periods import Period


def kind() -> Kind:
    """Draw the list of kinds, each with what it is for, and give back the chosen one."""
    held = {one.id: one for one in kinds()}
    chosen = st.radio(
        _("要生成什么"),
        list(held),
        format_func=lambda one: held[one].name,
        captions=[one.purpose for one in held.values()],
        key="handouts.kind",
        persist_state="session",
        label_visibility="collapsed",
    )
    return held[chosen]


def order(ask: Queries, of: Kind) -> Order:
    """Draw period and options of a kind and give back what is chosen."""
    left, right = st.columns(2, gap="medium", vertical_alignment="bottom")
    with left:
        period = _period(ask, of)
    sub_branch = None
    if "sub_branch" in of.asks:
        with right:
            sub_branch = _sub_branch(ask)
    details = _details(of) if "details" in of.asks else False
    keep, template = _documents() if "documents" in of.asks else (None, None)
    return Order(of.id, period, sub_branch, details, keep, template)


def offered(ask: Queries, every: str) -> list[Period]:
    """The quarters or months that the data touch, newest first."""
    held = filters.dated(ask.coverage).values()
    first, last = min(one.first for one in held), max(one.last for one in held)
    return periods.of_kind(every, first, last)


def _period(ask: Queries, of: Kind) -> str:
    """The period chosen on the other pages where it fits, else the latest complete one."""
    ids = [one.id for one in offered(ask, of.every)]
    held = ask.coverage.get("complaint") or next(iter(filters.dated(ask.coverage).values()))
    shared = ask.selection.period.id
    default = (
        shared if shared in ids else periods.latest_complete(of.every, held.first, held.last).id
    )
    return st.selectbox(
        _("季度") if of.every == "Q" else _("月份"),
        ids,
        index=ids.index(default),
        format_func=lambda one: filters.period_label(periods.parse_period(one), held),
        # Another choice on the other pages is a new default.
        key=f"handouts.period.{of.every}.{default}",
        filter_mode="contains",
        persist_state="session",
    )


def _sub_branch(ask: Queries) -> str | None:
    names = [name for name in cached.values(ask.snapshot, "sub_branch") if name is not None]
    return st.selectbox(
        _("范围"),
        [None, *names],
        format_func=lambda one: _("全部支行") if one is None else one,
        key="handouts.sub_branch",
        filter_mode="contains",
        persist_state="session",
    )


def _details(of: Kind) -> bool:
    is_wanted = st.toggle(of.details, key=f"handouts.details.{of.id}", persist_state="session")
    if is_wanted:
        st.caption(_("逐件列出，较小的件数不作隐藏。文件里和文件名上都注明：内部使用，不得外传。"))
    return is_wanted


def _documents() -> tuple[Document | None, Document | None]:
    """The last edition of a report and a template of the bank's own."""
    keep = _document("keep", _("上一稿（可不选）：人工填写的段落会沿用到新稿，数字全部重新生成"))
    with st.expander(_("用本行自己的模板"), type="compact", key="handouts_template"):
        template = _document("template", _("Word 模板（可不选）：写法见 docs/handouts.md"))
    return keep, template


def _document(name: str, label: str) -> Document | None:
    # The button of the framework speaks English; the style sheet puts these words in its place.
    words = _("选择 Word 文件，或把文件拖到这里")
    st.html(f"<style>.st-key-upload_drop_{name} {{ --upload-words: '{words}'; }}</style>")
    with st.container(key=f"upload_drop_{name}"):
        file = st.file_uploader(label, type="docx", key=f"handouts.{name}")
    return None if file is None else Document(file.name, file.getvalue())
