"""Notices that something new was loaded while a page stands open."""

import streamlit as st

from pages.ui import reader
from pages.ui.reader import Snapshot
from warehouse.errors import WarehouseError

EVERY_S = 3.0


def follow(shown: Snapshot) -> None:
    """Draw the page anew as soon as there is a newer snapshot than the one it shows."""
    version = shown.version

    @st.fragment(run_every=EVERY_S)
    def look() -> None:
        try:
            with reader.snapshot() as newest:
                is_newer = newest.version != version
        except WarehouseError:
            # While the store is being rebuilt there is nothing newer to show.
            return
        if is_newer:
            st.rerun()

    look()
