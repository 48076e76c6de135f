"""处理时效: how long complaints take, never the mean alone; in time or not; satisfied or not."""

import streamlit as st

from pages.ui import empty, frame, tiles
from pages.ui.handling import course, slow, spread
from pages.ui.handling.indicators import ENDED, MEAN, MEDIAN, OPEN, P90
from pages.ui.satisfaction import section as satisfaction
from pages.ui.text import _
from pages.ui.timeliness import section as timeliness

page = frame.open_page(__file__)
ask = page.ask
page.head(_("多数投诉几天办结，最慢的一成要多久，还有多少没办结，是否及时，投诉人是否满意。"))
page.stop_without("complaint")

if ask.compute(ENDED)["value"][0] is None:
    empty.no_endings()
else:
    tiles.show(ask, (MEDIAN, P90, MEAN, ENDED, OPEN, "complaint_timely_rate"))
    course.show(ask)
    left, right = st.columns(2, gap="large")
    with left:
        spread.show_days(ask)
    with right:
        spread.show_ages(ask)
    left, right = st.columns(2, gap="large")
    with left:
        slow.show(ask, "category_group")
    with right:
        slow.show(ask, "sub_branch")

timeliness.show(ask)
satisfaction.show(ask)
