"""Query results put into the shape that figures and tables want; no number is computed here."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from pages.ui import cached, formats, theme
from pages.ui.explanation import Cell
from pages.ui.figures_stacks import Part
from pages.ui.queries import Queries
from pages.ui.selection import shown
from pages.ui.table import Column
from pages.ui.text import _
from warehouse import numerals
from warehouse.periods import parse_period
from warehouse.quality import is_unmapped

# A chart with more rows than this is read by nobody; the table lists every one.
ROWS_AT_MOST = 20


@dataclass(frozen=True)
class Matrix:
    """Counts by row and column, both in display order, and what the columns stand for."""

    rows: list[str]
    columns: list[str]
    counts: list[list[float]]
    row_totals: list[float]
    column_totals: list[float]
    frame: pl.DataFrame
    across: list[Cell] = field(default_factory=list)


def labels(dimension_id: str, values: Sequence[str | None]) -> list[str]:
    """Values as people read them; one that no code list knows says so."""
    return [
        _("{value}（未映射）").format(value=value)
        if is_unmapped(dimension_id, value)
        else shown(value)
        for value in values
    ]


def with_every(ask: Queries, frame: pl.DataFrame, what: str, cut: str, column: str) -> pl.DataFrame:
    """The counts with a zero for each value that had rows in any other period."""
    ever = ask.compute(what, by=(cut,), period=parse_period("all")).select(cut)
    joined = ever.join(frame, on=cut, how="left", nulls_equal=True)
    return joined.with_columns(pl.col(column).fill_null(0.0))


def labelled(ask: Queries, frame: pl.DataFrame, dimension_id: str) -> pl.DataFrame:
    """The frame in display order with a column `label` for the dimension."""
    order = ask.in_order(dimension_id, frame[dimension_id].to_list())
    keys = pl.DataFrame(
        {
            dimension_id: order,
            "label": labels(dimension_id, order),
            "position": list(range(len(order))),
        },
        schema={dimension_id: pl.String, "label": pl.String, "position": pl.Int64},
    )
    return frame.join(keys, on=dimension_id, how="left", nulls_equal=True).sort("position")


def matrix(ask: Queries, what: str, rows: str, columns: str) -> Matrix:
    """Counts of a two-way cut as a table with display labels."""
    cells = ask.compute(what, by=(rows, columns))
    row_values = ask.in_order(rows, cells[rows].to_list())
    column_values = ask.in_order(columns, cells[columns].to_list())
    held = {(row[rows], row[columns]): row["value"] for row in cells.iter_rows(named=True)}
    counts = [[held.get((row, column), 0.0) for column in column_values] for row in row_values]
    row_labels = labels(rows, row_values)
    wide = pl.DataFrame(
        {"row": row_labels, rows: row_values}
        | {f"c{at}": [line[at] for line in counts] for at in range(len(column_values))},
        schema_overrides={rows: pl.String},
    )
    return Matrix(
        rows=row_labels,
        columns=labels(columns, column_values),
        counts=counts,
        row_totals=_totals(ask, what, rows, row_values),
        column_totals=_totals(ask, what, columns, column_values),
        frame=wide,
        across=[Cell(only={columns: value}) for value in column_values],
    )


def _totals(ask: Queries, what: str, cut: str, values: Sequence[str | None]) -> list[float]:
    held = dict(ask.compute(what, by=(cut,)).select(cut, "value").iter_rows())
    return [held.get(value, 0.0) for value in values]


def parts(
    ask: Queries,
    frame: pl.DataFrame,
    bars: str,
    bar_values: Sequence[str | None],
    dimension_id: str,
) -> list[Part]:
    """One stack part per value of a dimension, with a count per bar, in fixed order and colour."""
    held = {(row[bars], row[dimension_id]): row["value"] for row in frame.iter_rows(named=True)}
    order = ask.in_order(dimension_id, frame[dimension_id].to_list())
    # All that the data hold, not just this chart's: a filter must not move a colour.
    unlisted = [
        value
        for value in cached.values(ask.snapshot, dimension_id)
        if value is not None and is_unmapped(dimension_id, value)
    ]
    return [
        Part(
            name,
            theme.colour_of(dimension_id, value, unlisted=unlisted),
            [held.get((bar, value), 0.0) for bar in bar_values],
            value,
        )
        for value, name in zip(order, labels(dimension_id, order), strict=True)
    ]


def parts_frame(
    labels: Sequence[str],
    stack: Sequence[Part],
    keys: tuple[str, Sequence[str | None]] | None = None,
) -> pl.DataFrame:
    """The counts of a stack as a table: one row per bar, one column per part.

    `keys` is the dimension of the bars and the value of each, as a column of its own.
    """
    held = {"row": list(labels)} | {f"c{at}": list(part.counts) for at, part in enumerate(stack)}
    frame = pl.DataFrame(held)
    return frame.with_columns(pl.Series(keys[0], keys[1], dtype=pl.String)) if keys else frame


def part_columns(stack: Sequence[Part], dimension_id: str, *, unit: str) -> list[Column]:
    """The columns of such a table that hold the parts."""
    return [
        Column(f"c{at}", part.name, "number", unit=unit, of=Cell(only={dimension_id: part.key}))
        for at, part in enumerate(stack)
    ]


def series(dimension_id: str, stack: Sequence[Part]) -> dict[str, Cell]:
    """What the parts of a stack stand for, by their names."""
    return {part.name: Cell(only={dimension_id: part.key}) for part in stack}


@dataclass(frozen=True)
class Top:
    """The largest values, the others folded into one row, and all of them for the table."""

    head: pl.DataFrame
    tail: pl.DataFrame
    every: pl.DataFrame

    @property
    def labels(self) -> list[str]:
        """Names of the rows of the chart."""
        folded = _("其他 {count} 项").format(count=len(self.tail))
        return [*self.head["label"], *([folded] if len(self.tail) else [])]

    @property
    def counts(self) -> list[float]:
        """Counts of the rows of the chart; they add up to the whole."""
        return [*self.head["value"], *([total(self.tail["value"])] if len(self.tail) else [])]

    @property
    def colours(self) -> list[str]:
        """Colours of the rows of the chart; the folded one steps back."""
        return [theme.ACCENT] * len(self.head) + [theme.UNKNOWN] * bool(len(self.tail))

    def places(self, dimension_id: str) -> list[Cell]:
        """What the rows of the chart stand for; the folded one for each of its values."""
        alone = [Cell(only={dimension_id: value}) for value in self.head[dimension_id]]
        folded = Cell(only={dimension_id: self.tail[dimension_id].to_list()})
        return [*alone, *([folded] if len(self.tail) else [])]

    @property
    def note(self) -> str:
        """Where the folded values are to be found."""
        return _("；折入“其他”的逐项列在投诉结构页的表格中") if len(self.tail) else ""


def top(ask: Queries, frame: pl.DataFrame, dimension_id: str, size: int) -> Top:
    """The largest values; what no code list knows keeps a row of its own while the rows last."""
    named = labelled(ask, frame, dimension_id).sort("value", "position", descending=[True, False])
    kept = [
        at < size or (at < ROWS_AT_MOST and is_unmapped(dimension_id, value))
        for at, value in enumerate(named[dimension_id])
    ]
    # One folded value would take as much room as its own row.
    mask = pl.Series(kept if kept.count(False) > 1 else [True] * len(kept), dtype=pl.Boolean)
    return Top(named.filter(mask), named.filter(~mask), named)


def with_shares(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the share of each value in the total, in percent, adding up to 100."""
    shares = [float(share) for share in numerals.shares(frame["value"].to_list())]
    return frame.with_columns(pl.Series("share", shares, dtype=pl.Float64))


def counted(name: str, values: Sequence[str], held: dict[str, float]) -> pl.DataFrame:
    """One row per value in the order given, zero where nothing was counted."""
    return pl.DataFrame({name: list(values), "value": [held.get(value, 0.0) for value in values]})


def total(values: pl.Series) -> float:
    """Sum of a column of counts."""
    return float(values.sum() or 0)


def count_and_share(counts: Sequence[float], unit: str) -> list[str]:
    """Each count with its share of the total, as written at the end of a bar."""
    return [
        f"{formats.amount(count, unit=unit)} · {share}%"
        for count, share in zip(counts, numerals.shares(counts), strict=True)
    ]
