"""A finished hand-out: whether it still is what was asked for, its file, gaps, and its issue."""

from html import escape

import streamlit as st

from pages.ui import formats
from pages.ui.handouts import shelf, told
from pages.ui.handouts.kinds import Kind
from pages.ui.handouts.orders import Order
from pages.ui.handouts.shelf import Finished
from pages.ui.queries import Queries
from pages.ui.text import _
from warehouse.handouts import issued

# So many gaps are read at once; the others are a click away.
GAPS = 4


def show(ask: Queries, kind: Kind, order: Order, done: Finished) -> None:
    """Draw the result under the order that made it, or says that the order is another now."""
    with st.container(border=True, key="handouts_finished"):
        st.html(f"<p class='upload-name'>{escape(done.file_name)}</p>")
        _stale(ask, order, done)
        st.markdown(_said(done))
        _gaps(done)
        st.download_button(
            _("下载"),
            data=done.made.content,
            file_name=done.file_name,
            mime=kind.mime,
            key="handouts.download",
            icon=":material/download:",
            on_click="ignore",
            type="primary",
        )
        _issue(ask, done)


def _said(done: Finished) -> str:
    size = formats.number(max(1, round(len(done.made.content) / 1024)))
    return _("{summary} · 快照 #{number} · {size} KB").format(
        summary=done.made.summary, number=done.made.state.number, size=size
    )


def _stale(ask: Queries, order: Order, done: Finished) -> None:
    """Say so where the file is not what would be made now."""
    said = []
    if done.order != order:
        said.append(_("这份是按“{words}”生成的，上面现在选的不同").format(words=done.order.words))
    if done.version != ask.snapshot.version:
        said.append(
            _("这份用的是快照 #{old}，现在是快照 #{new}，数字可能已变").format(
                old=done.made.state.number, new=ask.snapshot.number
            )
        )
    if said:
        text = _("{reasons}。需要的话请重新生成。").format(reasons=_("；").join(said))
        st.warning(text, icon=":material/history:")


def _gaps(done: Finished) -> None:
    """What is missing in it, and why."""
    gaps = list(dict.fromkeys(done.made.gaps))
    if not gaps:
        st.caption(_("没有缺数据的地方。"))
        return
    text = _("**{count} 处缺数据，文件里写明了原因：**")
    st.markdown(text.format(count=formats.number(len(done.made.gaps))))
    _listed(gaps[:GAPS])
    if len(gaps) > GAPS:
        rest = gaps[GAPS:]
        label = _("其余 {count} 条原因").format(count=formats.number(len(rest)))
        with st.expander(label, type="compact", key="handouts_gaps"):
            _listed(rest)


def _listed(gaps: list[str]) -> None:
    items = "".join(f"<li>{escape(gap)}</li>" for gap in gaps)
    st.html(f"<ul class='grounds'>{items}</ul>")


def _issue(ask: Queries, done: Finished) -> None:
    """The way into the register; what is there already says so."""
    if done.issued is not None:
        text = _("已登记为 {title}，见下面“已发布”。")
        st.success(text.format(title=done.issued.title), icon=":material/task_alt:")
        return
    with st.form("handouts_issue", border=False):
        who, send = st.columns([2, 1], vertical_alignment="bottom")
        by = who.text_input(
            _("由谁发布（登记后随时可以重出同样的数字，并知道哪些数字后来变了）"),
            key="handouts.by",
            max_chars=issued.NAME_LENGTH,
        )
        is_sent = send.form_submit_button(
            _("登记为已发布"), key="handouts.issue", icon=":material/approval:", width="stretch"
        )
    if not is_sent:
        return
    if not by.strip():
        st.warning(_("请填写由谁发布。"))
        return
    with told.errors():
        home = ask.snapshot.home
        entry = issued.issue(home, done.made, file_name=done.file_name, by=by)
        shelf.note_issued(ask.snapshot, done, entry)
        st.rerun()
