"""Standard output and error that never end a command, be they closed or of a narrow encoding."""

import io
import os
import sys
from typing import TextIO


def prepare_output() -> None:
    """Let every text be written, whatever the terminal or log can show."""
    # A program that was started without them has none.
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        # A Chinese Windows writes logs in GBK, which has neither ✗ nor every name's character.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def put_out(text: str) -> None:
    """Write a line to standard output; where nobody listens any more, the work goes on."""
    _put(sys.stdout, text)


def put_error(text: str) -> None:
    """The same for standard error."""
    _put(sys.stderr, text)


def _put(stream: TextIO, text: str) -> None:
    try:
        stream.write(f"{text}\n")
        stream.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
