"""Whatever becomes of standard output, the files are loaded and the exit code tells of them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ingest.conftest import Desk
from warehouse.home import REPOSITORY

LEDGER = "投诉编号,收到日期,业务类别\nA1,2024-03-05,贷款\nA2,不是日期,信用卡\n"


def start(
    desk: Desk, command: str, *, encoding: str = "utf-8"
) -> subprocess.CompletedProcess[bytes]:
    """Run a shell line with `$PYTHON` for the loader's interpreter."""
    settings = {
        **os.environ,
        "PYTHON": sys.executable,
        "DASHBOARD_HOME": str(desk.home.root),
        "PYTHONIOENCODING": encoding,
    }
    return subprocess.run(  # noqa: S602
        command, shell=True, cwd=REPOSITORY, env=settings, capture_output=True, check=False
    )


@pytest.mark.parametrize("ending", ["| true", ">&-", "> /dev/full", ">&- 2>&-"])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the devices of Linux")
def test_nobody_has_to_listen(desk: Desk, ending: str) -> None:
    for number in (1, 2, 3):
        desk.drop(f"台账{number}.csv", LEDGER.replace("A1", f"B{number}"))
    done = start(desk, f'"$PYTHON" -m ingest {ending}')
    assert b"Traceback" not in done.stderr
    assert not list(desk.home.inbox.iterdir())
    assert desk.ask("select count(*) from lake.meta.batch") == [(3,)]
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("ingest /nope.csv", 2),
        ("ingest.corrections", 0),
        ("ingest.archive open /nope /nope2", 1),
        ("warehouse indicator nope", 2),
    ],
)
def test_nobody_has_to_listen_to_either(desk: Desk, command: str, code: int) -> None:
    # What reads the pipe is gone before the interpreter has started.
    done = start(desk, f'exec 3>&1; {{ "$PYTHON" -m {command} 2>&1; echo $? >&3; }} | true')
    assert done.stdout.split() == [str(code).encode()]


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_what_an_encoding_lacks_is_no_fault(desk: Desk, encoding: str) -> None:
    for number in (1, 2):
        desk.drop(f"台账𬭎{number}.csv", LEDGER.replace("A1", f"B{number}"))
    done = start(desk, '"$PYTHON" -m ingest', encoding=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    next(desk.home.archive.iterdir()).unlink()
    done = start(desk, '"$PYTHON" -m warehouse check', encoding=encoding)
    assert (done.returncode, done.stderr) == (1, b"")
