"""A command that is told to end clears up first, whoever tells it and however."""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

# One request may come twice: a terminal that closes says so to everyone, and so does its shell.
ONE_REQUEST_S = 2.0
# What a shell expects of a program that Ctrl-C ended.
INTERRUPTED = 130
# When each request came, the first one first.
_asked_at: list[float] = []


def ending_signals() -> list[signal.Signals]:
    """Ctrl-C, the end of a service, a terminal that closes; whom nohup starts outlives that one."""
    known = [getattr(signal, name, None) for name in ("SIGINT", "SIGTERM", "SIGHUP")]
    hangup = known[-1]
    is_deaf = hangup is None or signal.getsignal(hangup) is signal.SIG_IGN
    return [one for one in known if one is not None and not (is_deaf and one is hangup)]


@contextmanager
def ending_like_ctrl_c() -> Iterator[None]:
    """Within, each of these signals is a KeyboardInterrupt."""
    _asked_at.clear()
    # Python lets no other thread have signals.
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_number: int, _frame: FrameType | None) -> None:
        _asked_at.append(time.monotonic())
        if len(_asked_at) == 1 or _asked_at[-1] - _asked_at[0] > ONE_REQUEST_S:
            raise KeyboardInterrupt

    before = {one: signal.signal(one, end) for one in ending_signals()}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def is_told_to_end() -> bool:
    """Whether such a signal came; a library may swallow the KeyboardInterrupt that meets it."""
    return bool(_asked_at)


def end_program(code: int) -> NoReturn:
    """Leave with this exit code; at once where a Ctrl-C was obeyed.

    The engine's threads may still be at work then, and abort when Python is taken down under them.
    """
    if not is_told_to_end():
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
