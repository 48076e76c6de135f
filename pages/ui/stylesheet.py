"""The look of the page beyond the theme: type sizes, tiles, tables, quiet foot, print."""

from pathlib import Path

import streamlit as st

from pages.ui.text import _

FILE = Path(__file__).with_name("page.css")


def apply() -> None:
    """Put the style sheet into the page."""
    st.html(FILE)
    # The link of the framework for those without a mouse speaks English.
    st.html(f"<style>:root {{ --skip-words: '{_('跳到正文')}'; }}</style>")
