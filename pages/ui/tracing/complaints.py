"""The complaints of a cell themselves: how they were handled, what they say, where they stand."""

from html import escape

import streamlit as st

from pages.ui import cached, chart, explanation, formats, frames, table
from pages.ui.explanation import href
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _, name_of
from pages.ui.tracing.chosen import Chosen
from pages.ui.tracing.side import EVERYTHING, Group, numbers
from warehouse.registry import dimensions
from warehouse.tracing import COUNT

HANDLING = ("handling_days_median", "complaint_timely_rate", "repeat_rate", "satisfaction_rate")
CONTENT = ("category", "cause", "cause_detail", "intake_channel")
LISTED, READ = 5, 20


def handling(ask: Queries, chosen: Chosen) -> None:
    """Draw how these complaints were handled, beside others."""
    here = chosen.only
    same = {name: here[name] for name in ("category_group", "cause_group")}
    others = tuple(
        name
        for name in cached.values(ask.snapshot, "sub_branch")
        if name != chosen.cell["sub_branch"]
    )
    is_free = not ask.selection.filters
    groups = [
        Group(_("这些投诉"), here),
        *([Group(_("其他支行同类"), {**same, "sub_branch": others}, False)] if others else []),
        Group(_("本支行全部"), {**EVERYTHING, "sub_branch": here["sub_branch"]}, is_free),
        Group(_("全部投诉"), EVERYTHING, is_free),
    ]
    numbers(
        ask,
        title=_("处理得怎么样"),
        indicators=HANDLING,
        groups=groups,
        span=None,
        note=_(
            "{span}{channel}，n 为分母；时长按办结日期，及时率按到期日期，其余按收到日期"
        ).format(span=ask.selection.period.label_zh, channel=_channel(ask)),
    )


def _channel(ask: Queries) -> str:
    """The one filter that stays on every column."""
    values = ask.selection.filters.get("intake_channel", ())
    names = _("、").join(frames.labels("intake_channel", values))
    return _("，受理渠道：{names}").format(names=names) if names else ""


def contents(ask: Queries, chosen: Chosen) -> None:
    """Draw what the complaints say: finer values of their own columns, the most frequent first."""
    chart.heading(_("这些投诉具体说什么"))
    lines = []
    for name in CONTENT:
        found = ask.compute(COUNT, by=(name,), extra=chosen.only).sort(
            "value", descending=True, maintain_order=True
        )
        title = name_of(dimensions()[name])
        if found[name].drop_nulls().is_empty():
            lines.append((title, _("台账没有填写")))
            continue
        top = found.head(LISTED)
        words = [
            f"{label} {formats.number(count)}"
            for label, count in zip(
                frames.labels(name, top[name].to_list()), top["value"], strict=True
            )
        ]
        more = len(found) - len(top)
        if more > 0:
            words.append(_("其他 {count} 种").format(count=more))
        lines.append((title, _("、").join(words)))
    st.html(
        "<dl class='facts'>"
        + "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in lines)
        + "</dl>"
    )
    st.caption(_("N = {count} 件，名称后为件数").format(count=formats.number(chosen.row["count"])))


def rows(ask: Queries, chosen: Chosen) -> None:
    """Draw the way to the rows, and some of them to read."""
    words = _("看这 {count} 件的来源文件与行").format(count=formats.number(chosen.row["count"]))
    st.html(f"<p>{explanation.link(href(ask, COUNT, only=chosen.cell), words, says=words)}</p>")
    with st.expander(_("看投诉内容（前 {count} 件）").format(count=READ), type="compact"):
        period = ask.selection.period.id
        where = ask.where(COUNT, chosen.only)
        listed = cached.rows(ask.snapshot, COUNT, period, where, limit=READ)
        table.show(listed, row_columns(), name=_("投诉内容"))
        st.caption(_("个人信息已遮蔽"))


def row_columns() -> list[Column]:
    """The columns of the complaints to read."""
    return [
        Column("complaint_id", _("投诉编号")),
        Column("received_at", _("收到")),
        Column("org_name", _("机构")),
        Column("subject_masked", _("主题")),
        Column("content_masked", _("内容")),
        Column("reply_masked", _("答复")),
        Column("file_name", _("来源文件")),
        Column("source_row", _("行"), "number"),
    ]
