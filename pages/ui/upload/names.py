"""File names that every file system takes and the inbox does not pass over."""

import unicodedata
from pathlib import PurePosixPath

from pages.ui.text import _
from warehouse.loading import is_passed_over

# File systems allow 255 bytes; the archive and the reports put something before and behind.
MOST_BYTES = 160
_MOST_SUFFIX_BYTES = 12
_FORBIDDEN = frozenset('<>:"|?*')
_RESERVED = frozenset(
    ("CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10)))
)


def safe_name(name: str) -> str:
    """The name as it will lie in the inbox: no folders, no control characters, not too long."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    # Other and unassigned characters also hold what turns the direction of writing round.
    letters = (one for one in last if not unicodedata.category(one).startswith("C"))
    clean = "".join("_" if one in _FORBIDDEN else one for one in letters)
    # What begins with these would be taken for a hidden or a lock file and never be loaded.
    clean = clean.strip().lstrip(".~$").rstrip(". ").strip()
    clean = _shortened(clean) or _("未命名")
    if clean.partition(".")[0].strip().upper() in _RESERVED:
        clean = f"_{clean}"
    return f"{clean}_" if is_passed_over(clean) else clean


def numbered(name: str, number: int) -> str:
    """The name with a number before its ending; the name itself for the first."""
    if number == 1:
        return name
    stem, suffix = _parts(name)
    return f"{stem}({number}){suffix}"


def _parts(name: str) -> tuple[str, str]:
    suffix = PurePosixPath(name).suffix
    return name.removesuffix(suffix), suffix


def _shortened(name: str) -> str:
    stem, suffix = _parts(name)
    if len(suffix.encode()) > _MOST_SUFFIX_BYTES:
        stem, suffix = name, ""
    while len((stem + suffix).encode()) > MOST_BYTES:
        stem = stem[:-1]
    return stem.rstrip(". ") + suffix
