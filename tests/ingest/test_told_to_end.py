"""`python -m ingest` that a service or a closing terminal ends clears up as after Ctrl-C."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.ingest.conftest import Desk
from warehouse.home import REPOSITORY


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_load_that_is_told_to_end_leaves_nothing_behind(desk: Desk, number: int) -> None:
    home = desk.home
    home.inbox.mkdir(parents=True, exist_ok=True)
    rows = "".join(f"A{n},2024-01-05,贷款\n" for n in range(150_000))
    (home.inbox / "1.csv").write_text(f"投诉编号,收到日期,业务类别\n{rows}", encoding="utf-8")
    running = subprocess.Popen(
        [sys.executable, "-m", "ingest"],
        cwd=REPOSITORY,
        env={**os.environ, "DASHBOARD_HOME": str(home.root)},
        stderr=subprocess.PIPE,
        text=True,
    )
    while running.poll() is None and not home.progress.exists():
        time.sleep(0.01)
    running.send_signal(number)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "已中断" in said
    assert not home.progress.exists()
    assert not home.scratch.exists()
    assert [path.name for path in home.inbox.iterdir()] == ["1.csv"]


def test_what_goes_wrong_when_python_is_taken_down_is_not_met_after_a_ctrl_c() -> None:
    code = """
import atexit, os, signal
from warehouse.signals import end_program, ending_like_ctrl_c
atexit.register(os.abort)
try:
    with ending_like_ctrl_c():
        os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt:
    print("said", end="")
    end_program(130)
"""
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout) == (130, "said")
