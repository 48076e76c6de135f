"""支行对比: who is ahead and who behind, in one indicator, in many at once, and over the months."""

import streamlit as st

from pages.ui import comparisons, frame
from pages.ui.sub_branches import choice, heat, multiples, ranking
from pages.ui.text import _

page = frame.open_page(__file__)
ask = page.ask
page.head(
    _("哪些支行领先、哪些落后、差多少。基准是全部支行的中位数；只比支行，部门和未填报的不参与。")
)
offered = choice.offered(page)
picked = comparisons.chosen(ask)
if picked:
    names = _("、").join(comparisons.in_group(ask, picked)) or _("无（所选不是支行）")
    st.info(
        _("本页始终比较全部支行；支行筛选只突出显示：{names}。").format(names=names),
        icon=":material/info:",
    )

asked = choice.indicator(offered)
ranking.show(ask, asked)
heat.show(ask, offered)
multiples.show(ask, asked)
