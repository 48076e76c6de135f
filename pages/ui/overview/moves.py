"""What moved most: complaints by category, sub-branch and cause against the comparison period."""

from html import escape

import polars as pl
import streamlit as st

from pages.ui import chart, explanation, figures_bars, formats, frames
from pages.ui.chart import Source
from pages.ui.explanation import Cell
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse.compare import Comparison, delta
from warehouse.registry import dimensions, indicator

COUNT = "complaint_count"
CUTS = ("category_group", "sub_branch", "cause_group")
SHOWN = 6
SENTENCES = 2


def show(ask: Queries) -> None:
    """Draw the section: sentences with numbers, and a diverging bar for each cut."""
    st.header(_("投诉变化最大的项目"), anchor=False)
    compared = ask.compare(COUNT)
    if compared.base_period is None or compared.base is None or compared.current is None:
        st.info(_("对比期没有投诉数据，无法说明变化。请换一个期间或对比方式。"))
        return
    for column, cut in zip(st.columns(len(CUTS), gap="medium"), CUTS, strict=True):
        with column:
            _cut(ask, compared, cut)


def _cut(ask: Queries, compared: Comparison, cut: str) -> None:
    moved = frames.labelled(ask, ask.movers(COUNT, cut), cut)
    moved = moved.filter(pl.col("change") != 0).sort(
        pl.col("change").abs(), "position", descending=[True, False]
    )
    largest = moved.head(SHOWN)
    texts = [formats.signed(row["change"]) for row in largest.iter_rows(named=True)]
    courses = [_course(row) for row in largest.iter_rows(named=True)]
    base = compared.base_period
    is_partial = compared.is_incomplete
    chart.show(
        ask,
        key=f"overview.moves.{cut}",
        title=_("投诉量变化：按{name}").format(name=name_of(dimensions()[cut])),
        figure=figures_bars.diverging(
            largest["label"].to_list(),
            courses,
            largest["change"].to_list(),
            texts,
            unit=_("件"),
            goods=[None if is_partial else change < 0 for change in largest["change"]],
        ),
        source=Source(
            COUNT,
            count=compared.current,
            note=_("对比 {period}（N = {count} 件）").format(
                period=base.label_zh if base else "", count=formats.number(compared.base)
            ),
            cut=(cut,),
        ),
        places=explanation.rows_of(largest, (cut,)),
        frame=moved,
        columns=[
            Column("label", name_of(dimensions()[cut])),
            Column("current", _("本期"), "number", unit=_("件"), of=Cell(COUNT)),
            Column("base", _("对比期"), "number", unit=_("件"), of=Cell(COUNT, period=base)),
            Column("change", _("变化"), "change", unit=_("件")),
        ],
        lead=_sentences(moved),
    )


def _course(row: dict[str, float]) -> str:
    return f"{formats.number(row['base'])}→{formats.number(row['current'])}"


def _sentences(moved: pl.DataFrame) -> str:
    items = "".join(
        f"<li>{escape(_sentence(row))}</li>" for row in moved.head(SENTENCES).iter_rows(named=True)
    )
    return f"<ul class='moves'>{items}</ul>" if items else ""


def _sentence(row: dict[str, float | str]) -> str:
    """One movement in words; a share only where there was something to begin with."""
    change, base = float(row["change"]), float(row["base"])
    percent, _unit = delta(indicator(COUNT), float(row["current"]), base)
    verb = _("增加") if change > 0 else _("减少")
    share = (
        _("，{percent}%").format(percent=formats.signed(percent, 1)) if percent is not None else ""
    )
    return _("{label}由 {base} 件{verb}到 {current} 件（{change} 件{share}）").format(
        label=row["label"],
        base=formats.number(base),
        verb=verb,
        current=formats.number(float(row["current"])),
        change=formats.signed(change),
        share=share,
    )
