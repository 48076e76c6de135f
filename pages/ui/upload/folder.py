"""The inbox as it is now: who watches it, what is being loaded, what waits and why, what came."""

from html import escape

import polars as pl
import streamlit as st

from pages.ui import chart, formats, table
from pages.ui.table import Column
from pages.ui.text import _
from pages.ui.upload import preview, progress, words
from pages.ui.upload.desk import Desk
from warehouse import loading, problems
from warehouse.entities import entities
from warehouse.held import HeldFile
from warehouse.loading import Outcome, Waiting

SHOWN_OUTCOMES = 15


def show(desk: Desk) -> None:
    """Draw the state of the inbox and the last outcomes."""
    chart.heading(_("收件箱"))
    is_watched = loading.is_watched(desk.home)
    now = loading.progress(desk.home)
    if now is not None:
        progress.bar(now, "")
        st.caption(_("正在装载“{file}”").format(file=now.file))
    elif is_watched:
        st.caption(
            _("正在值守：放进收件箱 {inbox} 的文件会自动装载。").format(inbox=desk.home.inbox)
        )
    else:
        st.caption(
            _(
                "现在没有值守：放进收件箱 {inbox} 的文件要点按钮或运行 python -m ingest 才会装载。"
            ).format(inbox=desk.home.inbox)
        )
    if desk.failure is not None:
        reason = desk.failure or _("程序没有说明原因就结束了")
        st.warning(
            _("刚才的装载没有完成：{reason}。文件仍在收件箱，可以再试一次。").format(reason=reason)
        )
    _waiting(desk, is_watched=is_watched, is_loading=now is not None)
    chart.heading(_("最近的装载"))
    _outcomes(desk, loading.outcomes(desk.home)[:SHOWN_OUTCOMES])


def _waiting(desk: Desk, *, is_watched: bool, is_loading: bool) -> None:
    try:
        files = loading.waiting(desk.home)
    except FileNotFoundError:
        files = []
    except OSError as error:
        st.warning(_("收件箱现在读不了：{reason}").format(reason=error.strerror))
        return
    if not files:
        st.markdown(_("收件箱是空的。"))
        return
    for file in files:
        _file(desk, file)
    names = [file.name for file in files if file.status != "held"]
    if names and not is_watched and not is_loading:
        st.button(
            _("装载收件箱中的 {count} 个文件").format(count=len(names)),
            key="upload.load_inbox",
            icon=":material/download_done:",
            on_click=_load,
            args=(desk, names, False),
            disabled=any(one.is_running for one in desk.loads),
        )


def _file(desk: Desk, file: Waiting) -> None:
    size = _("{size} KB").format(size=formats.number(max(1, round(file.size / 1024))))
    st.html(
        f"<p class='upload-name'>{words.mark(file.status)} {escape(file.name)} "
        f"<small>{size}</small></p>"
    )
    if file.held is not None:
        _held(desk, file.held)
    elif file.outcome is not None and file.status == "failed":
        reasons = _("；").join(one["message"] for one in file.outcome.result["problems"])
        st.html(f"<p class='caption'>{escape(reasons)}</p>")


def _held(desk: Desk, file: HeldFile) -> None:
    """What a file would change that waits for somebody to confirm it, and what is of concern."""
    with st.container(border=True):
        preview.changes(file.changes)
        preview.concerns(file.concerns)
        key = f"upload.held.{file.file}"
        is_confirmed = st.checkbox(_("我已核对并确认"), key=f"{key}.confirm")
        st.button(
            _("确认装载"),
            key=key,
            type="primary",
            disabled=not is_confirmed or any(one.is_running for one in desk.loads),
            on_click=_load,
            args=(desk, [file.file], True),
        )
        st.caption(
            _("不装载的话，请把这个文件从收件箱移走；在那之前它一直等在这里，不改变任何数字。")
        )


def _load(desk: Desk, names: list[str], is_confirmed: bool) -> None:
    desk.asked = desk.load_from_inbox(names, is_confirmed=is_confirmed), names


def _outcomes(desk: Desk, found: list[Outcome]) -> None:
    if not found:
        st.markdown(_("还没有装载过文件。"))
        return
    names = {entity.id: entity.name_zh for entity in entities().values()}
    frame = pl.DataFrame(
        [
            {
                "at": formats.moment(one.at),
                "file": one.file,
                "status": words.word(one.state),
                "entity": names.get(one.result.get("entity") or ""),
                **{
                    part: one.result["rows"][part]
                    for part in ("inserted", "updated", "unchanged", "quarantined", "ignored")
                },
                "why": _why(one),
            }
            for one in found
        ],
        infer_schema_length=None,
    )
    columns = [
        Column("at", _("时间")),
        Column("file", _("文件")),
        Column("status", _("结果")),
        Column("entity", _("数据")),
        Column("inserted", _("新增"), "number"),
        Column("updated", _("更新"), "number"),
        Column("unchanged", _("未变"), "number"),
        Column("quarantined", _("退回"), "number"),
        Column("ignored", _("忽略"), "number"),
        Column("why", _("原因与提示")),
    ]
    with st.container(key="upload_outcomes"):
        table.show(frame, columns, name=_("最近的装载"))
    _details(desk, [one for one in found if one.result.get("problems")])


def _why(outcome: Outcome) -> str:
    """The first reason, and how many there are; the loader tells first why something went back."""
    told = problems.told(outcome.result)
    if not told["reasons"]:
        return ""
    first, count = told["reasons"][0], told["reason_count"]
    where = _("第 {rows} 行：").format(rows=first["row"]) if first["row"] else ""
    others = _("（共 {count} 类，见下）").format(count=count) if count > 1 else ""
    return f"{where}{first['message']}{others}"


def _details(desk: Desk, found: list[Outcome]) -> None:
    """All that is to be said of one of the files, and the workbook that goes back."""
    if not found:
        return
    chosen = st.selectbox(
        _("看一个文件的全部问题与提示"),
        found,
        index=None,
        format_func=lambda one: f"{formats.moment(one.at)}  {one.file}",
        placeholder=_("选择文件"),
        key="upload.details",
    )
    if chosen is not None:
        preview.slip(desk.home, chosen.result, key="details")
        preview.problems(chosen.result, key="upload.details.problems")
