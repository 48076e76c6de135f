"""Small courses of all sub-branches by month, on one scale."""

from collections.abc import Sequence

import polars as pl

from pages.ui import annotations, chart, comparisons, empty, figures_multiples, formats
from pages.ui.chart import Source
from pages.ui.explanation import Cell
from pages.ui.figures_events import Mark
from pages.ui.figures_multiples import Frame, Panel
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _, name_of
from warehouse.registry import Indicator

# Five columns of six; hundreds of organisations are no small multiples.
AT_MOST = 30


def show(ask: Queries, asked: Indicator) -> None:
    """Draw one panel per sub-branch, in the bank's order."""
    title = _("各支行每月{name}").format(name=name_of(asked))
    everyone = comparisons.of_all(ask)
    window = everyone.trend_window(asked.entity)
    if window.start is None:
        empty.no_rows(title, everyone.selection.words(asked))
        return
    picked = comparisons.chosen(ask)
    found = comparisons.across(ask, asked.id, "month", period=window)
    names, omitted = _names(ask, found)
    marks = annotations.notes(ask, window, sub_branches=names)
    incomplete = everyone.incomplete_months(asked.entity, window)
    by_month = found.group_by("month", maintain_order=True).agg(pl.col("median").first())
    months = by_month["month"].to_list()
    chart.show(
        everyone,
        key="sub_branches.months",
        title=title,
        figure=figures_multiples.panels(
            [
                _panel(found, name, annotations.notes(ask, window, sub_branches=[name]), picked)
                for name in names
            ],
            Frame(
                months,
                by_month["median"].to_list(),
                [month in incomplete for month in months],
                asked.unit,
                asked.decimals,
            ),
        ),
        source=Source(
            asked.id,
            period=window,
            note=_note(asked, omitted, marks),
            cut=("month",),
            series={name: Cell(only={comparisons.SUB_BRANCH: name}) for name in names},
        ),
        frame=_wide(found, names, months) if found["value"].count() else found.clear(),
        columns=[
            Column("month", _("月份")),
            Column("median", _("支行中位数"), "number", asked.decimals, asked.unit),
            *(
                Column(
                    f"c{at}",
                    name,
                    "number",
                    asked.decimals,
                    asked.unit,
                    of=Cell(asked.id, {comparisons.SUB_BRANCH: name}),
                )
                for at, name in enumerate(names)
            ),
        ],
    )


def _names(ask: Queries, found: pl.DataFrame) -> tuple[list[str], int]:
    """The panels: all sub-branches with a value, or the chosen and largest of too many."""
    with_values = found.filter(pl.col("value").is_not_null())
    held = set(with_values["sub_branch"])
    every = [one.name for one in comparisons.members(ask) if one.name in held]
    if len(every) <= AT_MOST:
        return every, 0
    size = pl.coalesce("denominator", "numerator").fill_null(0).sum()
    largest = with_values.group_by("sub_branch").agg(size.alias("size"))
    largest = largest.sort("size", "sub_branch", descending=[True, False])
    wanted = [*comparisons.in_group(ask, comparisons.chosen(ask)), *largest["sub_branch"]]
    kept = set(list(dict.fromkeys(wanted))[:AT_MOST])
    return [name for name in every if name in kept], len(every) - len(kept)


def _panel(
    found: pl.DataFrame, name: str, marks: Sequence[Mark], picked: Sequence[str | None]
) -> Panel:
    own = found.filter(pl.col("sub_branch") == name)
    samples = [
        "" if below is None else f"N={formats.number(below)}" for below in own["denominator"]
    ]
    return Panel(name, own["value"].to_list(), samples, name in picked, marks)


def _wide(found: pl.DataFrame, names: Sequence[str], months: Sequence[str]) -> pl.DataFrame:
    """One row per month and one column per sub-branch."""
    held = {(month, name): value for month, name, value in found.select(
        "month", "sub_branch", "value"
    ).iter_rows()}  # fmt: skip
    medians = dict(found.select("month", "median").iter_rows())
    return pl.DataFrame(
        {"month": list(months), "median": [medians[month] for month in months]}
        | {
            f"c{at}": pl.Series([held.get((month, name)) for month in months], dtype=pl.Float64)
            for at, name in enumerate(names)
        }
    )


def _note(asked: Indicator, omitted: int, marks: Sequence[Mark]) -> str:
    parts = [_("点线为支行中位数；各图同一刻度，刻度不一定从 0 起；空心点为未满月")]
    if asked.minimum_n > 1:
        text = _("当月{below}少于 {n} 的不画")
        parts.append(text.format(below=asked.denominator_zh, n=asked.minimum_n))
    if omitted:
        parts.append(_("另有 {count} 家未画，可在支行筛选中选择").format(count=omitted))
    if marks:
        parts.append(_("竖线为") + annotations.words(marks))
    return _("；").join(parts)
