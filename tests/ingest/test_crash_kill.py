"""A few kills at random moments; `python -m tests.kill` does two hundred."""

import os
import subprocess
import sys

import pytest

from warehouse.home import REPOSITORY

KILLS, SEED = 6, 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_killed_loads_end_as_an_undisturbed_one():
    done = subprocess.run(
        [sys.executable, "-m", "tests.kill", str(KILLS), str(SEED)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=540,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 faults" in done.stdout
