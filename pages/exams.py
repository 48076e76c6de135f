"""培训与考试: who was trained; who took the exam, how scores spread, where they are low."""

import streamlit as st

from pages.ui import (
    chart,
    figures_bars,
    figures_spread,
    figures_stacks,
    formats,
    frame,
    frames,
    tiles,
    value_cells,
)
from pages.ui.chart import Source
from pages.ui.figures_stacks import Part
from pages.ui.table import Column
from pages.ui.text import _, name_of
from pages.ui.theme import ACCENT, BAND_COLOURS
from pages.ui.training import section as training
from warehouse.registry import dimensions

SCORED, SECTION = "exam_scored_count", "exam_section_mean_score"
BANDS = ("[0,60)", "[60,70)", "[70,80)", "[80,90)", "[90,100]")

page = frame.open_page(__file__)
ask = page.ask
page.head(
    _("谁参加了培训，谁参加了考试，成绩怎样分布，哪里偏低。"),
    unused=("category_group", "intake_channel"),
)
training.show(ask)

st.header(_("消保考试"), anchor=False)
page.stop_without("exam_result")
page.stop_without_rows("exam_enrolled_count")

tiles.show(
    ask,
    ("exam_participation_rate", "exam_pass_rate", "exam_excellent_rate", "exam_mean_score"),
)

unit = _("人次")
scored = ask.compute(SCORED)["value"][0]
left, right = st.columns(2, gap="large")
with left:
    spread = ask.distribution("exam_score_median")
    scores = figures_spread.scores(spread) if len(spread) else figures_bars.blank()
    chart.show(
        ask,
        key="exams.scores",
        title=_("成绩分布（每 5 分一档）"),
        figure=scores,
        source=Source(SCORED, count=scored, note=_("首次考试成绩，补考不计入")),
        frame=spread,
        columns=[
            Column("value", _("成绩"), "number", 1, _("分")),
            Column("count", _("人数"), "number", 0, unit),
        ],
        places=value_cells.scores(scores) if len(spread) else (),
    )
with right:
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
            SCORED, count=scored, note=_("方括号含端点，圆括号不含"), cut=("score_band",)
        ),
        frame=bands,
        columns=[
            Column("score_band", _("分数段")),
            Column("value", _("人次"), "number", 0, unit),
            Column("share", _("占比"), "number", 1, "%"),
        ],
    )

for cut in ("sub_branch", "post"):
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
        source=Source(SCORED, count=scored, cut=(cut,), series=frames.series("score_band", stack)),
        frame=frames.parts_frame(names, stack, (cut, groups)) if groups else cells.clear(),
        columns=[
            Column("row", name),
            *frames.part_columns(stack, "score_band", unit=unit),
        ],
    )

sections = frames.labelled(ask, ask.compute(SECTION, by=("section",)), "section")
chart.show(
    ask,
    key="exams.sections",
    title=_("各板块平均分"),
    figure=figures_bars.ranked(
        [
            f"{row['label']}  N={formats.number(row['denominator'])}"
            for row in sections.iter_rows(named=True)
        ],
        sections["value"].to_list(),
        unit=_("分"),
        decimals=1,
        colours=ACCENT,
    ),
    source=Source(
        SECTION, count=frames.total(sections["denominator"]), count_unit=unit, cut=("section",)
    ),
    frame=sections,
    columns=[
        Column("label", _("板块")),
        Column("value", _("平均分"), "number", 1, _("分")),
        Column("denominator", _("有得分"), "number", 0, unit),
    ],
)
