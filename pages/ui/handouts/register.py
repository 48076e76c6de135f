"""已发布: what was issued, newest first, and any of it made once more from its own snapshot."""

from collections.abc import Sequence
from html import escape
from pathlib import PurePosixPath

import polars as pl
import streamlit as st

from pages.ui import formats, table
from pages.ui.handouts import remaking, shelf, told
from pages.ui.handouts.shelf import Again
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _
from warehouse.handouts import issued
from warehouse.handouts.issued import Issued
from warehouse.handouts.report import Report

# So much of a checksum tells files apart; the file of the table holds all of it.
DIGITS = 12


def entries(ask: Queries) -> list[Issued]:
    """What the reader may see of the register, newest first."""
    scope = ask.snapshot.scope
    return [one for one in reversed(issued.read(ask.snapshot.home)) if one.is_for(scope)]


def nothing() -> None:
    """Draw what is to be done while nothing was issued."""
    st.info(
        _("还没有登记过已发布的交付物。在上面生成一份，填写由谁发布，按“登记为已发布”。"),
        icon=":material/info:",
    )


def show(ask: Queries, every: Sequence[Issued]) -> None:
    """Draw the register and the way to make one of it again."""
    frame = _frame(every)
    table.show(frame, _columns(), name=_("已发布"))
    table.download(frame, _columns(sha="sha256"), key="handouts.issued")
    _again(ask, every)


def _frame(every: Sequence[Issued]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "number": one.number,
                "kind": issued.KINDS.get(one.kind, one.kind),
                "period": one.period.label_zh,
                "scope": _scope(one),
                "snapshot": one.state.number,
                "by": one.by,
                "at": formats.moment(one.at),
                "file": one.file_name,
                "numbers": len(one.stated),
                "short": one.sha256[:DIGITS],
                "sha256": one.sha256,
            }
            for one in every
        ]
    )


def _scope(one: Issued) -> str:
    return _("全部支行") if one.sub_branches is None else _("、").join(one.sub_branches)


def _columns(sha: str = "short") -> list[Column]:
    return [
        Column("number", _("编号"), "number"),
        Column("kind", _("交付物")),
        Column("period", _("期间")),
        Column("scope", _("范围")),
        Column("snapshot", _("快照"), "number"),
        Column("by", _("由谁发布")),
        Column("at", _("登记时间")),
        Column("file", _("文件名")),
        Column("numbers", _("登记的数字"), "number"),
        Column(sha, _("文件校验和（SHA-256）")),
    ]


def _again(ask: Queries, every: Sequence[Issued]) -> None:
    which, press, _rest = st.columns([2.4, 1, 1.6], vertical_alignment="bottom")
    held = {one.number: one for one in every}
    with which:
        number = st.selectbox(
            _("重出哪一份"),
            list(held),
            format_func=lambda one: held[one].title,
            # What was issued last is the default again.
            key=f"handouts.which.{every[0].number}",
            filter_mode="contains",
            persist_state="session",
        )
    with press:
        is_wanted = st.button(
            _("重出同样的数字"), key="handouts.again", icon=":material/replay:", width="stretch"
        )
    one = held[number]
    if is_wanted:
        with told.errors(), st.spinner(_("正在按快照 #{n} 重出……").format(n=one.state.number)):
            shelf.put_again(ask.snapshot, remaking.again(ask.snapshot.home, one))
    again = shelf.get_again(ask.snapshot, number)
    if again is not None:
        _made_again(one, again)


def _made_again(one: Issued, again: Again) -> None:
    with st.container(border=True, key="handouts_again"):
        st.html(f"<p class='upload-name'>{escape(one.title)}</p>")
        st.markdown(_sameness(one, again))
        name = PurePosixPath(one.file_name)
        st.download_button(
            _("下载重出的文件"),
            data=again.content,
            file_name=_("{stem}_重出{suffix}").format(stem=name.stem, suffix=name.suffix),
            mime=again.mime,
            key="handouts.again.download",
            icon=":material/download:",
            on_click="ignore",
        )


def _sameness(one: Issued, again: Again) -> str:
    """Whether the file is the same, or its numbers are, or not even those."""
    if again.is_same_file:
        return _("与发布时的文件逐字节相同（校验和一致）。")
    if again.differing:
        return _(
            "登记的 {all} 个数字中有 {count} 个重出后不同：快照没有变，是程序的算法换了版本。"
            "请以发布时的文件为准。"
        ).format(all=len(one.stated), count=again.differing)
    own = _("；人工填写的文字和本行模板不会重出") if one.kind == Report.kind else ""
    return _(
        "登记的 {all} 个数字全部相同；文件本身不同（校验和不一致）：里面有生成的时间{own}。"
    ).format(all=len(one.stated), own=own)
