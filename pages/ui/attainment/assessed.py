"""Every indicator assessed under the present selection: value, change, threshold, gap, verdict."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import polars as pl

from pages.ui import explanation, figures_marks, formats, points, status, tiles
from pages.ui.explanation import Cell
from pages.ui.figures_marks import Target
from pages.ui.queries import Queries
from pages.ui.rates import few
from pages.ui.table import Column, Links
from pages.ui.text import _, name_of
from pages.ui.verdicts import gap_of, standing, threshold_of, verdict_of
from warehouse.compare import Comparison
from warehouse.entities import entities
from warehouse.numerals import half_up
from warehouse.registry import Indicator, Threshold, indicator, listed_indicators


@dataclass(frozen=True)
class Assessed:
    """One indicator with all that the page says about it."""

    asked: Indicator
    compared: Comparison
    threshold: Threshold | None
    verdict: str

    @property
    def shown(self) -> float | None:
        """The value, unless too few cases stand behind it."""
        is_hidden = self.asked.is_too_few(self.compared.denominator)
        return None if is_hidden else self.compared.current

    @property
    def gap(self) -> float | None:
        """Distance to the threshold, positive on the good side."""
        return gap_of(self.asked, self.shown, self.threshold)

    @property
    def target(self) -> Target:
        """The row of the chart; only for indicators with a threshold."""
        return Target(
            name=name_of(self.asked),
            value=self.shown,
            threshold=self.threshold.value if self.threshold else 0,
            colour=status.COLOURS[self.verdict],
            mark=status.MARKS[self.verdict],
            sign=_sign(self.asked),
        )


def every(ask: Queries) -> list[Assessed]:
    """All listed indicators in the registry's order."""
    return [_assess(ask, asked) for asked in listed_indicators()]


def _assess(ask: Queries, asked: Indicator) -> Assessed:
    compared = ask.compare(asked.id)
    verdict = verdict_of(ask, asked, compared.current, compared.denominator)
    if verdict == "no_threshold" and compared.current is None:
        verdict = "no_data"
    return Assessed(asked, compared, threshold_of(ask, asked), verdict)


def tally(found: Sequence[Assessed]) -> list[tuple[str, int]]:
    """How many indicators have each verdict, worst first."""
    counts = Counter(one.verdict for one in found)
    order = ("missed", "near", "met", "few", "too_early", "no_threshold", "no_data")
    return [(verdict, counts[verdict]) for verdict in order]


def caption(ask: Queries) -> str:
    """Period, comparison and filters in one line."""
    chosen = ask.selection
    return " · ".join(
        (
            chosen.period.label_zh,
            chosen.basis_words,
            chosen.words(indicator("complaint_count")),
            _("各指标只应用它能划分的筛选"),
        )
    )


def targets(ask: Queries, found: Sequence[Assessed]) -> go.Figure:
    """Percentages beside their thresholds; each bar leads to its explanation."""
    shares = [one for one in found if one.asked.unit == "%"]
    figure = figures_marks.targets([one.target for one in shares])
    linked = links(ask, shares)
    points.link(figure, linked.rows, linked.address)
    return figure


def links(ask: Queries, found: Sequence[Assessed]) -> Links:
    """What the rows of the table stand for."""
    rows = [Cell(one.asked.id) for one in found]
    return Links(rows, lambda cell: explanation.href_of(ask, cell))


def frame(found: Sequence[Assessed]) -> pl.DataFrame:
    """The assessments as a table, in words for the screen and in numbers for the file."""
    return pl.DataFrame([_row(one) for one in found], infer_schema_length=None)


