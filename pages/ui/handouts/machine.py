"""版本时光机: which numbers moved between two states of the data, by which loads and rows."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from pages.ui import filters, table
from pages.ui.handouts import cached, choosing, moves, restated
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _
from warehouse.entities import entities
from warehouse.handouts.issued import Issued
from warehouse.periods import parse_period

SNAPSHOTS, ISSUED = "snapshots", "issued"


def show(ask: Queries, every: Sequence[Issued]) -> None:
    """Draw what is compared and what moved."""
    names = {SNAPSHOTS: _("两个快照"), ISSUED: _("一份已发布的交付物与现在")}
    how = st.segmented_control(
        _("比较"),
        list(names),
        default=SNAPSHOTS,
        required=True,
        format_func=names.__getitem__,
        key="handouts.compared",
        persist_state="session",
    )
    if how == ISSUED:
        _issued(ask, every)
    else:
        _snapshots(ask)


def _issued(ask: Queries, every: Sequence[Issued]) -> None:
    if not every:
        st.info(_("还没有登记过已发布的交付物，没有可比的。"), icon=":material/info:")
        return
    held = {one.number: one for one in every}
    number = st.selectbox(
        _("哪一份"),
        list(held),
        format_func=lambda one: held[one].title,
        key="handouts.compared.which",
        filter_mode="contains",
        persist_state="session",
    )
    one = held[number]
    found = restated.of(ask, [one])
    if found.is_empty():
        text = _("{title}：登记的 {all} 个数字与现在的数据（快照 #{number}）全部相同。")
        st.markdown(text.format(title=one.title, all=len(one.stated), number=ask.snapshot.number))
        return
    text = _("{title}：登记的 {all} 个数字中 {count} 个变了。")
    st.markdown(text.format(title=one.title, all=len(one.stated), count=len(found)))
    moves.show(found, key="handouts.machine.issued", title=_("变了的数字"))


def _snapshots(ask: Queries) -> None:
    held = cached.loads(ask.snapshot)
    if len(held) < 2:
        text = _("只有一个快照（#{number}），没有可比的。再装载一次数据后这里就能比较。")
        st.info(text.format(number=ask.snapshot.number), icon=":material/info:")
        return
    words = {
        number: _("#{number} · {at} · {message}").format(
            number=number, at=at[:16], message=message or _("整理文件，数字不变")
        )
        for number, at, message in held.select("snapshot_id", "committed_at", "message").iter_rows()
    }
    first, last, period = _chosen(ask, words)
    if first >= last:
        st.warning(_("请让“从”早于“到”。"), icon=":material/swap_horiz:")
        return
    with st.spinner(_("正在比较……")):
        found = cached.moved(ask.snapshot, first, last, period)
        between = cached.batches(ask.snapshot, first, last)
    span = parse_period(period).label_zh
    if found.is_empty():
        text = _("快照 #{first} 与 #{last} 之间，{period}的主要指标都没有变。")
        st.markdown(text.format(first=first, last=last, period=span))
    else:
        text = _("快照 #{first} 与 #{last} 之间，{period}有 {count} 个主要指标变了。")
        st.markdown(text.format(first=first, last=last, period=span, count=len(found)))
        moves.show(found, key="handouts.machine", title=_("变了的数字"))
    _between(between)


def _chosen(ask: Queries, words: dict[int, str]) -> tuple[int, int, str]:
    """Draw the choice of both snapshots, the last two at first, and of the period."""
    numbers = list(words)
    columns = st.columns([2, 2, 1], gap="medium")
    chosen = [
        column.selectbox(
            label,
            numbers,
            index=index,
            format_func=words.__getitem__,
            # After another load the newest two are the default again.
            key=f"handouts.{name}.{numbers[0]}",
            filter_mode="contains",
            persist_state="session",
        )
        for column, name, label, index in zip(
            columns[:2], ("from", "to"), (_("从"), _("到")), (1, 0), strict=True
        )
    ]
    ids = [one.id for every in "QM" for one in choosing.offered(ask, every)]
    default = ask.selection.period.id
    with columns[2]:
        period = st.selectbox(
            _("期间"),
            ids if default in ids else [default, *ids],
            index=ids.index(default) if default in ids else 0,
            format_func=lambda one: filters.period_label(
                parse_period(one), ask.coverage.get("complaint")
            ),
            key=f"handouts.machine.period.{default}",
            filter_mode="contains",
            persist_state="session",
        )
    return chosen[0], chosen[1], period


def _between(found: pl.DataFrame) -> None:
    """What was loaded between both."""
    if found.is_empty():
        return
    names = {one.id: one.name_zh for one in entities().values()}
    told = found.with_columns(pl.col("entity").replace(names))
    columns = [
        Column("loaded_at", _("装载时间")),
        Column("file_name", _("文件")),
        Column("entity", _("数据")),
        Column("rows_read", _("读入"), "number"),
        Column("rows_inserted", _("新增"), "number"),
        Column("rows_updated", _("更新"), "number"),
        Column("batch_id", _("批次")),
    ]
    st.markdown(_("**其间装载的文件**"))
    table.show(told, columns, name=_("其间装载的文件"))
    table.download(told, columns, key="handouts.machine.loads")
