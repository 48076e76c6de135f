"""Taking an alert on, with a name, a note and a due date; and giving it back."""

from collections.abc import Callable

import streamlit as st
from filelock import Timeout

from pages.ui import chart, formats
from pages.ui.alerts import lights
from pages.ui.alerts.viewpoint import View
from pages.ui.text import _
from warehouse import acknowledgements
from warehouse.acknowledgements import NAME_LENGTH, NOTE_LENGTH, Acknowledgement
from warehouse.alerts import Alert


def show(view: View, alert: Alert) -> None:
    """Draw who has the alert, with the way to give it back, or the form to take it on."""
    chart.heading(_("由谁跟进"))
    if alert.is_partial:
        st.caption(_("已按业务大类、渠道或支行筛选，这盏灯只是一个视角。清除筛选后再认领。"))
        return
    held = view.taken.of(alert)
    if held is None:
        _form(view, alert)
    else:
        _taken(view, alert, held)


def _key(alert: Alert) -> str:
    return ".".join(("alerts", alert.rule_id, *(value or "-" for value in alert.cell)))


def _form(view: View, alert: Alert) -> None:
    key = _key(alert)
    with st.form(key, clear_on_submit=False):
        name = st.text_input(_("由谁负责"), key=f"{key}.name", max_chars=NAME_LENGTH)
        note = st.text_input(_("说明"), key=f"{key}.note", max_chars=NOTE_LENGTH)
        due = st.date_input(_("整改期限"), value=None, key=f"{key}.due", format="YYYY-MM-DD")
        is_sent = st.form_submit_button(_("认领"), key=f"{key}.take", type="primary")
    st.caption(_("认领只对这一次亮灯有效；灯转绿后再亮，须重新认领。"))
    if not is_sent:
        return
    if not name.strip():
        st.warning(_("请填写由谁负责。"))
        return
    if _written(lambda: acknowledgements.acknowledge(
        view.ask.snapshot.home, alert, name=name, note=note, due=due
    )):  # fmt: skip
        st.rerun()


def _taken(view: View, alert: Alert, held: Acknowledgement) -> None:
    st.html(
        f"<p>{lights.taken_by(held, view.data_date)}</p><p class='caption'>"
        + _("{moment} 认领").format(moment=formats.moment(held.at))
        + "</p>"
    )
    is_sent = st.button(_("撤回认领"), key=f"{_key(alert)}.withdraw", icon=":material/undo:")
    if is_sent and _written(
        lambda: acknowledgements.withdraw(view.ask.snapshot.home, alert, name=held.name)
    ):
        st.rerun()


def _written(write: Callable[[], None]) -> bool:
    """Whether it could be written; else say why not and what to do."""
    try:
        write()
    except Timeout:
        st.error(_("别人正在写同一份记录，请稍后再试。"))
    except OSError as error:
        st.error(_("认领记录写不进去：{reason}。请联系管理员。").format(reason=error.strerror))
    else:
        return True
    return False
