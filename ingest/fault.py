"""Tells a fault of this computer from a fault of the extract."""

import errno
from pathlib import Path

from warehouse.fault import fault_of

__all__ = ["fault_of", "is_about"]

# These meet every other file, too, whichever they are reported for.
_OF_ALL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def is_about(error: BaseException, path: Path) -> bool:
    """Whether this very file cannot be read or put away, so that others may still load."""
    if not isinstance(error, OSError):
        return False
    is_named = str(error.filename) == str(path)
    return error.errno == errno.ENAMETOOLONG or (is_named and error.errno not in _OF_ALL)
