"""How the scores of first sittings spread: in steps of five points and in five bands."""

from pages.ui import (
    chart,
    figures_bars,
    figures_spread,
    figures_stacks,
    formats,
    frames,
    value_cells,
)
from pages.ui.chart import Source
from pages.ui.figures_stacks import Part
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _, name_of
from pages.ui.theme import BAND_COLOURS
from warehouse.registry import dimensions

SCORED = "exam_scored_count"
BANDS = ("[0,60)", "[60,70)", "[70,80)", "[80,90)", "[90,100]")


def show_scores(ask: Queries) -> None:
    """Draw the spread in steps of five points."""
    unit = _("人次")
    spread = ask.distribution("exam_score_median")
    scores = figures_spread.scores(spread) if len(spread) else figures_bars.blank()
    chart.show(
        ask,
        key="exams.scores",
        title=_("成绩分布（每 5 分一档）"),
        figure=scores,
        source=Source(SCORED, count=_scored(ask), note=_("首次考试成绩，补考不计入")),
        frame=spread,
        columns=[
            Column("value", _("成绩"), "number", 1, _("分")),
            Column("count", _("人数"), "number", 0, unit),
        ],
        places=value_cells.scores(scores) if len(spread) else (),
    )


def show_bands(ask: Queries) -> None:
    """Draw the five bands of the whole."""
    unit = _("人次")
    found = ask.compute(SCORED, by=("score_band",))
    held = dict(found.select("score_band", "value").iter_rows())
    bands = (
        found.clear() if not held else frames.with_shares(frames.counted("score_band", BANDS, held))
    )
    chart.show(
        ask,
        key="exams.bands",
        title=_("五个分数段的人次与占比"),
        figure=figures_bars.ranked(
            list(BANDS),
            [held.get(band, 0.0) for band in BANDS],
            unit=unit,
            colours=BAND_COLOURS,
            height=360,
            texts=[
                f"{formats.amount(row['value'], unit=unit)} · {formats.number(row['share'], 1)}%"
                for row in bands.iter_rows(named=True)
            ]
            or None,
        ),
        source=Source(
            SCORED, count=_scored(ask), note=_("方括号含端点，圆括号不含"), cut=("score_band",)
        ),
        frame=bands,
        columns=[
            Column("score_band", _("分数段")),
            Column("value", _("人次"), "number", 0, unit),
            Column("share", _("占比"), "number", 1, "%"),
        ],
    )


def show_bands_by(ask: Queries, cut: str) -> None:
    """Draw the five bands as shares of each group."""
    unit = _("人次")
    name = name_of(dimensions()[cut])
    cells = ask.compute(SCORED, by=(cut, "score_band"))
    groups = ask.in_order(cut, cells[cut].to_list())
    sizes = dict(ask.compute(SCORED, by=(cut,)).select(cut, "value").iter_rows())
    by_cell = {(row[cut], row["score_band"]): row["value"] for row in cells.iter_rows(named=True)}
    stack = [
        Part(band, colour, [by_cell.get((group, band), 0.0) for group in groups], band)
        for band, colour in zip(BANDS, BAND_COLOURS, strict=True)
    ]
    names = frames.labels(cut, groups)
    sized = [
        f"{label}  N={formats.number(sizes[group])}"
        for label, group in zip(names, groups, strict=True)
    ]
    chart.show(
        ask,
        key=f"exams.bands.{cut}",
        title=_("分数段占比：按{name}").format(name=name),
        figure=figures_stacks.stacked_rows(sized, stack, unit=unit),
        source=Source(
            SCORED, count=_scored(ask), cut=(cut,), series=frames.series("score_band", stack)
        ),
        frame=frames.parts_frame(names, stack, (cut, groups)) if groups else cells.clear(),
        columns=[
            Column("row", name),
            *frames.part_columns(stack, "score_band", unit=unit),
        ],
    )


def _scored(ask: Queries) -> float | None:
    found: float | None = ask.compute(SCORED)["value"][0]
    return found
