"""Following a number to its explanation without loading the app anew; links work without it too."""

from pathlib import Path

import streamlit as st

SCRIPT = Path(__file__).with_name("following.js")


def apply() -> None:
    """Put the script into the page; it looks after itself however often that happens."""
    script = SCRIPT.read_text(encoding="utf-8")
    with st.container(key="following"):
        st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
