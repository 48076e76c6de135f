"""How a command ends: as its work does, or with a sentence for what a person can act on."""

import sqlite3
from collections.abc import Callable, Mapping

import duckdb

from warehouse.errors import is_interrupt
from warehouse.fault import fault_of
from warehouse.output import put_error
from warehouse.signals import INTERRUPTED, ending_like_ctrl_c


def carry_out(
    work: Callable[[], int],
    *,
    codes: Mapping[type[Exception], int],
    after_fault: str,
    after_interrupt: str,
    fault_code: int = 1,
) -> int:
    """Exit code of a command's work; 130 for Ctrl-C.

    `codes` tells which errors say themselves what is wrong, the narrower ones first; `after_fault`
    follows the reason where this computer is at fault. What else is raised is a fault of ours.
    """
    try:
        with ending_like_ctrl_c():
            return work()
    except tuple(codes) as error:
        put_error(str(error))
        return next(code for kind, code in codes.items() if isinstance(error, kind))
    except (KeyboardInterrupt, RuntimeError) as error:
        if not is_interrupt(error):
            raise
        put_error(after_interrupt)
        return INTERRUPTED
    except (OSError, MemoryError, duckdb.Error, sqlite3.Error) as error:
        reason = fault_of(error)
        if reason is None:
            raise
        put_error(f"{reason}；{after_fault}")
        return fault_code
