"""Several rates by one cut as a table: value, verdict and cases in each cell, with its file."""

from collections.abc import Sequence
from html import escape

import polars as pl
import streamlit as st

from pages.ui import chart, empty, explanation, formats, frames, status, table
from pages.ui.chart import Source
from pages.ui.queries import Queries
from pages.ui.rates import few
from pages.ui.rates.bars import threshold_words
from pages.ui.table import Column
from pages.ui.text import _, name_of
from pages.ui.verdicts import verdict_of
from warehouse.registry import Indicator, dimensions, indicator


def show(
    ask: Queries, *, key: str, title: str, cut: str, whats: Sequence[str], note: str = ""
) -> None:
    """Draw the grid: one row per value in the bank's own order, one column per indicator."""
    chart.heading(title)
    asked = [indicator(what) for what in whats]
    found = {one.id: ask.compute(one.id, by=(cut,)) for one in asked}
    values = ask.in_order(cut, [v for frame in found.values() for v in frame[cut].to_list()])
    if not values:
        empty.no_rows(title, ask.selection.words(asked[0]))
        return
    held = {one.id: {row[cut]: row for row in found[one.id].iter_rows(named=True)} for one in asked}
    names = frames.labels(cut, values)
    head = "".join(f"<th scope='col'>{_head(ask, one)}</th>" for one in asked)
    body = "".join(
        f"<tr><td>{escape(name)}</td>"
        + "".join(_cell(ask, one, cut, value, held[one.id].get(value)) for one in asked)
        + "</tr>"
        for value, name in zip(values, names, strict=True)
    )
    st.html(
        "<div class='grid-frame'><table class='grid rates' "
        f"aria-label='{escape(title, quote=True)}'><thead><tr>"
        f"<th scope='col'>{escape(name_of(dimensions()[cut]))}</th>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )
    st.caption(chart.caption(ask, Source(asked[0].id, note=_few_words(asked, note))))
    frame, columns = _file(asked, cut, values, names, held)
    table.download(frame, columns, key=key)


def _few_words(asked: Sequence[Indicator], note: str) -> str:
    fewest = max(one.minimum_n for one in asked)
    few_words = _("n 少于 {fewest} 的不显示").format(fewest=fewest) if fewest else ""
    return _("；").join(part for part in (note, few_words) if part)


def _head(ask: Queries, asked: Indicator) -> str:
    threshold = threshold_words(ask, asked)
    name = escape(name_of(asked))
    return f"{name}<br><small>{escape(threshold)}</small>" if threshold else name


def _cell(
    ask: Queries,
    asked: Indicator,
    cut: str,
    value: str | None,
    row: dict[str, float | None] | None,
) -> str:
    if row is None:
        return f"<td>{formats.NO_DATA}</td>"
    if row["value"] is None:
        return f"<td class='none'>{escape(few.short(asked, row['denominator']))}</td>"
    verdict = verdict_of(ask, asked, row["value"], row["denominator"])
    text = formats.amount(row["value"], unit=asked.unit, decimals=asked.decimals)
    shown = escape(text) if verdict == "no_threshold" else status.html(verdict, text)
    below = formats.number(row["denominator"])
    above = row["numerator"]
    cases = f"n={below}" if above is None else f"{formats.number(above)}/{below}"
    address = explanation.href(ask, asked.id, only={cut: value})
    linked = explanation.link(address, shown, says=f"{name_of(asked)} {text}")
    return f"<td>{linked} <small>{cases}</small></td>"


def _file(
    asked: Sequence[Indicator],
    cut: str,
    values: Sequence[str | None],
    names: Sequence[str],
    held: dict[str, dict[str | None, dict[str, float | None]]],
) -> tuple[pl.DataFrame, list[Column]]:
    """The grid as a table of numbers: value, numerator and denominator of every cell."""
    columns = [Column(cut, name_of(dimensions()[cut]))]
    series = [pl.Series(cut, list(names), dtype=pl.String)]
    for one in asked:
        rows = [held[one.id].get(value, {}) for value in values]
        for part, label, decimals, unit in (
            ("value", name_of(one), one.decimals, one.unit),
            ("numerator", one.numerator_zh, 0, ""),
            ("denominator", one.denominator_zh, 0, ""),
        ):
            if label is None:
                continue
            name = f"{one.id}.{part}"
            series.append(pl.Series(name, [row.get(part) for row in rows], dtype=pl.Float64))
            columns.append(Column(name, label, "number", decimals, unit))
    return pl.DataFrame(series), columns
