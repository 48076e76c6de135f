"""一支行一页: one sub-branch on one page: ranks, gaps and their cases, courses, mix."""

import streamlit as st

from pages.ui import comparisons, frame, table
from pages.ui.profile import choice, details, export, gaps, head, ranks
from pages.ui.sub_branches import choice as comparing
from pages.ui.text import _
from warehouse.profile import MIX_CUTS

page = frame.open_page(__file__)
ask = page.ask
page.head(_("一家支行的名次、差距和差距背后的案例。基准是全部支行的中位数。"))
comparing.offered(page)
survey = comparisons.survey(ask)

with st.container(key="profile_tools"):
    who, choosing, *buttons = st.columns([2.6, 1.4, 1, 0.9, 0.9], vertical_alignment="bottom")
    with choosing:
        name = choice.name(ask, survey)
    held = comparisons.profile(ask, survey, name)
    with who:
        head.name(held)
    with buttons[0]:
        choice.spread(ask, name)
    with buttons[1]:
        export.one(ask, held)
    with buttons[2]:
        export.every(ask, survey)

head.tiles(ask, held)

left, right = st.columns([1.25, 1], gap="large")
with left:
    gaps.show(ask, held)
with right:
    details.courses(ask, held)

columns = st.columns(len(MIX_CUTS) + 1, gap="large")
for column, by in zip(columns, MIX_CUTS, strict=False):
    with column:
        details.mix(ask, held, by)
with columns[-1]:
    details.exams(ask, held)

with st.expander(_("全部名次"), type="compact", key="profile_ranks"):
    places = ranks.frame(held.places)
    links = ranks.links(ask, places, held.name)
    table.show(places, ranks.columns(), name=_("全部名次"), links=links)
    table.download(places, ranks.file_columns(), key="profile.ranks")
