"""One uploaded file: its check, the decision about it, its load and the outcome."""

from html import escape

import streamlit as st

from pages.ui.text import _
from pages.ui.upload import preview, progress, words
from pages.ui.upload.desk import Desk, Upload
from warehouse import loading


def show(desk: Desk, upload: Upload) -> None:
    """Draw the file as it stands now."""
    with st.container(border=True, key=f"upload_card_{upload.id}"):
        state = _state(upload)
        st.html(f"<p class='upload-name'>{words.mark(state)} {escape(upload.path.name)}</p>")
        match upload.stage:
            case "checking":
                _checking(upload)
            case "checked":
                _checked(desk, upload)
            case "loading":
                _loading(desk, upload)
            case "done":
                _done(desk, upload)
            case "stuck":
                _stuck(desk, upload)


def _state(upload: Upload) -> str:
    if upload.outcome is not None:
        return upload.outcome.state
    if upload.stage != "checked":
        return upload.stage
    status = loading.state(upload.report)
    return {"loaded": "loadable", "refused": "refusable"}.get(status, status)


def _checking(upload: Upload) -> None:
    now = upload.checker.progress
    mine = now if now is not None and now.file == upload.path.name else None
    progress.bar(mine, _("正在检查，首次约需 10 秒……"))


def _checked(desk: Desk, upload: Upload) -> None:
    report = upload.report
    preview.recognised(report)
    status = report["status"]
    # Of a file that was loaded before it is told what became of its rows then.
    preview.rows(report, is_loaded=status == "unchanged")
    if upload.is_changed_since:
        st.markdown(
            _("这个文件以前装载过，但它的行后来被别的文件改过（见下）。以这一份为准会这样：")
        )
        preview.changes((report.get("preview") or {}).get("changes") or ())
    elif report.get("zero_report"):
        st.markdown(_("文件写明没有数据，不必装载，也不必修改。"))
    elif status == "unchanged":
        st.markdown(_("这个文件以前装载过，内容一样，装载不会改变任何数字。"))
    elif status == "refused":
        st.markdown(_("整个文件会被退回。请按下面的原因改好后再上传；没有任何内容被写入。"))
    elif status == "failed":
        st.markdown(_("本机出了故障，检查没有完成；文件没有问题，请稍后再试。"))
    else:
        given = (report.get("preview") or {}).get("changes") or ()
        preview.changes(given, counted_in=upload.counted_in)
    preview.problems(report, key=f"upload.problems.{upload.id}")
    _decide(desk, upload)


def _decide(desk: Desk, upload: Upload) -> None:
    """The buttons; what needs a confirmation cannot be loaded without it."""
    status = upload.report["status"]
    is_confirmed = False
    is_loadable = status in ("loaded", "held") or upload.is_changed_since
    if is_loadable:
        if upload.concerns:
            preview.concerns(upload.concerns)
        needed = status != "loaded" or bool(upload.concerns)
        if needed:
            is_confirmed = st.checkbox(_("我已核对并确认"), key=f"upload.confirm.{upload.id}")
        take, leave, _rest = st.columns([1, 1, 6])
        take.button(
            _("以这一份为准") if upload.is_changed_since else _("装载"),
            key=f"upload.load.{upload.id}",
            type="primary",
            icon=":material/download_done:",
            disabled=needed and not is_confirmed,
            on_click=_load,
            args=(desk, upload, is_confirmed),
            width="stretch",
        )
    else:
        leave = st.columns([1, 7])[0]
    leave.button(
        _("放弃") if is_loadable else _("移除"),
        key=f"upload.drop.{upload.id}",
        on_click=desk.drop,
        args=(upload,),
        width="stretch",
    )


def _load(desk: Desk, upload: Upload, is_confirmed: bool) -> None:
    try:
        desk.load(upload, is_confirmed=is_confirmed)
    except OSError as error:
        upload.stage = "stuck"
        upload.complaint = _("文件没有能放进收件箱：{reason}").format(reason=error.strerror)


def _loading(desk: Desk, upload: Upload) -> None:
    now = loading.progress(desk.home)
    if now is not None and now.file != upload.path.name:
        text = _("已放入收件箱；正在装载“{file}”，之后轮到它……").format(file=now.file)
        progress.bar(None, text)
        return
    progress.bar(now, _("已放入收件箱，等待装载……"))


def _done(desk: Desk, upload: Upload) -> None:
    outcome = upload.outcome
    if outcome is None:
        return
    report = outcome.result
    preview.recognised(report)
    preview.rows(report, is_loaded=True)
    st.markdown(words.meaning(outcome.state))
    preview.slip(desk.home, report, key=upload.id)
    preview.problems(report, key=f"upload.problems.{upload.id}")
    columns = st.columns([1, 1, 6])
    if outcome.status in ("loaded", "unchanged"):
        with columns[1]:
            st.page_link("pages/overview.py", label=_("看总览"), icon=":material/dashboard:")
    columns[0].button(
        _("知道了"), key=f"upload.done.{upload.id}", on_click=desk.drop, args=(upload,)
    )


def _stuck(desk: Desk, upload: Upload) -> None:
    st.markdown(_("检查或装载的程序没有给出结果就结束了；数据没有受影响，可以移除后再上传一次。"))
    if upload.complaint:
        st.html(f"<p class='caption'>{escape(upload.complaint)}</p>")
    st.columns([1, 7])[0].button(
        _("移除"), key=f"upload.drop.{upload.id}", on_click=desk.drop, args=(upload,)
    )
