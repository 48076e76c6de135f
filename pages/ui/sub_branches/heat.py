"""The table of sub-branch × indicator: value, place and shading by the distance to the median."""

from collections.abc import Sequence
from html import escape

import polars as pl
import streamlit as st

from pages.ui import chart, comparisons, explanation, formats, peer_words, table
from pages.ui.chart import Source
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse.gaps import measured
from warehouse.peers import Place, places
from warehouse.periods import parse_period
from warehouse.registry import Indicator, indicator

# What is shown until somebody chooses; ids that the registry lacks are left out.
DEFAULT = (
    "complaints_per_ten_million_customers",
    "complaint_timely_rate",
    "handling_days_median",
    "repeat_rate",
    "satisfaction_rate",
    "first_response_within_hour_rate",
    "exam_pass_rate",
    "training_coverage",
    "policy_execution_rate",
    "double_recording_qualified_rate",
)
FEWEST_COLUMNS = 6
# A bank has some twenty sub-branches; hundreds of organisations are read in a file.
AT_MOST = 40
# Robust standard deviations from the median at which the shading changes.
NEAR, FAR = 0.75, 2.0
SHADES = ("worse2", "worse1", "middle", "better1", "better2")


def show(ask: Queries, offered: Sequence[Indicator]) -> None:
    """Draw the choice of indicators, the table, its key and its file."""
    title = _("支行 × 指标")
    chart.heading(title)
    names = {one.id: name_of(one) for one in offered}
    wanted = st.multiselect(
        _("指标"),
        list(names),
        default=default(ask, offered),
        format_func=names.__getitem__,
        key="sub_branches.columns",
        persist_state="session",
        placeholder=_("选择指标"),
        select_all=False,
        filter_mode="contains",
        wrap=True,
    )
    if not wanted:
        st.info(_("请选择至少一个指标。"), icon=":material/info:")
        return
    asked = [indicator(what) for what in wanted]
    cells = {one.id: _by_name(comparisons.peers(ask, one.id)) for one in asked}
    order = [member.name for member in comparisons.members(ask)]
    rows = [name for name in order if any(name in column for column in cells.values())]
    drawn = _drawn(rows, cells[asked[0].id], comparisons.chosen(ask))
    st.html(_html(ask, asked, drawn, cells))
    first = asked[0]
    caption = chart.caption(comparisons.of_all(ask), Source(first.id)).removesuffix(
        f" · {first.basis_zh}"
    )
    words = [_key(), caption, _("点击单元格看这个数怎么来的")]
    if len(drawn) < len(rows):
        text = _("列出样本最多的 {drawn} 家，共 {all} 家，全部在下载的文件中")
        words.append(text.format(drawn=len(drawn), all=formats.number(len(rows))))
    st.caption(" · ".join(words))
    frame, columns = _file(asked, rows, cells)
    table.download(frame, columns, key="sub_branches.heat")


def _drawn(rows: Sequence[str], cells: dict[str, Place], picked: Sequence[str | None]) -> list[str]:
    """The rows on screen: all of them, or of hundreds the chosen and those with most cases."""
    if len(rows) <= AT_MOST:
        return list(rows)

    def size(name: str) -> tuple[bool, float]:
        place = cells.get(name)
        return name in picked, (place.denominator or place.numerator or 0) if place else 0

    kept = set(sorted(rows, key=size, reverse=True)[:AT_MOST])
    return [name for name in rows if name in kept]


def default(ask: Queries, offered: Sequence[Indicator]) -> list[str]:
    """The columns before anybody chooses: the usual ones that have data, else others that do.

    They do not change with the period, so that two periods can be put side by side.
    """
    held = {one.id for one in offered}
    usual = [what for what in DEFAULT if what in held and _has_values(ask, what)]
    others = (one.id for one in measured() if one.id in held and one.id not in usual)
    for what in others:
        if len(usual) >= FEWEST_COLUMNS:
            break
        if _has_values(ask, what):
            usual.append(what)
    return usual


def _has_values(ask: Queries, what: str) -> bool:
    found = comparisons.of_all(ask).compute(what, period=parse_period("all"))
    return found["value"][0] is not None


