"""Writes query results as a table, JSON or CSV."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl

from warehouse.periods import Period
from warehouse.registry import Indicator

FORMATS = ("table", "json", "csv")


def plain(value: Any) -> Any:  # noqa: ANN401  a cell of any column type
    """A value as JSON holds it: whole numbers without a fraction, days and moments as text."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def indicator_json(asked: Indicator, period: Period, found: pl.DataFrame) -> str:
    """One JSON object: the indicator, its unit, the period and a row per cell of the cut."""
    listed = [{k: plain(v) for k, v in row.items()} for row in found.iter_rows(named=True)]
    return json.dumps(
        {"indicator": asked.id, "unit": asked.unit, "period": period.id, "rows": listed},
        ensure_ascii=False,
    )


def render(found: pl.DataFrame, form: str) -> str:
    """A result as an aligned table, a JSON array or CSV."""
    match form:
        case "json":
            listed = [{k: plain(v) for k, v in r.items()} for r in found.iter_rows(named=True)]
            return json.dumps(listed, ensure_ascii=False)
        case "csv":
            return found.write_csv().rstrip("\n")
        case _:
            with pl.Config(
                tbl_rows=-1,
                tbl_cols=-1,
                tbl_width_chars=10_000,
                fmt_str_lengths=200,
                tbl_hide_dataframe_shape=True,
                tbl_hide_column_data_types=True,
                tbl_formatting="ASCII_MARKDOWN",
            ):
                return str(found)
