"""Lights and the back-test as tables of plain values, for the command line and for files."""

from collections.abc import Sequence

import polars as pl

from warehouse import alert_words as words
from warehouse.alerts import Alert, Fired, rule_of
from warehouse.registry import indicator

SCHEMA = {
    "colour": pl.String, "rule": pl.String, "name": pl.String, "cell": pl.String,
    "since": pl.String, "previous": pl.String, "from": pl.String, "to": pl.String,
    "value": pl.Float64, "unit": pl.String, "numerator": pl.Float64, "denominator": pl.Float64,
    "low": pl.Float64, "high": pl.Float64, "limit": pl.Float64, "chance": pl.Float64,
    "words": pl.String, "way_back": pl.String,
}  # fmt: skip


def listing(alerts: Sequence[Alert]) -> pl.DataFrame:
    """One row per light with every number that led to its colour."""
    return pl.DataFrame([_row(one) for one in alerts], schema=SCHEMA, orient="row")


def _row(alert: Alert) -> tuple[object, ...]:
    rule, point, state = rule_of(alert), alert.point, alert.state
    # A value of too few cases is shown nowhere.
    is_hidden = indicator(rule.indicator).is_too_few(point.denominator)
    numbers = (point.numerator, point.denominator, point.low, point.high)
    return (
        state.colour, rule.id, rule.name_zh, words.cell(alert), state.since, state.previous,
        point.first, point.month, None if is_hidden else point.value,
        indicator(rule.indicator).unit, *((None,) * 4 if is_hidden else numbers),
        point.limit, point.probability, words.verdict(alert), words.way_back(alert),
    )  # fmt: skip


def back_test_listing(found: Sequence[Fired]) -> pl.DataFrame:
    """One row per rule: how often it would have turned red, a column per quarter; null: unknown."""
    counts: dict[str, dict[str, int | None]] = {}
    for fired in found:
        held = counts.setdefault(fired.rule_id, {})
        held[fired.quarter.id] = len(fired.cells) if fired.judged_months else None
    return pl.DataFrame(
        [{"rule": rule_id, **held} for rule_id, held in counts.items()], infer_schema_length=None
    )
