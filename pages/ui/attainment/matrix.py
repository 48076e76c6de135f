"""Status of every sub-branch on every indicator that has a threshold."""

from html import escape

import polars as pl
import streamlit as st

from pages.ui import empty, explanation, formats, frames, status, table
from pages.ui.queries import Queries
from pages.ui.rates import few
from pages.ui.table import Column
from pages.ui.text import _, name_of
from pages.ui.verdicts import threshold_of, verdict_of
from warehouse.numerals import half_up
from warehouse.registry import Indicator, indicator, listed_indicators


def show(ask: Queries) -> None:
    """Draw the matrix: colour, mark, value and N in each cell."""
    asked = [
        one
        for one in listed_indicators()
        if threshold_of(ask, one) is not None and "sub_branch" in one.dimensions
    ]
    cells = {one.id: _cells(ask, one) for one in asked}
    branches = ask.in_order(
        "sub_branch", list({branch for column in cells.values() for branch in column})
    )
    asked = [one for one in asked if cells[one.id]]
    if not branches:
        empty.no_rows(_("各支行达标情况"), ask.selection.words(indicator("complaint_count")))
        return
    names = frames.labels("sub_branch", branches)
    head = "".join(f"<th scope='col'>{escape(name_of(one))}</th>" for one in asked)
    body = "".join(
        f"<tr><td>{escape(name)}</td>"
        + "".join(_cell(ask, one, branch, name, cells[one.id].get(branch)) for one in asked)
        + "</tr>"
        for branch, name in zip(branches, names, strict=True)
    )
    st.html(
        f"<div class='grid-frame'><table class='grid matrix'><thead><tr>"
        f"<th>{_('支行（部门）')}</th>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
    st.caption(
        _(
            "格内为数值与分母 n，点击看这个数怎么来的。n 过小时百分比波动大，"
            "只列数值、不作判定（灰色 ○），应看件数。"
        )
    )
    frame, columns = _file(asked, branches, cells)
    table.download(frame, columns, key="attainment.matrix")


def _cells(ask: Queries, asked: Indicator) -> dict[str | None, tuple[float | None, float | None]]:
    found = ask.compute(asked.id, by=("sub_branch",))
    return {
        row["sub_branch"]: (row["value"], row["denominator"]) for row in found.iter_rows(named=True)
    }


def _cell(
    ask: Queries,
    asked: Indicator,
    branch: str | None,
    name: str,
    held: tuple[float | None, float | None] | None,
) -> str:
    value, below = held or (None, None)
    if value is None or asked.is_too_few(below):
        return f"<td>{status.html('no_data', few.short(asked, below))}</td>"
    text = formats.amount(value, unit=asked.unit, decimals=asked.decimals)
    small = f" <small>n={formats.number(below)}</small>" if below is not None else ""
    mark = status.html(verdict_of(ask, asked, value, below), text)
    address = explanation.href(ask, asked.id, only={"sub_branch": branch})
    says = f"{name} {name_of(asked)} {text}"
    return f"<td>{explanation.link(address, mark + small, says=says)}</td>"


def _file(
    asked: list[Indicator],
    branches: list[str | None],
    cells: dict[str, dict[str | None, tuple[float | None, float | None]]],
) -> tuple[pl.DataFrame, list[Column]]:
    """The matrix as a table of numbers: value and denominator of every cell."""
    columns = [Column("branch", _("支行"))]
    held: dict[str, list[object]] = {"branch": list[object](frames.labels("sub_branch", branches))}
    for one in asked:
        pairs = [cells[one.id].get(branch, (None, None)) for branch in branches]
        held[one.id] = [
            None if v is None or one.is_too_few(n) else float(half_up(v, max(one.decimals, 1)))
            for v, n in pairs
        ]
        held[f"{one.id}.n"] = [n for _value, n in pairs]
        columns += [
            Column(one.id, name_of(one), "number", one.decimals, one.unit),
            Column(f"{one.id}.n", _("{name}分母").format(name=name_of(one)), "number"),
        ]
    return pl.DataFrame(held), columns