def _row(one: Assessed) -> dict[str, object]:
    asked, compared, threshold = one.asked, one.compared, one.threshold
    change, tone = tiles.change_words(asked, compared)
    below = compared.denominator
    return {
        "subject": entities()[asked.entity].name_zh,
        "name": name_of(asked),
        "unit": asked.unit,
        "verdict": one.verdict,
        "value": _rounded(one.shown, asked),
        "value_words": few.words(asked, below)
        if one.shown is None
        else formats.amount(one.shown, unit=asked.unit, decimals=asked.decimals),
        "change": _rounded(compared.delta, asked),
        "change_words": change,
        "tone": tone,
        "threshold": threshold.value if threshold else None,
        "threshold_words": _threshold_words(asked, threshold),
        "gap": _rounded(one.gap, asked),
        "gap_words": _gap_words(one) if threshold else formats.NO_DATA,
        "numerator": compared.numerator,
        "denominator": below,
        "basis": _basis(asked, compared),
        "standing": standing(threshold),
        "source": threshold.source_zh if threshold else formats.NO_DATA,
    }


def _gap_words(one: Assessed) -> str:
    if one.gap is not None and half_up(one.gap, one.asked.decimals) == 0:
        return formats.number(0, one.asked.decimals)
    return formats.signed(one.gap, one.asked.decimals)


def _rounded(value: float | None, asked: Indicator) -> float | None:
    return None if value is None else float(half_up(value, max(asked.decimals, 1)))


def _threshold_words(asked: Indicator, threshold: Threshold | None) -> str:
    if threshold is None:
        return formats.NO_DATA
    return f"{_sign(asked)} " + formats.amount(
        threshold.value, unit=asked.unit, decimals=asked.decimals
    )


def _sign(asked: Indicator) -> str:
    return "≥" if asked.direction == "up" else "≤"


def _basis(asked: Indicator, compared: Comparison) -> str:
    if compared.denominator is None or asked.denominator_zh is None:
        return formats.NO_DATA
    below = f"{asked.denominator_zh} {formats.number(compared.denominator)}"
    if asked.kind not in ("ratio", "coverage", "rate"):
        return below
    return f"{asked.numerator_zh} {formats.number(compared.numerator)} / {below}"


def columns() -> list[Column]:
    """The columns of indicators that have a threshold."""
    return [
        Column("name", _("指标")),
        Column("verdict", _("状态"), "status"),
        Column("value_words", _("数值"), "number", of=Cell()),
        Column("threshold_words", _("阈值"), "number"),
        Column("gap_words", _("差距"), "number"),
        Column("change_words", _("变化")),
        Column("basis", _("分子 / 分母")),
        Column("standing", _("阈值性质")),
    ]


def plain_columns() -> list[Column]:
    """The columns of indicators without a threshold."""
    return [
        Column("subject", _("数据")),
        Column("name", _("指标")),
        Column("verdict", _("状态"), "status"),
        Column("value_words", _("数值"), "number", of=Cell()),
        Column("change_words", _("变化")),
        Column("basis", _("分子 / 分母")),
    ]


def sources(found: Sequence[Assessed]) -> str:
    """Where the thresholds come from, each source once."""
    texts = dict.fromkeys(one.threshold.source_zh for one in found if one.threshold)
    return _("阈值来源：{sources}。").format(sources=_("；").join(texts))


def file_columns() -> list[Column]:
    """What the downloaded file holds: numbers as numbers, each with its unit beside it."""
    return [
        Column("subject", _("数据")),
        Column("name", _("指标")),
        Column("value", _("数值"), "number", 1),
        Column("unit", _("单位")),
        Column("change_words", _("变化")),
        Column("threshold", _("阈值"), "number", 1),
        Column("gap", _("差距"), "number", 1),
        Column("verdict", _("状态"), "status"),
        Column("numerator", _("分子"), "number"),
        Column("denominator", _("分母"), "number"),
        Column("standing", _("阈值性质")),
        Column("source", _("阈值来源")),
    ]


def definitions() -> pl.DataFrame:
    """What every indicator means, with its caveats."""
    return pl.DataFrame(
        [
            {
                "name": name_of(asked),
                "definition": asked.definition_zh,
                "basis": asked.basis_zh,
                "caveats": _("；").join(asked.caveats_zh) or formats.NO_DATA,
            }
            for asked in listed_indicators()
        ]
    )


def definition_columns() -> list[Column]:
    """The columns of the definitions."""
    return [
        Column("name", _("指标")),
        Column("definition", _("口径")),
        Column("basis", _("归期")),
        Column("caveats", _("注意")),
    ]
