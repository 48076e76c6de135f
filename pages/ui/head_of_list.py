"""A list of rows of which the page shows the head and the file holds all."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from pages.ui import chart, formats, table
from pages.ui.chart import Source
from pages.ui.queries import Queries
from pages.ui.table import Column
from pages.ui.text import _

LISTED = 8


def show(
    ask: Queries,
    *,
    key: str,
    title: str,
    source: Source,
    head: pl.DataFrame,
    whole: pl.DataFrame,
    columns: Sequence[Column],
    file_columns: Sequence[Column],
    nothing: str,
    listed: int = LISTED,
) -> None:
    """Draw the first rows with what they rest on; a plain sentence where there are none."""
    chart.heading(title)
    if head.is_empty():
        st.markdown(nothing)
        return
    table.show(head.head(listed), columns, name=title)
    words = chart.caption(ask, source)
    if len(head) > listed:
        words += _(" · 列出前 {listed} 行，全部在下载的文件中").format(
            listed=formats.number(listed)
        )
    st.caption(words)
    table.download(whole, file_columns, key=key)