def _by_name(found: pl.DataFrame) -> dict[str, Place]:
    return {place.sub_branch: place for place in places(found)}


def shade(place: Place) -> str:
    """Which of five shades a place takes, by its distance to the median in the usual spread."""
    if place.distance is None:
        return "none"
    edges = (-FAR, -NEAR, NEAR, FAR)
    return SHADES[sum(place.distance > edge for edge in edges)]


def _html(
    ask: Queries,
    asked: Sequence[Indicator],
    rows: Sequence[str],
    cells: dict[str, dict[str, Place]],
) -> str:
    head = "".join(f"<th scope='col'>{escape(name_of(one))}</th>" for one in asked)
    picked = comparisons.chosen(ask)
    body = "".join(
        f"<tr class='{'chosen' if name in picked else ''}'><th scope='row'>{escape(name)}</th>"
        + "".join(_cell(ask, one, cells[one.id].get(name)) for one in asked)
        + "</tr>"
        for name in rows
    )
    return (
        f"<div class='grid-frame'><table class='grid matrix peers' "
        f"aria-label='{escape(_('支行 × 指标'), quote=True)}'><thead><tr>"
        f"<th>{_('支行')}</th>{head}</tr>{_median_row(asked, cells)}</thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _median_row(asked: Sequence[Indicator], cells: dict[str, dict[str, Place]]) -> str:
    """The medians stand above the values that are read against them."""
    medians = [next(iter(cells[one.id].values()), None) for one in asked]
    written = "".join(
        f"<td>{escape(peer_words.value(one, place.median if place else None))}</td>"
        for one, place in zip(asked, medians, strict=True)
    )
    return f"<tr class='median'><th scope='row'>{_('支行中位数')}</th>{written}</tr>"


def _cell(ask: Queries, asked: Indicator, place: Place | None) -> str:
    if place is None or (place.value is None and place.denominator is None):
        reason = place.reason if place else ""
        return f"<td class='none' title='{escape(reason, quote=True)}'>{formats.NO_DATA}</td>"
    value = formats.number(place.value, asked.decimals)
    small = f"{place.rank}/{place.of}" if place.is_ranked else peer_words.sample(asked, place)
    words = _("；").join(
        part
        for part in (
            peer_words.rank(place) if place.is_ranked else place.reason,
            peer_words.gap(asked, place),
            peer_words.basis_words(asked, place),
        )
        if part
    )
    kind = shade(place)
    mark = {"worse2": "▼", "better2": "▲"}.get(kind, "")
    link = explanation.link(
        explanation.href(ask, asked.id, only={comparisons.SUB_BRANCH: place.sub_branch}),
        f"{mark}{escape(value)} <small>{escape(small)}</small>",
        says=_("{name}{indicator} {value}").format(
            name=place.sub_branch,
            indicator=name_of(asked),
            value=peer_words.value(asked, place.value),
        ),
    )
    return f"<td class='{kind}' title='{escape(words, quote=True)}'>{link}</td>"


def _key() -> str:
    return _(
        "蓝色好于、橙色差于支行中位数；▲▼ 为相差超过支行间通常差异（稳健标准差）的 2 倍，"
        "浅色为 0.75 至 2 倍；小字为名次/参与排名家数，样本太少的不排名、只列 N"
    )


def _file(
    asked: Sequence[Indicator], rows: Sequence[str], cells: dict[str, dict[str, Place]]
) -> tuple[pl.DataFrame, list[Column]]:
    """The table as numbers: value, rank, numerator and denominator of every cell."""
    columns = [Column("branch", _("支行"))]
    held: dict[str, Sequence[object]] = {"branch": list(rows)}
    for one in asked:
        found = [cells[one.id].get(name) for name in rows]
        held[one.id] = [place and place.value for place in found]
        held[f"{one.id}.rank"] = [place and place.rank for place in found]
        held[f"{one.id}.n"] = [place and place.denominator for place in found]
        name = name_of(one)
        columns += [
            Column(one.id, name, "number", one.decimals, one.unit),
            Column(f"{one.id}.rank", _("{name}名次").format(name=name), "number"),
            Column(f"{one.id}.n", _("{name}分母").format(name=name), "number"),
        ]
    return pl.DataFrame(held, strict=False), columns
