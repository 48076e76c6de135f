"""培训与考试: who was trained; who took the exam, how scores spread, where they are low."""

import streamlit as st

from pages.ui import frame, tiles
from pages.ui.exam_scores import sections, spread
from pages.ui.text import _
from pages.ui.training import section as training

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

left, right = st.columns(2, gap="large")
with left:
    spread.show_scores(ask)
with right:
    spread.show_bands(ask)
for cut in ("sub_branch", "post"):
    spread.show_bands_by(ask, cut)
sections.show(ask)
