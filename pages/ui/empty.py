"""What a page says when it has nothing to show: what is missing and which file brings it."""

import streamlit as st

from pages.ui.formats import day
from pages.ui.text import _
from warehouse.coverage import Coverage
from warehouse.entities import entities
from warehouse.home import current_home
from warehouse.periods import Period, parse_period
from warehouse.quality import returned_files

SUGGESTED = 4


def nothing_loaded(reason: str = "") -> None:
    """The first screen of a new installation, and what became of files dropped so far."""
    if reason:
        st.info(reason, icon=":material/info:")
    st.title(_("还没有装载任何数据"), anchor=False)
    names = _("、").join(f"《{one.file_zh}》" for one in entities().values())
    st.markdown(
        _(
            "1. 把数据文件放入 `ingest/inbox`：{names}，有哪个先放哪个。\n"
            "2. 在项目文件夹运行 `python -m ingest`。\n"
            "3. 刷新本页。想先看看样子，可以运行 `python -m ingest.demo` 生成演示数据。"
        ).format(names=names)
    )
    refused = returned_files(current_home())
    if refused:
        st.subheader(_("被退回的文件"), anchor=False)
    for file in refused:
        reasons = _("；").join(file.reasons)
        st.error(_("“{file}”:{reasons}").format(file=file.file, reasons=reasons))


def no_endings() -> None:
    """Complaints were loaded, but no source tells when one of them ended."""
    text = _(
        "已装载的投诉没有处理决定、办结或撤诉日期，无法计算处理天数和未办结数。"
        "请让《{file}》带上这些列后重新放入 ingest/inbox。"
    )
    st.info(text.format(file=entities()["complaint"].file_zh), icon=":material/event_busy:")


def no_data(entity_id: str, held: Coverage | None, period: Period) -> None:
    """Nothing of this kind was loaded, or nothing for the chosen period."""
    entity = entities()[entity_id]
    if held is None:
        text = _(
            "还没有{name}数据。请把《{file}》放入 ingest/inbox，运行 python -m ingest 后刷新。"
        )
        st.info(text.format(name=entity.name_zh, file=entity.file_zh), icon=":material/inbox:")
        return
    text = _(
        "{period}没有{name}数据：已装载的《{file}》覆盖 {first} 至 {last}。"
        "请换一个期间，或把这一期的文件放入 ingest/inbox。"
    )
    st.info(
        text.format(
            period=period.label_zh,
            name=entity.name_zh,
            file=entity.file_zh,
            first=day(held.first),
            last=day(held.last),
        ),
        icon=":material/date_range:",
    )


def no_rows(what: str, filters: str) -> None:
    """A part of the page has no rows under the chosen filters."""
    st.info(
        _("{what}：所选期间和筛选（{filters}）下没有记录。").format(what=what, filters=filters),
        icon=":material/filter_alt_off:",
    )


def no_rows_but(what: str, period: Period, filters: str, quarters: list[str]) -> None:
    """Nothing under this choice, with the newest quarters under which there is something."""
    newest = _("、").join(
        parse_period(quarter).label_zh for quarter in reversed(quarters[-SUGGESTED:])
    )
    text = _("{period}、{filters}：{what}没有记录。").format(
        period=period.label_zh, filters=filters, what=what
    )
    if newest:
        text += _("有记录的季度：{quarters}，请在上方“期间”中选择。").format(quarters=newest)
    st.info(text, icon=":material/date_range:")
