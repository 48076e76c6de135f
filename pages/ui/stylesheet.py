"""The look of the page beyond the theme: type sizes, tiles, tables, quiet foot, print."""

from pathlib import Path

import streamlit as st

FILE = Path(__file__).with_name("page.css")


def apply() -> None:
    """Put the style sheet into the page."""
    st.html(FILE)
