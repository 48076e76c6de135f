"""Cells merged over several rows: their value stands in the first row and holds for all of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from ingest.read.sheet_scan import index_of
from ingest.read.table import WHITE_SPACE

_DOWN = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")


@dataclass(frozen=True)
class Span:
    """A cell of one column and several rows; rows count from 1, columns from 0."""

    column: int
    first: int
    last: int


@dataclass(frozen=True)
class Filled:
    """A column with its merged cells filled, how many they are, and the row of the first."""

    column: int
    texts: pl.Series
    count: int
    row: int


def spans_of(refs: Iterable[str], *, offset: int) -> tuple[Span, ...]:
    """The merged cells that are one column wide, with columns as in a sheet that begins there."""
    found = []
    for ref in refs:
        match = _DOWN.fullmatch(ref)
        if match and match[1] == match[3] and int(match[2]) < int(match[4]):
            found.append(Span(index_of(match[1]) - offset, int(match[2]), int(match[4])))
    return tuple(found)


def filled(
    frame: pl.DataFrame, spans: Iterable[Span], *, below: int, last: int | None
) -> list[Filled]:
    """The columns in which cells merged between these rows leave blanks.

    Rows that hold nothing of their own stay blank: they are no records.
    """
    end = frame.height if last is None else min(last, frame.height)
    tops: dict[int, list[int | None]] = {}
    for span in spans:
        if below < span.first < end and 0 <= span.column < frame.width:
            if span.column not in tops:
                tops[span.column] = [None] * frame.height
            stop = min(span.last, end)
            tops[span.column][span.first : stop] = [span.first - 1] * (stop - span.first)
    if not tops:
        return []
    cells = pl.all().str.strip_chars(WHITE_SPACE)
    has_data = frame.select(pl.any_horizontal(cells.str.len_bytes() > 0)).to_series()
    found = []
    for column, rows in sorted(tops.items()):
        texts = frame.to_series(column)
        top = texts.gather(pl.Series(rows, dtype=pl.UInt32))
        is_filled = has_data & _is_blank(texts) & ~_is_blank(top)
        if is_filled.any():
            changed = top.zip_with(is_filled, texts).alias(texts.name)
            row = (is_filled.arg_max() or 0) + 1
            found.append(Filled(column, changed, int(is_filled.sum()), row))
    return found


def _is_blank(texts: pl.Series) -> pl.Series:
    return texts.fill_null("").str.strip_chars(WHITE_SPACE) == ""
