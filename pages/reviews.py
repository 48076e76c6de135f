"""消保审查: was all reviewed, how many pass first time, what becomes of opinions, breaches."""

import streamlit as st

from pages.ui import frame, tiles
from pages.ui.rates import bars as rate_bars
from pages.ui.review_coverage import section as review_coverage
from pages.ui.review_results import breaches, months, opinions
from pages.ui.review_results.breaches import BREACH
from pages.ui.review_results.months import ADOPTION, COUNT, FIRST_PASS
from pages.ui.review_results.opinions import OPINIONS
from pages.ui.text import _

page = frame.open_page(__file__)
ask = page.ask
page.head(
    _("该审的是否都审了，一次通过多少，意见是否采纳，有没有先上线后审查。"),
    unused=("category_group", "intake_channel"),
)
review_coverage.show(ask)

st.header(_("审查项目"), anchor=False)
page.stop_without("review")
page.stop_without_rows("review_count")

tiles.show(ask, (COUNT, FIRST_PASS, "review_rectified_rate", ADOPTION, OPINIONS, BREACH))

left, right = st.columns(2, gap="large")
with left:
    months.show_counts(ask)
with right:
    months.show_rates(ask)

left, right = st.columns(2, gap="large")
with left:
    rate_bars.show(
        ask,
        key="reviews.types",
        title=_("一次通过率：按审查类型，低的在前"),
        what=FIRST_PASS,
        cut="review_type",
        count_unit=_("项"),
    )
with right:
    opinions.show(ask)
breaches.show(ask)
