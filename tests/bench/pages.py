"""Server time of every page over the installation that DASHBOARD_HOME names."""

import runpy
import statistics
import sys
import time
from pathlib import Path

from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

REPOSITORY = Path(__file__).resolve().parents[2]
RUNS = 5


def main() -> None:
    """Print milliseconds of the first run and the median of later ones, page by page."""
    # As on a server that has already drawn its frame once (see pages/ui/frame.py).
    script_runner._mpa_v1 = lambda path: runpy.run_path(path, run_name="__main__")
    sys.stdout.write("page                 cold ms   warm ms\n")
    for page in sorted((REPOSITORY / "pages").glob("*.py")):
        if page.stem == "__init__":
            continue
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=120)
        app.run()
        app.switch_page(f"pages/{page.name}")
        times = []
        for _ in range(RUNS + 1):
            began = time.perf_counter()
            app.run()
            times.append(1000 * (time.perf_counter() - began))
        if app.exception:
            sys.exit(f"{page.stem}: {app.exception[0].message}")
        sys.stdout.write(f"{page.stem:20} {times[0]:8.0f} {statistics.median(times[1:]):9.0f}\n")


if __name__ == "__main__":
    main()
