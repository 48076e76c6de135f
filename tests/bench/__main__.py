"""Measures the load of a big ledger beside a bare one, each page's server time, each hand-out.

BENCH_ROWS sets the size (default one million complaints).
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
# As the bare load, the load begins with a warehouse that is there and empty.
_EMPTY = """
from warehouse.home import current_home
from warehouse.lake import open_writer
with open_writer(current_home()):
    pass
"""

# What a load imports, in the way in which it does.
_IMPORTS = """
import ingest.__main__
from ingest.gx_imports import import_great_expectations
import_great_expectations()
"""


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _run(arguments: list[str], home: Path) -> tuple[float, float, str]:
    """Seconds, peak memory in MB and output of one of our commands.

    The peak counts what this process had when it began, so all work is done in processes apart.
    """
    environment = {**os.environ, "DASHBOARD_HOME": str(home)}
    began = time.perf_counter()
    # What libraries murmur is of interest only where something fails.
    with tempfile.TemporaryFile() as murmur:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=REPOSITORY,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=murmur,
        )
        output = process.stdout.read().decode() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            murmur.seek(0)
            sys.exit(f"{arguments} ended with {process.returncode}\n{murmur.read().decode()}")
    return time.perf_counter() - began, usage.ru_maxrss * 1024e-6, output


def main() -> None:
    """Run every benchmark and print its figures."""
    rows = int(os.environ.get("BENCH_ROWS", "1000000"))
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        ledger = folder / "投诉台账.csv"
        _run(["-m", "tests.bench.ledger", str(ledger), str(rows)], folder)
        _say(f"ledger: {rows:,} complaints, {ledger.stat().st_size / 1e6:.0f} MB")
        bare = min(
            float(
                _run(["-m", "tests.bench.bare", str(ledger), str(folder / f"bare-{n}")], folder)[2]
            )
            for n in range(3)
        )
        _say(f"bare DuckDB → DuckLake load: {bare:.2f} s (best of 3)")
        imports, _, _ = _run(["-c", _IMPORTS], folder / "none")
        _say(f"starting Python and importing Great Expectations: {imports:.2f} s (not counted)")
        home = folder / "home"
        made, _, _ = _run(["-c", _EMPTY], home)
        _say(f"making an empty warehouse: {made:.2f} s (not counted, nor in the bare load)")
        seconds, memory, output = _run(["-m", "ingest", "--json", str(ledger)], home)
        load = seconds - imports
        _say(f"python -m ingest: {load:.2f} s = {load / bare:.1f} × bare, peak {memory:.0f} MB")
        _say(output[:300])
        _, _, pages = _run(["-m", "tests.bench.pages"], home)
        _say(pages)
        _, _, kinds = _run(["-m", "tests.bench.handouts"], home)
        for kind in kinds.split():
            seconds, memory, output = _run(["-m", "tests.bench.handouts", kind], home)
            _say(f"{kind:10} {seconds:6.1f} s, peak {memory:5.0f} MB   {output.strip()}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
