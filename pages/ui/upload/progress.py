"""How far a check or a load has come, as a bar with its words."""

import streamlit as st

from pages.ui.text import _
from warehouse.loading import Progress


def bar(now: Progress | None, waiting: str) -> None:
    """The stage with its place among all, and how far its operation is where that is known."""
    if now is None:
        st.progress(0.0, text=waiting)
        return
    text = _("第 {step}/{steps} 步：{stage}").format(
        step=now.step, steps=now.steps, stage=now.stage
    )
    if now.fraction is not None:
        text += _("（本步当前操作 {percent}%）").format(percent=round(now.fraction * 100))
    if now.files > 1:
        text += _(" · 第 {position}/{files} 个文件").format(position=now.position, files=now.files)
    st.progress((now.step - 1 + (now.fraction or 0.0)) / now.steps, text=text)
