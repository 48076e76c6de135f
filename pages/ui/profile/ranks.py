"""All places of one sub-branch in one table."""

from collections.abc import Mapping

import polars as pl

from pages.ui import comparisons, explanation, peer_words
from pages.ui.explanation import Cell
from pages.ui.queries import Queries
from pages.ui.table import Column, Links
from pages.ui.text import _, name_of
from warehouse.entities import entities
from warehouse.handouts.withheld import REASON
from warehouse.peers import Place
from warehouse.registry import indicator


def frame(held: Mapping[str, Place]) -> pl.DataFrame:
    """One row per indicator that has data: value, place, median and distance, in words."""
    rows = [
        _row(what, place)
        for what, place in held.items()
        if place.value is not None or place.denominator is not None or place.reason == REASON
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _row(what: str, place: Place) -> dict[str, object]:
    asked = indicator(what)
    return {
        "indicator": what,
        "subject": entities()[asked.entity].name_zh,
        "name": name_of(asked),
        "value": place.value,
        "unit": asked.unit,
        "value_words": peer_words.value(asked, place.value),
        "rank": place.rank,
        "of": place.of if place.is_ranked else None,
        "rank_words": peer_words.rank(place),
        "median": place.median,
        "median_words": peer_words.value(asked, place.median),
        "gap": place.gap,
        "gap_words": peer_words.gap(asked, place),
        "numerator": place.numerator,
        "denominator": place.denominator,
        "basis": peer_words.basis_words(asked, place),
        "chance": _chance(place),
        "reason": place.reason,
    }


def _chance(place: Place) -> str:
    return {True: _("超出偶然"), False: _("可能是偶然"), None: ""}[place.is_beyond_chance]


def links(ask: Queries, found: pl.DataFrame, name: str) -> Links:
    """The explanation of each value of the table."""
    rows = [Cell(what, {comparisons.SUB_BRANCH: name}) for what in found["indicator"]]
    return Links(rows, lambda cell: explanation.href_of(ask, cell))


def columns() -> list[Column]:
    """The columns on screen."""
    return [
        Column("subject", _("数据")),
        Column("name", _("指标")),
        Column("value_words", _("数值"), "number", of=Cell()),
        Column("rank_words", _("名次"), "number"),
        Column("median_words", _("支行中位数"), "number"),
        Column("gap_words", _("与中位数")),
        Column("chance", _("与其他支行之差")),
        Column("basis", _("分子 / 分母")),
        Column("reason", _("未排名的原因")),
    ]


def file_columns() -> list[Column]:
    """The columns of a file: numbers as numbers, each with its unit beside it."""
    return [
        Column("subject", _("数据")),
        Column("name", _("指标")),
        Column("value", _("数值"), "number", 1),
        Column("unit", _("单位")),
        Column("rank", _("名次"), "number"),
        Column("of", _("参与排名"), "number"),
        Column("median", _("支行中位数"), "number", 1),
        Column("gap", _("比中位数好（差为负）"), "number", 1),
        Column("chance", _("与其他支行之差")),
        Column("numerator", _("分子"), "number"),
        Column("denominator", _("分母"), "number"),
        Column("reason", _("未排名的原因")),
    ]


SCHEMA = {
    "indicator": pl.String,
    "subject": pl.String,
    "name": pl.String,
    "value": pl.Float64,
    "unit": pl.String,
    "value_words": pl.String,
    "rank": pl.Int64,
    "of": pl.Int64,
    "rank_words": pl.String,
    "median": pl.Float64,
    "median_words": pl.String,
    "gap": pl.Float64,
    "gap_words": pl.String,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "basis": pl.String,
    "chance": pl.String,
    "reason": pl.String,
}
