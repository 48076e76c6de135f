"""重述记录: which of the issued numbers the data give differently today, and why."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from pages.ui import formats
from pages.ui.handouts import cached, moves
from pages.ui.queries import Queries
from pages.ui.text import _
from warehouse.handouts.issued import Issued
from warehouse.handouts.restatements import EMPTY


def show(ask: Queries, every: Sequence[Issued]) -> None:
    """Draw the log of all hand-outs."""
    found = of(ask, every)
    if found.is_empty():
        text = _("已发布的 {count} 份交付物，登记的数字与现在的数据（快照 #{number}）全部相同。")
        st.markdown(text.format(count=len(every), number=ask.snapshot.number))
        return
    text = _("{count} 个已发布的数字与现在的数据（快照 #{number}）不同，涉及 {issued} 份交付物。")
    st.markdown(
        text.format(
            count=formats.number(len(found)),
            number=ask.snapshot.number,
            issued=found["issued"].n_unique(),
        )
    )
    moves.show(found, key="handouts.restatements", title=_("重述记录"), of_several=True)


def of(ask: Queries, every: Sequence[Issued]) -> pl.DataFrame:
    """What moved of these hand-outs; says which one it is at."""
    place = st.empty()
    found = [EMPTY]
    for number, one in enumerate(every):
        text = _("正在核对 {title}……").format(title=one.title)
        place.progress(number / len(every), text=text)
        found.append(cached.restated(ask.snapshot, one))
    place.empty()
    return pl.concat(found)
