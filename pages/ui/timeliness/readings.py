"""Three readings of the timely rate: when the clock of a forwarded complaint starts."""

from html import escape

import polars as pl

from pages.ui import chart, explanation, formats
from pages.ui.chart import Source
from pages.ui.explanation import Cell
from pages.ui.queries import Queries
from pages.ui.rates import bars, figure
from pages.ui.rates.figure import Bar
from pages.ui.table import Column
from pages.ui.text import _
from pages.ui.verdicts import threshold_of, verdict_of
from warehouse.registry import indicator

OWN = "complaint_timely_rate"
READINGS = (OWN, "complaint_timely_rate_by_receipt", "complaint_timely_rate_forwarded")
NEEDS_EVIDENCE = "complaint_needs_evidence_count"
SCHEMA = {
    "what": pl.String,
    "label": pl.String,
    "value": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "verdict": pl.String,
    "threshold": pl.Float64,
}


def show(ask: Queries) -> None:
    """Draw the three rates side by side, and how many cases lack the proof of an extension."""
    frame = by_reading(ask)
    asked = indicator(OWN)
    chart.show(
        ask,
        key="timeliness.readings",
        title=_("处理及时率的三种口径"),
        lead=_evidence(ask),
        figure=figure.to_hundred(
            [
                Bar(
                    row["label"],
                    row["value"],
                    bars.end_words(indicator(row["what"]), row, _("件")),
                    row["verdict"],
                    row["threshold"],
                )
                for row in frame.iter_rows(named=True)
            ]
        ),
        source=Source(
            OWN,
            count=frame["denominator"][0],
            count_unit=_("件"),
            note=_("；").join(
                part
                for part in (
                    _("本行口径：转办的自收到转办之日、其余自收到之日起算时限"),
                    bars.threshold_words(ask, asked),
                )
                if part
            ),
        ),
        frame=frame,
        columns=[
            Column("label", _("口径")),
            Column("value", _("及时率"), "number", asked.decimals, asked.unit, of=Cell()),
            Column("numerator", asked.numerator_zh or "", "number", 0, _("件"), of=Cell()),
            Column("denominator", asked.denominator_zh or "", "number", 0, _("件"), of=Cell()),
            Column("verdict", _("判定"), "status"),
        ],
        rows=[Cell(what) for what in READINGS],
    )


def by_reading(ask: Queries) -> pl.DataFrame:
    """One row per reading: name, rate, cases, verdict and threshold."""
    names = (
        _("本行口径"),
        _("均自收到之日起算"),
        _("其中监管转办件"),
    )
    rows = []
    for what, name in zip(READINGS, names, strict=True):
        asked, threshold = indicator(what), threshold_of(ask, indicator(what))
        found = ask.compute(what).row(0, named=True)
        verdict = verdict_of(ask, asked, found["value"], found["denominator"])
        limit = threshold.value if threshold else None
        rows.append({"what": what, "label": name, **found, "verdict": verdict, "threshold": limit})
    return pl.DataFrame(rows, schema=SCHEMA)


def _evidence(ask: Queries) -> str:
    """One line on the cases that may turn out timely once a proof is delivered."""
    count = ask.compute(NEEDS_EVIDENCE)["value"][0]
    if not count:
        return ""
    written = formats.amount(count, unit=indicator(NEEDS_EVIDENCE).unit)
    number = explanation.link(explanation.href(ask, NEEDS_EVIDENCE), written, says=written)
    text = _(
        "另有 {number} 在 16 至 60 日之间作出处理决定而没有延期记录，现不计为及时；"
        "补上延期审批依据后才能判断。"
    )
    return f"<p class='explained'>{escape(text).format(number=number)}</p>"
