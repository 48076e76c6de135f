"""Server time of every page over the installation that DASHBOARD_HOME names."""

import runpy
import statistics
import sys
import time
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

REPOSITORY = Path(__file__).resolve().parents[2]
RUNS = 5


def main() -> None:
    """Print each page's median milliseconds, all results forgotten before each run, then kept."""
    # As on a server that has already drawn its frame once (see pages/ui/frame.py).
    script_runner._mpa_v1 = lambda path: runpy.run_path(path, run_name="__main__")
    sys.stdout.write("page                 cold ms   warm ms\n")
    for page in sorted((REPOSITORY / "pages").glob("*.py")):
        if page.stem == "__init__":
            continue
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=120)
        app.run()
        app.switch_page(f"pages/{page.name}")
        app.run()
        cold = [_milliseconds(app, forget=True) for _ in range(RUNS)]
        warm = [_milliseconds(app, forget=False) for _ in range(RUNS)]
        if app.exception:
            sys.exit(f"{page.stem}: {app.exception[0].message}")
        line = f"{page.stem:20} {statistics.median(cold):8.0f} {statistics.median(warm):9.0f}"
        sys.stdout.write(f"{line}\n")


def _milliseconds(app: AppTest, *, forget: bool) -> float:
    if forget:
        st.cache_data.clear()
    began = time.perf_counter()
    app.run()
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main()
